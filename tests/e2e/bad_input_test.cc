// Bad input: one clear line that names the file, the documented exit code, no crash and no hang.

#include <signal.h>
#include <sys/stat.h>

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class BadInputTest : public ProgramTest {
 protected:
  // stdout is empty; the first line of stderr begins with `begins`. A play's parse error adds the line and a
  // caret.
  static void expect_bad(const std::vector<std::string>& arguments, int exit, const std::string& begins,
                         std::size_t lines = 1) {
    const Finished end = sockscope(arguments);
    const std::string what = arguments[0] + " " + arguments.back() + "\n" + end.err;
    EXPECT_EQ(end.exit, exit) << what;
    EXPECT_EQ(end.out, "") << what;
    EXPECT_THAT(end.err, StartsWith(begins)) << what;
    EXPECT_EQ(lines_of(end.err), lines) << what;
    EXPECT_LT(end.err.size(), 2000u);
  }
};

TEST_F(BadInputTest, FilesThatAreNoPlay) {
  const std::string empty = write("empty.play", "");
  const std::string binary = write("binary.play", std::string("\x7f"
                                                              "ELF\0\1\2\3",
                                                              8));
  const std::string recording = std::string(SOCKSCOPE_SOURCE_DIR) + "/tests/golden/two-clients.jsonl";
  expect_bad({"play", path("missing.play")}, 2, path("missing.play") + ": ");
  std::filesystem::create_directory(path("folder"));
  expect_bad({"play", path("folder")}, 2, path("folder") + ": ");
  expect_bad({"play", "/dev/zero"}, 2, "/dev/zero: ");
  expect_bad({"play", empty}, 2, empty);
  expect_bad({"play", binary}, 2, binary + ":1:", 3);
  expect_bad({"play", recording}, 2, recording + ": this is a recording");
}

TEST_F(BadInputTest, FilesThatAreNoRecording) {
  const std::string golden = read(std::string(SOCKSCOPE_SOURCE_DIR) + "/tests/golden/two-clients.jsonl");
  const std::string header = golden.substr(0, golden.find('\n') + 1);
  const auto version = header.find(":1");
  ASSERT_NE(version, std::string::npos);
  const std::string empty = write("empty.jsonl", "");
  const std::string binary = write("binary.jsonl", std::string("\x7f"
                                                               "ELF\0\1\2\3",
                                                               8));
  const std::string later = write("later.jsonl", std::string(header).replace(version, 2, ":99"));
  const std::string cut = write("cut.jsonl", header.substr(0, header.size() / 2));
  const std::string broken = write("broken.jsonl", header + "{\"at\":\n" + golden.substr(header.size()));
  expect_bad({"narrate", path("missing.jsonl")}, 2, path("missing.jsonl") + ": ");
  expect_bad({"narrate", empty}, 2, empty);
  expect_bad({"narrate", binary}, 2, binary);
  expect_bad({"narrate", later}, 2, later);
  expect_bad({"narrate", cut}, 2, cut);
  expect_bad({"narrate", broken}, 2, broken + ":2: ");
  expect_bad({"narrate", kLessons + "/02-five-steps/hello.play"}, 2, kLessons + "/02-five-steps/hello.play");
}

