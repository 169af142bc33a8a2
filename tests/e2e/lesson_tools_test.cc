// The quiz, a student's copy and a recording's play block, by the program.

#include <filesystem>

#include "program.h"

namespace sockscope {
namespace lesson_tools {

using testing::HasSubstr;

class LessonToolsTest : public ProgramTest {};

TEST_F(LessonToolsTest, TheQuizOfOursIsProvedAndIsNoneOfTheList) {
  const std::string quiz = std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons/quiz";
  const Finished lint = sockscope({"lesson", "lint", quiz});
  EXPECT_EQ(lint.exit, 0) << lint.out << lint.err;
  const Finished ids = sockscope({"lesson", "list", "--ids"});
  EXPECT_EQ(ids.out.find("quiz"), std::string::npos);
}

TEST_F(LessonToolsTest, AStudentsCopyIsALessonThatIsProvedAndNoneIsWrittenTwice) {
  const std::string source = std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons/04-stream", out = path("out");
  const Finished made = sockscope({"lesson", "pack", source, "--student", "ann", "--out", out});
  ASSERT_EQ(made.exit, 0) << made.out << made.err;
  EXPECT_EQ(made.out, out + "/04-stream\n");
  const Finished run = sockscope({"lesson", "run", out + "/04-stream", "--auto"});
  EXPECT_EQ(run.exit, 0) << run.out << run.err;
  EXPECT_NE(read(out + "/04-stream/en.md"), read(source + "/en.md"));
  EXPECT_EQ(sockscope({"lesson", "pack", source, "--student", "ann", "--out", out}).exit, 1);
  const Finished bad = sockscope({"lesson", "pack", source, "--student", "../ann"});
  EXPECT_EQ(bad.exit, 2);
  EXPECT_THAT(bad.err, HasSubstr("is no name of a folder"));
}

TEST_F(LessonToolsTest, ALessonWithAThousandBytesInANamePassesByItsRecording) {
  const std::string source = std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons/04-stream";
  std::filesystem::create_directory(path("ann"));
  ASSERT_EQ(sockscope({"lesson", "run", source, "--auto", "--record", path("ann/r.jsonl")}).exit, 0);
  const Finished graded = sockscope({"grade", path("ann"), "--lesson", source});
  EXPECT_EQ(graded.exit, 0) << graded.out << graded.err;
}

TEST_F(LessonToolsTest, AWordOfTheGlossaryIsExplainedOnceAndItsFaultsAreErrorsOfLint) {
  const std::string head = "---\ntitle: A\nid: 01-a\nminutes: 6\nnew: socketpair(), send()\n---\n";
  const std::string body =
      "A port.\n\n## One\n\nThe same port.\n\n```play\na>>> x, y = socketpair()\na>>> x.send(b'1')\n```\n"
      "```check\na returned 1\n```\n";
  std::filesystem::create_directories(path("lessons/01-a"));
  for (const char* name : {"lessons/01-a/en.md", "lessons/01-a/zh.md"}) write(name, head + body);
  write("lessons/glossary.en.md", "## port\nlesson: 01-a\nA number of a socket.\n");
  Process process({kProgram, "lesson", "run", path("lessons/01-a"), "--lang", "en"}, {"LC_ALL=C.UTF-8"});
  process.type("show\nnext\n");
  process.hang_up();
  const Finished run = process.finish();
  const auto at = run.out.find("A port.\n\n  port: A number of a socket.\n");
  ASSERT_NE(at, std::string::npos) << run.out;
  EXPECT_EQ(run.out.find("A number of a socket.", at + 40), std::string::npos) << run.out;
  const Finished lint = sockscope({"lesson", "lint", path("lessons"), "--no-run"});
  EXPECT_EQ(lint.exit, 1);
  EXPECT_THAT(lint.out, HasSubstr("glossary.en.md:1: 'port' is not in " + path("lessons/glossary.zh.md")));
  write("lessons/glossary.zh.md", "## port = 端口\nlesson: 01-b\n套接字的号码。\n");
  EXPECT_THAT(sockscope({"lesson", "lint", path("lessons"), "--no-run"}).out,
              HasSubstr("glossary.zh.md:1: 'port' is of 01-b here and of 01-a in"));
}

TEST_F(LessonToolsTest, ARecordingBecomesAPlayBlock) {
  write("a.play", "ann>>> a = socket(AF_INET, SOCK_STREAM)\nann>>> a.connect(('127.0.0.1', 1))\n");
  ASSERT_EQ(sockscope({"play", path("a.play"), "--record", path("r.jsonl")}).exit, 0);
  const Finished block = sockscope({"lesson", "record", path("r.jsonl")});
  EXPECT_EQ(block.exit, 0) << block.err;
  EXPECT_EQ(block.out,
            "```play\nann>>> a = socket(AF_INET, SOCK_STREAM)\nann>>> a.connect(('127.0.0.1', 1))\n"
            "%expect ann raised ConnectionRefusedError\n```\n");
  EXPECT_EQ(sockscope({"lesson", "record", path("nothing.jsonl")}).exit, 2);
}

}  // namespace lesson_tools
}  // namespace sockscope
