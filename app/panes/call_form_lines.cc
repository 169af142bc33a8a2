// From a form's fields to the line: Python's spelling of each argument, and where it stands.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "panes/call_form.h"

namespace sockscope {

namespace spelling {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

// What was typed between the quotes. Its escapes are Python's already; what would end the literal too early
// is escaped, and in bytes so is what is not ASCII.
std::string quoted(std::string_view typed, bool is_bytes) {
  std::string out = is_bytes ? "b'" : "'";
  for (std::size_t i = 0; i < typed.size(); ++i) {
    const char c = typed[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\' && i + 1 < typed.size()) {
      out += c;
      out += typed[++i];
    } else if (c == '\\' || c == '\'') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f || (is_bytes && byte >= 0x80)) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out += '\'';
}

std::string port(std::string_view typed) {
  typed = trimmed(typed);
  if (typed.empty()) return "None";
  return all_digits(typed) ? std::string(typed) : quoted(typed, false);
}

std::string or_number(std::string_view typed) {
  typed = trimmed(typed);
  return typed.empty() ? "0" : std::string(typed);
}

// One argument; empty: nothing was given.
std::string argument(FieldKind kind, const Param& param, const FieldDraft& field) {
  const std::string text(trimmed(field.text));
  switch (kind) {
    case FieldKind::inet:
      if (!field.whole.empty()) return field.whole;
      if (param.optional && text.empty()) return {};
      return fmt::format("({}, {})", quoted(field.text, false), or_number(field.more));
    case FieldKind::host_port:
      if (!field.whole.empty()) return field.whole;
      return fmt::format("({}, {})", quoted(field.text, false), or_number(field.more));
    case FieldKind::unix_path:
      if (!field.whole.empty()) return field.whole;
      if (param.optional && text.empty()) return {};
      return quoted((field.abstract ? "\\0" : "") + field.text, false);
    case FieldKind::bytes:
      return quoted(field.text, true);
    case FieldKind::text:
      return text.empty() ? "None" : quoted(field.text, false);
    case FieldKind::port:
      return port(field.text);
    case FieldKind::wait:
      return text.empty() && !param.absent ? "None" : text;
    case FieldKind::names:
      return "[" + text + "]";
    case FieldKind::file:
      return "f";
    case FieldKind::watched:
      return {};
    default:
      return text;
  }
}

// Whether Python would do the same with the argument left out.
bool is_default(const CallDraft& draft, const Param& param, FieldKind kind, const std::string& argument) {
  if (argument.empty()) return true;
  // The family and type are what the form is about, and getaddrinfo's None is its point.
  if (draft.call == Call::socket && param.slot < 2 && param.group != "IPPROTO") return false;
  if (!param.absent) return false;
  if (kind == FieldKind::yes_no) return argument == (*param.absent != 0 ? "True" : "False");
  return argument == fmt::format("{}", *param.absent) ||
         (!param.group.empty() && argument == constant_name(param.group, *param.absent));
}

struct Given {
  std::string text;  // empty: left out
  const Param* param;
  bool by_default;
};

std::vector<Given> given(const State& state, const CallDraft& draft) {
  const auto params = info(draft.call).params;
  std::vector<Given> out;
  for (std::size_t i = 0; i < params.size() && i < draft.fields.size(); ++i) {
    const FieldKind kind = field_kind(state, draft, i);
    std::string text = argument(kind, params[i], draft.fields[i]);
    const bool by_default = is_default(draft, params[i], kind, text);
    if (text.empty() && params[i].absent && !by_default) text = fmt::format("{}", *params[i].absent);
    out.push_back({std::move(text), &params[i], by_default});
  }
  return out;
}

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string default_text(const Param& param) {
  if (!param.absent) return "None";
  if (param.kind == ParamKind::boolean) return *param.absent != 0 ? "True" : "False";
  return param.group.empty() ? fmt::format("{}", *param.absent) : constant_name(param.group, *param.absent);
}

// sendto's flags stand in the middle, and sendmsg has ancillary data between: Python's own order.
std::string sendto(const std::vector<Given>& all) {
  std::vector<std::string> parts{all[0].text};
  if (!all[1].by_default) parts.push_back(all[1].text);
  parts.push_back(all[2].text);
  return joined(parts);
}
std::string sendmsg(const std::vector<Given>& all) {
  std::vector<std::string> parts{all[0].text};
  const bool address = !all[2].by_default, flags = !all[1].by_default;
  if (address || flags) {
    parts.insert(parts.end(), {"[]", flags ? all[1].text : "0"});
    if (address) parts.push_back(all[2].text);
  }
  return joined(parts);
}

// Taking over a descriptor: with family and type left as they were, Python asks the kernel for them.
std::string adopted(const std::vector<Given>& all) {
  return "fileno=" + all[3].text;
}

std::string arguments(const State& state, const CallDraft& draft) {
  const std::vector<Given> all = given(state, draft);
  if (draft.call == Call::sendto) return sendto(all);
  if (draft.call == Call::sendmsg) return sendmsg(all);
  if (draft.call == Call::socket && !all[3].by_default) return adopted(all);
  // Functions of the module take keywords; methods only places, so what lies between is written out.
  const bool keywords = info(draft.call).owner == Owner::socket_module;
  std::vector<std::string> parts;
  std::size_t last = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].by_default) last = i + 1;
  }
  bool gap = false;
  for (std::size_t i = 0; i < last; ++i) {
    if (all[i].param->kind == ParamKind::watched) continue;
    const bool skip = all[i].by_default && (keywords || all[i].text.empty());
    if (skip && (keywords || !all[i].param->absent)) {
      gap = true;
    } else if (gap || all[i].param->keyword_only) {
      parts.push_back(fmt::format("{}={}", all[i].param->name, all[i].text));
    } else {
      parts.push_back(all[i].text.empty() ? default_text(*all[i].param) : all[i].text);
    }
  }
  return joined(parts);
}

