// The lessons on the command line, and the tutorial's own files run by Python.

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

TEST_F(ProgramTest, LessonListNamesThemInBothLanguages) {
  const std::string ids = sockscope({"lesson", "list", "--ids"}).out;
  EXPECT_THAT(ids, testing::StartsWith("00-tour\n01-two-computers\n02-five-steps\n"));
  EXPECT_EQ(lines_of(ids), 25u);
  EXPECT_THAT(sockscope({"lesson", "list"}).out, HasSubstr("One client at a time"));
  EXPECT_THAT(sockscope({"lesson", "list", "--lang", "zh"}).out, HasSubstr("只改一个词"));
}

TEST_F(ProgramTest, LessonShowPrintsTheText) {
  const Finished shown = sockscope({"lesson", "show", "one-word"});
  EXPECT_EQ(shown.exit, 0) << shown.err;
  EXPECT_THAT(shown.out, testing::StartsWith("# One word changes\n\n"));
  EXPECT_THAT(shown.out, testing::Not(HasSubstr("title:")));
  EXPECT_THAT(sockscope({"lesson", "show", "09-one-word", "--lang", "zh"}).out,
              HasSubstr("每个客户端一个线程"));
}

TEST_F(ProgramTest, TheTutorialsServerRunsAndSpeaksWithItsClientAndWithAPlay) {
  Process server({python(), kLessons + "/tutorial/server.py", "0"});
  ASSERT_TRUE(server.until_out("\n")) << server.err();
  const std::string& said = server.out();
  const auto colon = said.rfind(':', said.find('\n'));
  const std::string port = said.substr(colon + 1, said.find('\n') - colon - 1);
  const Finished client = run({python(), kLessons + "/tutorial/client.py", port, "day", "eight"});
  EXPECT_EQ(client.out, "Sent:     day eight\nReceived: DAY EIGHT\n") << client.err;
  const std::string file =
      write("c.play", ">>> c = socket(AF_INET, SOCK_STREAM)\n>>> c.connect(('127.0.0.1', " + port +
                          "))\n>>> c.sendall(b'hello\\n')\n>>> c.recv(1024)\n"
                          "%expect main returned b'HELLO'\n");
  const Finished played = sockscope({"play", file});
  EXPECT_EQ(played.exit, 0) << played.err;
  EXPECT_TRUE(server.until_out("127.0.0.1 wrote:\nb'hello'\n")) << server.out();
  server.signal(SIGINT);
  EXPECT_EQ(server.finish().exit, 0);
}

}  // namespace
}  // namespace sockscope
