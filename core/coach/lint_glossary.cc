#include "coach/lint_glossary.h"

#include <fmt/format.h>

#include <algorithm>

#include "lesson/glossary.h"

namespace sockscope {
namespace {

std::size_t place_of(const std::vector<LintedLesson>& lessons, const std::string& id) {
  const auto same = [&](const LintedLesson& lesson) { return lesson.id == id; };
  return static_cast<std::size_t>(std::find_if(lessons.begin(), lessons.end(), same) - lessons.begin());
}

void add_faults(std::vector<Finding>& findings, const std::vector<LessonFault>& faults) {
  for (const LessonFault& fault : faults)
    findings.push_back({Finding::Weight::error, fault.file, fault.line, fault.message});
}

void look_at_lessons(std::vector<Finding>& findings, const std::string& file, const Glossary& glossary,
                     const std::vector<LintedLesson>& lessons) {
  for (const GlossaryWord& word : glossary)
    if (place_of(lessons, word.lesson) == lessons.size())
      findings.push_back(
          {Finding::Weight::error, file, word.line,
           fmt::format("'{}' is of lesson '{}', and there is none of that id", word.key, word.lesson)});
}

void look_for_early_uses(std::vector<Finding>& findings, const Glossary& glossary,
                         const std::vector<LintedLesson>& lessons) {
  std::vector<const GlossaryWord*> told;
  for (std::size_t i = 0; i < lessons.size(); ++i) {
    if (!lessons[i].english) continue;
    const Lesson& lesson = *lessons[i].english->lesson;
    for (const auto& step : first_uses(lesson, glossary))
      for (const GlossaryUse& use : step) {
        const std::size_t by = place_of(lessons, use.word->lesson);
        if (by <= i || by == lessons.size()) continue;
        if (std::find(told.begin(), told.end(), use.word) != told.end()) continue;
        told.push_back(use.word);
        findings.push_back({Finding::Weight::note, lesson.file, use.line,
                            fmt::format("'{}' is used here before {}, which introduces it in the glossary",
                                        use.said, use.word->lesson)});
      }
  }
}

}  // namespace

std::vector<Finding> lint_glossary(const std::string& folder, const std::vector<LintedLesson>& lessons) {
  std::vector<Finding> findings;
  const auto english = load_glossary(folder, "en"), chinese = load_glossary(folder, "zh");
  for (const auto* glossary : {&english, &chinese})
    if (!*glossary) add_faults(findings, {glossary->error()});
  if (!english || !chinese) return findings;
  const std::string file = folder + "/glossary.en.md";
  add_faults(findings, compare_glossaries(*english, file, *chinese, folder + "/glossary.zh.md"));
  look_at_lessons(findings, file, *english, lessons);
  look_for_early_uses(findings, *english, lessons);
  return findings;
}

}  // namespace sockscope
