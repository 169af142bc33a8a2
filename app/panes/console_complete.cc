#include "panes/console_complete.h"

#include <algorithm>
#include <cctype>

#include "net/catalogue.h"
#include "net/names.h"

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

std::vector<Candidate> calls(bool methods) {
  std::vector<Candidate> out;
  for (const CallInfo& call : catalogue()) {
    if (call.call == Call::none || call.is_method() != methods) continue;
    out.push_back({std::string(call.python) + (call.params.empty() ? "()" : "("), call.does});
  }
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
  std::size_t at = line.size();
  if (line.front() == '%') {
    at = 0;
  } else {
    while (at > 0 && completion::is_word(line[at - 1])) --at;
  }
  const std::string_view typed = line.substr(at);
  const bool method = at > 0 && line[at - 1] == '.';
  if (typed.empty() && !method) return {};
  if (!typed.empty() && std::isdigit(static_cast<unsigned char>(typed.front())) != 0) return {};
  // After the dot of a number no method follows.
  if (method && at >= 2 && !completion::is_word(line[at - 2]) && line[at - 2] != ')') return {};
  const auto candidates = line.front() == '%' ? completion::directives()
                          : method            ? completion::calls(true)
                                              : completion::words(state, at == 0);
  for (const auto& candidate : candidates) {
    if (candidate.text.size() <= typed.size() || !candidate.text.starts_with(typed)) continue;
    if (typed.empty()) continue;  // right after a dot everything fits: nothing is better than the rest
    return {candidate.text.substr(typed.size()), std::string(candidate.does)};
  }
  return {};
}

std::string_view told_about(std::string_view line) {
  // The last name with an open bracket behind it.
  std::size_t best = std::string_view::npos;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '(' && i > 0 && completion::is_word(line[i - 1])) best = i;
  }
  if (best == std::string_view::npos) return {};
  std::size_t from = best;
  while (from > 0 && completion::is_word(line[from - 1])) --from;
  const CallInfo* call = find_call(line.substr(from, best - from));
  return call == nullptr ? std::string_view{} : call->does;
}

}  // namespace sockscope
