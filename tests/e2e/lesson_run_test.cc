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
  std::string lesson(const std::string& id, const std::string& body) const {
    std::filesystem::create_directories(path(id));
    for (const char* language : {"en", "zh"})
      write(id + "/" + language + ".md",
            "---\ntitle: A\nid: " + id + "\nminutes: 6\nnew: socketpair(), send(), recv()\n---\n" + body);
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
  const Finished lint = sockscope({"lesson", "lint", path("11-one-seat")});
  EXPECT_EQ(lint.exit, 0) << lint.out << lint.err;
  const Finished run = sockscope({"lesson", "run", path("11-one-seat"), "--auto"});
  EXPECT_EQ(run.exit, 0) << run.out << run.err;
  EXPECT_EQ(run.err, "");
  // One by one: a notice of the observer's own pace may come between them.
  EXPECT_THAT(run.out, HasSubstr("✓ as predicted: block, and send its SYN again and again\n"));
  EXPECT_THAT(run.out, HasSubstr("✓ and not: raise ConnectionRefusedError\n"));
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
  EXPECT_THAT(lint.out, HasSubstr("en.md:13: 'count(socket where open) < 5' holds before the step's play"));
  const Finished run = sockscope({"lesson", "run", folder, "--auto"});
  EXPECT_EQ(run.exit, 1);
  EXPECT_THAT(run.out, HasSubstr("holds before anything was done"));
}

TEST_F(LessonRunTest, ACheckThatDoesNotHoldAfterItsPlay) {
  const std::string folder =
      lesson("01-a", std::string(kPair) + "```check\n- no  =a returned 2 within 50ms\n```\n");
  const Finished lint = sockscope({"lesson", "lint", folder});
  EXPECT_EQ(lint.exit, 1);
  EXPECT_THAT(lint.out, HasSubstr("en.md:13: 'no' does not hold after the play; saw a returned 1\n"));
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
  EXPECT_THAT(run.out, HasSubstr("line 12 waits for thread a, in recv since line 11"));
  const Finished lint = sockscope({"lesson", "lint", folder});
  EXPECT_EQ(lint.exit, 1);
  EXPECT_THAT(lint.out, HasSubstr("en.md:8: cannot be run: line 12 waits"));
}

TEST_F(LessonRunTest, NothingIsUsedBeforeTheLessonThatIntroducesIt) {
  const std::string tail =
      "```play\na>>> x, y = socketpair()\na>>> x.send(b'1')\n```\n```check\na returned 1\n```\n";
  const auto text = [&](const std::string& id, const std::string& keys, const std::string& prose) {
    std::filesystem::create_directories(path("all/" + id));
    for (const char* language : {"en", "zh"})
      write("all/" + id + "/" + language + ".md",
            "---\ntitle: A\nid: " + id + "\nminutes: 6\n" + keys + "---\n## One\n" + prose + "\n" + tail);
  };
  text("01-a", "new: socketpair(), receive queue\n",
       "A receive queue, not Accept queues; `x.recv(1)` and LISTEN.");
  text("02-b", "new: send(), recv(), LISTEN, accept queue, queue\nneeds: 01-a, 03-c\n", "");
  const Finished lint = sockscope({"lesson", "lint", path("all"), "--no-run"});
  EXPECT_EQ(lint.exit, 1);
  for (const char* says : {"01-a/en.md:11: send() is used here and introduced in 02-b",
                           "01-a/en.md:8: recv() is used here and introduced in 02-b",
                           "01-a/en.md:8: LISTEN is used here and introduced in 02-b",
                           "01-a/zh.md:8: accept queue is used here and introduced in 02-b",
                           "02-b/en.md:1: it needs 03-c, and no lesson before it is that"})
    EXPECT_THAT(lint.out, HasSubstr(says));
  EXPECT_THAT(lint.out, Not(HasSubstr("socketpair() is used")));
  // Linting the second alone looks at the first too.
  EXPECT_EQ(lines_of(sockscope({"lesson", "lint", path("all/02-b"), "--no-run"}).out), 2u);
}

TEST_F(LessonRunTest, EveryLessonPassesLint) {
  const Finished lint = sockscope({"lesson", "lint", kLessons, "--no-run"});
  EXPECT_EQ(lint.exit, 0) << lint.out << lint.err;
}

// What failed is at the end, and a log may be cut.
std::string last_of(const std::string& text, size_t bytes) {
  return text.substr(text.size() - std::min(bytes, text.size()));
}

// Each lesson is proved three times; a case each, so that they run side by side. Under a sanitizer, which is
// there for our own mistakes, once.
#ifdef __SANITIZE_ADDRESS__
constexpr int kProofs = 1;
#else
constexpr int kProofs = 3;
#endif

class EveryLesson : public LessonRunTest, public testing::WithParamInterface<std::string> {};

