// Values as Python prints them, and a call's arguments as a learner would type them.

#include <fmt/format.h>

#include "net/catalogue.h"
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
    default:
      return "SO";
  }
}

std::string flags_text(std::int64_t flags) {
  std::string text;
  for (const auto& known : constants()) {
    if (known.group != "MSG" || (flags & known.value) == 0) continue;
    if (!text.empty()) text += " | ";
    text += known.name;
    flags &= ~known.value;
  }
  if (flags != 0 || text.empty()) text += (text.empty() ? "" : " | ") + fmt::format("{}", flags);
  return text;
}

std::string number_text(Call call, const Param& param, const Args& args) {
  const std::int64_t value = args.numbers[param.slot];
  if (param.kind == ParamKind::boolean) return value != 0 ? "True" : "False";
  if (param.kind == ParamKind::seconds) return python_seconds(value);
  if (param.group == "MSG") return flags_text(value);
  if (call == Call::setsockopt && param.slot == 0)
    return value == 6 ? "IPPROTO_TCP" : constant_name("SOL", value);
  if (call == Call::setsockopt && param.slot == 1) return constant_name(option_group(args.numbers[0]), value);
  return param.group.empty() ? fmt::format("{}", value) : constant_name(param.group, value);
}

// socket's family and type are always said: they are what the learner chose.
bool left_out(Call call, const Param& param, const Args& args) {
  if (!param.absent || args.numbers[param.slot] != *param.absent) return false;
  return !(call == Call::socket && param.slot < 2) && call != Call::listen;
}

// As repr quotes: single quotes unless only double ones avoid an escape. Bytes from `plain_end` on are
// escaped.
std::string quoted(std::string_view bytes, unsigned plain_end) {
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
      text += fmt::format("\\x{:02x}", byte);
    else
      text += c;
  }
  return text += quote;
}

}  // namespace

std::string python_arguments(Call call, const Args& args) {
  std::string text;
  for (const Param& param : info(call).params) {
    const bool number = param.kind != ParamKind::address && param.kind != ParamKind::bytes;
    if (number && left_out(call, param, args)) continue;
    if (!text.empty()) text += ", ";
    if (param.kind == ParamKind::address)
      text += to_python(args.address);
    else if (param.kind == ParamKind::bytes)
      text += python_bytes(args.data.view(), args.data.total());
    else
      text += number_text(call, param, args);
  }
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
