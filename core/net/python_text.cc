#include "net/python_text.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "net/names.h"

namespace sockscope {
namespace {

// SO_REUSEADDR of SOL_SOCKET, TCP_NODELAY of IPPROTO_TCP: the option's group follows the level.
std::string_view option_group(std::int64_t level) {
  switch (level) {
    case 0:
      return "IP";
    case 6:
      return "TCP";
    case 41:
      return "IPV6";
    case SOL_SOCKET:
      return "SO";
    default:
      return "";
  }
}

// No play can spell what epoll knows, so these are no constants.
std::string epoll_events(std::int64_t events) {
  constexpr std::pair<std::string_view, std::int64_t> kNames[] = {
      {"EPOLLIN", 1},   {"EPOLLPRI", 2},        {"EPOLLOUT", 4},           {"EPOLLERR", 8},
      {"EPOLLHUP", 16}, {"EPOLLRDHUP", 0x2000}, {"EPOLLONESHOT", 1 << 30}, {"EPOLLET", 0x80000000}};
  std::string text;
  for (const auto& [name, value] : kNames) {
    if ((events & value) == 0) continue;
    text += (text.empty() ? "" : " | ") + std::string(name);
    events &= ~value;
  }
  if (events != 0 || text.empty()) text += (text.empty() ? "" : " | ") + fmt::format("{}", events);
  return text;
}

// EPOLL_CTL_…: Python has no such names.
std::string epoll_operation(std::int64_t operation) {
  constexpr std::string_view kNames[] = {"EPOLL_CTL_ADD", "EPOLL_CTL_DEL", "EPOLL_CTL_MOD"};
  const bool known = operation >= 1 && operation <= 3;
  return known ? std::string(kNames[operation - 1]) : fmt::format("{}", operation);
}

std::string name_or_digits(std::string_view group, std::int64_t value) {
  return group.empty() ? fmt::format("{}", value) : constant_name(group, value);
}

// A protocol's number means what its family says: 1 is ICMP of AF_INET and CAN_RAW of AF_CAN.
std::string protocol_name(std::int64_t family, std::int64_t value) {
  if (value == 0) return "0";
  if (family == AF_CAN) return constant_name("CAN", value);
  return name_or_digits(family == AF_INET || family == AF_INET6 || family == AF_UNSPEC ? "IPPROTO" : "",
                        value);
}

// SOCK_STREAM | SOCK_NONBLOCK
std::string type_name(std::int64_t type) {
  constexpr std::int64_t kFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  const std::string base = constant_name("SOCK", type & ~kFlags);
  if (type < 0 || (type & kFlags) == 0) return constant_name("SOCK", type);
  return base + " | " + python_flags("SOCKFLAG", type & kFlags);
}

bool is_name(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  return !text.empty() && kLetters.find(text.front()) != kLetters.npos &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return (c >= '0' && c <= '9') || kLetters.find(c) != kLetters.npos; });
}

// The family a call was given, for the meaning of its protocol.
std::int64_t family_of(const CallInfo& about, const Numbers& numbers) {
  for (const Param& param : about.params)
    if (param.group == "AF") return numbers[param.slot];
  return AF_UNSPEC;
}

// One call's arguments. Python takes the leading ones by place; where one is left out before one that is
// given, its value stands there after all, and what only a keyword can name is written name=value.
class Printer {
 public:
  Printer(Call call, const Args& args, const NameOf& name_of)
      : about_(info(call)), args_(args), name_of_(name_of) {}

  std::string run() const {
    std::string text;
    std::string skipped;  // defaults that must stand if something by place follows
    bool keywords = false;
    for (const Param& param : about_.params) {
      if (left_out(param)) {
        if (by_keyword_after(param)) keywords = true;
        skipped += stand_in(param);
        continue;
      }
      const bool named = keywords || param.keyword_only || param.name == "fileno";
      if (!named) text += std::exchange(skipped, {});
      text += ", ";
      if (about_.call == Call::sendmsg && param.name == "flags") text += "[], ";  // no ancillary data
      if (named) (text += param.name) += '=';
      text += value(param);
    }
    return text.substr(std::min<std::size_t>(text.size(), 2));
  }

 private:
  // sendto(data, address) needs no flags before the address; sendmsg's has no ancillary data either.
  std::string stand_in(const Param& param) const {
    if (about_.call == Call::sendto) return {};
    return about_.call == Call::sendmsg ? ", [], 0" : ", " + value(param);
  }

  // create_connection's timeout cannot be written when it is the default: what follows is named.
  bool by_keyword_after(const Param& param) const {
    return param.kind == ParamKind::seconds && about_.call == Call::create_connection;
  }

