#pragma once
// The run as a Python program: the lines that were run, and for each server a short source of its model.
// Pure.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "explain/model_source.h"
#include "panes/panes.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

struct CodeLine {
  std::string text;
  std::size_t mark_from = 0, mark_to = 0;  // the word that makes the difference between server models
  std::vector<ThreadId> here;              // threads that are on this line now
  bool comment = false;
  bool failed = false;  // it raised
};

// Which event begins what: the trace is read once, further calls read what is new.
struct CodeOutline {
  struct Part {
    std::uint64_t seq;
    bool server;  // a ServerStarted; else a LineStarted
  };
  std::vector<Part> parts;
  std::vector<std::uint64_t> ended;  // seq of each LineEnded
  std::size_t read = 0;              // events
  const Trace* of = nullptr;
  Time start = 0;
  // The C as last asked for.
  std::vector<CodeStatement> c;
  std::uint64_t c_version = 0;
  std::map<std::pair<std::string, bool>, std::vector<SourceLine>>
      sources;  // by model and whether of datagrams
};
void extend(CodeOutline& outline, const Trace& trace);

// The program up to the cursor (`cursor_seq` events), at most its last `most` parts. `state` is the state
// there.
std::vector<CodeLine> code_text(const CodeOutline& outline, const Trace& trace, const State& state,
                                std::uint64_t cursor_seq, std::size_t most);

// Of each server the C++ its model is written with (core/server), with the threads that are on its lines.
std::vector<CodeLine> source_lines(CodeOutline& outline, const State& state);
// Those of this server that are in one of `calls` now.
std::vector<ThreadId> threads_in(const State& state, std::string_view server, std::span<const Call> calls);

// The same as C, from `statements` of that state.
std::vector<CodeLine> code_lines(const std::vector<CodeStatement>& statements, const State& state);
// Changes when the C of the first `cursor_seq` events does: with each line that begins or ends.
std::uint64_t code_version(const CodeOutline& outline, std::uint64_t cursor_seq);

// A line cut into what is coloured alike.
enum class CodeInk : std::uint8_t { plain, comment, text, number, keyword };
struct CodePiece {
  std::string_view text;
  CodeInk ink;
};
std::vector<CodePiece> code_pieces(std::string_view line);

}  // namespace sockscope
