#include "export/program.h"

#include "export/c.h"
#include "export/python.h"
#include "export/story.h"

namespace sockscope {
namespace {

bool has_hosts(const Trace& trace, std::uint64_t end) {
  for (std::size_t i = 0; i < trace.size() && i < end; ++i)
    if (std::holds_alternative<event::HostStarted>(trace[i].body)) return true;
  return false;
}

}  // namespace

Program export_program(const Trace& trace, ProgramLanguage language, std::uint64_t end,
                       std::size_t most_lines) {
  using namespace exporting;
  const bool python = language == ProgramLanguage::python;
  const Story story = read_story(trace, end, most_lines, !python);
  Program program = python ? python_program(story) : c_program(trace, story);
  if (most_lines == static_cast<std::size_t>(-1) && has_hosts(trace, end)) {
    program.left_out.emplace_back(
        "its hosts and wires: the program runs on one computer, where their names and addresses are not");
    program.lines.push_back({(python ? "# Left out: " : "// Left out: ") + program.left_out.back() + ".", 0});
  }
  return program;
}

std::vector<ProgramLine> c_statements(const Trace& trace, std::uint64_t end, std::size_t most_lines) {
  return exporting::c_excerpt(trace, exporting::read_story(trace, end, most_lines, true));
}

std::string program_text(const Program& program) {
  std::string text;
  for (const ProgramLine& line : program.lines) (text += line.text) += '\n';
  return text;
}

}  // namespace sockscope
