#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "cli/commands.h"
#include "cli/grade_results.h"
#include "cli/lesson_found.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "net/names.h"
#include "session/lesson_driver.h"
#include "trace/recording.h"

namespace sockscope::cli {
namespace {

constexpr std::size_t kMostOfALearner = 100;
using Fault = std::string;

// A recording, or the recordings in a learner's folder.
tl::expected<std::vector<std::string>, Fault> files_of(const std::string& given) {
  std::error_code error;
  if (!std::filesystem::is_directory(given, error)) return std::vector<std::string>{given};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(given, error))
    if (entry.path().extension() == ".jsonl" && files.size() < kMostOfALearner)
      files.push_back(entry.path().string());
  if (error) return tl::unexpected(fmt::format("{}: {}", given, errno_text(error.value())));
  if (files.empty()) return tl::unexpected(given + ": there is no recording in this folder");
  std::sort(files.begin(), files.end());
  return files;
}

std::string statement_of(const State& state, const event::LineStarted& line) {
  const ThreadState* thread = state.thread(line.thread);
  const std::string_view text = line.text.view();
  if (text.starts_with('%') || thread == nullptr) return fmt::format("{}\n", text);
  return fmt::format("{}{}>>> {}\n", thread->name, thread->host.empty() ? "" : "@" + thread->host, text);
}

// What was typed or played, as a play of its own, at the learner's pace: what takes time takes it again, and
// the kernel is looked at between two lines.
std::string lines_of(const Trace& trace) {
  constexpr Time kShortest = 150 * kMillisecond, kLongest = 3 * kSecond;
  State state;
  std::string lines;
  Time before = -1;
  const auto pace = [&](Time next) {
    if (before >= 0)
      lines += fmt::format("%wait {}ms\n", std::clamp(next - before, kShortest, kLongest) / kMillisecond);
    before = next;
  };
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (const auto* line = std::get_if<event::LineStarted>(&trace[i].body)) {
      pace(trace[i].at);
      lines += statement_of(state, *line);
    }
    state.apply(trace[i], i);
  }
  if (!trace.empty()) pace(trace[trace.size() - 1].at);
  return lines;
}

// The learner's own lines once more, on this machine's kernel.
tl::expected<Graded, Fault> grade_rerun(const ReadyLesson& lesson, const Trace& trace,
                                        const std::string& name, Signals& signals) {
  const auto play = parse_play(lines_of(trace), name + " (run again)");
  if (!play) return tl::unexpected(play.error().to_string());
  const auto session = Session::live(false);
  session->load(*play);
  session->run_to_end([] {}, [&] { return signals.came() != 0; }, signals.fd());
  session->stop();
  return grade(lesson, session->trace());
}

tl::expected<Submission, Fault> grade_one(const ReadyLesson& lesson, const std::string& given, bool rerun,
                                          Signals& signals) {
  const auto files = files_of(given);
  if (!files) return tl::unexpected(files.error());
  std::vector<Graded> all;
  for (const std::string& file : *files) {
    const auto trace = load_recording(file);
    if (!trace) return tl::unexpected(trace.error().message);
    auto graded = rerun ? grade_rerun(lesson, *trace, file, signals)
                        : tl::expected<Graded, Fault>(grade(lesson, *trace));
    if (!graded) return tl::unexpected(graded.error());
    all.push_back(std::move(*graded));
  }
  return Submission{given, together(std::move(all))};
}

void say_submission(const Submission& one) {
  say_line(one.name);
  if (one.graded.refused) say_line("  not possible on that machine: it permitted no hosts");
  for (const GradedStep& step : one.graded.steps) {
    say_line(fmt::format("  {:<9} {}. {}", result_name(step.result), step.number, step.title));
    if (step.result == GradedStep::Result::fail) say_line(fmt::format("            {}", failure_of(step)));
  }
  for (const GradedGuess& guess : one.graded.guesses)
    if (!guess.misconception.empty())
      say_line(fmt::format("  guessed   {}: misconception {}", guess.question, guess.misconception));
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (out) return true;
  complain(fmt::format("{}: {}", path, errno_text(errno)));
  return false;
}

bool write_results(const GradeCommand& command, const std::string& lesson,
                   const std::vector<Submission>& all) {
  bool written = true;
  if (!command.junit.empty()) written = write_file(command.junit, junit_of(lesson, all)) && written;
  if (!command.json.empty()) written = write_file(command.json, gradescope_of(all)) && written;
  if (command.csv.empty()) return written;
  const auto folder = std::filesystem::path(command.csv).parent_path();
  written = write_file(command.csv, csv_of(lesson, all)) && written;
  return write_file((folder / "misconceptions.csv").string(), misconceptions_of(all)) && written;
}

}  // namespace

int run_grade(const GradeCommand& command) {
  const auto lesson = find_ready_lesson("grade", command.lesson, "en");
  if (!lesson) {
    complain(lesson.error());
    return kBadInput;
  }
  Signals signals;
  std::vector<Submission> all;
  int exit = kDone;
  for (const std::string& given : command.recordings) {
    auto graded = grade_one(*lesson, given, command.rerun, signals);
    if (!graded) {
      complain(graded.error());
      return kBadInput;
    }
    say_submission(*graded);
    if (graded->graded.refused)
      exit = kNotPossible;
    else if (!graded->graded.passed() && exit == kDone)
      exit = kFailed;
    all.push_back(std::move(*graded));
    if (signals.came() != 0) return signals.exit_code(exit);
  }
  if (!write_results(command, lesson->lesson->head.id, all) && exit == kDone) exit = kFailed;
  return exit;
}

}  // namespace sockscope::cli
