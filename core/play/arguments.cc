#include "play/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "play/address_argument.h"
#include "play/binder.h"

namespace sockscope::play {
namespace {

constexpr double kLongestTimeout = 9'223'372'036.0;  // seconds, of 64-bit nanoseconds
constexpr int kMostSelected = 1024;                  // FD_SETSIZE

// What Python's own definition takes by name too.
bool takes_names(const CallInfo& info) {
  switch (info.call) {
    case Call::socket:
    case Call::socketpair:
    case Call::create_connection:
    case Call::create_server:
    case Call::getaddrinfo:
    case Call::fromfd:
    case Call::recv_into:
    case Call::sendfile:
      return true;
    default:
      return false;
  }
}

std::optional<double> real_of(const Value& value) {
  if (const auto* real = value.as<double>()) return *real;
  if (const auto n = value.integer()) return static_cast<double>(*n);
  return std::nullopt;
}

// A number of seconds or milliseconds in nanoseconds.
std::int64_t nanoseconds(double number, double unit) {
  if (std::isnan(number)) throw PyError{"ValueError", 0, "Invalid value NaN (not a number)"};
  if (std::fabs(number * unit) >= kLongestTimeout * 1e9)
    throw PyError{"OverflowError", 0, "timestamp too large to convert to C _PyTime_t"};
  return static_cast<std::int64_t>(std::ceil(number * unit));
}

std::vector<std::string_view> names_of(const CallInfo& info) {
  std::vector<std::string_view> names;
  for (const Param& param : info.params) names.push_back(param.name);
  // Python's order, where the catalogue leaves something out or has it elsewhere.
  if (info.call == Call::sendmsg) names.insert(names.begin() + 1, "ancdata");
  if (info.call == Call::setsockopt) names.emplace_back("optlen");
  return names;
}

// Where the parameters behind Python's * begin.
std::size_t by_name_only(const CallInfo& info) {
  const auto first =
      std::find_if(info.params.begin(), info.params.end(), [](const Param& p) { return p.keyword_only; });
  return first == info.params.end() ? SIZE_MAX : static_cast<std::size_t>(first - info.params.begin());
}

// sendto(data, address) and sendto(data, flags, address).
Given arrange_sendto(const Values& positional) {
  if (positional.size() != 2 && positional.size() != 3)
    throw PyError{"TypeError", 0,
                  fmt::format("sendto() takes 2 or 3 arguments ({} given)", positional.size())};
  Given given(3);
  given[0] = positional[0];
  if (positional.size() == 3) given[1] = positional[1];
  given[2] = positional.back();
  return given;
}

}  // namespace

std::int64_t timeout_seconds(const Value& value) {
  if (value.none()) return -1;
  const auto seconds = real_of(value);
  if (!seconds)
    throw PyError{"TypeError", 0,
                  fmt::format("'{}' object cannot be interpreted as an integer", type_name(value))};
  if (*seconds < 0) throw PyError{"ValueError", 0, "Timeout value out of range"};
  return nanoseconds(*seconds, 1e9);
}

std::int64_t select_timeout(const Value& value) {
  if (value.none()) return -1;
  const auto seconds = real_of(value);
  if (!seconds) throw PyError{"TypeError", 0, "timeout must be a float or None"};
  const std::int64_t time = nanoseconds(*seconds, 1e9);
  if (time < 0) throw PyError{"ValueError", 0, "timeout must be non-negative"};
  return time;
}

std::int64_t poll_timeout(const Value& value) {
  if (value.none()) return -1;
  const auto milliseconds = real_of(value);
  if (!milliseconds) throw PyError{"TypeError", 0, "timeout must be an integer or None"};
  nanoseconds(*milliseconds, 1e6);  // in range
  const double whole = std::ceil(*milliseconds);
  if (whole > INT32_MAX) throw PyError{"OverflowError", 0, "timeout is too large"};
  return whole < 0 ? -1 : static_cast<std::int64_t>(whole);
}

PollObject::Entry descriptor_argument(Caller& caller, const Value& value) {
  PollObject::Entry entry;
  if (const auto* socket = value.as<SocketValue>(); socket != nullptr && socket->entry) {
    entry.fd = socket->entry->number.load();
    entry.socket = socket->id;
  } else if (const auto* file = value.as<FileValue>()) {
    entry.fd = file->file->descriptor()->number();
  } else if (value.integer()) {
    entry.fd = static_cast<int>(c_int(value));
    entry.socket = socket_of(caller, entry.fd, 0);
  } else {
    throw PyError{"TypeError", 0, "argument must be an int, or have a fileno() method."};
  }
  if (entry.fd < 0)
    throw PyError{"ValueError", 0,
                  fmt::format("file descriptor cannot be a negative integer ({})", entry.fd)};
  return entry;
}

SocketId socket_of(Caller& caller, int fd, SocketId rather) {
  SocketId found = 0;
  for (const SocketHandle& entry : caller.room().sockets().open()) {
    if (entry->fd.load() != fd) continue;
    if (entry->id == rather) return rather;
    if (found == 0) found = entry->id;
  }
  return found;
}

Given arrange(std::string_view function, const std::vector<std::string_view>& parameters,
              const Values& positional, const Keywords& keywords, std::size_t by_name_only) {
  const std::size_t most = std::min(parameters.size(), by_name_only);
  if (positional.size() > most)
    throw PyError{"TypeError", 0,
                  fmt::format("{}() takes at most {} positional argument{} ({} given)", function, most,
                              most == 1 ? "" : "s", positional.size())};
  Given given(parameters.size());
  std::copy(positional.begin(), positional.end(), given.begin());
  for (const auto& [name, value] : keywords) {
    const auto at = std::find(parameters.begin(), parameters.end(), name);
    if (at == parameters.end())
      throw PyError{"TypeError", 0,
                    fmt::format("{}() got an unexpected keyword argument '{}'", function, name)};
    auto& place = given[static_cast<std::size_t>(at - parameters.begin())];
    if (place)
      throw PyError{"TypeError", 0,
                    fmt::format("{}() got multiple values for argument '{}'", function, name)};
    place = value;
  }
  return given;
}

void bind_list(Bound& bound, Caller& caller, std::size_t list, const Value& given) {
  const Value sequence = frozen(given);
  const Values* items = sequence.items();
  if (items == nullptr && sequence.as<Text>() == nullptr && sequence.as<Bytes>() == nullptr)
    throw PyError{"TypeError", 0, "arguments 1-3 must be sequences"};
  const std::size_t count = length(sequence);
  if (count > static_cast<std::size_t>(kMostSelected))
    throw PyError{"ValueError", 0, "too many file descriptors in select()"};
  std::string& text = bound.request.text;
  if (list > 0) text += '|';
  for (std::size_t i = 0; i < count; ++i) {
    const Value item =
        items != nullptr ? (*items)[i] : subscript(sequence, Value(static_cast<std::int64_t>(i)));
    const PollObject::Entry entry = descriptor_argument(caller, item);
    if (entry.fd >= kMostSelected) throw PyError{"ValueError", 0, "filedescriptor out of range in select()"};
    if (entry.socket == 0) throw PyError{"OSError", EBADF, "[Errno 9] Bad file descriptor"};
    if (!text.empty() && text.back() != '|') text += ' ';
    text += fmt::format("{}", entry.socket);
    bound.listed[list].push_back({item, entry.socket});
  }
}

namespace {

void bind_watched(Bound& bound, Caller& caller, const PollObject& poll) {
  for (PollObject::Entry entry : poll.entries()) {
    // Whoever has that number now; when nobody has, the one that had it: the kernel then says POLLNVAL.
    if (const SocketId holder = socket_of(caller, entry.fd, entry.socket); holder != 0) entry.socket = holder;
    if (!bound.request.text.empty()) bound.request.text += ' ';
    bound.request.text += fmt::format("{}:{}", entry.socket, entry.events);
    bound.polled.push_back(entry);
  }
}

}  // namespace

void bind_arguments(Bound& bound, Caller& caller, const CallInfo& info, const Value* self,
                    const Values& positional, const Keywords& keywords) {
  if (!keywords.empty() && !takes_names(info))
    throw PyError{"TypeError", 0, fmt::format("{}() takes no keyword arguments", info.python)};
  bound.request.call = info.call;
  const auto* socket = self != nullptr ? self->as<SocketValue>() : nullptr;
  if (socket != nullptr) bound.request.socket = socket->id;
  const Values& given = positional;
  if (info.call == Call::poll) {
    if (given.size() > 1) throw PyError{"TypeError", 0, "poll expected at most 1 argument"};
    bound.request.numbers[0] = given.empty() ? -1 : poll_timeout(given[0]);
    bind_watched(bound, caller, *self->as<PollValue>()->poll);
    return;
  }
  Binder binder(bound, caller, info, socket);
  binder.bind(info.call == Call::sendto
                  ? arrange_sendto(given)
                  : arrange(info.python, names_of(info), given, keywords, by_name_only(info)));
}

}  // namespace sockscope::play