TEST_P(EveryLesson, IsProvedEachTime) {
  for (int run = 0; run < kProofs; ++run) {
    const Finished proved = sockscope({"lesson", "run", kLessons + "/" + GetParam(), "--auto"});
    EXPECT_EQ(proved.exit, 0) << proved.err << last_of(proved.out, 2000);
  }
}

std::vector<std::string> lesson_folders() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons"))
    if (std::filesystem::exists(entry.path() / "en.md")) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string name_of_lesson(const testing::TestParamInfo<std::string>& lesson) {
  std::string name = lesson.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Lessons, EveryLesson, testing::ValuesIn(lesson_folders()), name_of_lesson);

// What a person would type, and what is said to it.
Finished typed(const std::vector<std::string>& arguments, const std::string& text) {
  std::vector<std::string> command = arguments;
  command.insert(command.begin(), kProgram);
  Process process(command, {"LC_ALL=C.UTF-8"});
  process.type(text);
  process.hang_up();
  return process.finish();
}

TEST_F(LessonRunTest, ByHandALessonAsksShowsAndTicks) {
  std::filesystem::create_directory(path("11-one-seat"));
  write("11-one-seat/en.md", whole_example());
  const Finished run =
      typed({"lesson", "run", path("11-one-seat"), "--lang", "en"},
            "show\nnext\n2\nbob>>> b = socket()\nb.connect(s.getsockname())\nnext\n7\n1\nnext\n"
            "hint\nhint\nhint\nshow\nserver>>> s.listen(0)\nshow\nconn, addr = s.accept()\nnext\n\n");
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_EQ(run.err, "");
  std::size_t at = 0;
  for (const char* says :
       {"## The first client", "✓ ann sits in the **accept queue**", "Bob connects too.", "  ?  I don't know",
        "b.____(s.getsockname())",
        "✗ No: raise ConnectionRefusedError. A refusal is an answer. Nothing came back.",
        "It is: block, and send its SYN again", "There is no such choice.", "✓ Yes: the kernel drops the SYN",
        "## Now you", "Somebody has to leave the queue.", "There is no other hint.", "Try first;",
        "The last line is yours: server>>> conn, addr = s.accept()", "✓ ann left the queue",
        "✓ bob is connected", "That was the lesson."}) {
    const auto found = run.out.find(says, at);
    EXPECT_NE(found, std::string::npos) << says << "\n" << run.out;
    if (found != std::string::npos) at = found;
  }
  EXPECT_THAT(run.out, HasSubstr("✓ bob blocked in connect"));
}

TEST_F(LessonRunTest, ByHandTheInputMayEndAnywhereAndAStepMayBeginAgain) {
  std::filesystem::create_directory(path("11-one-seat"));
  write("11-one-seat/en.md", whole_example());
  for (const char* text : {"", "show", "show\nnext\n", "show\nnext\n?\nshow\n", "quit\n"}) {
    const Finished run = typed({"lesson", "run", path("11-one-seat")}, text);
    EXPECT_EQ(run.exit, 0) << text << run.err;
    EXPECT_THAT(run.out, Not(HasSubstr("That was the lesson.")));
  }
  const Finished again = typed({"lesson", "run", path("11-one-seat"), "--lang", "zh"},
                               "show\nnext\n?\nshow\n?\nagain\n1\nshow\n2\nquit\n");
  EXPECT_EQ(again.exit, 0) << again.err;
  EXPECT_EQ(count(again.out, "## The second client"), 2u);
  EXPECT_EQ(count(again.out, "server>>> s.listen(0)\n"), 2u) << again.out;  // and what came before it
  EXPECT_THAT(again.out, HasSubstr("不对：return at once: the queue grows. listen(0) fixed its length"));
}

TEST_F(LessonRunTest, ByHandWhatIsDoneIsKeptAndTheListShowsIt) {
  std::filesystem::create_directories(path("lessons/11-one-seat"));
  write("lessons/11-one-seat/en.md", whole_example());
  const std::string kept = path("sockscope/progress");
  ASSERT_EQ(sockscope({"lesson", "run", path("lessons/11-one-seat"), "--auto"}).exit, 0);
  EXPECT_FALSE(std::filesystem::exists(kept));
  const auto list = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {kProgram, "lesson", "list"});
    const Finished listed = run(more, {"SOCKSCOPE_LESSONS=" + path("lessons"), "LC_ALL=C.UTF-8"});
    EXPECT_EQ(listed.exit, 0);
    return listed.out + listed.err;
  };
  const std::string row = "11-one-seat              One seat";
  EXPECT_EQ(list({}), row + "\n");
  typed({"lesson", "run", path("lessons/11-one-seat"), "--lang", "en"}, "show\nnext\n2\nshow\n2\nquit\n");
  EXPECT_EQ(read(kept),
            "sockscope progress 1\nlesson 11-one-seat\ndone 0 1\n"
            "guess second-client wrong 3 m3b\nguess second-client.because wrong 0 m4\n");
  EXPECT_EQ(list({"--lang", "en"}), row + "  ◐ begun\n");
  EXPECT_EQ(list({"--lang", "zh"}), row + "  ◐ 学了一部分\n");
  EXPECT_EQ(list({"--ids"}), "11-one-seat\n");
  typed({"lesson", "run", path("lessons/11-one-seat"), "--lang", "en"},
        "show\nnext\n3\nshow\n1\nnext\nserver>>> conn, addr = s.accept()\nnext\n\n");
  EXPECT_EQ(read(kept),
            "sockscope progress 1\nlesson 11-one-seat\ndone 0 1 2 3\n"
            "guess second-client right 3\nguess second-client.because right 0\nfinished\n");
  EXPECT_EQ(list({"--lang", "en"}), row + "  ✓ done\n");
  std::ofstream(kept, std::ios::app) << "not ours\n";
  EXPECT_THAT(list({"--lang", "en"}), HasSubstr("sockscope lesson list: " + kept + ": line 7 means nothing"));
}

