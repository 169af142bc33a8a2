#include "play/vocabulary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "net/catalogue.h"
#include "net/names.h"

namespace sockscope::play {
namespace {

using namespace std::string_view_literals;

constexpr std::array kBuiltins = {"bytes"sv, "bytearray"sv, "len"sv, "open"sv, "print"sv, "str"sv};
constexpr std::array kModules = {"socket"sv, "select"sv, "struct"sv};
constexpr std::array kPureMethods = {"encode"sv, "decode"sv, "upper"sv, "lower"sv,
                                     "strip"sv,  "split"sv,  "join"sv,  "format"sv};
constexpr std::array kFileMethods = {"read"sv, "write"sv, "seek"sv, "close"sv};
constexpr std::array kPollMethods = {"register"sv, "modify"sv, "unregister"sv, "poll"sv};
constexpr std::array kAttributes = {"family"sv, "type"sv, "proto"sv, "timeout"sv, "server_address"sv};
constexpr std::array kSocketFields = {
    "id"sv,         "names"sv,      "family"sv,  "type"sv,         "protocol"sv, "state"sv,
    "local"sv,      "peer"sv,       "peer_id"sv, "accept_queue"sv, "backlog"sv,  "syn_queue"sv,
    "recv_queue"sv, "send_queue"sv, "open"sv,    "host"sv,         "fd"sv};
constexpr std::array kThreadFields = {"name"sv, "host"sv, "server"sv, "role"sv, "blocked_in"sv, "alive"sv};
constexpr std::array kCallFields = {"name"sv,  "thread"sv,  "socket"sv,  "result"sv,
                                    "error"sv, "blocked"sv, "duration"sv};
constexpr std::array kPacketFields = {
    "from"sv,      "to"sv,        "source"sv,  "destination"sv, "protocol"sv,      "flags"sv,      "seq"sv,
    "ack"sv,       "length"sv,    "time"sv,    "data"sv,        "again"sv,         "wire"sv,       "held"sv,
    "in_flight"sv, "delivered"sv, "dropped"sv, "needless"sv,    "duplicate_ack"sv, "zero_window"sv};
constexpr std::array kLoadFields = {"answered"sv, "waiting"sv, "refused"sv, "errors"sv};
constexpr std::array kFlags = {"SYN"sv, "ACK"sv, "FIN"sv, "RST"sv, "PSH"sv, "URG"sv};
constexpr std::array kKeywords = {
    "None"sv,  "True"sv,     "False"sv, "and"sv,    "as"sv,   "assert"sv, "async"sv,  "await"sv,    "break"sv,
    "class"sv, "continue"sv, "def"sv,   "del"sv,    "elif"sv, "else"sv,   "except"sv, "finally"sv,  "for"sv,
    "from"sv,  "global"sv,   "if"sv,    "import"sv, "in"sv,   "is"sv,     "lambda"sv, "nonlocal"sv, "not"sv,
    "or"sv,    "pass"sv,     "raise"sv, "return"sv, "try"sv,  "while"sv,  "with"sv,   "yield"sv};

template <typename A>
bool among(const A& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view group_prefix(std::string_view name) {
  static constexpr std::array kPrefixes = {"AF_"sv,      "PF_"sv,  "SOCK_"sv, "SOL_"sv,   "SO_"sv,
                                           "IPPROTO_"sv, "MSG_"sv, "SHUT_"sv, "TCP_"sv,   "IPV6_"sv,
                                           "IP_"sv,      "CAN_"sv, "AI_"sv,   "INADDR_"sv};
  for (const auto prefix : kPrefixes)
    if (name.starts_with(prefix)) return prefix;
  return {};
}

}  // namespace

Known socket_function(std::string_view name) {
  const CallInfo* call = find_call(name);
  return call != nullptr && call->owner == Owner::socket_module ? Known::now : Known::no;
}

Known function(std::string_view name) {
  if (among(kBuiltins, name)) return Known::now;
  return socket_function(name);
}

Known module_function(std::string_view module, std::string_view name) {
  if (module == "socket") return socket_function(name);
  if (module == "struct" && (name == "pack" || name == "unpack")) return Known::now;
  return module == "select" && (name == "select" || name == "poll") ? Known::now : Known::no;
}

Known method(std::string_view name) {
  const CallInfo* call = find_call(name);
  const bool known = (call != nullptr && call->is_method()) || among(kPureMethods, name) ||
                     among(kFileMethods, name) || among(kPollMethods, name);
  return known ? Known::now : Known::no;
}

bool attribute(std::string_view name) {
  return among(kAttributes, name);
}

bool condition_field(std::string_view name) {
  return attribute(name) || among(kSocketFields, name) || among(kThreadFields, name) ||
         among(kLoadFields, name);
}

bool module(std::string_view name) {
  return among(kModules, name);
}

bool reserved(std::string_view name) {
  return module(name) || among(kKeywords, name) || function(name) != Known::no || constant(name).has_value();
}

bool unknown_constant(std::string_view name) {
  const auto upper = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  return !group_prefix(name).empty() && std::all_of(name.begin(), name.end(), upper) && !constant(name);
}

std::optional<Value> constant_value(std::string_view name) {
  for (const Constant& known : constants())
    if (known.name == name) return Value(Named{known.value, known.name, known.group});
  return std::nullopt;
}

bool method_of(Owned owner, std::string_view name) {
  switch (owner) {
    case Owned::file:
      return among(kFileMethods, name);
    case Owned::poll:
      return among(kPollMethods, name);
    case Owned::text:
      break;
  }
  return among(kPureMethods, name);
}

std::optional<Value> bare_word(std::string_view name) {
  if (tcp_state(name) || among(kFlags, name)) return text(name);
  if (const auto error = errno_number(name)) return Value(*error);
  return constant_value(name);
}

std::optional<Kind> kind(std::string_view name) {
  if (name == "socket") return Kind::socket;
  if (name == "thread") return Kind::thread;
  if (name == "call") return Kind::call;
  if (name == "packet") return Kind::packet;
  return std::nullopt;
}

std::span<const std::string_view> fields(Kind kind) {
  switch (kind) {
    case Kind::socket:
      return kSocketFields;
    case Kind::thread:
      return kThreadFields;
    case Kind::packet:
      return kPacketFields;
    case Kind::call:
      break;
  }
  return kCallFields;
}

bool is_field(Kind kind, std::string_view name) {
  return among(fields(kind), name);
}

std::string allowed_functions() {
  return fmt::format(
      "socket and the other functions of the socket module, select.select, select.poll, {}, struct.pack, "
      "struct.unpack",
      fmt::join(kBuiltins, ", "));
}
std::string allowed_methods() {
  std::string names;
  for (const CallInfo& call : catalogue())
    if (call.is_method()) names += fmt::format("{}, ", call.python);
  return names + fmt::format("{}, {}, {}", fmt::join(kPollMethods, ", "), fmt::join(kFileMethods, ", "),
                             fmt::join(kPureMethods, ", "));
}
std::string allowed_attributes() {
  return fmt::format("{}", fmt::join(kAttributes, ", "));
}
std::string allowed_constants(std::string_view like) {
  std::string names;
  for (const Constant& known : constants())
    if (known.name.starts_with(group_prefix(like))) (names += names.empty() ? "" : ", ") += known.name;
  return names;
}

}  // namespace sockscope::play
