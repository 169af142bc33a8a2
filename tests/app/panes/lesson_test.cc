#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pane_scene.h"
#include "panes/lesson_text.h"

namespace sockscope {
namespace lesson_test {

using Kind = TextBlock::Kind;

struct LessonPane : ::testing::Test {
  testing::PaneScene scene{draw_lesson, Trace{}, {480, 357}};
  void SetUp() override {
    for (int i = 1; i <= 24; ++i) {
      scene.lessons.push_back({"lesson-" + std::to_string(i), "Title " + std::to_string(i), {}});
    }
    scene.driver.frame(2);
  }
};

TEST_F(LessonPane, AClickOpensALessonAlsoOneThatMustBeScrolledTo) {
  scene.driver.click("lesson/lesson-2");
  scene.driver.click("lesson/lesson-24");
  ASSERT_EQ(scene.requests.size(), 2u);
  EXPECT_EQ(std::get<request::OpenLesson>(scene.requests[0]).id, "lesson-2");
  EXPECT_EQ(std::get<request::OpenLesson>(scene.requests[1]).id, "lesson-24");
}

TEST_F(LessonPane, TheHeadSaysHowManyAreDone) {
  EXPECT_TRUE(scene.driver.shows("24 to choose from"));
  scene.lessons[0].done = LessonItem::Done::some;
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("24 to choose from"));
  scene.lessons[1].done = LessonItem::Done::all;
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("1 of 24 done"));
}

TEST_F(LessonPane, TheKeyboardOpensItToo) {
  scene.driver.tab_to("lesson/lesson-3");
  scene.driver.key(ui::Key::enter);
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_EQ(std::get<request::OpenLesson>(scene.requests[0]).id, "lesson-3");
}

TEST_F(LessonPane, AnOpenLessonShowsItsTextItsPlaysAndTheWayBack) {
  scene.lessons[0].plays = {"hello.play", "again.play"};
  scene.lesson_id = "lesson-1";
  scene.lesson_markdown = "# The five steps\n\nA *server* calls `bind()`.\n\n- one\n- two\n";
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("bind()"));
  scene.driver.click("lesson/show-again.play");
  scene.driver.click("lesson/all");
  ASSERT_EQ(scene.requests.size(), 2u);
  EXPECT_EQ(std::get<request::OpenPlay>(scene.requests[0]).lesson, "lesson-1");
  EXPECT_EQ(std::get<request::OpenPlay>(scene.requests[0]).file, "again.play");
  EXPECT_EQ(std::get<request::OpenLesson>(scene.requests[1]).id, "");
}

// At whatever width: nothing that is drawn begins with a mark that closes, or ends with one that opens.
TEST_F(LessonPane, AChineseLineBeginsWithNoClosingMark) {
  scene.lesson_id = "lesson-1";
  scene.lesson_markdown =
      "内核还有一个半连接队列（又称未完成连接队列）：里面的连接才建到一半，在等最后一个 ACK（SYN_RECV）。\n";
  scene.driver.frame(2);
  std::size_t seen = 0;
  for (const std::string& piece : scene.driver.record.texts) {
    for (const char* mark : {"）", "。", "，", "："}) EXPECT_FALSE(piece.starts_with(mark)) << piece;
    EXPECT_FALSE(piece.ends_with("（")) << piece;
    seen += piece.find("SYN_RECV）。") != std::string::npos;
  }
  EXPECT_EQ(seen, 1u);
}

TEST(LessonText, ALineInOneFontHasNoMarks) {
  EXPECT_EQ(without_marks("What will `c.send('**')` do to **two** bytes, 2 * 3?"),
            "What will c.send('**') do to two bytes, 2 * 3?");
  EXPECT_EQ(without_marks("a lone ` stays"), "a lone ` stays");
}

struct LessonWalkPane : LessonPane {
  LessonShown& walk() {
    if (!scene.walk) {
      scene.lesson_id = "lesson-1";
      scene.walk.emplace();
      scene.walk->title = "The queue";
      scene.walk->opening = true;
      scene.walk->step = 1;
      scene.walk->done = {true, false, false};
    }
    return *scene.walk;
  }
  LessonPart part(LessonPart::Kind kind, std::string text) {
    LessonPart made;
    made.kind = kind;
    made.text = std::move(text);
    return made;
  }
  request::Walk asked(std::size_t at) { return std::get<request::Walk>(scene.requests.at(at)); }
};

