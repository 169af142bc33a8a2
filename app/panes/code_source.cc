#include "explain/model_source.h"
#include "panes/code_text.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>

namespace sockscope {

std::vector<ThreadId> threads_in(const State& state, std::string_view server, std::span<const Call> calls) {
  std::vector<ThreadId> there;
  for (const ThreadState& thread : state.threads()) {
    if (thread.server != server || thread.role == ThreadRole::load || thread.calls.empty()) continue;
    const Call now = thread.calls.front().name;
    if (std::find(calls.begin(), calls.end(), now) != calls.end()) there.push_back(thread.id);
  }
  return there;
}

std::vector<CodeLine> source_lines(CodeOutline& outline, const State& state) {
  std::vector<CodeLine> lines;
  const auto comment = [&](std::string text) {
    lines.push_back({.text = std::move(text), .here = {}, .comment = true});
  };
  for (const ServerState& server : state.servers()) {
    const SocketState* listener = state.socket(server.listener);
    const bool datagrams = listener != nullptr && listener->type == SOCK_DGRAM;
    comment(fmt::format("// {}: {}", server.name, server.model));
    const auto [source, fresh] = outline.sources.try_emplace({server.model, datagrams});
    if (fresh) source->second = model_source(server.model, datagrams);
    for (const SourceLine& line : source->second) {
      if (!line.file.empty()) comment(fmt::format("// {}", line.file));
      const bool is_comment = line.text.find_first_not_of(' ') == line.text.find("//");
      lines.push_back({.text = std::string(line.text),
                       .here = threads_in(state, server.name, line.calls),
                       .comment = is_comment && line.text.find("//") != std::string_view::npos});
    }
  }
  return lines;
}

}  // namespace sockscope