  // socket's family and type are always said: they are what the learner chose. Not beside a descriptor, which
  // has its own.
  bool left_out(const Param& param) const {
    switch (param.kind) {
      case ParamKind::address:
        return param.optional && args_.address.there() == nullptr;
      case ParamKind::bytes:
      case ParamKind::buffers:
      case ParamKind::buffer:
      case ParamKind::text:
      case ParamKind::host:
      case ParamKind::port:
      case ParamKind::target:
      case ParamKind::option:
      case ParamKind::file:
      case ParamKind::sockets:
      case ParamKind::watched:
        return false;
      default:
        break;
    }
    if (about_.call == Call::socket && param.slot != 2) {
      return param.slot == 3 ? !takes_over() : takes_over() && args_.numbers[param.slot] == -1;
    }
    if (takes_over() && args_.numbers[param.slot] == -1) return true;
    return param.absent && args_.numbers[param.slot] == *param.absent && about_.call != Call::listen;
  }
  // A recording of three numbers has 0 where no descriptor was given.
  bool takes_over() const { return about_.call == Call::socket && args_.numbers[3] > 0; }

  std::string value(const Param& param) const {
    const std::int64_t number = args_.numbers[param.slot];
    switch (param.kind) {
      case ParamKind::integer:
        return integer(param, number);
      case ParamKind::boolean:
        return number != 0 ? "True" : "False";
      case ParamKind::seconds:
        return python_seconds(number);
      case ParamKind::milliseconds:
        return number < 0 ? "None" : fmt::format("{}", number);
      case ParamKind::address:
        return to_python(args_.address);
      case ParamKind::bytes:
        return python_bytes(args_.data.view(), args_.data.total());
      case ParamKind::buffers:
        return buffers();
      case ParamKind::buffer:
        return fmt::format("bytearray({})", number);
      case ParamKind::text:
        return python_string(args_.text);
      case ParamKind::host:
        return host();
      case ParamKind::port:
        return port(number);
      case ParamKind::target:
        return fmt::format("({}, {})", python_string(args_.text), number);
      case ParamKind::option:
        return args_.numbers[param.slot + 1U] == 1 ? python_bytes(args_.data.view(), args_.data.total())
                                                   : fmt::format("{}", number);
      case ParamKind::file:
        return is_name(args_.text) ? std::string(args_.text.view()) : python_string(args_.text);
      case ParamKind::sockets:
        return python_sockets(args_.text, param.slot, name_of_);
      case ParamKind::watched:
        return python_watched(args_.text, name_of_);
    }
    return {};
  }

  std::string integer(const Param& param, std::int64_t number) const {
    if (about_.call == Call::sendfile && param.name == "count" && number < 0) return "None";
    if (param.group == "MSG" || param.group == "AI") return python_flags(param.group, number);
    if (param.group == "EPOLL") return epoll_events(number);
    if (param.group == "EPOLL_CTL") return epoll_operation(number);
    if (param.group == "SOL") return number == SOL_SOCKET ? "SOL_SOCKET" : constant_name("IPPROTO", number);
    if (param.group == "SO") return name_or_digits(option_group(args_.numbers[0]), number);
    if (param.group == "SOCK") return type_name(number);
    if (param.group == "IPPROTO") return protocol_name(family_of(about_, args_.numbers), number);
    return name_or_digits(param.group, number);
  }

  std::string buffers() const {
    std::string_view lengths = args_.text;
    std::string_view rest = args_.data.view();
    std::string text = "[";
    while (!lengths.empty()) {
      std::uint64_t length = 0;
      const auto [end, error] = std::from_chars(lengths.data(), lengths.data() + lengths.size(), length);
      if (error != std::errc{}) break;
      lengths.remove_prefix(static_cast<std::size_t>(end - lengths.data()));
      if (!lengths.empty()) lengths.remove_prefix(1);
      const std::string_view kept = rest.substr(0, std::min<std::uint64_t>(length, rest.size()));
      rest.remove_prefix(kept.size());
      text += (text.size() > 1 ? ", " : "") + python_bytes(kept, length);
    }
    return text + "]";
  }

  std::string host() const {
    const std::string_view both = args_.text;
    const std::size_t nul = both.find('\0');
    return nul == both.npos ? "None" : python_string(both.substr(0, nul));
  }
  std::string port(std::int64_t kind) const {
    const std::string_view both = args_.text;
    const std::size_t nul = both.find('\0');
    const std::string_view after = both.substr(nul == both.npos ? 0 : nul + 1);
    if (kind == static_cast<std::int64_t>(PortKind::none)) return "None";
    const bool digits = !after.empty() && after.find_first_not_of("-0123456789") == after.npos;
    const bool integer = kind == static_cast<std::int64_t>(PortKind::integer) && digits;
    return integer ? std::string(after) : python_string(after);
  }

