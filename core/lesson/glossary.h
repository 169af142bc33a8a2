#pragma once
// The words that lessons explain at their first use: lessons/glossary.{en,zh}.md (docs/lessons.md). Data from
// strangers, as the lessons are: capped, and nothing is run.

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "lesson/read_lesson.h"

namespace sockscope {

struct GlossaryWord {
  std::string key;                 // the same in every language: "accept queue"
  std::string word;                // as this language shows it
  std::vector<std::string> forms;  // how a text may say it, the word among them
  std::string lesson;              // the lesson that introduces it
  std::string meaning;             // one or two sentences
  int line = 0;
};
using Glossary = std::vector<GlossaryWord>;

inline constexpr std::size_t kMostGlossaryWords = 200;

// Any text: its words, or the first fault.
tl::expected<Glossary, LessonFault> read_glossary(std::string_view text, const std::string& file);
// Of a folder of lessons; without a file there are no words.
tl::expected<Glossary, LessonFault> load_glossary(const std::string& folder, std::string_view language);
// That of the folder of lessons in which this lesson's folder lies, in its language.
tl::expected<Glossary, LessonFault> glossary_beside(const Lesson& lesson);
// Words that one language has and the other has not, or of another lesson.
std::vector<LessonFault> compare_glossaries(const Glossary& english, const std::string& english_file,
                                            const Glossary& other, const std::string& other_file);

struct GlossaryUse {
  const GlossaryWord* word = nullptr;
  const lesson::Block* block = nullptr;  // of the lesson
  std::string said;                      // as it stands in the text
  int line = 0;                          // of the lesson's file
};
// For each step the words that its text is the first of the lesson to use. Into `glossary`.
std::vector<std::vector<GlossaryUse>> first_uses(const Lesson& lesson, const Glossary& glossary);

}  // namespace sockscope
