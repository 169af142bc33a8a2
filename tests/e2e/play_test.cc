// sockscope play and narrate: the shipped plays, real servers, failures, signals.

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::vector<std::string> kPlays{"02-five-steps/hello.play", "08-one-at-a-time/silent-first.play",
                                      "09-one-word/two-clients.play"};

class PlayTest : public ProgramTest {
 protected:
  static std::string with(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return text;
  }
};

TEST_F(PlayTest, EveryShippedPlayHoldsAndNarratesAsItsRecording) {
  for (const std::string& name : kPlays) {
    const std::string recording = path("r.jsonl");
    const Finished live = sockscope({"play", kLessons + "/" + name, "--narrate", "--record", recording});
    EXPECT_EQ(live.exit, 0) << name << "\n" << live.err;
    EXPECT_EQ(live.err, "");
    EXPECT_GT(lines_of(live.out), 20u);
    const Finished told = sockscope({"narrate", recording});
    EXPECT_EQ(told.exit, 0) << told.err;
    EXPECT_EQ(told.out, live.out) << name;
  }
}

TEST_F(PlayTest, JsonIsOneObjectThatOthersCanRead) {
  for (const std::string& name : kPlays) {
    const Finished played = sockscope({"play", kLessons + "/" + name, "--json"});
    EXPECT_EQ(played.exit, 0) << played.err;
    const std::string file = write("out.json", played.out);
    constexpr const char* kCheck = R"(
import json, sys
r = json.load(open(sys.argv[1]))
assert list(r) == ["ok", "expectations", "state", "notices"], list(r)
assert r["ok"] is True and r["expectations"]
for e in r["expectations"]: assert set(e) == {"line", "text", "ok", "saw"} and e["ok"], e
for s in r["state"]["sockets"]:
    assert list(s) == "id names family type protocol state local peer peer_id accept_queue backlog syn_queue recv_queue send_queue open host fd".split(), s
    assert s["family"] == "AF_INET" and s["type"] == "SOCK_STREAM"
for t in r["state"]["threads"]:
    assert list(t) == "name host server role blocked_in alive".split(), t
)";
    const Finished checked = run({python(), "-c", kCheck, file});
    EXPECT_EQ(checked.exit, 0) << name << checked.err << played.out;
  }
}

TEST_F(PlayTest, TheStateInJsonIsThatAtTheEndOfThePlay) {
  const std::string play =
      write("open.play",
            "server>>> s = socket(AF_INET, SOCK_STREAM)\nserver>>> s.bind(('127.0.0.1', 0))\n"
            "server>>> s.listen(3)\nclient>>> c = socket(AF_INET, SOCK_STREAM)\n"
            "client>>> c.connect(s.getsockname())\n%expect s.accept_queue == 1\n");
  const Finished played = sockscope({"play", play, "--json"});
  EXPECT_EQ(played.exit, 0) << played.err;
  const std::string file = write("out.json", played.out);
  const Finished asked =
      run({"jq", "-c",
           "[.state.sockets[]|select(.names!=[])|[.names[0],.state,.accept_queue,.backlog,.open]]", file});
  EXPECT_EQ(asked.out, "[[\"s\",\"LISTEN\",1,3,true],[\"c\",\"ESTABLISHED\",null,null,true]]\n") << asked.err;
}

TEST_F(PlayTest, TheExpectationsFailWhenTheModelIsTheOther) {
  const std::string two = read(kLessons + "/09-one-word/two-clients.play");
  const std::string silent = read(kLessons + "/08-one-at-a-time/silent-first.play");
  const std::vector<std::string> wrong{with(two, "model=iterative", "model=thread"),
                                       with(two, "model=thread", "model=iterative"),
                                       with(silent, "model=iterative", "model=thread")};
  for (const std::string& text : wrong) {
    const std::string file = write("wrong.play", "%deadline 2s\n" + text);
    const Finished played = sockscope({"play", file});
    EXPECT_EQ(played.exit, 1) << text << played.out;
    EXPECT_THAT(played.err, StartsWith(file + ":"));
  }
}

