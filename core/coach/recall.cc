#include "coach/recall.h"

#include <algorithm>
#include <optional>
#include <sstream>

namespace sockscope {
namespace recall {

constexpr std::size_t kMostLoaded = 12;  // lessons that are looked into
constexpr std::size_t kMostLines = 12;   // of what a question is about

struct Candidate {
  const std::string* lesson;
  const std::string* question;
  const GuessMade* guess;
  bool needed, missed;
};

// The lesson has questions of earlier ones among its own: then only what was missed is asked besides.
bool asks_again(const Lesson& opens) {
  for (const lesson::Step& step : opens.steps)
    for (const lesson::Block& block : step.blocks)
      if (const auto* predict = std::get_if<lesson::Predict>(&block.what);
          predict != nullptr && predict->id.starts_with("again-"))
        return true;
  return false;
}

std::vector<Candidate> candidates(const Lesson& opens, const Progress& progress) {
  std::vector<Candidate> found;
  const auto& needs = opens.head.needs;
  const bool only_missed = asks_again(opens);
  for (const auto& [id, lesson] : progress) {
    if (id >= opens.head.id) continue;
    const bool needed = std::find(needs.begin(), needs.end(), id) != needs.end();
    for (const auto& [question, guess] : lesson.guesses) {
      const bool missed = guess.was != GuessMade::Was::right;
      if (guess.seen > 0 && (missed || (needed && !only_missed)))
        found.push_back({&id, &question, &guess, needed, missed});
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    if (a.missed != b.missed) return a.missed;
    if (a.needed != b.needed) return a.needed;
    return *a.lesson > *b.lesson;
  });
  return found;
}

// Without what would tell the answer: comments, and conditions that are expected or waited for.
std::string calls_of(const std::string& script) {
  std::istringstream in(with_gaps(script));
  std::string kept;
  std::size_t count = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#') || line.starts_with("%expect") || line.starts_with("%wait"))
      continue;
    if (++count > kMostLines) return kept + "\n…";
    kept += (kept.empty() ? "" : "\n") + line;
  }
  return kept;
}

std::string lines_behind(const lesson::Step& step, std::size_t predict) {
  for (std::size_t i = predict + 1; i < step.blocks.size(); ++i)
    if (const lesson::Script* script = script_of(step.blocks[i]); script != nullptr) {
      const bool shown = std::holds_alternative<lesson::Play>(step.blocks[i].what);
      return shown ? calls_of(script->lines) : std::string();
    }
  return {};
}

std::optional<RecallQuestion> asked_in(const Lesson& lesson, const Candidate& wanted) {
  for (const lesson::Step& step : lesson.steps)
    for (std::size_t i = 0; i < step.blocks.size(); ++i) {
      const auto* predict = std::get_if<lesson::Predict>(&step.blocks[i].what);
      if (predict == nullptr || predict->id != *wanted.question) continue;
      if (static_cast<int>(right_choice(predict->what)) + 1 != wanted.guess->seen) return std::nullopt;
      return RecallQuestion{*wanted.lesson, predict->id, step.title, lines_behind(step, i), predict->what};
    }
  return std::nullopt;
}

}  // namespace recall

std::vector<RecallQuestion> recalled_for(
    const Lesson& opens, const Progress& progress,
    const std::function<std::shared_ptr<const Lesson>(const std::string& id)>& load) {
  std::vector<RecallQuestion> asked;
  std::map<std::string, std::shared_ptr<const Lesson>> loaded;
  for (const recall::Candidate& wanted : recall::candidates(opens, progress)) {
    if (asked.size() >= kMostRecalled) break;
    auto lesson = loaded.find(*wanted.lesson);
    if (lesson == loaded.end()) {
      if (loaded.size() >= recall::kMostLoaded) break;
      lesson = loaded.emplace(*wanted.lesson, load(*wanted.lesson)).first;
    }
    if (lesson->second == nullptr) continue;
    if (auto question = recall::asked_in(*lesson->second, wanted)) asked.push_back(std::move(*question));
  }
  return asked;
}

}  // namespace sockscope
