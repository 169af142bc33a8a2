#include "panes/console_complete.h"

#include <algorithm>
#include <cctype>

#include "net/catalogue.h"
#include "net/names.h"
#include "panes/console_hint.h"

namespace sockscope {

namespace completion {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// An odd number of quotes before the end: the caret is in a literal, where nothing is completed.
bool in_text(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (quote == 0 && (line[i] == '\'' || line[i] == '"')) {
      quote = line[i];
    } else if (line[i] == quote) {
      quote = 0;
    }
  }
  return quote != 0;
}

struct Candidate {
  std::string text;
  std::string_view does;
};

// A method behind a dot, else a function with its module's prefix where it needs one.
std::vector<Candidate> calls(bool methods) {
  std::vector<Candidate> out;
  for (const CallInfo& call : catalogue()) {
    const bool method = call.is_method() || call.owner == Owner::poll_object;
    if (call.owner == Owner::inner || method != methods) continue;
    const std::string prefix = call.owner == Owner::select_module ? "select." : "";
    const bool bare = call.params.empty();
    out.push_back({prefix + std::string(call.python) + (bare ? "()" : "("), call.does});
  }
  if (!methods) out.push_back({"select.poll()", {}});
  if (methods) out.push_back({"register(", {}});
  return out;
}

std::vector<Candidate> words(const State& state, bool at_start) {
  std::vector<Candidate> out;
  for (const BoundName& name : state.names()) out.push_back({name.name, {}});
  for (Candidate& call : calls(false)) out.push_back(std::move(call));
  if (at_start) return out;
  for (const Constant& constant : constants()) out.push_back({std::string(constant.name), {}});
  for (const ServerState& server : state.servers()) {
    if (server.id != 0 && server.running) out.push_back({server.name + ".server_address", {}});
  }
  return out;
}

bool fits(std::string_view wanted, std::string_view group) {
  return group == wanted || (wanted == "SOL" && group == "IPPROTO");
}

// What fits the argument at the caret: constants of its group, then keywords that were not given yet.
std::vector<Candidate> arguments(const CallHint& hint) {
  std::vector<Candidate> out;
  const std::string_view group = group_at(hint);
  for (const Constant& constant : constants()) {
    if (!group.empty() && fits(group, constant.group)) out.push_back({std::string(constant.name), {}});
  }
  const bool keywords =
      hint.call->owner == Owner::socket_module && hint.argument.find('=') == std::string_view::npos;
  if (!keywords) return out;
  for (const SignaturePart& part : signature(*hint.call)) {
    const auto given = [&](std::string_view argument) { return argument.starts_with(part.keyword + "="); };
    if (part.keyword.empty() || std::any_of(hint.before.begin(), hint.before.end(), given)) continue;
    out.push_back({part.keyword + "=", {}});
  }
  return out;
}

// Nothing is typed of the argument yet: the constant most learners write there.
std::string_view usual(const CallHint& hint) {
  const std::string_view group = group_at(hint);
  if (group == "AF") return "AF_INET";
  if (group == "SOCK") return "SOCK_STREAM";
  if (group == "SHUT") return "SHUT_WR";
  if (group == "SOL") return "SOL_SOCKET";
  if (group == "SO") return "SO_REUSEADDR";
  if (group == "TCP") return "TCP_NODELAY";
  return {};
}

std::vector<Candidate> directives() {
  std::vector<Candidate> out;
  for (const char* text : {"%serve S model=thread handler=upper port=0", "%stop ", "%load L to=S clients=5",
                           "%expect ", "%wait until ", "%interrupt ", "%deadline 20s"}) {
    out.push_back({text, {}});
  }
  return out;
}

}  // namespace completion

Completion complete(const State& state, std::string_view line) {
  if (line.empty() || completion::in_text(line)) return {};
  const auto hint = call_hint(line);
  std::size_t at = line.size();
  if (line.front() == '%') {
    at = 0;
  } else {
    while (at > 0 && completion::is_word(line[at - 1])) --at;
  }
  const std::string_view typed = line.substr(at);
  const bool method = at > 0 && line[at - 1] == '.';
  if (typed.empty() && !method) {
    const bool empty = hint && hint->argument.empty() && (line.back() == '(' || line.back() == ' ');
    return empty ? Completion{std::string(completion::usual(*hint)), {}} : Completion{};
  }
  if (!typed.empty() && std::isdigit(static_cast<unsigned char>(typed.front())) != 0) return {};
  // After the dot of a number no method follows.
  if (method && at >= 2 && !completion::is_word(line[at - 2]) && line[at - 2] != ')') return {};
  std::vector<completion::Candidate> candidates = line.front() == '%' ? completion::directives()
                                                  : method            ? completion::calls(true)
                                                                      : completion::words(state, at == 0);
  if (hint && !method) {
    std::vector<completion::Candidate> first = completion::arguments(*hint);
    candidates.insert(candidates.begin(), first.begin(), first.end());
  }
  for (const auto& candidate : candidates) {
    if (candidate.text.size() <= typed.size() || !candidate.text.starts_with(typed)) continue;
    if (typed.empty()) continue;  // right after a dot everything fits: nothing is better than the rest
    return {candidate.text.substr(typed.size()), std::string(candidate.does)};
  }
  return {};
}

}  // namespace sockscope
