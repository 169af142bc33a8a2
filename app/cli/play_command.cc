#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/narrator.h"
#include "cli/output.h"
#include "cli/result_json.h"
#include "cli/signals.h"
#include "cli/transcript.h"
#include "session/open_file.h"
#include "session/session.h"

namespace sockscope::cli {
namespace {

struct Fault {
  std::string text;
  int exit;
};

tl::expected<Play, Fault> open_play(const std::string& argument) {
  const auto found = find_file(argument, "en");
  if (!found) return tl::unexpected(Fault{found.error(), kBadInput});
  if (found->kind == FileArgument::Kind::recording) {
    return tl::unexpected(
        Fault{fmt::format("{}: this is a recording; sockscope narrate {} reads it", argument, argument),
              kBadInput});
  }
  if (found->path.empty())
    return tl::unexpected(Fault{argument + ": there is no play in this lesson", kBadInput});
  auto play = load_play(found->path);
  if (!play)
    return tl::unexpected(Fault{play.error().to_string(), play.error().later ? kNotPossible : kBadInput});
  return std::move(*play);
}

std::optional<Fault> begin_recording(Session& session, const PlayCommand& command, const std::string& play) {
  if (command.record.empty()) return std::nullopt;
  if (same_file(command.record, play)) {
    return Fault{fmt::format("{}: this is the play itself; record to another file", command.record),
                 kBadInput};
  }
  const auto begun = session.record_to(command.record);
  if (!begun) return Fault{begun.error().message, kBadInput};
  return std::nullopt;
}

void list_failures(const Runner& runner, const std::string& file) {
  for (const Runner::ExpectationResult& expectation : runner.expectations()) {
    if (expectation.ok) continue;
    complain(
        fmt::format("{}:{}: expected {}; saw {}", file, expectation.line, expectation.text, expectation.saw));
  }
  if (runner.exit_code() != kDone && !runner.error().empty()) complain(runner.error());
}

int run_to_end(Session& session, const PlayCommand& command, Signals& signals) {
  Narrator narrator;
  Transcript transcript;
  const auto each = [&] {
    if (command.narrate) {
      narrator.follow(session.trace());
    } else if (!command.json) {
      transcript.follow(session.trace());
    }
  };
  session.run_to_end(
      each, [&] { return signals.came() != 0; }, signals.fd());
  int exit = signals.exit_code(session.runner().exit_code());
  if (const auto saved = session.end_recording(); !saved) {
    complain(saved.error().message);
    if (exit == kDone) exit = kFailed;
  }
  if (command.json) say_line(result_json(exit == kDone, session.runner().expectations(), session.state()));
  list_failures(session.runner(), session.file());
  return exit;
}

}  // namespace

int run_play(const PlayCommand& command) {
  const auto play = open_play(command.file);
  if (!play) {
    complain(play.error().text);
    return play.error().exit;
  }
  Signals signals;
  const auto session = Session::live(false);
  if (const auto fault = begin_recording(*session, command, play->file)) {
    complain(fault->text);
    return fault->exit;
  }
  session->load(*play);
  const int exit = run_to_end(*session, command, signals);
  for (const std::string& name : session->stop()) {
    complain(fmt::format("sockscope: thread {} did not come back from its call", name));
  }
  return exit;
}

}  // namespace sockscope::cli