TEST_F(PlayTest, AFailedExpectationIsNamedAndThePlayGoesOn) {
  const std::string file =
      write("fails.play",
            ">>> s = socket(AF_INET, SOCK_STREAM)\n%expect s.state == LISTEN within 100ms\n"
            ">>> s.bind(('127.0.0.1', 0))\n>>> s.listen(1)\n%expect s.state == LISTEN\n");
  const Finished played = sockscope({"play", file});
  EXPECT_EQ(played.exit, 1);
  EXPECT_THAT(played.err, StartsWith(file + ":2: expected "));
  EXPECT_THAT(played.err, HasSubstr("; saw "));
  EXPECT_THAT(played.err, Not(HasSubstr(file + ":5:")));
  EXPECT_THAT(played.out, HasSubstr("main>>> s.listen(1)"));
  EXPECT_THAT(played.out, HasSubstr("FAILED"));
}

TEST_F(PlayTest, TheTranscriptReadsLikeAPrompt) {
  const Finished played = sockscope({"play", kLessons + "/" + kPlays[0]});
  EXPECT_EQ(played.exit, 0) << played.err;
  EXPECT_THAT(played.out, HasSubstr("server>>> s.listen(5)\n"));
  EXPECT_THAT(played.out, HasSubstr("client>>> c.recv(1024)\nb'HELLO'\n"));
  EXPECT_THAT(played.out, HasSubstr("\nok\n"));
}

TEST_F(PlayTest, AWrongCallIsAResultNotAFailure) {
  const std::string file = write("wrong.play",
                                 ">>> s = socket(AF_INET, SOCK_STREAM)\n>>> s.connect(('127.0.0.1', 1))\n"
                                 "%expect main raised ConnectionRefusedError\n");
  const Finished played = sockscope({"play", file});
  EXPECT_EQ(played.exit, 0) << played.err;
  EXPECT_THAT(played.out, HasSubstr("ConnectionRefusedError: [Errno 111] Connection refused"));
}

TEST_F(PlayTest, ALineBehindABlockedThreadEndsThePlayAtTheDeadline) {
  const std::string file = write("stuck.play",
                                 "%deadline 200ms\nserver>>> s = socket(AF_INET, SOCK_STREAM)\n"
                                 "server>>> s.bind(('127.0.0.1', 0))\nserver>>> s.listen(1)\n"
                                 "server>>> s.accept()\nserver>>> s.close()\n");
  const Finished played = sockscope({"play", file});
  EXPECT_EQ(played.exit, 1);
  EXPECT_THAT(played.err, HasSubstr("line 6 waits for thread server, in accept since line 5"));
  EXPECT_EQ(lines_of(played.err), 1u) << played.err;
}

TEST_F(PlayTest, ItsClientsTalkToPythonsThreadingTcpServer) {
  constexpr const char* kServer = R"(
import socketserver, sys
class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.data = self.request.recv(1024).strip()
        self.request.sendall(self.data.upper())
with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
)";
  Process server({python(), "-c", kServer});
  ASSERT_TRUE(server.until_out("\n")) << server.err();
  const std::string address = "('127.0.0.1', " + server.out().substr(0, server.out().find('\n')) + ")";
  const std::string file = write(
      "talk.play", "ann>>> a = socket(AF_INET, SOCK_STREAM)\nann>>> a.connect(" + address +
                       ")\n"
                       "bob>>> b = socket(AF_INET, SOCK_STREAM)\nbob>>> b.connect(" +
                       address +
                       ")\n"
                       "bob>>> b.sendall(b'hello\\n')\nbob>>> b.recv(1024)\n%expect bob returned b'HELLO'\n"
                       "bob>>> b.recv(1024)\n%expect bob returned b''\n%expect a.state == ESTABLISHED\n");
  const Finished played = sockscope({"play", file});
  EXPECT_EQ(played.exit, 0) << played.err << played.out;
}

