// Recordings held against a lesson.

#include "lab/lab.h"
#include "program.h"

namespace sockscope {
namespace grading {

using ::testing::HasSubstr;

class GradeTest : public ProgramTest {
 protected:
  GradeTest() {
    std::filesystem::create_directory(path("01-a"));
    for (const char* language : {"en", "zh"})
      write(std::string("01-a/") + language + ".md",
            "---\ntitle: A\nid: 01-a\nminutes: 6\nnew: socketpair(), send(), recv(), close()\n---\nOpening.\n"
            "## One\n```predict\nid: one\nask: What does send return?\n- 1  =a returned 1\n- None  !m7 It "
            "counts.\n"
            "because: Why?\n- it counts  =\n- it waits  !m8 No.\n```\n"
            "```play\na>>> x, y = socketpair()\na>>> x.send(b'1')\n```\n```check\na returned 1\n```\n"
            "## Two\n```solution\nb>>> data = y.recv(10)\n```\n```check\ndata == b'1'\n```\n"
            "## Three\n```solution\na>>> x.close()\n```\n```check\na returned None\n```\n");
  }
  std::string record(const std::string& name, const std::string& typed) {
    Process process({kProgram, "lesson", "run", path("01-a"), "--record", path(name), "--lang", "en"},
                    {"LC_ALL=C.UTF-8"});
    process.type(typed);
    process.hang_up();
    EXPECT_EQ(process.finish().exit, 0);
    return path(name);
  }
  Finished grade(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "grade");
    arguments.insert(arguments.end(), {"--lesson", path("01-a")});
    return sockscope(arguments);
  }
};

TEST_F(GradeTest, WhatTheLessonItselfDoesPasses) {
  ASSERT_EQ(sockscope({"lesson", "run", path("01-a"), "--auto", "--record", path("r.jsonl")}).exit, 0);
  const Finished graded = grade({path("r.jsonl")});
  EXPECT_EQ(graded.exit, 0) << graded.out << graded.err;
  EXPECT_EQ(count(graded.out, "pass "), 3u) << graded.out;
  const Finished again = grade({path("r.jsonl"), "--rerun"});
  EXPECT_EQ(again.exit, 0) << again.out << again.err;
}

TEST_F(GradeTest, WhatFailedWhatWasNotTriedAndWhatWasGuessed) {
  const std::string good =
      record("good.jsonl", "1\nshow\n1\nnext\nb>>> data = y.recv(10)\nnext\nnext\na>>> x.close()\nnext\n\n");
  const std::string bad = record("bad.jsonl", "2\nshow\n2\nnext\nb>>> data = 'no'\nquit\n");
  const Finished graded =
      grade({good, bad, "--junit", path("j.xml"), "--json", path("g.json"), "--csv", path("c.csv")});
  EXPECT_EQ(graded.exit, 1) << graded.err;
  EXPECT_THAT(graded.out,
              HasSubstr("good.jsonl\n  pass      1. One\n  pass      2. Two\n  pass      3. Three\n"));
  EXPECT_THAT(graded.out,
              HasSubstr("bad.jsonl\n  pass      1. One\n  fail      2. Two\n"
                        "            expected data == b'1'; saw 'no' == b'1'\n  not tried 3. Three\n"
                        "  guessed   one: misconception m7\n  guessed   one.because: misconception m8\n"));
  const std::string junit = read(path("j.xml")), csv = read(path("c.csv"));
  EXPECT_THAT(junit, HasSubstr("tests=\"3\" failures=\"1\" skipped=\"1\""));
  EXPECT_THAT(junit, HasSubstr("<failure message=\"expected data == b'1'; saw 'no' == b'1'\"/>"));
  EXPECT_THAT(csv, HasSubstr("\"01-a\",2,\"Two\",\"fail\",\"expected data == b'1'; saw 'no' == b'1'\"\r\n"));
  EXPECT_THAT(read(path("misconceptions.csv")), HasSubstr("\"m7\",1,\"" + bad + "\"\r\n"));
  EXPECT_THAT(read(path("g.json")),
              HasSubstr("{\"submissions\":[{\"name\":\"" + good + "\",\"score\":3,\"max_score\":3"));
  grade({good, "--json", path("one.json")});
  EXPECT_THAT(read(path("one.json")),
              ::testing::StartsWith("{\"score\":3,\"max_score\":3,\"tests\":[{\"name\":\"1. One\""));
}

TEST_F(GradeTest, AFolderIsOneLearner) {
  std::filesystem::create_directory(path("ann"));
  record("ann/1.jsonl", "1\nshow\n1\nnext\nquit\n");
  record("ann/2.jsonl", "1\nshow\n1\nnext\nb>>> data = y.recv(10)\nnext\nnext\na>>> x.close()\nnext\n\n");
  const Finished graded = grade({path("ann")});
  EXPECT_EQ(graded.exit, 0) << graded.out << graded.err;
  EXPECT_EQ(count(graded.out, "pass "), 3u);
}

TEST_F(GradeTest, APlayWithoutStepsIsGradedInTheirOrder) {
  write("p.play",
        "a>>> x, y = socketpair()\na>>> x.send(b'1')\n%expect a returned 1\nb>>> data = y.recv(10)\n%expect "
        "data == b'1'\n");
  ASSERT_EQ(sockscope({"play", path("p.play"), "--record", path("p.jsonl")}).exit, 0);
  const Finished graded = grade({path("p.jsonl")});
  EXPECT_EQ(graded.exit, 1);
  EXPECT_THAT(graded.out, HasSubstr("  pass      1. One\n  pass      2. Two\n"));
}

TEST_F(GradeTest, WhatCannotBeGraded) {
  write("no.jsonl", "no recording\n");
  EXPECT_EQ(grade({path("no.jsonl")}).exit, 2);
  EXPECT_EQ(grade({path("missing.jsonl")}).exit, 2);
  std::filesystem::create_directory(path("empty"));
  EXPECT_EQ(grade({path("empty")}).exit, 2);
  EXPECT_EQ(sockscope({"grade", path("no.jsonl"), "--lesson", "no-such"}).exit, 2);
  EXPECT_EQ(sockscope({"grade", path("no.jsonl")}).exit, 2);
}

// A lesson on hosts, where an administrator forbids them: exit 3, until it has a golden recording.
class ForbiddenTest : public GradeTest {
 protected:
  static Finished forbidden(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {python(), SOCKSCOPE_SOURCE_DIR "/tests/e2e/refusing.py", "namespaces",
                                    kProgram};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all, environment());
  }
  std::string lab_lesson(const std::string& id, const std::string& more) {
    std::filesystem::create_directory(path(id));
    for (const char* language : {"en", "zh"})
      write(id + "/" + language + ".md",
            "---\ntitle: A\nid: " + id + "\nminutes: 6\nplace: lab\nnew: socket()\n---\n## One\n" + more +
                "```setup\n%host B\n```\n```play\na@B>>> s = socket()\n```\n```check\n"
                "- a socket on B  =s.host == 'B'\n```\n");
    return path(id);
  }
};

