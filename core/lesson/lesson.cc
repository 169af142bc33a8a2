#include "lesson/lesson.h"

#include <algorithm>
#include <array>

namespace sockscope {
namespace {

constexpr std::string_view kOpens = "{{", kCloses = "}}", kGap = "____";

// `lines` with what `made_of` makes of each blank's answer.
template <typename MadeOf>
std::string each_blank(std::string_view lines, const MadeOf& made_of) {
  std::string out;
  while (true) {
    const auto begin = lines.find(kOpens);
    const auto end = begin == lines.npos ? lines.npos : lines.find(kCloses, begin);
    if (end == lines.npos || lines.substr(begin, end - begin).find('\n') != lines.npos) {
      const auto kept = begin == lines.npos || end == lines.npos ? lines.size() : begin + kOpens.size();
      out += lines.substr(0, kept);
      lines.remove_prefix(kept);
      if (lines.empty()) return out;
      continue;
    }
    out += lines.substr(0, begin);
    out += made_of(lines.substr(begin + kOpens.size(), end - begin - kOpens.size()));
    lines.remove_prefix(end + kCloses.size());
  }
}

template <typename Block>
auto script_in(Block& block) -> decltype(&std::get<lesson::Play>(block.what).script) {
  if (auto* setup = std::get_if<lesson::Setup>(&block.what)) return &setup->script;
  if (auto* play = std::get_if<lesson::Play>(&block.what)) return &play->script;
  if (auto* order = std::get_if<lesson::Order>(&block.what)) return &order->script;
  if (auto* solution = std::get_if<lesson::Solution>(&block.what)) return &solution->script;
  return nullptr;
}

}  // namespace

std::size_t right_choice(const lesson::Question& question) {
  const auto& choices = question.choices;
  return static_cast<std::size_t>(
      std::find_if(choices.begin(), choices.end(), [](const auto& choice) { return choice.right; }) -
      choices.begin());
}

std::string_view kind_of(const lesson::Block& block) {
  static constexpr std::array<std::string_view, std::variant_size_v<decltype(block.what)>> kKinds{
      "text", "setup", "play", "order", "solution", "predict", "check", "hint", "recording"};
  return kKinds[block.what.index()];
}

const lesson::Script* script_of(const lesson::Block& block) {
  return script_in(block);
}
lesson::Script* script_of(lesson::Block& block) {
  return script_in(block);
}

std::string filled_in(std::string_view lines) {
  return each_blank(lines, [](std::string_view answer) { return answer; });
}

std::string with_gaps(std::string_view lines) {
  return each_blank(lines, [](std::string_view) { return kGap; });
}

bool has_blanks(std::string_view lines) {
  return filled_in(lines) != lines;
}

}  // namespace sockscope
