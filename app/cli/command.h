#pragma once
// What a command line asks for, and the parser that turns argv into it.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "server/server.h"
#include "trace/event.h"

namespace sockscope::cli {

// DESIGN's exit codes. By signal: 128 + its number, after saving.
inline constexpr int kDone = 0, kFailed = 1, kBadInput = 2, kNotPossible = 3;

struct WindowCommand {
  std::string file;  // empty: the first-run screen
};
struct PlayCommand {
  std::string file, record;
  bool narrate = false, json = false, allow_run = false;
};
struct NarrateCommand {
  std::string file;
};
struct ServeCommand {
  std::string model = "iterative", handler = "upper", host = "127.0.0.1", record;
  int port = 0, backlog = 5, workers = 4;
  std::string type = "stream", path;
  bool reuse_addr = false, daemon_threads = false;
  Time work = 0;
};
struct RaceCommand {
  std::vector<std::string> models;
  std::string handler = "upper", record;
  int clients = 20, backlog = 5, workers = 4;
  Time work = 0, deadline = 0;
  bool json = false;
};
struct LoadCommand {
  std::string to, record;
  LoadOptions options;  // all but where to
  Time deadline = 0;
};
struct ShotCommand {
  std::string out, file, theme = "light", language, pane;
  int width = 1600, height = 1000;
  float scale = 1;
  std::optional<double> at;
  std::optional<std::size_t> step;
  bool present = false;
};
struct LessonListCommand {
  bool ids = false;
  std::string language;
};
struct LessonShowCommand {
  std::string id, language;
};
struct LessonRunCommand {
  std::string id, language, record;
  bool automatic = false;
};
struct LessonLintCommand {
  std::string folder;
  bool run = true;
};
struct LessonNewCommand {
  std::string name;
};
struct LessonQuizCommand {
  std::string language;
  bool before = false, after = false, json = false;
};
struct LessonPackCommand {
  std::string id, student, out;
};
struct LessonRecordCommand {
  std::string recording;
};
struct GradeCommand {
  std::vector<std::string> recordings;
  std::string lesson, junit, json, csv;
  bool rerun = false;
};
struct ExportCommand {
  std::string file, to, out = "-";
};
struct DoctorCommand {
  bool json = false;
  std::string language;
};
using Command = std::variant<WindowCommand, PlayCommand, NarrateCommand, ServeCommand, RaceCommand,
                             LoadCommand, ShotCommand, LessonListCommand, LessonShowCommand, LessonRunCommand,
                             LessonLintCommand, LessonNewCommand, LessonQuizCommand, LessonPackCommand,
                             LessonRecordCommand, GradeCommand, ExportCommand, DoctorCommand>;

// The command line is answered already: with the help, a usage error, or the name of a later version's
// subcommand.
struct Answer {
  std::string text;  // for stdout if `exit` is 0, else for stderr
  int exit = kDone;
};

tl::expected<Command, Answer> parse_command_line(int argc, const char* const* argv);

// "1600x1000". Empty: not of that form.
std::optional<std::pair<int, int>> parse_size(const std::string& text);
// "300ms", "1.5s", "2" (seconds): at least 0, at most an hour. Empty: not a duration.
std::optional<Time> parse_duration(const std::string& text);

}  // namespace sockscope::cli