std::string receiver(const State& state, const CallDraft& draft) {
  const SocketState* socket = state.socket(draft.socket);
  if (socket != nullptr && !socket->names.empty()) return socket->names.back();
  const std::string_view called = state.called(draft.socket);
  return called.empty() ? "s" : std::string(called);
}

// A variable that none of a file's characters can spoil.
constexpr std::string_view kFile = "f", kPoll = "p";

std::vector<std::string> watched_lines(const CallDraft& draft) {
  std::vector<std::string> out{fmt::format("{} = select.poll()", kPoll)};
  const FieldDraft& field = draft.fields[0];
  std::string_view rest = field.text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view name = trimmed(rest.substr(0, end));
    if (!name.empty()) out.push_back(fmt::format("{}.register({}, {})", kPoll, name, or_number(field.more)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::vector<std::string> lines_before(const State& state, const CallDraft& draft) {
  const auto params = info(draft.call).params;
  for (std::size_t i = 0; i < params.size() && i < draft.fields.size(); ++i) {
    const FieldDraft& field = draft.fields[i];
    if (params[i].kind == ParamKind::watched) return watched_lines(draft);
    if (params[i].kind == ParamKind::file) {
      return {fmt::format("%file {} {}", trimmed(field.text), or_number(field.more)),
              fmt::format("{} = open({}, 'rb')", kFile, quoted(field.text, false))};
    }
    if (params[i].kind == ParamKind::buffer && state.name(trimmed(field.text)) == nullptr) {
      return {fmt::format("{} = bytearray({})", trimmed(field.text), trimmed(field.more))};
    }
  }
  return {};
}

}  // namespace spelling

std::vector<std::string> call_lines(const Scene& scene, const CallDraft& draft) {
  const State& state = scene.end;
  const CallInfo& call = info(draft.call);
  std::vector<std::string> out = spelling::lines_before(state, draft);
  const std::string_view target = spelling::trimmed(draft.result);
  std::string line = target.empty() ? "" : fmt::format("{} = ", target);
  if (call.owner == Owner::socket) line += spelling::receiver(state, draft) + ".";
  if (call.owner == Owner::poll_object) line += fmt::format("{}.", spelling::kPoll);
  if (call.owner == Owner::select_module) line += "select.";
  line += fmt::format("{}({})", call.python, spelling::arguments(state, draft));
  out.push_back(std::move(line));
  return out;
}

}  // namespace sockscope
