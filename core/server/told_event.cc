#include "server/told_event.h"

#include <cstring>
#include <type_traits>
#include <variant>

#include "trace/event_line.h"

namespace sockscope {
namespace {

// Neither begins a line.
constexpr char kEnteredMark = '\1', kReturnedMark = '\2';

struct EnteredBytes {
  Time at;
  CallId call;
  ThreadId thread;
  SocketId socket;
  Call name;
  Numbers numbers;
};

struct ReturnedBytes {
  Time at;
  CallId call;
  ThreadId thread;
  SocketId makes, also_makes;
  std::int32_t error, flags;
  std::int64_t result;
  bool timed_out, interrupted;
};

struct DataBytes {
  std::uint64_t total, hash;
};

template <typename T>
void append_raw(std::string& out, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
bool take_raw(std::string_view& from, T& value) {
  if (from.size() < sizeof value) return false;
  std::memcpy(&value, from.data(), sizeof value);
  from.remove_prefix(sizeof value);
  return true;
}

// What is there goes last: its length is the rest of the record.
void append_data(std::string& out, const Blob& data) {
  if (data.empty()) return;
  append_raw(out, DataBytes{data.total(), data.hash()});
  out += data.view();
}

std::optional<Blob> take_data(std::string_view rest) {
  if (rest.empty()) return Blob();
  DataBytes head{};
  if (!take_raw(rest, head) || head.total < rest.size()) return std::nullopt;
  return Blob(rest, head.total, head.hash);
}

bool put_raw(std::string& out, Time at, const event::CallEntered& e) {
  if (e.args.address.there() != nullptr || !e.args.text.empty()) return false;
  out = kEnteredMark;
  append_raw(out, EnteredBytes{at, e.call, e.thread, e.socket, e.name, e.args.numbers});
  append_data(out, e.args.data);
  return true;
}

bool put_raw(std::string& out, Time at, const event::CallReturned& e) {
  if (e.address.known()) return false;
  out = kReturnedMark;
  append_raw(out, ReturnedBytes{at, e.call, e.thread, e.makes, e.also_makes, e.error, e.flags, e.result,
                                e.timed_out, e.interrupted});
  append_data(out, e.data);
  return true;
}

template <typename Other>
bool put_raw(std::string&, Time, const Other&) {
  return false;
}

std::optional<Event> entered_of(std::string_view rest) {
  EnteredBytes head{};
  if (!take_raw(rest, head)) return std::nullopt;
  std::optional<Blob> data = take_data(rest);
  if (!data) return std::nullopt;
  event::CallEntered e{head.call, head.thread, head.socket, head.name, {}};
  e.args.numbers = head.numbers;
  e.args.data = std::move(*data);
  return Event{head.at, std::move(e)};
}

std::optional<Event> returned_of(std::string_view rest) {
  ReturnedBytes head{};
  if (!take_raw(rest, head)) return std::nullopt;
  std::optional<Blob> data = take_data(rest);
  if (!data) return std::nullopt;
  event::CallReturned e;
  e.call = head.call;
  e.thread = head.thread;
  e.makes = head.makes;
  e.also_makes = head.also_makes;
  e.error = head.error;
  e.flags = head.flags;
  e.result = head.result;
  e.timed_out = head.timed_out;
  e.interrupted = head.interrupted;
  e.data = std::move(*data);
  return Event{head.at, std::move(e)};
}

}  // namespace

void put_told(std::string& out, const Event& event) {
  out.clear();
  if (std::visit([&](const auto& body) { return put_raw(out, event.at, body); }, event.body)) return;
  write_event(out, event, false, 0);
}

std::optional<Event> told_event(std::string_view record) {
  if (record.empty()) return std::nullopt;
  if (record[0] == kEnteredMark) return entered_of(record.substr(1));
  if (record[0] == kReturnedMark) return returned_of(record.substr(1));
  return std::nullopt;
}

}  // namespace sockscope
