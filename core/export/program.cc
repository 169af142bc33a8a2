#include "export/program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "export/c.h"
#include "export/c_text.h"
#include "export/python.h"
#include "export/story.h"
#include "server/load_options.h"

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
  if (most_lines != static_cast<std::size_t>(-1)) return program;
  const auto in_comment = [&](std::string_view text) {
    return python ? comment_text(text) : c_comment(text);
  };
  const auto leave_out = [&](std::string what) {
    program.lines.push_back({(python ? "# Left out: " : "// Left out: ") + what + ".", 0});
    program.left_out.push_back(std::move(what));
  };
  if (has_hosts(trace, end))
    leave_out(
        "its hosts and wires: the program runs on one computer, where their names and addresses are not");
  for (const StoryLine& line : story.lines) {
    const auto* load =
        line.parsed.directive ? std::get_if<play::directive::Load>(&line.parsed.directive->what) : nullptr;
    if (load == nullptr) continue;
    if (const auto ways = load_ways(load->options); !ways.empty())
      leave_out(
          fmt::format("{} of {}: its clients send its text, wait for one answer after the other and close",
                      fmt::join(ways, ", "), in_comment(load->options.name)));
  }
  for (const StoryServer& server : story.servers) {
    const std::string_view model = server.started.model.view(), handler = server.started.handler.view();
    const std::string name = in_comment(server.started.name.view());
    if (model != "iterative" && model != "thread")
      leave_out(
          fmt::format("the model {} of {}: a thread for each client stands for it", in_comment(model), name));
    if (handler != "upper" && handler != "slow")
      leave_out(fmt::format("the handler {} of {}: the tutorial's stands for it", in_comment(handler), name));
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