TEST_F(ForbiddenTest, ALabLessonIsNotPossible) {
  const std::string folder = lab_lesson("02-lab", "");
  const Finished run = forbidden({"lesson", "run", folder, "--auto", "--record", path("r.jsonl")});
  EXPECT_EQ(run.exit, 3) << run.out << run.err;
  EXPECT_THAT(run.err, HasSubstr("02-lab needs what is not possible here"));
  const Finished by_hand = forbidden({"lesson", "run", folder});
  EXPECT_EQ(by_hand.exit, 3) << by_hand.out << by_hand.err;
  EXPECT_THAT(by_hand.err, HasSubstr("02-lab needs hosts"));
  const Finished lint = forbidden({"lesson", "lint", folder});
  EXPECT_EQ(lint.exit, 0) << lint.out << lint.err;
  EXPECT_THAT(lint.out, HasSubstr("this machine permits none"));
  const Finished graded = sockscope({"grade", path("r.jsonl"), "--lesson", folder});
  EXPECT_EQ(graded.exit, 3) << graded.out << graded.err;
}

TEST_F(ForbiddenTest, ItsGoldenRecordingIsJudgedInstead) {
  if (!probe_lab(SOCKSCOPE_BINARY_DIR "/lab_keeper").has_value())
    GTEST_SKIP() << "there are no hosts to record";
  const std::string folder = lab_lesson("02-lab", "");
  ASSERT_EQ(sockscope({"lesson", "run", folder, "--auto", "--record", path("golden.jsonl")}).exit, 0);
  lab_lesson("02-lab", "```recording golden.jsonl\n```\n");
  std::filesystem::copy(path("golden.jsonl"), path("02-lab/golden.jsonl"));
  const Finished right = forbidden({"lesson", "run", path("02-lab"), "--auto"});
  EXPECT_EQ(right.exit, 0) << right.out << right.err;
  EXPECT_THAT(right.out, HasSubstr("a real run from another computer"));
  EXPECT_THAT(right.out, HasSubstr("✓ a socket on B\n"));
  EXPECT_EQ(sockscope({"lesson", "lint", path("02-lab")}).exit, 0);
  const Finished drawn = forbidden({"shot", path("l.png"), path("02-lab"), "--step", "1"});
  EXPECT_EQ(drawn.exit, 0) << drawn.out << drawn.err;
}

}  // namespace grading
}  // namespace sockscope
