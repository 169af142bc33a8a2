#include "coach/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace sockscope {
namespace progress {

constexpr std::string_view kFirstLine = "sockscope progress 1";
constexpr std::size_t kLongestWord = 100, kMostLessons = 5000, kMostGuesses = 600;
constexpr int kMostSteps = 100;
constexpr std::array<std::string_view, 3> kWas = {"right", "wrong", "unknown"};

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kLongestWord && std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '\x7f';
  });
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

std::optional<int> number(std::string_view text, int most) {
  int value = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stopped != text.data() + text.size() || value < 0 || value > most)
    return std::nullopt;
  return value;
}

// "guess QUESTION WAS SEEN [MISCONCEPTION]"
bool read_guess(const std::vector<std::string_view>& words, LessonProgress& lesson) {
  if (words.size() < 4 || words.size() > 5 || !is_word(words[1])) return false;
  const auto was = std::find(kWas.begin(), kWas.end(), words[2]);
  const auto seen = number(words[3], kMostSteps);
  if (was == kWas.end() || !seen || lesson.guesses.size() >= kMostGuesses) return false;
  GuessMade guess{static_cast<GuessMade::Was>(was - kWas.begin()), {}, *seen};
  if (words.size() == 5) {
    if (guess.was != GuessMade::Was::wrong || !is_word(words[4])) return false;
    guess.misconception = words[4];
  }
  lesson.guesses[std::string(words[1])] = std::move(guess);
  return true;
}

bool read_done(const std::vector<std::string_view>& words, LessonProgress& lesson) {
  std::set<int> done;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto step = number(words[i], kMostSteps);
    if (!step) return false;
    done.insert(*step);
  }
  lesson.done.merge(done);
  return words.size() > 1;
}

// `lesson`: whose lines follow; nullptr: none was named yet.
bool read_line(std::string_view line, Progress& progress, LessonProgress*& lesson) {
  const auto words = words_of(line);
  if (words[0] == "lesson") {
    lesson = nullptr;
    if (words.size() != 2 || !is_word(words[1]) || progress.size() >= kMostLessons) return false;
    lesson = &progress[std::string(words[1])];
    return true;
  }
  if (lesson == nullptr) return false;
  if (words[0] == "done") return read_done(words, *lesson);
  if (words[0] == "guess") return read_guess(words, *lesson);
  if (words[0] != "finished" || words.size() != 1) return false;
  lesson->finished = true;
  return true;
}

}  // namespace progress

int step_number(const Lesson& lesson, std::size_t place) {
  const bool opening = !lesson.steps.empty() && lesson.steps.front().title.empty();
  return static_cast<int>(opening ? place : place + 1);
}

GuessMade guess_made(const lesson::Question& question, std::size_t choice, bool judged) {
  const std::size_t right = right_choice(question);
  GuessMade made;
  if (judged && right < question.choices.size()) made.seen = static_cast<int>(right) + 1;
  if (choice >= question.choices.size()) return made;
  made.was = choice == right ? GuessMade::Was::right : GuessMade::Was::wrong;
  if (choice != right) made.misconception = question.choices[choice].misconception;
  return made;
}

bool all_done(const Lesson& lesson, const std::set<int>& done) {
  for (std::size_t i = 0; i < lesson.steps.size(); ++i)
    if (const int step = step_number(lesson, i); step > 0 && !done.contains(step)) return false;
  return !done.empty();
}

std::string_view quiz_now(const Progress& all) {
  const auto before = all.find(std::string(kQuizBefore));
  return before != all.end() && before->second.finished ? kQuizAfter : kQuizBefore;
}

QuizScore quiz_score(const LessonProgress& quiz) {
  QuizScore score;
  for (const auto& [question, guess] : quiz.guesses) {
    if (question.ends_with(".because")) continue;
    ++score.answered;
    score.right += guess.was == GuessMade::Was::right;
  }
  return score;
}

int questions_of(const Lesson& lesson) {
  int questions = 0;
  for (const lesson::Step& step : lesson.steps)
    for (const lesson::Block& block : step.blocks)
      questions += std::holds_alternative<lesson::Predict>(block.what);
  return questions;
}

void merge(LessonProgress& into, const LessonProgress& now) {
  into.done.insert(now.done.begin(), now.done.end());
  for (const auto& [question, guess] : now.guesses) into.guesses[question] = guess;
  into.finished = into.finished || now.finished;
}

std::string progress_text(const Progress& all) {
  std::string text(progress::kFirstLine);
  text += '\n';
  for (const auto& [id, lesson] : all) {
    if (!progress::is_word(id) || !lesson.begun()) continue;
    text += fmt::format("lesson {}\n", id);
    if (!lesson.done.empty()) text += fmt::format("done {}\n", fmt::join(lesson.done, " "));
    for (const auto& [question, guess] : lesson.guesses) {
      if (!progress::is_word(question)) continue;
      text += fmt::format("guess {} {} {}", question, progress::kWas[static_cast<std::size_t>(guess.was)],
                          guess.seen);
      if (guess.was == GuessMade::Was::wrong && progress::is_word(guess.misconception))
        text += " " + guess.misconception;
      text += '\n';
    }
    if (lesson.finished) text += "finished\n";
  }
  return text;
}

ReadProgress read_progress(std::string_view text) {
  ReadProgress read;
  LessonProgress* lesson = nullptr;
  for (int line_number = 1; !text.empty(); ++line_number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line_number == 1) {
      if (line == progress::kFirstLine) continue;
      return {{}, fmt::format("it does not begin with \"{}\" and is ignored", progress::kFirstLine)};
    }
    if (line.empty() || progress::read_line(line, read.progress, lesson)) continue;
    if (read.notice.empty()) read.notice = fmt::format("line {} means nothing and is ignored", line_number);
  }
  return read;
}

}  // namespace sockscope
