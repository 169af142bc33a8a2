#include "export/program.h"

#include "export/c.h"
#include "export/python.h"
#include "export/story.h"

namespace sockscope {

Program export_program(const Trace& trace, ProgramLanguage language, std::uint64_t end,
                       std::size_t most_lines) {
  using namespace exporting;
  const bool python = language == ProgramLanguage::python;
  const Story story = read_story(trace, end, most_lines, !python);
  return python ? python_program(story) : c_program(trace, story);
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
