#include "play/results.h"

#include <charconv>

#include "net/names.h"

namespace sockscope::play {
namespace {

Value seconds(std::int64_t nanoseconds) {
  return nanoseconds < 0 ? Value() : Value(static_cast<double>(nanoseconds) / 1e9);
}

// A result that both sides know in the same words.
struct Plain {
  std::int64_t result = 0;
  std::string_view data;
  Address address;
  Value made, also;
  int flags = 0;
  bool option_is_bytes = false;
};

Value plain_result(ResultKind kind, const Plain& p) {
  switch (kind) {
    case ResultKind::none:
      return {};
    case ResultKind::integer:
      return Value(p.result);
    case ResultKind::boolean:
      return Value(p.result != 0);
    case ResultKind::seconds:
      return seconds(p.result);
    case ResultKind::bytes:
      return bytes(p.data);
    case ResultKind::text:
      return text(p.data);
    case ResultKind::address:
      return of_address(p.address);
    case ResultKind::socket:
      return p.made;
    case ResultKind::socket_and_address:
      return Tuple{{p.made, of_address(p.address)}};
    case ResultKind::two_sockets:
      return Tuple{{p.made, p.also}};
    case ResultKind::bytes_and_address:
      return Tuple{{bytes(p.data), of_address(p.address)}};
    case ResultKind::message:
      return Tuple{{bytes(p.data), List{}, Value(p.flags), of_address(p.address)}};
    case ResultKind::option:
      return p.option_is_bytes ? bytes(p.data) : Value(p.result);
    case ResultKind::addresses:
      return text(p.data);
    case ResultKind::ready:
    case ResultKind::events:
      break;
  }
  return {};
}

Value of_rows(const std::vector<Reply::Row>& rows) {
  List list;
  for (const Reply::Row& row : rows)
    list.items.push_back(Tuple{{enum_value("AF", row.family), enum_value("SOCK", row.type),
                                Value(row.protocol), text(row.canonical), of_address(row.address)}});
  return list;
}

// The very values that were given, in their order.
Value of_ready(const Reply& reply, const Bound& bound) {
  Tuple lists;
  for (std::size_t which = 0; which < bound.listed.size(); ++which) {
    List list;
    for (const Bound::Listed& one : bound.listed[which]) {
      const bool is_ready = std::any_of(reply.ready.begin(), reply.ready.end(), [&](const Reply::Ready& r) {
        return r.socket == one.socket && r.which == static_cast<int>(which);
      });
      if (is_ready) list.items.push_back(one.value);
    }
    lists.items.push_back(std::move(list));
  }
  return lists;
}

Value of_events(const Reply& reply, const Bound& bound) {
  List list;
  std::vector<PollObject::Entry> left = bound.polled;
  for (const Reply::Ready& ready : reply.ready) {
    const auto entry = std::find_if(left.begin(), left.end(),
                                    [&](const PollObject::Entry& e) { return e.socket == ready.socket; });
    if (entry == left.end()) continue;
    list.items.push_back(Tuple{{Value(entry->fd), Value(ready.which)}});
    left.erase(entry);
  }
  return list;
}

std::int64_t take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(read.ec == std::errc() ? static_cast<std::size_t>(read.ptr - text.data()) : text.size());
  return number;
}

// "1 2|3|"
Value ready_from(std::string_view text) {
  Tuple lists{{List{}, List{}, List{}}};
  std::size_t list = 0;
  while (!text.empty() && list < lists.items.size()) {
    if (text[0] == '|' || text[0] == ' ') {
      list += text[0] == '|' ? 1 : 0;
      text.remove_prefix(1);
      continue;
    }
    const auto id = static_cast<SocketId>(take_number(text));
    std::get<List>(lists.items[list].held).items.push_back(SocketValue{id, nullptr});
  }
  return lists;
}

// "1:5 2:1"
Value events_from(std::string_view text, const std::function<int(SocketId)>& fd_of) {
  List list;
  while (!text.empty()) {
    const auto id = static_cast<SocketId>(take_number(text));
    if (!text.empty()) text.remove_prefix(1);
    list.items.push_back(Tuple{{Value(fd_of(id)), Value(take_number(text))}});
    if (!text.empty()) text.remove_prefix(1);
  }
  return list;
}

}  // namespace

Value result_of(const CallInfo& info, const Reply& reply, const Bound& bound, Caller& caller) {
  if (info.result == ResultKind::addresses) return of_rows(reply.rows);
  if (info.result == ResultKind::ready) return of_ready(reply, bound);
  if (info.result == ResultKind::events) return of_events(reply, bound);
  const auto socket = [&](SocketId id) {
    return Value(SocketValue{id, id == 0 ? nullptr : caller.room().sockets().find(id)});
  };
  return plain_result(info.result, {reply.result, reply.data, reply.address, socket(reply.socket),
                                    socket(reply.also), reply.flags, bound.request.numbers[2] > 0});
}

Value result_of(const event::CallEntered& entered, const event::CallReturned& returned,
                const std::function<int(SocketId)>& fd_of) {
  const ResultKind kind = info(entered.name).result;
  if (kind == ResultKind::ready) return ready_from(returned.data);
  if (kind == ResultKind::events) return events_from(returned.data, fd_of);
  return plain_result(
      kind, {returned.result, returned.data.view(), returned.address, SocketValue{returned.makes, nullptr},
             SocketValue{returned.also_makes, nullptr}, returned.flags, entered.args.numbers[2] > 0});
}

}  // namespace sockscope::play