TEST_F(PlayTest, SigintEndsItAfterSaving) {
  for (const auto& [signal, exit] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    const std::string recording = path("r.jsonl");
    const std::string file = write("long.play",
                                   "%deadline 600s\n>>> s = socket(AF_INET, SOCK_STREAM)\n"
                                   ">>> s.bind(('127.0.0.1', 0))\n>>> s.listen(1)\n"
                                   "other>>> s.accept()\n%wait 500s\n");
    Process played(command({"play", file, "--record", recording, "--narrate"}), environment());
    ASSERT_TRUE(played.until_out("accept")) << played.err();
    played.signal(signal);
    const Finished end = played.finish();
    EXPECT_EQ(end.exit, exit) << end.err;
    const Finished told = sockscope({"narrate", recording});
    EXPECT_EQ(told.exit, 0) << told.err;
    EXPECT_EQ(told.out, end.out);
  }
}

TEST_F(PlayTest, ALessonIsPlayedByFolderIdOrName) {
  for (const std::string& lesson :
       {kLessons + "/02-five-steps", std::string("02-five-steps"), std::string("five-steps")}) {
    const Finished played = sockscope({"play", lesson});
    EXPECT_EQ(played.exit, 0) << lesson << played.err;
    EXPECT_THAT(played.out, HasSubstr("client>>> c.recv(1024)"));
  }
}

TEST_F(PlayTest, AReaderThatGoesAwayIsNoCrash) {
  Process played(command({"play", kLessons + "/" + kPlays[2], "--narrate"}), environment());
  played.close_out();
  const Finished end = played.finish();
  EXPECT_EQ(end.exit, 1);
  EXPECT_THAT(end.err, HasSubstr("cannot write to standard output"));
}

TEST_F(PlayTest, ItDoesNotRecordOverItself) {
  const std::string text = read(kLessons + "/" + kPlays[0]);
  const std::string file = write("mine.play", text);
  const Finished played = sockscope({"play", file, "--record", file});
  EXPECT_EQ(played.exit, 2);
  EXPECT_EQ(read(file), text);
}

// Each expectation holds at once: what the line before it set going in other processes has settled.
TEST_F(PlayTest, ProcessesOfAForkServerAreSettledLikeThreads) {
  const std::string play = write("fork.play", R"(%serve S model=fork
%expect thread where name == 'S.accept' and blocked_in == 'accept' for 1ms
ann>>> a = socket(AF_INET, SOCK_STREAM)
ann>>> a.connect(S.server_address)
%expect thread where name == 'S.client1' and blocked_in == 'recv' for 1ms
bob>>> b = socket(AF_INET, SOCK_STREAM)
bob>>> b.connect(S.server_address)
bob>>> b.sendall(b'bob\n')
%expect count(thread where server == 'S' and role == 'client' and alive) == 1 for 1ms
bob>>> b.recv(1024)
%expect bob returned b'BOB' for 1ms
%interrupt S.client1
%expect count(thread where server == 'S' and role == 'client' and alive) == 0
ann>>> a.recv(1024)
%expect ann returned b''
%stop S
%expect count(thread where server == 'S' and alive) == 0
)");
  const std::string recording = path("r.jsonl");
  const Finished live = sockscope({"play", play, "--narrate", "--record", recording});
  EXPECT_EQ(live.exit, 0) << live.err << live.out;
  EXPECT_EQ(live.err, "");
  EXPECT_THAT(live.out, HasSubstr("recv is interrupted on S.client1"));
  EXPECT_EQ(sockscope({"narrate", recording}).out, live.out);
  const Finished exported = sockscope({"export", recording, "--to", "python", "-o", path("p.py")});
  EXPECT_EQ(exported.exit, 0);
  EXPECT_THAT(exported.err, HasSubstr("the model fork of S: a thread for each client stands for it"));
}

}  // namespace
}  // namespace sockscope