TEST_F(BadInputTest, FifosNobodyReadsAreRefusedAndNotWaitedFor) {
  const std::string play = write("x.play", ">>> 1\n");
  const std::string fifo = path("fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  expect_bad({"play", fifo}, 2, fifo + ": ");
  expect_bad({"play", play, "--record", fifo}, 2, fifo + ": cannot be written: ENXIO");
  expect_bad({"shot", fifo, play}, 2, fifo + ": ");
}

TEST_F(BadInputTest, AComplaintToAClosedStderrDoesNotGoIntoTheRecording) {
  Served busy(command({"serve", "--port", "0"}), environment());
  const std::string record = path("r.jsonl");
  const std::string script = "exec \"$0\" serve --port \"$1\" --record \"$2\" <&- >&- 2>&-";
  EXPECT_EQ(run({"/bin/sh", "-c", script, kProgram, busy.port(), record}, environment()).exit, 1);
  EXPECT_EQ(sockscope({"narrate", record}).err, "");
  EXPECT_THAT(read(record), Not(HasSubstr("cannot bind")));
  busy.process().signal(SIGTERM);
  EXPECT_EQ(busy.process().finish().exit, 143);
}

TEST_F(BadInputTest, ALineOf200MegabytesIsRefusedWithoutReadingIt) {
  const std::string file = path("long");
  {
    std::ofstream out(file, std::ios::binary);
    const std::string piece(std::size_t{1} << 20, 'a');
    for (int i = 0; i < 200; ++i) out << piece;
  }
  expect_bad({"play", file}, 2, file);
  expect_bad({"narrate", file}, 2, file);
  {
    std::ofstream out(file, std::ios::binary | std::ios::in);
    out << R"({"sockscope":"recording","version":1,)";
  }
  expect_bad({"narrate", file}, 2, file);
}

TEST_F(BadInputTest, ATornLastLineIsDroppedAndTheRestIsTold) {
  const std::string golden = read(std::string(SOCKSCOPE_SOURCE_DIR) + "/tests/golden/two-clients.jsonl");
  const std::string torn = write("torn.jsonl", golden.substr(0, golden.size() - 20));
  const Finished told = sockscope({"narrate", torn});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_GT(lines_of(told.out), 5u);
}

TEST_F(BadInputTest, LinesThatAreNotThePlaysLanguage) {
  struct Case {
    const char* line;
    int exit;
  };
  const std::vector<Case> cases{{">>> s = sockett()", 2},
                                {">>> s = socket(AF_NOWHERE, SOCK_STREAM)", 2},
                                {"%exepct True", 2},
                                {">>> while True: pass", 2},
                                {"s = 1", 2},
                                {">>> s = socket(AF_INET, SOCK_STREAM", 2},
                                {"server@A>>> s = 1", 2},
                                {"%wire A B delay=300ms", 2},
                                {"%watch me -- ls", 3}};
  for (const Case& bad : cases) {
    const std::string file = write("bad.play", std::string("# first\n") + bad.line + "\n");
    const Finished end = sockscope({"play", file});
    EXPECT_EQ(end.exit, bad.exit) << bad.line << "\n" << end.err;
    EXPECT_THAT(end.err, StartsWith(file + ":2")) << bad.line;
  }
}

TEST_F(BadInputTest, ServersThatAreNotThere) {
  expect_bad({"serve", "--handler", "echoes"}, 2, "sockscope serve: no handler is called 'echoes'");
  expect_bad({"serve", "--workers", "0"}, 2, "sockscope");
  expect_bad({"serve", "--model", "quick"}, 2, "sockscope serve: no server model is called 'quick'");
  expect_bad({"serve", "--port", "65536"}, 2, "sockscope");
  expect_bad({"serve", "--port", "http"}, 2, "sockscope");
  expect_bad({"serve", "--host", "example.org"}, 2, "sockscope serve: --host example.org: ");
  expect_bad({"serve", "--work", "-1s"}, 2, "sockscope");
  expect_bad({"serve", "--work", "soon"}, 2, "sockscope serve: --work soon: ");
  expect_bad({"serve", "--record", path("no/such/r.jsonl")}, 2, path("no/such/r.jsonl"));
}

TEST_F(BadInputTest, UsageErrorsAreTwoAndHelpIsZero) {
  expect_bad({"play"}, 2, "sockscope: ");
  expect_bad({"narrate"}, 2, "sockscope: ");
  expect_bad({"play", "a", "b"}, 2, "sockscope: ");
  expect_bad({"play", "x.play", "--loud"}, 2, "sockscope: ");
  expect_bad({"play", "x.play", "--json", "--narrate"}, 2, "sockscope: ");
  expect_bad({"lesson"}, 2, "sockscope: ");
  expect_bad({"lesson", "show", "no-such"}, 2, "sockscope lesson show: there is no lesson no-such");
  expect_bad({"lesson", "list", "--lang", "fr"}, 2, "sockscope lesson list: --lang fr: ");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, {"play", "--help"}, {"serve", "--help"}, {"shot", "--help"}}) {
    const Finished help = sockscope(arguments);
    EXPECT_EQ(help.exit, 0);
    EXPECT_EQ(help.err, "");
    EXPECT_THAT(help.out, HasSubstr("Usage"));
  }
}

TEST_F(BadInputTest, SubcommandsOfLaterVersionsSaySo) {
  for (const std::string name : {"watch"}) {
    expect_bad({name, "--any", "argument", "-x"}, 3, "sockscope " + name + ": not in this version yet\n");
  }
  expect_bad({"watch", "--", "ls", "-l"}, 3, "sockscope watch: not in this version yet\n");
}

TEST_F(BadInputTest, RacesThatCannotBe) {
  expect_bad({"race"}, 2, "sockscope: --models");
  expect_bad({"race", "--models", "iterative,quick"}, 2, "sockscope race: no server model is called 'quick'");
  expect_bad({"race", "--models", "thread,thread"}, 2, "sockscope race: --models: thread is there twice");
  expect_bad({"race", "--models", "thread", "--clients", "0"}, 2, "sockscope");
  expect_bad({"race", "--models", "iterative,thread,pool,prethread,select,poll,epoll,epoll-edge", "--clients",
              "256"},
             2, "sockscope race: --clients 256: with 8 models at most 223");
  expect_bad({"race", "--models", "thread", "--handler", "discard"}, 2,
             "sockscope race: --handler discard: ");
  expect_bad({"race", "--models", "thread", "--work", "soon"}, 2, "sockscope race: --work soon: ");
  expect_bad({"race", "--models", "thread", "--record", "/no/such/folder/r.jsonl"}, 2, "/no/such/folder");
}

