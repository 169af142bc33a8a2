// Any text as a lesson: it is read, or refused in one line with a place in it. What is read stays within its
// caps, and its plays and conditions are read or refused too. The same text as a glossary, and as a student's
// copy.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "coach/ready.h"
#include "lesson/compare.h"
#include "lesson/glossary.h"
#include "lesson/human_text.h"
#include "lesson/pack.h"
#include "lesson/words_used.h"

namespace sockscope {
namespace {

void require(bool so) {
  if (!so) std::abort();
}

void check_fault(const LessonFault& fault, const std::string& text) {
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  require(!fault.message.empty());
  require(fault.line >= 0 && fault.line <= lines);
}

void check_lesson(const Lesson& lesson) {
  require(!lesson.head.title.empty());
  require(lesson.steps.size() <= kMostLessonSteps + 1);
  for (const lesson::Step& step : lesson.steps)
    for (const lesson::Block& block : step.blocks) {
      require(block.line > 0 && block.line >= step.line);
      if (const auto* predict = std::get_if<lesson::Predict>(&block.what))
        require(predict->what.choices.size() >= 2 && predict->what.choices.size() <= kMostChoices);
      if (const lesson::Script* script = script_of(block)) {
        require(script->file.find('/') == script->file.npos);
        require(with_gaps(script->lines).size() + filled_in(script->lines).size() <=
                5 * script->lines.size() + 8);
      }
    }
  require(compare_languages(lesson, lesson).empty());
  human_texts(lesson, [](std::string_view text, int line) {
    require(line > 0);
    call_words(text, [](std::string_view, int) {});
    capital_words(text, [](std::string_view, int) {});
    line_of_term(text, "accept queue", {"an accept queue", "queue"});
  });
  require(reading_figures(lesson).grade() >= 0);
}

void check_glossary(const std::string& text) {
  const auto glossary = read_glossary(text, "glossary.en.md");
  if (!glossary) return check_fault(glossary.error(), text);
  require(glossary->size() <= kMostGlossaryWords);
  for (const GlossaryWord& word : *glossary)
    require(!word.key.empty() && !word.meaning.empty() && !word.forms.empty());
  require(compare_glossaries(*glossary, "a", *glossary, "a").empty());
}

void check_pack(const std::string& text) {
  const auto once = packed({{"en.md", text}}, "11-backlog", "ann");
  require(once.size() == 1 &&
          once.front().text == packed({{"en.md", text}}, "11-backlog", "ann").front().text);
}

}  // namespace
}  // namespace sockscope

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sockscope;
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_glossary(text);
  check_pack(text);
  auto lesson = read_lesson(text, "en.md");
  if (!lesson) {
    check_fault(lesson.error(), text);
    return 0;
  }
  check_lesson(*lesson);
  // Lines of files beside it stay unread here.
  for (lesson::Step& step : lesson->steps)
    for (lesson::Block& block : step.blocks)
      if (lesson::Script* script = script_of(block); script != nullptr && script->lines.empty())
        script->lines = "a>>> 1\n";
  if (const auto ready = make_ready(std::move(*lesson)); !ready) require(!ready.error().message.empty());
  return 0;
}