TEST_F(LessonRunTest, ByHandALessonOpensWithWhatWasMissed) {
  std::filesystem::create_directories(path("lessons/11-one-seat"));
  write("lessons/11-one-seat/en.md", whole_example());
  const std::string next = lesson("12-next", "Opening.\n\n## One\n```play\na>>> x = 1\n```\n");
  const std::string kept = path("sockscope/progress");
  const std::string missed = "lesson 11-one-seat\nguess second-client wrong 3 m3b\n";
  std::filesystem::create_directories(path("sockscope"));
  const auto opens = [&](const std::string& answers) {
    std::ofstream(kept) << "sockscope progress 1\n" << missed;
    Process process({kProgram, "lesson", "run", next, "--lang", "en"},
                    {"LC_ALL=C.UTF-8", "SOCKSCOPE_LESSONS=" + path("lessons")});
    process.type(answers);
    process.hang_up();
    return process.finish().out;
  };
  const std::string wrong = opens("1\nquit\n");
  EXPECT_THAT(wrong,
              HasSubstr("### 11-one-seat · The second client\n\nbob>>> b = socket(AF_INET, SOCK_STREAM)\n"));
  EXPECT_THAT(wrong, HasSubstr("✗ No: return at once: the queue grows. listen(0) fixed its length"));
  EXPECT_LT(wrong.find("It is: block"), wrong.find("Opening."));
  EXPECT_THAT(read(kept), HasSubstr("guess second-client wrong 3 m3a\n"));
  EXPECT_THAT(opens("3\nquit\n"), HasSubstr("Opening."));
  EXPECT_THAT(read(kept), HasSubstr("guess second-client right 3\n"));
  EXPECT_THAT(opens("next\nquit\n"), HasSubstr("Opening."));
  EXPECT_THAT(read(kept), HasSubstr(missed));
  EXPECT_THAT(opens("quit\n"), Not(HasSubstr("Opening.")));
  const Finished by_itself =
      run({kProgram, "lesson", "run", next, "--auto"}, {"SOCKSCOPE_LESSONS=" + path("lessons")});
  EXPECT_THAT(by_itself.out, Not(HasSubstr("11-one-seat")));
}

TEST_F(LessonRunTest, ByHandTheFirstHintIsOfWhatTheLearnerDid) {
  std::filesystem::create_directory(path("11-one-seat"));
  write("11-one-seat/en.md", whole_example());
  const std::string until = "show\nnext\n3\nshow\n1\nnext\n";
  const Finished run = typed({"lesson", "run", path("11-one-seat"), "--lang", "en"},
                             until + "server>>> s.listen('2')\nhint\nhint\nquit\n");
  const auto so_far = run.out.find(
      "From what you did: server's line raised TypeError. A number is needed here, and this is text.");
  EXPECT_NE(so_far, std::string::npos) << run.out;
  EXPECT_LT(so_far, run.out.find("Somebody has to leave the queue."));
  const Finished unmet = typed({"lesson", "run", path("11-one-seat"), "--lang", "zh"},
                               until + "server>>> s.getsockname()\nhint\nquit\n");
  EXPECT_THAT(unmet.out, HasSubstr("从你做过的来看：还没有做到：ann left the queue"));
}

TEST_F(LessonRunTest, ByHandAnyOrderOfShuffledLinesRuns) {
  const std::string folder = lesson(
      "01-a",
      "## One\n```order\na>>> x, y = socketpair()\na>>> x.send(b'1')\n```\n```check\na returned 1\n```\n");
  const Finished run = typed({"lesson", "run", folder, "--lang", "en"}, "1 2 9\n2\n1\nnext\n\n");
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("NameError"));
  EXPECT_THAT(run.out, HasSubstr("There is no such choice."));
  EXPECT_THAT(run.out, HasSubstr("✓ a returned 1"));
  EXPECT_THAT(run.out, HasSubstr("That was the lesson."));
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