TEST_F(BadInputTest, LoadsThatCannotBe) {
  expect_bad({"load"}, 2, "sockscope: --to");
  expect_bad({"load", "--to", "nowhere"}, 2, "sockscope load: --to nowhere: ");
  expect_bad({"load", "--to", "192.0.2.1:80"}, 3, "sockscope load: --to 192.0.2.1:80: only loopback");
  expect_bad({"load", "--to", "127.0.0.1:80", "--clients", "10001"}, 2, "sockscope");
  expect_bad({"load", "--to", "127.0.0.1:80", "--text", ""}, 2, "sockscope load: --text '': ");
}

TEST_F(BadInputTest, PicturesThatCannotBe) {
  const std::string out = path("x.png");
  expect_bad({"shot", out, "--size", "0x0"}, 2, "sockscope shot: --size 0x0: ");
  expect_bad({"shot", out, "--size", "99999x99999"}, 2, "sockscope shot: --size 99999x99999: ");
  expect_bad({"shot", out, "--size", "big"}, 2, "sockscope shot: --size big: ");
  expect_bad({"shot", out, "--scale", "nan"}, 2, "sockscope");
  expect_bad({"shot", out, "--scale", "0"}, 2, "sockscope shot: --scale ");
  expect_bad({"shot", out, "--theme", "pink"}, 2, "sockscope shot: --theme pink: ");
  expect_bad({"shot", out, "--lang", "fr"}, 2, "sockscope shot: --lang fr: ");
  expect_bad({"shot", out, "--pane", "attic"}, 2, "sockscope shot: --pane attic: ");
  expect_bad({"shot", out, "--at", "-1"}, 2, "sockscope");
  expect_bad({"shot", out, "--at", "nan"}, 2, "sockscope shot: --at nan: ");
  expect_bad({"shot", out, path("missing.play")}, 2, path("missing.play") + ": ");
  expect_bad({"shot", path("no/such/x.png"), kLessons + "/02-five-steps"}, 2, path("no/such/x.png"));
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(BadInputTest, NothingThatATerminalWouldObeyIsPrinted) {
  const std::string play = write("a.play",
                                 ">>> print('\\x1b[31m\\a\\r\\x9b\\u202e\\t|')\n"
                                 ">>> 'a'.encode('\\x1b[31m')\n");
  const Finished end = sockscope({"play", play});
  EXPECT_EQ(end.exit, 0);
  EXPECT_THAT(end.out, HasSubstr("\n\\x1b[31m\\x07\\x0d\\u009b\\u202e\t|\n"));
  EXPECT_EQ(end.out.find_first_of("\x1b\a\r"), std::string::npos);
  expect_bad({"play", path("\x1b[31m")}, 2, path("\\x1b[31m") + ": ");
}

TEST_F(BadInputTest, NoCommandDestroysWhatItReads) {
  const std::string play = write("a.play", ">>> s = socket()\n");
  const std::string recording = path("r.jsonl");
  ASSERT_EQ(sockscope({"play", play, "--record", recording}).exit, 0);
  const std::string before = read(recording);
  std::filesystem::create_hard_link(recording, path("other"));
  std::filesystem::create_symlink("r.jsonl", path("link"));
  for (const char* name : {"r.jsonl", "./r.jsonl", "other", "link"})
    expect_bad({"export", recording, "--to", "c", "-o", path(name)}, 2,
               path(name) + ": this is the recording");
  expect_bad({"shot", play, play}, 2, play + ": this is FILE itself");
  EXPECT_EQ(read(play), ">>> s = socket()\n");
  EXPECT_EQ(read(recording), before);
  EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
}

TEST_F(BadInputTest, ExportReplacesNoDeviceNoFifoAndNoLink) {
  const std::string recording = std::string(SOCKSCOPE_SOURCE_DIR) + "/tests/golden/two-clients.jsonl";
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  expect_bad({"export", recording, "--to", "c", "-o", path("fifo")}, 1, path("fifo") + ": cannot be written");
  EXPECT_TRUE(std::filesystem::is_fifo(path("fifo")));
  write("program.c", "old");
  std::filesystem::create_symlink("program.c", path("to"));
  EXPECT_EQ(sockscope({"export", recording, "--to", "c", "-o", path("to")}).exit, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(path("to")));
  EXPECT_GT(read(path("program.c")).size(), 3U);
  expect_bad({"export", recording, "--to", "c", "-o", ""}, 2, "sockscope export: an empty OUT");
  expect_bad({"shot", ""}, 2, "sockscope shot: an empty OUT");
}

}  // namespace
}  // namespace sockscope