TEST_F(LessonWalkPane, AStepHasOneThingToDoNext) {
  walk().now = LessonShown::Now::show;
  LessonPart lines = part(LessonPart::Kind::lines, "");
  lines.lines = {"bob>>> b.____(s.getsockname())"};
  LessonPart marks = part(LessonPart::Kind::marks, "");
  marks.marks = {{"ann sits in the **queue**", "s.accept_queue == 1", true}, {"", "b.open", false}};
  walk().parts = {part(LessonPart::Kind::text, "Ann *connects*."), lines, marks};
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Step 1 of 2"));
  EXPECT_TRUE(scene.driver.shows("b.____(s.getsockname())"));
  EXPECT_TRUE(scene.driver.shows("ann sits in the queue"));
  EXPECT_TRUE(scene.driver.shows("b.open"));
  scene.driver.click("lesson/show");
  EXPECT_EQ(asked(0).what, request::Walk::Do::show);
}

TEST_F(LessonWalkPane, ALessonBegunGoesOnAtItsFirstStepNotDone) {
  walk().step = 0;
  walk().done = {true, true, false};
  walk().resume = 2;
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Go on at step 2"));
  EXPECT_TRUE(scene.driver.shows("Next step"));
  scene.driver.click("lesson/resume");
  EXPECT_EQ(asked(0).what, request::Walk::Do::go);
  EXPECT_EQ(asked(0).number, 2u);
}

TEST_F(LessonWalkPane, NothingCanBeShownBeforeAGuess) {
  walk().now = LessonShown::Now::guess;
  LessonPart question = part(LessonPart::Kind::question, "What will it do?");
  question.choices = {{"return"}, {"block"}};
  walk().parts = {question};
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.shows("Show me"));
  scene.driver.click("lesson/choice-2");
  scene.driver.click("lesson/unknown");
  EXPECT_EQ(asked(0).what, request::Walk::Do::choose);
  EXPECT_EQ(asked(0).number, 1u);
  EXPECT_EQ(asked(1).number, 2u);
}

TEST_F(LessonWalkPane, AWrongGuessIsRefuted) {
  LessonPart verdict = part(LessonPart::Kind::verdict, "A refusal is an answer.");
  verdict.choices = {{"refused", true, false}, {"block", false, true}};
  walk().parts = {verdict};
  walk().now = LessonShown::Now::next_step;
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("A refusal is an answer."));
  EXPECT_TRUE(scene.driver.shows("What happened: block"));
  scene.driver.tab_to("lesson/next");
  scene.driver.key(ui::Key::enter);
  EXPECT_EQ(asked(0).what, request::Walk::Do::next);
}

TEST_F(LessonWalkPane, OnTheProjectorHandsAreCountedBesideTheChoices) {
  walk().now = LessonShown::Now::guess;
  LessonPart question = part(LessonPart::Kind::question, "What will it do?");
  question.choices = {{"return"}, {"block"}};
  walk().parts = {part(LessonPart::Kind::text, "Ann connects."), question};
  scene.view.presenting.on = true;
  scene.driver.frame(2);
  scene.view.presenting.hands[1] = 17;
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Ann"));
  EXPECT_TRUE(scene.driver.shows("17"));
  scene.driver.click("lesson/choice-2");
  EXPECT_EQ(asked(0).number, 1u);
  walk().parts.back().text = "And now?";
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.shows("17")) << "another question begins another show of hands";
}

