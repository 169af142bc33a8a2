// sockscope race: several models at once, real clients.

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

class RaceTest : public ProgramTest {};

TEST_F(RaceTest, EveryModelAnswersAllAndOneServesOneAtATime) {
  const std::string recording = path("race.jsonl");
  const Finished race =
      sockscope({"race", "--models", "iterative,thread,fork,pool,prethread,select,poll,epoll,epoll-edge",
                 "--clients", "5", "--work", "50ms", "--json", "--record", recording});
  ASSERT_EQ(race.exit, 0) << race.err;
  EXPECT_EQ(race.err, "");
  constexpr const char* kCheck = R"(
import json, sys
race = json.load(open(sys.argv[1]))
assert race["clients"] == 5 and race["work_ns"] == 50_000_000
models = {m["model"]: m for m in race["models"]}
assert list(models) == "iterative thread fork pool prethread select poll epoll epoll-edge".split()
for m in models.values():
    assert (m["answered"], m["waiting"], m["refused"], m["errors"]) == (5, 0, 0, 0), m
    assert m["memory_most"] >= 4096 and m["context_switches"] > 0 and m["processor_ns"] > 0, m
    assert 50_000_000 <= m["answer_ns"]["p50"] <= m["answer_ns"]["p99"] <= m["answer_ns"]["max"] <= m["took_ns"], m
one = models["iterative"]
assert one["busy_most"] == 1 and one["threads"] == 1 and one["took_ns"] >= 5 * 50_000_000, one
assert models["fork"]["threads"] == 7 and models["fork"]["busy_most"] == 5, models["fork"]
assert models["thread"]["threads"] == 6 and models["select"]["threads"] == 1
assert models["pool"]["threads"] == 5 and models["prethread"]["threads"] == 4
)";
  const std::string figures = write("race.json", race.out);
  const Finished checked = run({python(), "-c", kCheck, figures});
  EXPECT_EQ(checked.exit, 0) << checked.err << race.out;
  const Finished told = sockscope({"narrate", recording});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("Load to_poll ends: 5 answered"));
}

TEST_F(RaceTest, AsATableItHasALineForEachModel) {
  const Finished race = sockscope({"race", "--models", "thread,select", "--clients", "2"});
  ASSERT_EQ(race.exit, 0) << race.err;
  EXPECT_THAT(race.out, testing::StartsWith("model "));
  EXPECT_THAT(race.out, HasSubstr("\nthread "));
  EXPECT_THAT(race.out, HasSubstr("\nselect "));
}

TEST_F(RaceTest, WhoGetsNoAnswerInTimeIsCounted) {
  const Finished race = sockscope(
      {"race", "--models", "thread", "--clients", "2", "--work", "30s", "--deadline", "300ms", "--json"});
  EXPECT_EQ(race.exit, 1);
  EXPECT_THAT(race.out, HasSubstr("\"answered\":0"));
  EXPECT_THAT(race.err, HasSubstr("not every client had an answer within 0.300 s"));
}

// A server of Python's own, and clients of ours: threads, then a process.
TEST_F(RaceTest, ALoadOnAnotherProgramsServerHasItsFigures) {
  constexpr const char* kServer = R"(
import socket, socketserver, sys
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1024): self.request.sendall(data)
class Server(socketserver.ThreadingTCPServer):
    request_queue_size = 100
    daemon_threads = True
deaf = socket.socket()
deaf.bind(("127.0.0.1", 0))
with Server(("127.0.0.1", 0), Echo) as s:
    print(s.server_address[1], deaf.getsockname()[1], flush=True)
    s.serve_forever()
)";
  Process server({python(), "-c", kServer});
  ASSERT_TRUE(server.until_out("\n"));
  const std::string ports = server.out().substr(0, server.out().find('\n'));
  const std::string to = "127.0.0.1:" + ports.substr(0, ports.find(' '));
  for (const std::string clients : {"20", "300"}) {
    const Finished load = sockscope({"load", "--to", to, "--clients", clients, "--messages", "3"});
    EXPECT_EQ(load.exit, 0) << load.err << load.out;
    EXPECT_THAT(load.out, HasSubstr("\"answered\":" + clients + ",\"waiting\":0,\"refused\":0,\"errors\":0"));
    const Finished checked =
        run({python(), "-c",
             "import json,sys\nl=json.loads(sys.argv[1])\n"
             "assert 0 < l['answer_ns']['p50'] <= l['answer_ns']['max'] <= l['took_ns'], l\n"
             "assert l['messages_per_s'] >= l['connections_per_s'] > 0, l",
             load.out});
    EXPECT_EQ(checked.exit, 0) << checked.err;
  }
  const std::string deaf = "127.0.0.1:" + ports.substr(ports.find(' ') + 1);
  const Finished refused = sockscope({"load", "--to", deaf, "--clients", "2"});
  EXPECT_EQ(refused.exit, 1);
  EXPECT_THAT(refused.out, HasSubstr("\"refused\":2"));
  server.signal(SIGTERM);
}

}  // namespace
}  // namespace sockscope
