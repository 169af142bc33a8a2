// sockscope export: the shipped plays as programs that run by themselves, and what it refuses.

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ExportProgramTest : public ProgramTest {
 protected:
  // A play's recording.
  std::string recorded(const std::string& play) {
    const std::string recording = path("r.jsonl");
    const Finished played = sockscope({"play", play, "--record", recording});
    EXPECT_EQ(played.exit, 0) << play << played.err;
    return recording;
  }
  static std::vector<std::string> plays() {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(SOCKSCOPE_SOURCE_DIR "/tests/plays"))
      if (entry.path().extension() == ".play") all.push_back(entry.path());
    std::sort(all.begin(), all.end());
    return all;
  }
};

TEST_F(ExportProgramTest, EveryPlayIsAPythonProgramOfTheExpectedCalls) {
  for (const std::string& play : plays()) {
    const std::string file = path("r.py");
    const Finished exported = sockscope({"export", recorded(play), "--to", "python", "-o", file});
    EXPECT_EQ(exported.exit, 0) << play << exported.err;
    const Finished judged =
        run({python(), "-B", SOCKSCOPE_SOURCE_DIR "/tests/core/export/only_calls.py", file});
    EXPECT_EQ(judged.exit, 0) << play << "\n" << judged.out;
    const Finished ran = run({python(), file});
    EXPECT_EQ(ran.exit, 0) << play << "\n" << ran.out << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("1 done\n")) << play;
  }
}

TEST_F(ExportProgramTest, EveryPlayIsACProgram) {
  for (const std::string& play : plays()) {
    const std::string file = path("r.c");
    const Finished exported = sockscope({"export", recorded(play), "--to", "c", "-o", file});
    EXPECT_EQ(exported.exit, 0) << play << exported.err;
    const Finished compiled =
        run({"gcc", "-std=c17", "-Wall", "-Wextra", "-Werror", file, "-lpthread", "-o", path("a.out")});
    EXPECT_EQ(compiled.exit, 0) << play << "\n" << compiled.err;
    EXPECT_EQ(compiled.err, "");
    const Finished ran = run({path("a.out")});
    EXPECT_EQ(ran.exit, 0) << play << "\n" << ran.out << ran.err;
  }
}

TEST_F(ExportProgramTest, WhatItPrintsIsTheLinesNumberAndResult) {
  const std::string play = write("p.play",
                                 "server>>> s = create_server(('127.0.0.1', 0))\n"
                                 "client>>> c = create_connection(s.getsockname())\n"
                                 "server>>> conn, addr = s.accept()\n"
                                 "client>>> c.sendall(b'it\\'s\\n')\nserver>>> conn.recv(100)\n"
                                 "server>>> conn.recv(-1)\nclient>>> c.connect(('127.0.0.1', 1))\n"
                                 "server>>> conn.recv(100)\n");
  const std::string recording = recorded(play);
  const Finished exported = sockscope({"export", recording, "--to", "python", "-o", path("p.py")});
  EXPECT_EQ(exported.exit, 0) << exported.err;
  EXPECT_EQ(run({python(), path("p.py")}).out,
            "1 done\n2 done\n3 done\n4 done\n5 b\"it's\\n\"\n6 raised ValueError\n7 raised OSError 106\n8 "
            "blocked\n");
}

TEST_F(ExportProgramTest, StandardOutputIsWhereItGoesWithoutAName) {
  const std::string recording = recorded(plays().front());
  const Finished exported = sockscope({"export", recording, "--to", "c"});
  EXPECT_EQ(exported.exit, 0) << exported.err;
  EXPECT_THAT(exported.out, StartsWith("// A run of Sockscope as a program"));
}

TEST_F(ExportProgramTest, BadInputIsOneClearLine) {
  const std::string recording = recorded(plays().front());
  for (const auto& [arguments, exit] : std::vector<std::pair<std::vector<std::string>, int>>{
           {{"export", recording}, 2},
           {{"export", recording, "--to", "java"}, 2},
           {{"export", recording, "--to", "perfetto"}, 3},
           {{"export", recording, "--to", "svg"}, 1},
           {{"export", path("nothing"), "--to", "c"}, 2},
           {{"export", plays().front(), "--to", "c"}, 2},
           {{"export", recording, "--to", "c", "-o", path("no/such/folder/x.c")}, 1}}) {
    const Finished told = sockscope(arguments);
    EXPECT_EQ(told.exit, exit) << told.err;
    EXPECT_EQ(lines_of(told.err), 1U) << told.err;
    EXPECT_EQ(told.out, "");
  }
}

}  // namespace
}  // namespace sockscope
