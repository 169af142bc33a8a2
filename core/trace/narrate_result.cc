#include "trace/narrate_result.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "net/python_text.h"
#include "net/text.h"
#include "trace/narrate_text.h"
#include "trace/pieces.h"
#include "trace/result_text.h"

namespace sockscope {
namespace {

// A receive that took pieces of more sends than this is told by their number.
constexpr std::size_t kMostPiecesTold = 3;

// How many tuples a list has, as Python prints it.
std::size_t rows_in(std::string_view list) {
  std::size_t rows = 0;
  int depth = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (c == '\'' || c == '"') {
      const std::size_t end = quoted_end(list, i);
      if (end == list.npos) break;
      i = end - 1;
    } else if (c == '(') {
      rows += depth++ == 0;
    } else if (c == ')') {
      --depth;
    }
  }
  return rows;
}

class Teller {
 public:
  Teller(const OpenCall& call, const event::CallReturned& e, const State& before, const Translate& translate)
      : call_(call), e_(e), before_(before), tr(translate) {}

  std::string run() const {
    switch (info(call_.name).result) {
      case ResultKind::none:
        return {};
      case ResultKind::integer:
        return integer();
      case ResultKind::bytes:
      case ResultKind::bytes_and_address:
      case ResultKind::message:
        return bytes();
      case ResultKind::socket:
        return say(tr("{0}, fd {1}"), label(e_.makes), e_.result);
      case ResultKind::socket_and_address:
        return say(tr("{0}, connected to {1}"), label(e_.makes), address());
      case ResultKind::two_sockets:
        return say(tr("{0} and {1}, connected to each other"), label(e_.makes), label(e_.also_makes));
      case ResultKind::addresses:
        if (rows_in(e_.data) == 1) return say(tr("one row, {0}"), text());
        return say(tr("{0} rows, {1}"), rows_in(e_.data), text());
      case ResultKind::ready:
        return ready();
      case ResultKind::events:
        return e_.data.empty() ? tr("nothing has happened") : text();
      default:
        return text();
    }
  }

 private:
  std::string text() const { return plain(result_text(call_.name, e_, before_)); }
  std::string label(SocketId id) const {
    const std::string_view called = before_.called(id);
    return called.empty() ? say(tr("socket #{0}"), id) : plain(called);
  }
  std::string address() const {
    return e_.address.known() ? plain(to_text(e_.address)) : std::string(tr("an address not known"));
  }

  std::string integer() const {
    switch (call_.name) {
      case Call::recv_into:
        return (e_.result == 0 ? finished("0") : say(tr("{0} B"), e_.result)) + pieces();
      case Call::connect_ex:
        if (e_.result == 0) return tr("0, it is connected");
        return say(tr("{0}, the error {1}: {2}"), e_.result, errno_name(number()), errno_text(number()));
      case Call::send:
      case Call::sendto:
      case Call::sendmsg:
      case Call::sendfile:
      case Call::os_sendfile:
        return say(tr("{0} B taken"), e_.result);
      default:
        return text();
    }
  }
  int number() const { return static_cast<int>(std::clamp<std::int64_t>(e_.result, 0, INT32_MAX)); }

  // What nothing means: the end of a stream, or a datagram of no bytes.
  std::string finished(std::string_view nothing) const {
    const SocketState* on = before_.socket(call_.socket);
    const bool datagram = on != nullptr && shape_of(*on) == Shape::datagrams;
    if (datagram) return say(tr("{0}, an empty datagram"), nothing);
    return say(tr("{0}, the peer has finished sending"), nothing);
  }

  std::string bytes() const {
    const std::string data = python_bytes(e_.data.view(), e_.data.total());
    const bool end = e_.result == 0 && reception_of(call_, e_).asked > 0;
    std::string told = end ? finished("b''") : say(tr("{0}, {1} B"), data, e_.result);
    if (is_named(e_.address)) {
      told = end ? say(tr("{0}, from {1}"), told, address())
                 : say(tr("{0} ({1} B) from {2}"), data, e_.result, address());
    }
    if (e_.flags != 0) told = say(tr("{0}, flags {1}"), told, python_flags("MSG", e_.flags));
    return told + pieces();
  }

  // Which sends it took from, where that is more than one whole send.
  std::string pieces() const {
    const Taking taking = sockscope::taking(before_, call_, e_);
    const auto& all = taking.pieces;
    const bool known = std::all_of(all.begin(), all.end(), [](const Piece& p) { return p.send != 0; });
    if (all.empty() || !known) return {};
    if (all.front().lost > 0) return say(tr(", {0} B of the datagram lost"), all.front().lost);
    if (all.size() == 1 && all[0].offset == 0 && !taking.rest) return {};
    if (all.size() > kMostPiecesTold) {
      return say(tr(": of sends {0} to {1}"), all.front().send, all.back().send);
    }
    std::string told = piece(all.front());
    for (std::size_t i = 1; i < all.size(); ++i) told = say(tr("{0} and {1}"), told, piece(all[i]));
    return say(tr(": {0}"), told);
  }
  std::string piece(const Piece& piece) const {
    return say(tr("{0} B of send {1}"), piece.bytes, piece.send);
  }

  std::string ready() const {
    const NameOf name_of = [&](SocketId id) { return label(id); };
    const std::string read = python_sockets(e_.data, 0, name_of), write = python_sockets(e_.data, 1, name_of),
                      urgent = python_sockets(e_.data, 2, name_of);
    std::string told;
    const auto add = [&](const std::string& list, const std::string& pattern) {
      if (list == "[]") return;
      told += (told.empty() ? "" : ", ") + say(pattern, list.substr(1, list.size() - 2));
    };
    add(read, tr("{0} can be read"));
    add(write, tr("{0} can be written"));
    add(urgent, tr("{0} has urgent data"));
    return told.empty() ? std::string(tr("none is ready")) : told;
  }

  const OpenCall& call_;
  const event::CallReturned& e_;
  const State& before_;
  const Translate& tr;
};

}  // namespace

std::string told_result(const OpenCall& call, const event::CallReturned& returned, const State& before,
                        const Translate& tr) {
  return Teller(call, returned, before, tr).run();
}

}  // namespace sockscope
