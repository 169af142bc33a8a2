// Lessons run and linted by the program.

#include <algorithm>

#include "program.h"

namespace sockscope {
namespace lesson_runs {

using testing::HasSubstr;
using testing::Not;

class LessonRunTest : public ProgramTest {
 protected:
  // Both languages with this text after the head.
  std::string lesson(const std::string& id, const std::string& body, const std::string& keys = "") const {
    std::filesystem::create_directories(path(id));
    for (const char* language : {"en", "zh"})
      write(id + "/" + language + ".md",
            "---\ntitle: A\nid: " + id + "\nminutes: 6\n" + keys + "---\n" + body);
    return path(id);
  }
  static std::string whole_example() {
    const std::string page = read(std::string(SOCKSCOPE_SOURCE_DIR) + "/docs/lessons.md");
    const std::string opens = "````lesson\n", closes = "\n````\n";
    const auto begin = page.find(opens) + opens.size();
    return page.substr(begin, page.find(closes, begin) + 1 - begin);
  }
};

constexpr std::string_view kPair = "## One\n```play\na>>> x, y = socketpair()\na>>> x.send(b'1')\n```\n";

TEST_F(LessonRunTest, TheExampleOfThePageIsALessonAndIsProved) {
  std::filesystem::create_directory(path("11-one-seat"));
  for (const char* name : {"11-one-seat/en.md", "11-one-seat/zh.md"}) write(name, whole_example());
  const Finished lint = sockscope({"lesson", "lint", path("11-one-seat"), "--no-run"});
  EXPECT_EQ(lint.exit, 0) << lint.out << lint.err;
  const Finished run = sockscope({"lesson", "run", path("11-one-seat"), "--auto"});
  EXPECT_EQ(run.exit, 0) << run.out << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_THAT(run.out, HasSubstr("✓ as predicted: block, and send its SYN again and again\n"
                                 "✓ and not: raise ConnectionRefusedError\n"));
  EXPECT_THAT(run.out, HasSubstr("✓ bob is connected\n"));
  EXPECT_THAT(run.out, Not(HasSubstr("✗")));
}

TEST_F(LessonRunTest, TheSkeletonOfANewLessonPassesLint) {
  const Finished made = sockscope({"lesson", "new", path("25-mine")});
  EXPECT_EQ(made.exit, 0) << made.err;
  EXPECT_EQ(lines_of(made.out), 3u);
  const Finished lint = sockscope({"lesson", "lint", path("25-mine/")});
  EXPECT_EQ(lint.exit, 0) << lint.out << lint.err;
  EXPECT_THAT(lint.out,
              HasSubstr("note: 6 minutes, 2 steps, 1 predictions; new: 0 terms, 4 calls and names"));
  const Finished run = sockscope({"lesson", "run", path("25-mine"), "--auto", "--lang", "zh"});
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("✓ bob 拿到了五个字节\n"));
  EXPECT_EQ(sockscope({"lesson", "new", path("25-mine")}).exit, 2);
  EXPECT_EQ(sockscope({"lesson", "new", path("My Lesson")}).exit, 2);
  EXPECT_EQ(sockscope({"lesson", "new", path("no/25-mine")}).exit, 2);
}

TEST_F(LessonRunTest, ACheckThatHoldsBeforeItsPlayProvesNothing) {
  const std::string folder =
      lesson("01-a", std::string(kPair) + "```check\ncount(socket where open) < 5\n```\n");
  const Finished lint = sockscope({"lesson", "lint", folder});
  EXPECT_EQ(lint.exit, 1);
  EXPECT_THAT(lint.out, HasSubstr("en.md:12: 'count(socket where open) < 5' holds before the step's play"));
  const Finished run = sockscope({"lesson", "run", folder, "--auto"});
  EXPECT_EQ(run.exit, 1);
  EXPECT_THAT(run.out, HasSubstr("holds before anything was done"));
}

TEST_F(LessonRunTest, ACheckThatDoesNotHoldAfterItsPlay) {
  const std::string folder =
      lesson("01-a", std::string(kPair) + "```check\n- no  =a returned 2 within 50ms\n```\n");
  const Finished lint = sockscope({"lesson", "lint", folder});
  EXPECT_EQ(lint.exit, 1);
  EXPECT_THAT(lint.out, HasSubstr("en.md:12: 'no' does not hold after the play; saw a returned 1\n"));
  EXPECT_EQ(lint.err, "sockscope lesson lint: 1 errors in 1 lessons\n");
  EXPECT_EQ(sockscope({"lesson", "lint", folder, "--no-run"}).exit, 0);
}

TEST_F(LessonRunTest, APredictionIsJudgedByTheKernel) {
  const std::string folder = lesson(
      "01-a",
      "## One\n```predict\nid: a\nask: What does send return?\n- nothing  =a returned None within 50ms\n"
      "- one byte  !m1 No.  =a returned 1\n```\n" +
          std::string(kPair).substr(7) + "```check\na returned 1\n```\n");
  const Finished lint = sockscope({"lesson", "lint", folder});
  EXPECT_EQ(lint.exit, 1);
  EXPECT_THAT(lint.out, HasSubstr("'nothing' is not what happens; saw a returned 1"));
  EXPECT_THAT(lint.out, HasSubstr("'one byte' happens too: a returned 1; it is marked as wrong"));
}

TEST_F(LessonRunTest, StepsGoOnUntilASetupBeginsAnew) {
  const std::string folder = lesson(
      "01-a",
      std::string(kPair) +
          "```check\na returned 1\n```\n## Two\n```play\nb>>> y.recv(10)\n```\n"
          "```check\nb returned b'1'\n```\n## Three\n```setup\na>>> n = 1\n```\n```play\nb>>> m = 2\n```\n"
          "```check\nm == 2 and n == 1 and count(socket where id > 0) == 0\n```\n");
  const Finished run = sockscope({"lesson", "run", folder, "--auto"});
  EXPECT_EQ(run.exit, 0) << run.out << run.err;
}

TEST_F(LessonRunTest, ALineThatWaitsForEverEndsTheLesson) {
  const std::string folder = lesson(
      "01-a",
      "## One\n```play\n%deadline 200ms\na>>> x, y = socketpair()\na>>> x.recv(1)\na>>> x.recv(1)\n```\n"
      "```check\na returned b'1'\n```\n");
  const Finished run = sockscope({"lesson", "run", folder, "--auto"});
  EXPECT_EQ(run.exit, 1);
  EXPECT_THAT(run.out, HasSubstr("line 11 waits for thread a, in recv since line 10"));
  const Finished lint = sockscope({"lesson", "lint", folder});
  EXPECT_EQ(lint.exit, 1);
  EXPECT_THAT(lint.out, HasSubstr("en.md:7: cannot be run: line 11 waits"));
}

TEST_F(LessonRunTest, EveryLessonIsThereAndPassesLint) {
  const Finished lint = sockscope({"lesson", "lint", kLessons});
  EXPECT_EQ(lint.exit, 0) << lint.out << lint.err;
}

TEST_F(LessonRunTest, BadLessonsAreOneLine) {
  const auto bad = [this](const std::string& text, const std::string& says) {
    std::filesystem::create_directories(path("bad"));
    write("bad/en.md", text);
    write("bad/zh.md", text);
    const Finished run = sockscope({"lesson", "run", path("bad"), "--auto"});
    EXPECT_EQ(run.exit, 2) << says;
    EXPECT_EQ(run.out, "") << says;
    EXPECT_THAT(run.err, HasSubstr(says));
    EXPECT_EQ(lines_of(run.err), 1u) << run.err;
    EXPECT_LT(run.err.size(), 1000u);
    const Finished lint = sockscope({"lesson", "lint", path("bad")});
    EXPECT_EQ(lint.exit, 1) << says;
    EXPECT_THAT(lint.out, HasSubstr(says));
  };
  const std::string head = "---\ntitle: A\nid: bad\nminutes: 6\n---\n";
  std::string deep, steps;
  for (int i = 0; i < 100'000; ++i) deep += "- ";
  for (int i = 0; i < 10'000; ++i) steps += "## s\n\ntext\n";
  bad("", "en.md: is empty");
  bad(std::string("\x7f"
                  "ELF\0\1\2\3",
                  8),
      "en.md:1: is no text");
  bad(std::string(50'000'000, 'a'), "en.md: longer than 256 KB");
  bad(head + deep + "x\n", "en.md:6: lists nested deeper");
  bad(head + steps, "more than 20 steps");
  bad(head + "## s\n```play ../a.play\n```\n", "'../a.play' is not a file beside the lesson");
  bad(head + "## s\n```play missing.play\n```\n", "en.md:7: missing.play: No such file");
  bad(head + "## s\n```play\na>>> for x in y\n```\n", "en.md:8: ");
  bad(head + "## s\n```play\n%wait 10m\n```\n", "en.md:8: ");
  bad(head + "## s\n```play\n%wait 61s\n```\n", "en.md:8: waits longer than 60 s");
  bad(head + "## s\n```play\na>>> 1\n```\n```check\nb returned 1\n```\n",
      "en.md:11: no thread is called 'b'");
  bad(head + "## s\n```play\na>>> 1\n```\n```check\n\\\n```\n", "en.md:11: ");
  EXPECT_EQ(sockscope({"lesson", "run", "no-such-lesson"}).exit, 2);
  EXPECT_EQ(sockscope({"lesson", "lint", path("nowhere")}).exit, 2);
  EXPECT_EQ(sockscope({"lesson", "run", path("bad"), "--lang", "de"}).exit, 2);
}

TEST_F(LessonRunTest, ALessonInOneLanguageOnly) {
  const std::string folder = lesson("01-a", std::string(kPair) + "```check\na returned 1\n```\n");
  std::filesystem::remove(folder + "/zh.md");
  EXPECT_EQ(sockscope({"lesson", "run", folder, "--auto", "--lang", "zh"}).exit, 0);
  const Finished lint = sockscope({"lesson", "lint", folder});
  EXPECT_EQ(lint.exit, 1);
  EXPECT_EQ(lint.out, folder + "/zh.md: No such file or directory; a lesson has en.md and zh.md\n");
  std::filesystem::rename(folder + "/en.md", folder + "/zh.md");
  EXPECT_EQ(sockscope({"lesson", "lint", folder}).exit, 1);
  EXPECT_EQ(sockscope({"lesson", "run", folder, "--auto", "--lang", "zh"}).exit, 0);
}

}  // namespace lesson_runs
}  // namespace sockscope
