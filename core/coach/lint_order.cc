#include "coach/lint_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "lesson/human_text.h"
#include "lesson/words_used.h"
#include "net/catalogue.h"
#include "net/names.h"
#include "play/names_used.h"
#include "play/syntax.h"

namespace sockscope {
namespace {

enum class Sort { call, name, term };

Sort sort_of(const std::string& item) {
  if (item.ends_with("()")) return Sort::call;
  const bool name = std::all_of(item.begin(), item.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  return name ? Sort::name : Sort::term;
}

bool is_call(std::string_view word) {
  return find_call(word) != nullptr;
}

// One language of all lessons.
class Order {
 public:
  Order(std::vector<LintedLesson>& lessons, std::optional<ReadyLesson> LintedLesson::*language, bool plays)
      : lessons_(lessons), language_(language), plays_(plays) {}

  void run() {
    for (const LintedLesson& linted : lessons_)
      if (const auto& ready = linted.*language_)
        for (const std::string& item : ready->lesson->head.fresh) by_.try_emplace(item, linted.id);
    for (LintedLesson& linted : lessons_) {
      const auto& ready = linted.*language_;
      if (!ready) continue;
      look_at_new(linted, *ready->lesson);
      told_.clear();
      if (plays_) look_at_plays(linted, *ready);
      human_texts(*ready->lesson,
                  [&](std::string_view text, int line) { look(linted, ready->lesson->file, text, line); });
    }
  }

 private:
  void look_at_new(LintedLesson& linted, const Lesson& lesson) {
    for (const std::string& item : lesson.head.fresh) {
      const bool fresh = known_.insert(item).second;
      if (!fresh)
        linted.findings.push_back({Finding::Weight::note, lesson.file, 1,
                                   fmt::format("{} is introduced already by {}", item, by_.at(item))});
    }
  }

  void look_at_plays(LintedLesson& linted, const ReadyLesson& ready) {
    for (const ReadyStep& step : ready.steps)
      for (const ReadyBlock& block : step.blocks)
        for (const PlayLine& line : block.play.lines)
          if (line.statement)
            play::calls_made(*line.statement, [&](const std::string& name, std::size_t) {
              const std::string word = name.substr(name.rfind('.') + 1);
              if (is_call(word)) use(linted, block.play.file, line.number, word + "()");
            });
  }

  void look(LintedLesson& linted, const std::string& file, std::string_view text, int first) {
    call_words(text, [&](std::string_view word, int line) {
      if (is_call(word)) use(linted, file, first + line, std::string(word) + "()");
    });
    capital_words(text, [&](std::string_view word, int line) {
      const std::string name(word);
      if (tcp_state(word) || by_.contains(name)) use(linted, file, first + line, name);
    });
    std::vector<std::string> masks;  // a queue of an accept queue is none
    for (const auto& [item, lesson] : by_)
      if (sort_of(item) == Sort::term) masks.push_back(item);
    for (const auto& [item, lesson] : by_) {
      if (sort_of(item) != Sort::term || known_.contains(item)) continue;
      if (const int line = line_of_term(text, item, masks); line >= 0) use(linted, file, first + line, item);
    }
  }

  void use(LintedLesson& linted, const std::string& file, int line, const std::string& item) {
    if (known_.contains(item) || !told_.insert(item).second) return;
    const auto by = by_.find(item);
    linted.findings.push_back(
        {Finding::Weight::error, file, line,
         by == by_.end()
             ? fmt::format("{} is used here and introduced by no lesson up to this one; add it to new:", item)
             : fmt::format("{} is used here and introduced in {}; say it otherwise, or introduce it here",
                           item, by->second)});
  }

  std::vector<LintedLesson>& lessons_;
  std::optional<ReadyLesson> LintedLesson::*language_;
  bool plays_;
  std::map<std::string, std::string> by_;  // item → the first lesson that introduces it
  std::set<std::string> known_, told_;
};

void look_at_needs(std::vector<LintedLesson>& lessons) {
  std::set<std::string> before;
  for (LintedLesson& linted : lessons) {
    if (linted.english)
      for (const std::string& need : linted.english->lesson->head.needs)
        if (!before.contains(need))
          linted.findings.push_back({Finding::Weight::error, linted.english->lesson->file, 1,
                                     fmt::format("it needs {}, and no lesson before it is that", need)});
    before.insert(linted.id);
  }
}

}  // namespace

void lint_order(std::vector<LintedLesson>& lessons) {
  look_at_needs(lessons);
  Order(lessons, &LintedLesson::english, true).run();
  Order(lessons, &LintedLesson::chinese, false).run();
}

}  // namespace sockscope
