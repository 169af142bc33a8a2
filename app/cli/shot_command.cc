#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "gui/shot.h"
#include "session/open_file.h"
#include "session/places.h"

namespace sockscope::cli {
namespace {

struct ShotFault {
  std::string text;
  int exit;
};

Pane pane_of(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, Pane>, 10> kPaneNames{{{"stage", Pane::stage},
                                                                          {"timeline", Pane::timeline},
                                                                          {"lesson", Pane::lesson},
                                                                          {"code", Pane::code},
                                                                          {"details", Pane::details},
                                                                          {"console", Pane::console},
                                                                          {"new-socket", Pane::new_socket},
                                                                          {"narration", Pane::narration},
                                                                          {"states", Pane::states},
                                                                          {"ladder", Pane::ladder}}};
  for (const auto& [known, pane] : kPaneNames) {
    if (known == name) return pane;
  }
  return Pane::none;
}

ShotOptions options_of(const ShotCommand& command) {
  ShotOptions options;
  options.out = command.out;
  options.width = command.width;
  options.height = command.height;
  options.scale = command.scale;
  options.theme = ui::theme_name(command.theme).value_or(ui::ThemeName::light);
  options.language = ui::language_of(command.language);
  options.pane = pane_of(command.pane);
  options.at = command.at;
  options.step = command.step;
  options.present = command.present;
  return options;
}

// Runs the play to its end. What it expects does not matter to a picture; that it cannot run does.
tl::expected<std::unique_ptr<Session>, ShotFault> play_to_end(const std::string& path, Signals& signals) {
  auto play = load_play(path);
  if (!play) {
    return tl::unexpected(ShotFault{play.error().to_string(), play.error().later ? kNotPossible : kBadInput});
  }
  auto session = Session::live(false);
  session->load(*play);
  session->run_to_end([] {}, [&] { return signals.came() != 0; }, signals.fd());
  const int exit = session->runner().exit_code();
  if (exit == kBadInput || exit == kNotPossible) {
    return tl::unexpected(ShotFault{session->runner().error(), exit});
  }
  return session;
}

// `lesson` becomes the lesson that was named, if one was.
tl::expected<std::unique_ptr<Session>, ShotFault> session_for(const ShotCommand& command, Signals& signals,
                                                              LessonEntry& lesson) {
  if (command.file.empty() && command.step)
    return tl::unexpected(ShotFault{"--step is for a lesson: name one", kBadInput});
  if (command.file.empty()) return Session::live(true);
  const auto found = find_file(command.file, command.language);
  if (!found) return tl::unexpected(ShotFault{found.error(), kBadInput});
  if (same_file(command.out, command.file) || same_file(command.out, found->path))
    return tl::unexpected(ShotFault{command.out + ": this is FILE itself; draw to another file", kBadInput});
  if (found->kind == FileArgument::Kind::recording) {
    auto trace = load_recording(found->path);
    if (!trace) return tl::unexpected(ShotFault{trace.error().message, kBadInput});
    return Session::replay(std::move(*trace), found->path);
  }
  lesson = found->lesson;
  if (command.step && lesson.id.empty())
    return tl::unexpected(ShotFault{command.file + ": --step is for a lesson", kBadInput});
  if (command.step || found->path.empty()) return Session::live(true);
  return play_to_end(found->path, signals);
}

}  // namespace

int run_shot(const ShotCommand& command) {
  Signals signals;
  ShotOptions options = options_of(command);
  LessonEntry lesson;
  auto session = session_for(command, signals, lesson);
  options.lesson = lesson.id;
  if (signals.came() != 0) return signals.exit_code(kDone);
  if (!session) {
    complain(session.error().text);
    return session.error().exit;
  }
  const auto taken = take_shot(**session, options, LessonShelf{lessons_root(), lesson.folder});
  if (taken) {
    if (!taken->empty()) complain(*taken);
    return kDone;
  }
  complain(taken.error());
  const bool ours = taken.error().starts_with(command.out + ":") || taken.error().starts_with("--step");
  return ours ? kBadInput : kNotPossible;
}

}  // namespace sockscope::cli