TEST_F(LessonWalkPane, OnTheProjectorTheAnswerAndWhatFollowsFromItAreHiddenTillTheTeacherShowsIt) {
  LessonPart verdict = part(LessonPart::Kind::verdict, "A refusal is an answer.");
  verdict.choices = {{"refused", true, false}, {"block", false, true}};
  LessonPart reason = part(LessonPart::Kind::question, "Why does nothing come back?");
  reason.choices = {{"dropped"}, {"no accept"}};
  walk().parts = {part(LessonPart::Kind::text, "Bob connects."), verdict, reason};
  walk().now = LessonShown::Now::reason;
  scene.view.presenting.on = scene.view.presenting.hides_answer = true;
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Bob"));
  for (const char* told : {"A refusal is an answer.", "What happened", "Why does nothing come back?"})
    EXPECT_FALSE(scene.driver.shows(told)) << told;
  EXPECT_TRUE(scene.driver.shows("P shows the answer."));
  scene.view.presenting.hides_answer = false;
  scene.driver.frame(2);
  for (const char* told : {"A refusal is an answer.", "What happened", "Why does nothing come back?"})
    EXPECT_TRUE(scene.driver.shows(told)) << told;
}

TEST_F(LessonWalkPane, ALongLineOfCodeGoesOnInTheNext) {
  LessonPart lines = part(LessonPart::Kind::lines, "");
  lines.lines = {"server>>> ready, writable, odd = select.select([s, x, y, z, left, right], [], [], last)"};
  walk().parts = {lines, part(LessonPart::Kind::text, "```\n" + lines.lines[0] + "\n```")};
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.record.cut.empty());
  const auto& texts = scene.driver.record.texts;
  EXPECT_EQ(std::count_if(texts.begin(), texts.end(), [](const auto& t) { return t.ends_with("last)"); }), 2);
}

TEST_F(LessonWalkPane, AWordOfTheGlossaryOpensItsCardAndClosesIt) {
  walk().terms = {{"port", "A number of a socket.", "port"}};
  walk().parts = {part(LessonPart::Kind::text, "An important port, one port.")};
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.shows("A number of a socket."));
  scene.driver.click("lesson/term-port");
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("A number of a socket."));
  scene.driver.tab_to("lesson/term-port");
  scene.driver.key(ui::Key::enter);
  scene.driver.frame(2);
  EXPECT_EQ(scene.view.term, "");
}

TEST_F(LessonPane, WithoutLessonsItSaysSo) {
  scene.lessons.clear();
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("No lessons were found"));
}

TEST(LessonText, HeadingsParagraphsListsAndCode) {
  const auto blocks = lesson_blocks(
      "# One\n\nA **bold** `call()`\nand more.\n\n3. three\n4. four\n   - "
      "deep\n\n```play\nx\ny\n```\n\n---\n");
  ASSERT_EQ(blocks.size(), 7u);
  EXPECT_EQ(blocks[0], (TextBlock{Kind::heading, 1, "", {{"One", false, false}}}));
  ASSERT_EQ(blocks[1].runs.size(), 5u);
  EXPECT_EQ(blocks[1].runs[1], (TextRun{"bold", true, false}));
  EXPECT_EQ(blocks[1].runs[3], (TextRun{"call()", false, true}));
  EXPECT_EQ(blocks[1].runs[4].text, " and more.");
  EXPECT_EQ(blocks[2].mark, "3.");
  EXPECT_EQ(blocks[3].mark, "4.");
  EXPECT_EQ(blocks[4].mark, "•");
  EXPECT_EQ(blocks[4].level, 2);
  EXPECT_EQ(blocks[5].kind, Kind::code);
  EXPECT_EQ(blocks[5].mark, "play");
  EXPECT_EQ(blocks[6].kind, Kind::rule);
}

TEST(LessonText, DamagedInputGivesBlocksAndNoCrash) {
  EXPECT_TRUE(lesson_blocks("").empty());
  for (const std::string& text :
       {std::string(50'000, '>'), std::string(50'000, '*'), std::string("\0\xff\xfe[](", 6),
        std::string("- ") + std::string(3000, '\n') + "```", std::string(5000, '`')}) {
    for (const TextBlock& block : lesson_blocks(text)) EXPECT_LE(block.runs.size(), text.size());
  }
}

TEST(LessonText, AnEndlessListIsCut) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "- x\n";
  EXPECT_EQ(lesson_blocks(text).size(), 2000u);
}

}  // namespace lesson_test
}  // namespace sockscope
