#include "panes/console_hint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "net/names.h"
#include "net/text.h"

namespace sockscope {

namespace hints {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string default_of(const Param& param) {
  if (param.optional) return "=None";
  if (!param.absent) return {};
  if (param.kind == ParamKind::boolean) return *param.absent != 0 ? "=True" : "=False";
  if (*param.absent < 0) return "=None";
  const bool named = *param.absent != 0 || param.group == "AF";
  return "=" + (named && !param.group.empty() ? constant_name(param.group, *param.absent)
                                              : fmt::format("{}", *param.absent));
}

// An open bracket: the call before it, if it is one of ours, and where its arguments begin.
struct Open {
  const CallInfo* call = nullptr;
  std::size_t from = 0;
  std::vector<std::size_t> commas{};
};

const CallInfo* called(std::string_view line, std::size_t bracket) {
  std::size_t from = bracket;
  while (from > 0 && is_word(line[from - 1])) --from;
  const CallInfo* call = find_call(line.substr(from, bracket - from));
  if (call == nullptr || call->owner == Owner::inner) return nullptr;
  const std::string_view before = line.substr(0, from);
  const bool dotted = before.ends_with('.');
  const bool of_module = before.ends_with("socket.") || before.ends_with("select.");
  // select.poll() makes the object whose method the catalogue has.
  if (call->owner == Owner::poll_object && of_module) return nullptr;
  const bool method = call->is_method() || call->owner == Owner::poll_object;
  return method == (dotted && !of_module) ? call : nullptr;
}

std::vector<Open> open_brackets(std::string_view line) {
  std::vector<Open> stack;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\'' || c == '"') {
      const std::size_t end = quoted_end(line, i);
      if (end == line.npos) break;
      i = end - 1;
    } else if (c == '(') {
      stack.push_back({called(line, i), i + 1});
    } else if (c == '[') {
      stack.push_back({nullptr, i + 1});
    } else if (c == ')' || c == ']') {
      if (!stack.empty()) stack.pop_back();
    } else if (c == ',' && !stack.empty()) {
      stack.back().commas.push_back(i);
    }
  }
  return stack;
}

// Which of `parts` the argument is, by its keyword or its place.
std::optional<std::size_t> place_of(const std::vector<SignaturePart>& parts, std::string_view argument,
                                    std::size_t index) {
  const std::size_t equals = argument.find('=');
  if (equals != argument.npos && argument.substr(equals, 2) != "==") {
    const std::string_view keyword = trimmed(argument.substr(0, equals));
    const auto found = std::find_if(parts.begin(), parts.end(),
                                    [&](const SignaturePart& part) { return part.keyword == keyword; });
    if (found == parts.end()) return std::nullopt;
    return static_cast<std::size_t>(found - parts.begin());
  }
  if (index < parts.size() && !parts[index].keyword_only) return index;
  return std::nullopt;
}

}  // namespace hints

std::vector<SignaturePart> signature(const CallInfo& call) {
  std::vector<SignaturePart> out;
  bool starred = false;
  for (const Param& param : call.params) {
    if (param.kind == ParamKind::watched) continue;  // register() said it
    if (param.keyword_only && !starred) out.push_back({"*", {}, {}, true});
    starred = starred || param.keyword_only;
    // sendmsg's ancillary data has no parameter of ours, but a place.
    if (call.call == Call::sendmsg && param.name == "flags") out.push_back({"ancdata=[]", "ancdata"});
    out.push_back({std::string(param.name) + hints::default_of(param), std::string(param.name), param.group,
                   param.keyword_only});
  }
  return out;
}

std::optional<CallHint> call_hint(std::string_view line) {
  if (line.starts_with('%')) return std::nullopt;
  const std::vector<hints::Open> stack = hints::open_brackets(line);
  const auto open =
      std::find_if(stack.rbegin(), stack.rend(), [](const hints::Open& o) { return o.call != nullptr; });
  if (open == stack.rend()) return std::nullopt;
  CallHint hint;
  hint.call = open->call;
  std::size_t from = open->from;
  for (const std::size_t comma : open->commas) {
    hint.before.push_back(hints::trimmed(line.substr(from, comma - from)));
    from = comma + 1;
  }
  hint.argument = hints::trimmed(line.substr(from));
  const std::vector<SignaturePart> parts = signature(*open->call);
  std::size_t index = hint.before.size();
  // sendto's second of two arguments is the address; with a constant in it, it is flags.
  const bool flags =
      hint.argument.empty() || std::string_view("MSG_").starts_with(hint.argument.substr(0, 4));
  if (hint.call->call == Call::sendto && index == 1 && !flags) index = 2;
  hint.at = hints::place_of(parts, hint.argument, index);
  return hint;
}

std::string_view group_at(const CallHint& hint) {
  if (!hint.at) return {};
  const std::string_view group = signature(*hint.call)[*hint.at].group;
  if (group != "SO" || hint.before.empty()) return group;
  const std::string_view level = hint.before.front();
  for (const std::string_view of : {"TCP", "IPV6", "IP"}) {
    if (level.ends_with(std::string("_") + std::string(of))) return of;
  }
  return group;
}

}  // namespace sockscope
