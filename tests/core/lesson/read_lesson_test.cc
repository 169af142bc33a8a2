#include "lesson/read_lesson.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lesson/compare.h"
#include "lesson/human_text.h"
#include "lesson/skeleton.h"

namespace sockscope {
namespace reading_lessons {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kHead = "---\ntitle: T\nid: 11-t\n---\n";

Lesson read(const std::string& body) {
  auto lesson = read_lesson(std::string(kHead) + body, "en.md");
  EXPECT_TRUE(lesson) << (lesson ? "" : lesson.error().to_string());
  return lesson ? std::move(*lesson) : Lesson{};
}
std::string fault_of(const std::string& text) {
  const auto lesson = read_lesson(text, "en.md");
  return lesson ? "no fault" : lesson.error().to_string();
}
std::string fault_in(const std::string& body) {
  return fault_of(std::string(kHead) + body);
}
template <typename T>
T only(const Lesson& lesson) {
  for (const lesson::Step& step : lesson.steps)
    for (const lesson::Block& block : step.blocks)
      if (const T* found = std::get_if<T>(&block.what)) return *found;
  ADD_FAILURE() << "there is none";
  return {};
}

TEST(ReadLesson, TheHead) {
  const auto lesson = read_lesson(
      "\xef\xbb\xbf---\r\ntitle: A: b\r\nid: 11-b\nminutes: 9\nneeds: 02-a, 03-c\nplace: lab\ndetail: full\n"
      "new: listen(), SYN_RECV, accept queue\n---\ntext\n",
      "en.md");
  ASSERT_TRUE(lesson) << lesson.error().to_string();
  EXPECT_EQ(lesson->head.title, "A: b");
  EXPECT_EQ(lesson->head.minutes, 9);
  EXPECT_EQ(lesson->head.place, lesson::Place::lab);
  EXPECT_EQ(lesson->head.detail, lesson::Detail::full);
  EXPECT_THAT(lesson->head.needs, ElementsAre("02-a", "03-c"));
  EXPECT_THAT(lesson->head.fresh, ElementsAre("listen()", "SYN_RECV", "accept queue"));
}

TEST(ReadLesson, ItemsMayStandBetweenChineseCommas) {
  const auto lesson = read_lesson("---\ntitle: 甲\nnew: listen()，全连接队列、套接字\n---\n", "zh.md");
  ASSERT_TRUE(lesson);
  EXPECT_THAT(lesson->head.fresh, ElementsAre("listen()", "全连接队列", "套接字"));
}

TEST(ReadLesson, WhatIsWrongInTheHead) {
  EXPECT_THAT(fault_of("title: T\n"), HasSubstr("en.md:1: a lesson begins with a line ---"));
  EXPECT_THAT(fault_of("---\ntitle: T\n"), HasSubstr("the head does not end"));
  EXPECT_THAT(fault_of("---\nid: a\n---\n"), HasSubstr("the head has no title"));
  EXPECT_THAT(fault_of("---\ntitle: a\ncolour: red\n---\n"),
              HasSubstr("en.md:3: the head knows no 'colour'"));
  EXPECT_THAT(fault_of("---\ntitle: a\ntitle: b\n---\n"), HasSubstr("title is there twice"));
  EXPECT_THAT(fault_of("---\ntitle: a\nminutes: soon\n---\n"), HasSubstr("1 to 120"));
  EXPECT_THAT(fault_of("---\ntitle: a\nid: ../a\n---\n"), HasSubstr("an id is the folder's name"));
  EXPECT_THAT(fault_of("---\ntitle: a\nneeds: A B\n---\n"), HasSubstr("'A B' is no id"));
  EXPECT_THAT(fault_of("---\ntitle: a\nplace: moon\n---\n"), HasSubstr("place is loopback or lab"));
}

TEST(ReadLesson, StepsTextAndBlocksInOrder) {
  const Lesson lesson = read(
      "Opening.\n\n## One\n\nFirst.\n\n```play\na>>> 1\n\na>>> 2\n```\nThen.\n```python\n## no step\n```\n"
      "## Two\n~~~~check\na returned\n~~~~\n");
  ASSERT_EQ(lesson.steps.size(), 3u);
  EXPECT_EQ(lesson.steps[0].title, "");
  EXPECT_EQ(lesson.steps[1].title, "One");
  EXPECT_EQ(lesson.steps[1].line, 7);
  ASSERT_EQ(lesson.steps[1].blocks.size(), 3u);
  EXPECT_EQ(std::get<lesson::Prose>(lesson.steps[1].blocks[0].what).markdown, "First.\n");
  EXPECT_EQ(lesson.steps[1].blocks[0].line, 9);
  const auto& play = std::get<lesson::Play>(lesson.steps[1].blocks[1].what);
  EXPECT_EQ(play.script.lines, "a>>> 1\n\na>>> 2\n");
  EXPECT_EQ(play.script.first, 12);
  EXPECT_EQ(std::get<lesson::Prose>(lesson.steps[1].blocks[2].what).markdown,
            "Then.\n```python\n## no step\n```\n");
  EXPECT_EQ(kind_of(lesson.steps[2].blocks.at(0)), "check");
}

TEST(ReadLesson, APrediction) {
  const auto predict = only<lesson::Predict>(
      read("## S\n```predict\nid: fourth-client\nask: What will dee's connect() do?\n"
           "- return at once: the queue  grows        !m3a listen(2) fixed: see 3 of 3.\n"
           "- fail with a != b                        !m3b A refusal.   =dee raised ECONNREFUSED\n"
           "- block, and send its SYN again\n    =dee blocked in connect and d.name == 'a  b'\n"
           "because: Why?\n- the kernel drops it   =\n- no accept   !m4\n```\n"));
  EXPECT_EQ(predict.id, "fourth-client");
  EXPECT_EQ(predict.what.ask, "What will dee's connect() do?");
  ASSERT_EQ(predict.what.choices.size(), 3u);
  const auto& choices = predict.what.choices;
  EXPECT_EQ(choices[0].text, "return at once: the queue grows");
  EXPECT_EQ(choices[0].misconception, "m3a");
  EXPECT_EQ(choices[0].refutation, "listen(2) fixed: see 3 of 3.");
  EXPECT_EQ(choices[1].text, "fail with a != b");
  EXPECT_EQ(choices[1].condition, "dee raised ECONNREFUSED");
  EXPECT_FALSE(choices[1].right);
  EXPECT_TRUE(choices[2].right);
  EXPECT_EQ(choices[2].condition, "dee blocked in connect and d.name == 'a  b'");
  ASSERT_TRUE(predict.because);
  EXPECT_EQ(predict.because->choices[0].condition, "");
  EXPECT_TRUE(predict.because->choices[0].right);
  EXPECT_EQ(predict.because->choices[1].misconception, "m4");
}

TEST(ReadLesson, WhatIsWrongInAPrediction) {
  const auto fault = [](const std::string& inside) {
    return fault_in("## S\n```predict\n" + inside + "```\n");
  };
  const std::string begin = "id: a\nask: b?\n";
  EXPECT_THAT(fault("ask: b?\n- x  =\n- y  !m1\n"), HasSubstr("en.md:6: this predict has no id"));
  EXPECT_THAT(fault(begin + "- x  =\n"), HasSubstr("two choices or more"));
  EXPECT_THAT(fault(begin + "- x  =\n- y  =\n"), HasSubstr("2 choices are right"));
  EXPECT_THAT(fault(begin + "- x  !m1\n- y  !m2\n"), HasSubstr("0 choices are right"));
  EXPECT_THAT(fault(begin + "- x =a\n- y  =\n"), HasSubstr("neither right nor wrong"));
  EXPECT_THAT(fault(begin + "-   =a\n- y  =\n"), HasSubstr("has no words"));
  EXPECT_THAT(fault(begin + "- x  !\n- y  =\n"), HasSubstr("the misconception's id"));
  EXPECT_THAT(fault(begin + "- x  !m1 no  =\n- y  =\n"), HasSubstr("no = without a condition"));
  EXPECT_THAT(fault(begin + "hello\n"), HasSubstr("a predict block has"));
  EXPECT_THAT(fault("- x  =\n"), HasSubstr("choices come after ask:"));
  EXPECT_THAT(fault("id: a\nbecause: x\n"), HasSubstr("comes after the choices"));
  EXPECT_THAT(fault(begin + "- x  =\n- y  !m1\nbecause: c?\n- p  =a returned\n- q  !m2\n"),
              HasSubstr("a reason is not judged"));
  const std::string whole = "```predict\n" + begin + "- x  =\n- y  !m1\n```\n";
  EXPECT_THAT(fault_in("## S\n" + whole + whole), HasSubstr("a predict called 'a' was there before"));
}

TEST(ReadLesson, AChecksLineIsWordsAndAConditionOrTheConditionAlone) {
  const auto check = only<lesson::Check>(read(
      "## S\n```check\n# a comment\n- three  sit there   =s.accept_queue == 3\ns.state == LISTEN\n```\n"));
  ASSERT_EQ(check.marks.size(), 2u);
  EXPECT_EQ(check.marks[0].words, "three sit there");
  EXPECT_EQ(check.marks[0].condition, "s.accept_queue == 3");
  EXPECT_EQ(check.marks[0].line, 8);
  EXPECT_EQ(check.marks[1].words, "");
  EXPECT_EQ(check.marks[1].condition, "s.state == LISTEN");
}

TEST(ReadLesson, WhatIsWrongInOtherBlocks) {
  EXPECT_THAT(fault_in("```play\n"), HasSubstr("en.md:5: this block does not end"));
  EXPECT_THAT(fault_in("```play\n\n```\n"), HasSubstr("this play is empty"));
  EXPECT_THAT(fault_in("```play a.play\na>>> 1\n```\n"), HasSubstr("one or the other"));
  EXPECT_THAT(fault_in("```setup a.txt\n```\n"), HasSubstr("does not end in .play"));
  for (const char* name : {"../a.play", "/a.play", ".a.play", "b/a.play", "..\\a.play"})
    EXPECT_THAT(fault_in(std::string("```play ") + name + "\n```\n"), HasSubstr("not a file beside")) << name;
  EXPECT_THAT(fault_in("```check now\na returned\n```\n"), HasSubstr("takes nothing behind it"));
  EXPECT_THAT(fault_in("```check\n```\n"), HasSubstr("this check is empty"));
  EXPECT_THAT(fault_in("```check\n- words =a\n```\n"), HasSubstr("two blanks and =condition"));
  EXPECT_THAT(fault_in("```hint\n\n```\n"), HasSubstr("this hint is empty"));
  EXPECT_THAT(fault_in("```recording\n```\n"), HasSubstr("name the recording"));
  EXPECT_THAT(fault_in("## \n"), HasSubstr("a step has a title"));
  EXPECT_THAT(fault_in("# A\n"), HasSubstr("the title stands in the head"));
}

TEST(ReadLesson, WhatIsNoText) {
  EXPECT_EQ(fault_of(""), "en.md: is empty; sockscope lesson new NAME makes one to begin with");
  EXPECT_THAT(fault_of(" \n\n"), HasSubstr("is empty"));
  EXPECT_THAT(fault_in(std::string("a\0b", 3)), HasSubstr("en.md:5: is no text: a byte 0x00"));
  EXPECT_THAT(fault_in("ok\n\x1b[2J"), HasSubstr("en.md:6: is no text: a byte 0x1b"));
  EXPECT_THAT(fault_in("a\n\xff\n"), HasSubstr("en.md:6: a byte here is not UTF-8"));
  EXPECT_THAT(fault_in(std::string(kHead.size() + (std::size_t{256} << 10), 'a')),
              HasSubstr("longer than 256 KB"));
}

TEST(ReadLesson, CountsAreCapped) {
  std::string steps, blocks, deep, quoted, marks;
  for (int i = 0; i < 10'000; ++i) steps += "## s\n\ntext\n";
  for (int i = 0; i < 301; ++i) blocks += "```hint\nx\n```\n";
  for (int i = 0; i < 100'000; ++i) deep += "- ", quoted += ">";
  for (int i = 0; i < 13; ++i) marks += "a returned\n";
  EXPECT_THAT(fault_in(steps), HasSubstr("more than 20 steps"));
  EXPECT_THAT(fault_in(blocks), HasSubstr("more than 300 blocks"));
  EXPECT_THAT(fault_in(deep + "x\n"), HasSubstr("lists nested deeper than 6"));
  EXPECT_THAT(fault_in(quoted + "x\n"), HasSubstr("lists nested deeper than 6"));
  EXPECT_THAT(fault_in("```check\n" + marks + "```\n"), HasSubstr("more than 12 conditions"));
  EXPECT_THAT(fault_in("```check\n" + std::string(2000, 'a') + "\n```\n"),
              HasSubstr("longer than 1000 bytes"));
}

TEST(ReadLesson, BlanksAreFilledInOrShownAsGaps) {
  const std::string lines = "s.{{accept}}()\n'{{' + b'}}'\ns.listen({{2}})";
  EXPECT_EQ(filled_in(lines), "s.accept()\n'' + b''\ns.listen(2)");
  EXPECT_EQ(with_gaps("s.{{accept}}({{2}})"), "s.____(____)");
  EXPECT_EQ(filled_in("{{ no\nend }}"), "{{ no\nend }}");
  EXPECT_EQ(filled_in("{{"), "{{");
  EXPECT_TRUE(has_blanks("a{{b}}"));
  EXPECT_FALSE(has_blanks("a{b}"));
}

TEST(CompareLanguages, OnlyWhatAPersonReadsMayDiffer) {
  const std::string english =
      "Hi.\n## One\nText.\n```play\n# why\na>>> 1\n```\n```check\n- one  =a returned 1\n```\n";
  const std::string chinese =
      "你好。\n## 一\n文字。更多。\n```play\na>>> 1\n# 为什么\n```\n文字\n```check\n- 一  =a returned "
      "1\n```\n";
  EXPECT_THAT(compare_languages(read(english), read(chinese)), IsEmpty());
}

std::string difference(const std::string& english, const std::string& other) {
  const auto all = compare_languages(read(english), read(other));
  return all.empty() ? "none" : std::to_string(all[0].line) + ": " + all[0].message;
}

TEST(CompareLanguages, WhatDiffers) {
  const std::string play = "## S\n```play\na>>> 1\n```\n";
  EXPECT_EQ(difference(play, play + "## T\n"), "0: 2 steps; the English one has 1");
  EXPECT_EQ(difference(play, "## S\n```setup\na>>> 1\n```\n"), "6: setup where the English one has play");
  EXPECT_EQ(difference(play, play + "```hint\nx\n```\n"), "9: hint where the English one has nothing");
  EXPECT_EQ(difference(play, "## S\n```play\na>>> 2\n```\n"),
            "6: its lines differ: 'a>>> 2' is 'a>>> 1' in English");
  EXPECT_EQ(difference("## S\n```check\na returned\n```\n", "## S\n```check\na idle\n```\n"),
            "7: this condition is 'a returned' in English");
  const std::string predict = "## S\n```predict\nid: a\nask: ?\n- x  =\n- y  !m1 No.\n```\n";
  EXPECT_EQ(difference(predict, "## S\n```predict\nid: a\nask: ?\n- y  !m1 No.\n- x  =\n```\n"),
            "9: this choice is marked otherwise than the English one");
  EXPECT_EQ(difference(predict, "## S\n```predict\nid: b\nask: ?\n- x  =\n- y  !m1\n```\n"),
            "6: its id is 'a' in English");
}

TEST(HumanText, HowMuchThereIsToRead) {
  const ReadingFigures figures =
      reading_figures(read("## 一 two\nThree `not_this()` four. Five!\n```python\ncode\n```\n你好。\n"));
  EXPECT_EQ(figures.words, 5);  // the title T too
  EXPECT_EQ(figures.characters, 3);
  EXPECT_EQ(figures.sentences, 5);
}

TEST(Skeleton, EveryFileOfItCanBeRead) {
  const auto files = lesson_skeleton("25-mine");
  ASSERT_EQ(files.size(), 3u);
  const auto english = read_lesson(files[0].text, "en.md"), chinese = read_lesson(files[1].text, "zh.md");
  ASSERT_TRUE(english && chinese);
  EXPECT_EQ(english->head.id, "25-mine");
  EXPECT_THAT(compare_languages(*english, *chinese), IsEmpty());
}

}  // namespace reading_lessons
}  // namespace sockscope
