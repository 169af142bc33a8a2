// The glossary: any text gives its words or one clear fault; a lesson's first use of each is found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lesson/glossary.h"

namespace sockscope {
namespace glossary_test {

using ::testing::HasSubstr;

constexpr std::string_view kGood =
    "# Words\n\n## accept queue = 全连接队列\nalso: queue of accept, 队列\nlesson: 08-one\n"
    "Connections that wait.\nNobody took them yet.\n\n## queue\nlesson: 04-stream\nA line of bytes.\n";

std::string fault_of(std::string_view text) {
  const auto read = read_glossary(text, "g.md");
  return read ? "" : read.error().to_string();
}

Lesson lesson_of(std::string_view text) {
  const auto lesson = read_lesson(text, "lessons/08-one/en.md");
  EXPECT_TRUE(lesson) << lesson.error().to_string();
  return lesson.value_or(Lesson());
}

TEST(Glossary, AWordHasItsFormsItsLessonAndItsMeaning) {
  const auto read = read_glossary(kGood, "g.md");
  ASSERT_TRUE(read) << read.error().to_string();
  ASSERT_EQ(read->size(), 2u);
  const GlossaryWord& word = read->front();
  EXPECT_EQ(word.key, "accept queue");
  EXPECT_EQ(word.word, "全连接队列");
  EXPECT_EQ(word.forms, (std::vector<std::string>{"全连接队列", "queue of accept", "队列"}));
  EXPECT_EQ(word.lesson, "08-one");
  EXPECT_EQ(word.meaning, "Connections that wait. Nobody took them yet.");
  EXPECT_EQ(word.line, 3);
}

TEST(Glossary, WhatIsWrongIsOneLineWithItsPlace) {
  EXPECT_THAT(fault_of("hello\n"), HasSubstr("g.md:1: a word begins with a line"));
  EXPECT_THAT(fault_of("## a\nlesson: l\nA.\n## a\nlesson: l\nA.\n"),
              HasSubstr("g.md:4: 'a' is there twice"));
  EXPECT_THAT(fault_of("## a\nlesson: l\nA.\n## b\nalso: a\nlesson: l\nB.\n"),
              HasSubstr("g.md:5: 'a' is said of two words"));
  EXPECT_THAT(fault_of("## a\nlesson: l\n"), HasSubstr("g.md:1: 'a' is not explained"));
  EXPECT_THAT(fault_of("## a\nA.\n"), HasSubstr("g.md:1: 'a' has no line lesson:"));
  EXPECT_THAT(fault_of("## a\nlesson: l\nA\x07.\n"), HasSubstr("g.md:3: this line has control characters"));
  EXPECT_THAT(fault_of("## a\nlesson: l\n" + std::string(2000, 'x')),
              HasSubstr("g.md:3: this line is longer"));
  std::string many;
  for (int i = 0; i < 201; ++i) many += "## w" + std::to_string(i) + "\nlesson: l\nW.\n";
  EXPECT_THAT(fault_of(many), HasSubstr("more than 200 words"));
  EXPECT_EQ(fault_of(""), "");
}

TEST(Glossary, BothLanguagesHaveTheSameWordsOfTheSameLessons) {
  const auto english = read_glossary(kGood, "en");
  const auto other = read_glossary("## queue = 队列\nlesson: 05-x\nQ.\n## port\nlesson: l\nP.\n", "zh");
  ASSERT_TRUE(english && other);
  EXPECT_TRUE(compare_glossaries(*english, "en", *english, "en").empty());
  const auto faults = compare_glossaries(*english, "en", *other, "zh");
  ASSERT_EQ(faults.size(), 3u);
  EXPECT_EQ(faults[0].to_string(), "en:3: 'accept queue' is not in zh");
  EXPECT_EQ(faults[1].to_string(), "zh:1: 'queue' is of 05-x here and of 04-stream in en");
  EXPECT_EQ(faults[2].to_string(), "zh:4: 'port' is not in en");
}

TEST(Glossary, AWordIsFoundWhereALessonsTextFirstUsesIt) {
  const auto glossary = read_glossary(
      "## accept queue\nlesson: l\nA.\n## queue\nlesson: l\nQ.\n## port\nlesson: l\nP.\n", "en");
  ASSERT_TRUE(glossary);
  const Lesson lesson = lesson_of(
      "---\ntitle: T\nid: 08-one\n---\n\nNothing important.\n\n## One\n\nAccept queues grow.\n\n## Two\n\nA "
      "queue and "
      "an accept queue on a port.\n");
  const auto uses = first_uses(lesson, *glossary);
  ASSERT_EQ(uses.size(), 3u);
  EXPECT_TRUE(uses[0].empty()) << "important is no port";
  ASSERT_EQ(uses[1].size(), 1u);
  EXPECT_EQ(uses[1][0].said, "Accept queues");
  ASSERT_EQ(uses[2].size(), 2u) << "the queue of accept queue is none";
  EXPECT_EQ(uses[2][0].word->key, "queue");
  EXPECT_EQ(uses[2][1].said, "port");
}

TEST(Glossary, ANameInCapitalsIsFoundAsItIs) {
  const auto glossary = read_glossary("## LISTEN\nlesson: l\nL.\n", "en");
  ASSERT_TRUE(glossary);
  const Lesson lesson =
      lesson_of("---\ntitle: T\nid: 08-one\n---\n\n`listen()`, listen.\n\n## One\n\nIt is in LISTEN.\n");
  const auto uses = first_uses(lesson, *glossary);
  ASSERT_EQ(uses.size(), 2u);
  EXPECT_TRUE(uses[0].empty());
  ASSERT_EQ(uses[1].size(), 1u);
  EXPECT_EQ(uses[1][0].said, "LISTEN");
}

TEST(Glossary, OursIsWholeInBothLanguages) {
  const std::string folder = std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons";
  const auto english = load_glossary(folder, "en"), chinese = load_glossary(folder, "zh");
  ASSERT_TRUE(english) << english.error().to_string();
  ASSERT_TRUE(chinese) << chinese.error().to_string();
  EXPECT_GE(english->size(), 40u);
  EXPECT_TRUE(compare_glossaries(*english, "en", *chinese, "zh").empty());
}

TEST(Glossary, AFolderWithoutOneHasNoWords) {
  const auto none = load_glossary("/nowhere", "en");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
}

}  // namespace glossary_test
}  // namespace sockscope