  const CallInfo& about_;
  const Args& args_;
  const NameOf& name_of_;
};

std::string by_number(std::uint32_t socket) {
  return fmt::format("#{}", socket);
}

// As repr quotes: single quotes unless only double ones avoid an escape. Bytes from `plain_end` on are
// escaped.
std::string quoted(std::string_view bytes, unsigned plain_end) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const bool single = bytes.find('\'') == bytes.npos || bytes.find('"') != bytes.npos;
  const char quote = single ? '\'' : '"';
  std::string text(1, quote);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == quote || c == '\\')
      (text += '\\') += c;
    else if (c == '\n')
      text += "\\n";
    else if (c == '\r')
      text += "\\r";
    else if (c == '\t')
      text += "\\t";
    else if (byte < 0x20 || byte == 0x7f || byte >= plain_end)
      ((text += "\\x") += kHex[byte >> 4U]) += kHex[byte & 0xfU];
    else
      text += c;
  }
  return text += quote;
}

// The next "7" or "7:5" of a list, taken off its front; socket 0: there is none.
struct Entry {
  std::uint32_t socket = 0;
  std::int64_t events = 0;
};
Entry next_entry(std::string_view& list) {
  Entry entry;
  const std::size_t from = std::min(list.find_first_not_of(' '), list.size());
  list.remove_prefix(from);
  const std::string_view word = list.substr(0, list.find(' '));
  list.remove_prefix(word.size());
  const char* const end = word.data() + word.size();
  const auto [colon, error] = std::from_chars(word.data(), end, entry.socket);
  if (error != std::errc{}) return {};
  if (colon != end && *colon == ':') std::from_chars(colon + 1, end, entry.events);
  return entry;
}

template <typename Events>
std::string watched(std::string_view pairs, const NameOf& name_of, Events events) {
  std::string text = "[";
  for (Entry entry = next_entry(pairs); entry.socket != 0; entry = next_entry(pairs))
    text +=
        fmt::format("{}({}, {})", text.size() > 1 ? ", " : "", name_of(entry.socket), events(entry.events));
  return text + "]";
}

}  // namespace

std::string python_arguments(Call call, const Args& args, const NameOf& name_of) {
  return Printer(call, args, name_of).run();
}

std::string python_arguments(Call call, const Args& args) {
  return python_arguments(call, args, by_number);
}

std::string python_sockets(std::string_view lists, std::size_t which, const NameOf& name_of) {
  for (; which > 0; --which) {
    const std::size_t bar = lists.find('|');
    lists.remove_prefix(bar == lists.npos ? lists.size() : bar + 1);
  }
  lists = lists.substr(0, lists.find('|'));
  std::string text = "[";
  while (const std::uint32_t socket = next_entry(lists).socket) {
    text += (text.size() > 1 ? ", " : "") + name_of(socket);
  }
  return text + "]";
}

std::string python_watched(std::string_view pairs, const NameOf& name_of) {
  return watched(pairs, name_of, [](std::int64_t events) { return python_flags("POLL", events); });
}
std::string python_ready(std::string_view pairs, const NameOf& name_of) {
  return watched(pairs, name_of, epoll_events);
}

std::string python_flags(std::string_view group, std::int64_t flags) {
  std::string text;
  for (const auto& known : constants()) {
    if (known.group != group || known.value == 0 || (flags & known.value) != known.value) continue;
    if (!text.empty()) text += " | ";
    text += known.name;
    flags &= ~known.value;
  }
  if (flags != 0 || text.empty()) text += (text.empty() ? "" : " | ") + fmt::format("{}", flags);
  return text;
}

std::string python_bytes(std::string_view bytes, std::uint64_t total) {
  std::string text = "b" + quoted(bytes, 0x80);
  if (total > bytes.size()) text += fmt::format("… ({} bytes)", total);
  return text;
}

std::string python_string(std::string_view utf8) {
  return quoted(utf8, 0x100);
}

std::string python_seconds(std::int64_t nanoseconds) {
  if (nanoseconds < 0) return "None";
  const double seconds = static_cast<double>(nanoseconds) / 1e9;
  std::string text = fmt::format("{}", seconds);
  return text.find_first_of(".en") == text.npos ? text + ".0" : text;
}

}  // namespace sockscope
