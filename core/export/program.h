#pragma once
// What was done, as a program that does it again: sockscope export, and the Code pane. The recording is
// untrusted: nothing of its text is copied, lines are parsed and printed anew and every literal is escaped.

#include <cstdint>
#include <string>
#include <vector>

#include "trace/trace.h"

namespace sockscope {

enum class ProgramLanguage : std::uint8_t { python, c };

struct ProgramLine {
  std::string text;
  std::uint64_t seq = 0;  // of the event it came from; 0: of the frame around
};

struct Program {
  std::vector<ProgramLine> lines;
  std::vector<std::string>
      left_out;  // what could not be exported, one sentence each; also comments in the text
};

// Events before `end` only, and of the lines at most the last `most_lines`: with fewer than there are the
// program is for reading, not for running.
Program export_program(const Trace& trace, ProgramLanguage language, std::uint64_t end,
                       std::size_t most_lines = static_cast<std::size_t>(-1));
std::string program_text(const Program& program);
// Only what its lines do in C, in the order they were done, without the frame that keeps that order: for
// reading.
std::vector<ProgramLine> c_statements(const Trace& trace, std::uint64_t end, std::size_t most_lines);

}  // namespace sockscope
