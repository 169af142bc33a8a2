#include "lesson/compare.h"

#include <fmt/format.h>

#include <algorithm>

#include "lesson/read_head.h"

namespace sockscope {
namespace lesson {
namespace {

using Differences = std::vector<LessonDifference>;

// The lines that run: comments are for a person.
std::vector<std::string_view> running_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.front() != '#') lines.push_back(line);
  }
  return lines;
}

std::vector<const Block*> blocks_of(const Step& step) {
  std::vector<const Block*> blocks;
  for (const Block& block : step.blocks)
    if (!std::holds_alternative<Prose>(block.what)) blocks.push_back(&block);
  return blocks;
}

void compare(const Script& first, const Script& second, int line, Differences& differences) {
  if (first.file != second.file) {
    differences.push_back({line, "names another play than the English one"});
    return;
  }
  const auto ours = running_lines(first.lines), theirs = running_lines(second.lines);
  for (std::size_t i = 0; i < std::max(ours.size(), theirs.size()); ++i) {
    const std::string_view a = i < ours.size() ? ours[i] : "nothing";
    const std::string_view b = i < theirs.size() ? theirs[i] : "nothing";
    if (a == b) continue;
    differences.push_back({line, fmt::format("its lines differ: '{}' is '{}' in English", b, a)});
    return;
  }
}

void compare(const Question& first, const Question& second, Differences& differences) {
  if (first.choices.size() != second.choices.size()) {
    differences.push_back({second.line, fmt::format("{} choices; the English one has {}",
                                                    second.choices.size(), first.choices.size())});
    return;
  }
  for (std::size_t i = 0; i < first.choices.size(); ++i) {
    const Choice &a = first.choices[i], &b = second.choices[i];
    if (a.right != b.right || a.misconception != b.misconception)
      differences.push_back({b.line, "this choice is marked otherwise than the English one"});
    if (a.condition != b.condition)
      differences.push_back({b.line, fmt::format("its condition is '{}' in English", a.condition)});
    if (a.refutation.empty() != b.refutation.empty())
      differences.push_back({b.line, "only one language says why this choice is wrong"});
  }
}

void compare(const Predict& first, const Predict& second, int line, Differences& differences) {
  if (first.id != second.id)
    differences.push_back({line, fmt::format("its id is '{}' in English", first.id)});
  compare(first.what, second.what, differences);
  if (first.because.has_value() != second.because.has_value())
    differences.push_back({line, "only one language asks because:"});
  else if (first.because)
    compare(*first.because, *second.because, differences);
}

void compare(const Check& first, const Check& second, int line, Differences& differences) {
  if (first.marks.size() != second.marks.size()) {
    differences.push_back({line, fmt::format("{} conditions; the English one has {}", second.marks.size(),
                                             first.marks.size())});
    return;
  }
  for (std::size_t i = 0; i < first.marks.size(); ++i)
    if (first.marks[i].condition != second.marks[i].condition)
      differences.push_back(
          {second.marks[i].line, fmt::format("this condition is '{}' in English", first.marks[i].condition)});
}

void compare(const Step& first, const Step& second, Differences& differences) {
  if (first.title.empty() != second.title.empty()) {
    differences.push_back({second.line, "only one language has text before its first step"});
    return;
  }
  const auto ours = blocks_of(first), theirs = blocks_of(second);
  for (std::size_t i = 0; i < std::max(ours.size(), theirs.size()); ++i) {
    const std::string_view a = i < ours.size() ? kind_of(*ours[i]) : "nothing";
    const std::string_view b = i < theirs.size() ? kind_of(*theirs[i]) : "nothing";
    const int line = i < theirs.size() ? theirs[i]->line : second.line;
    if (a != b) {
      differences.push_back({line, fmt::format("{} where the English one has {}", b, a)});
      return;
    }
    if (const Script* script = script_of(*ours[i]))
      compare(*script, *script_of(*theirs[i]), line, differences);
    if (const auto* predict = std::get_if<Predict>(&ours[i]->what))
      compare(*predict, std::get<Predict>(theirs[i]->what), line, differences);
    if (const auto* check = std::get_if<Check>(&ours[i]->what))
      compare(*check, std::get<Check>(theirs[i]->what), line, differences);
    if (const auto* recording = std::get_if<Recording>(&ours[i]->what))
      if (recording->file != std::get<Recording>(theirs[i]->what).file)
        differences.push_back({line, "names another recording than the English one"});
  }
}

bool is_term(const std::string& item) {
  const bool name = std::all_of(item.begin(), item.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  return !name && !item.ends_with("()");
}

void compare(const Head& first, const Head& second, Differences& differences) {
  const auto differs = [&](bool so, std::string_view key) {
    if (so) differences.push_back({1, fmt::format("{}: is not that of the English one", key)});
  };
  differs(first.id != second.id, "id");
  differs(first.minutes != second.minutes, "minutes");
  differs(first.needs != second.needs, "needs");
  differs(first.place != second.place, "place");
  differs(first.detail != second.detail, "detail");
  bool same = first.fresh.size() == second.fresh.size();
  for (std::size_t i = 0; same && i < first.fresh.size(); ++i)
    same = first.fresh[i] == second.fresh[i] || (is_term(first.fresh[i]) && is_term(second.fresh[i]));
  differs(!same, "new (calls and names in the same places, a term for each term)");
}

}  // namespace
}  // namespace lesson

std::vector<LessonDifference> compare_languages(const Lesson& first, const Lesson& second) {
  std::vector<LessonDifference> differences;
  lesson::compare(first.head, second.head, differences);
  if (first.steps.size() != second.steps.size()) {
    differences.push_back(
        {0, fmt::format("{} steps; the English one has {}", second.steps.size(), first.steps.size())});
    return differences;
  }
  for (std::size_t i = 0; i < first.steps.size(); ++i)
    lesson::compare(first.steps[i], second.steps[i], differences);
  return differences;
}

}  // namespace sockscope
