// sockscope serve against real peers: nc, and Python's own sockets.

#include <algorithm>

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;
using testing::Not;

class ServeTest : public ProgramTest, public testing::WithParamInterface<const char*> {
 protected:
  static Served serve(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"serve", "--model", GetParam(), "--handler", "upper", "--port", "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return {command(arguments), environment()};
  }
  static Finished nc(const std::string& port, const std::string& text) {
    Process process({"nc", "-N", "127.0.0.1", port});
    process.type(text);
    process.hang_up();
    return process.finish();
  }
};
INSTANTIATE_TEST_SUITE_P(Models, ServeTest,
                         testing::Values("iterative", "thread", "fork", "pool", "prethread", "select", "poll",
                                         "epoll", "epoll-edge"),
                         [](const auto& model) {
                           std::string name(model.param);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_P(ServeTest, AnswersNcAndPrintsWhatPythonPrints) {
  Served server = serve();
  EXPECT_EQ(nc(server.port(), "hello\n").out, "HELLO");
  EXPECT_EQ(nc(server.port(), "  it's \xe5\xa5\xbd\r\n").out, "IT'S \xe5\xa5\xbd");
  server.process().signal(SIGTERM);
  const Finished end = server.process().finish();
  EXPECT_EQ(end.exit, 143);
  EXPECT_EQ(end.err, "");
  EXPECT_EQ(end.out, "listening on 127.0.0.1:" + server.port() +
                         "\n127.0.0.1 wrote:\nb'hello'\n127.0.0.1 wrote:\nb\"it's \\xe5\\xa5\\xbd\"\n");
}

TEST_P(ServeTest, AnswersTheTutorialsClientRunInPython) {
  Served server = serve();
  const Finished client = run({python(), kLessons + "/tutorial/client.py", server.port(), "hello", "world"});
  EXPECT_EQ(client.exit, 0) << client.err;
  EXPECT_EQ(client.out, "Sent:     hello world\nReceived: HELLO WORLD\n");
}

TEST_P(ServeTest, FiveClientsAtOnceAreAllAnswered) {
  Served server = serve();
  constexpr const char* kFive = R"(
import socket, sys
clients = [socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20) for _ in range(5)]
for n, c in enumerate(clients): c.sendall(b"client %d\n" % n)
print([c.recv(1024) for c in clients])
)";
  const Finished five = run({python(), "-c", kFive, server.port()});
  EXPECT_EQ(five.out, "[b'CLIENT 0', b'CLIENT 1', b'CLIENT 2', b'CLIENT 3', b'CLIENT 4']\n") << five.err;
}

TEST_P(ServeTest, ASilentFirstClientHoldsUpTheOthersOnlyInTheIterativeModel) {
  Served server = serve();
  constexpr const char* kTwo = R"(
import socket, sys
def client(): return socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20)
ann, bob = client(), client()
bob.sendall(b"bob\n")
bob.settimeout(0.5 if sys.argv[2] == "iterative" else 20)
try: print(bob.recv(1024))
except TimeoutError: print("bob waits")
ann.close()
bob.settimeout(20)
print(bob.recv(1024))
)";
  const Finished two = run({python(), "-c", kTwo, server.port(), GetParam()});
  const bool iterative = std::string(GetParam()) == "iterative";
  EXPECT_EQ(two.out, iterative ? "bob waits\nb'BOB'\n" : "b'BOB'\nb''\n") << two.err;
}

TEST_P(ServeTest, ASignalWithASilentClientInsideEndsItAndSaves) {
  const std::string recording = path("r.jsonl");
  Served server = serve({"--record", recording});
  EXPECT_EQ(nc(server.port(), "kept\n").out, "KEPT");
  Process silent({"nc", "127.0.0.1", server.port()});
  // The model thread waits for its client after SIGINT: socketserver_test.cc.
  const bool thread = std::string(GetParam()) == "thread";
  server.process().signal(thread ? SIGTERM : SIGINT);
  const Finished end = server.process().finish();
  EXPECT_EQ(end.exit, thread ? 143 : 130);
  EXPECT_EQ(end.err, "");
  const Finished told = sockscope({"narrate", recording});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("KEPT"));
  const Finished json =
      run({python(), "-c", "import json,sys\nfor l in open(sys.argv[1]): json.loads(l)", recording});
  EXPECT_EQ(json.exit, 0) << json.err;
}

TEST_P(ServeTest, APortInUseIsOneLineWithItsErrno) {
  Served server = serve();
  const Finished second = sockscope({"serve", "--model", GetParam(), "--port", server.port()});
  EXPECT_EQ(second.exit, 1);
  EXPECT_EQ(second.out, "");
  EXPECT_EQ(second.err, "sockscope serve: cannot bind 127.0.0.1:" + server.port() +
                            ": EADDRINUSE (98), Address already in use\n");
}

// The server closes first: its end of the connection stays in TIME_WAIT on the port.
TEST_P(ServeTest, AfterItClosedFirstThePortIsTakenUnlessBothSetReuseAddr) {
  constexpr const char* kReadToTheEnd = R"(
import socket, sys
c = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20)
c.sendall(b"x")
while c.recv(1024): pass
)";
  for (const bool reuse : {false, true}) {
    std::vector<std::string> more;
    if (reuse) more.push_back("--reuse-addr");
    Served first = serve(more);
    ASSERT_EQ(run({python(), "-c", kReadToTheEnd, first.port()}).exit, 0);
    first.process().signal(SIGTERM);
    ASSERT_EQ(first.process().finish().exit, 143);
    std::vector<std::string> arguments{"serve", "--model", GetParam(), "--port", first.port()};
    if (!reuse) {
      const Finished again = sockscope(arguments);
      EXPECT_EQ(again.exit, 1);
      EXPECT_THAT(again.err, HasSubstr("EADDRINUSE (98)"));
      continue;
    }
    arguments.push_back("--reuse-addr");
    Served again(command(arguments), environment());
    EXPECT_EQ(again.port(), first.port());
  }
}

TEST_P(ServeTest, HttpHelloIsAPageForAnHttpClient) {
  Served server(command({"serve", "--model", GetParam(), "--handler", "http-hello"}), environment());
  constexpr const char* kGet = R"(
import http.client, sys
for method in "GET", "HEAD", "GET":
    c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=20)
    c.request(method, "/any?thing")
    r = c.getresponse()
    print(r.status, r.reason, b"Hello" in r.read())
)";
  const Finished got = run({python(), "-c", kGet, server.port()});
  EXPECT_EQ(got.out, "200 OK True\n200 OK False\n200 OK True\n") << got.err;
}

TEST_F(ProgramTest, ServeOnAnAddressThatIsNotOursAloneIsNotPermitted) {
  const Finished refused = sockscope({"serve", "--host", "192.0.2.1"});
  EXPECT_EQ(refused.exit, 3);
  EXPECT_EQ(refused.err, "sockscope serve: --host 192.0.2.1: only loopback addresses are permitted\n");
}

TEST_F(ProgramTest, ServeWithoutRecordWritesNothing) {
  const std::filesystem::path before = std::filesystem::current_path();
  Served server(command({"serve", "--model", "thread"}), environment());
  server.process().signal(SIGTERM);
  EXPECT_EQ(server.process().finish().exit, 143);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

// Of a fork server that was killed, or whose program was, nothing goes on.
class ForkServe : public ProgramTest {
 protected:
  static constexpr const char* kKill = R"(
import os, signal, socket, sys, time
port, program, victim = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
def children(of):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try: fields = open(f"/proc/{pid}/stat").read().rsplit(") ", 1)[1].split()
        except OSError: continue
        if int(fields[1]) == of and fields[0] != "Z": found.append(int(pid))
    return found
def until(holds):
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
clients = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(3)]
server, = children(program)
until(lambda: len(children(server)) == 3)
killed = {"program": program, "server": server, "client": children(server)[0]}[victim]
kept = set(children(server)) - {killed} if victim == "client" else set()
os.kill(killed, signal.SIGKILL)
if victim == "client":
    until(lambda: set(children(server)) == kept)
    fresh = socket.create_connection(("127.0.0.1", port), 20)
    fresh.sendall(b"fresh")
    print(fresh.recv(1024))
else:
    print([c.recv(1024) for c in clients])
    def gone():
        try: socket.create_connection(("127.0.0.1", port), 20).close()
        except ConnectionRefusedError: return True
    until(gone)
)";
  Finished kill(Served& server, const std::string& victim) {
    return run({python(), "-c", kKill, server.port(), std::to_string(server.process().pid()), victim});
  }
  static Served serve(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"serve", "--model", "fork"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return {command(arguments), environment()};
  }
};

TEST_F(ForkServe, WhenTheProgramIsKilledNoProcessOfItIsLeft) {
  Served server = serve();
  const Finished killed = kill(server, "program");
  EXPECT_EQ(killed.out, "[b'', b'', b'']\n") << killed.err;
}

TEST_F(ForkServe, WhenItsServerProcessIsKilledItEndsAndSaysWhy) {
  Served server = serve();
  const Finished killed = kill(server, "server");
  EXPECT_EQ(killed.out, "[b'', b'', b'']\n") << killed.err;
  const Finished end = server.process().finish();
  EXPECT_EQ(end.exit, 1);
  EXPECT_THAT(end.err, HasSubstr("S ends: its process was killed by signal 9 (SIGKILL)"));
}

TEST_F(ForkServe, WhenAClientsProcessIsKilledItServesOnAndSaysSo) {
  for (const bool traced : {false, true}) {
    Served server =
        serve(traced ? std::vector<std::string>{"--record", path("r.jsonl")} : std::vector<std::string>());
    const Finished killed = kill(server, "client");
    EXPECT_EQ(killed.out, "b'FRESH'\n") << killed.err;
    server.process().signal(SIGTERM);
    const Finished end = server.process().finish();
    EXPECT_EQ(end.exit, 143);
    EXPECT_THAT(end.err, HasSubstr("was killed by signal 9 (SIGKILL): the kernel closes its connection"));
    EXPECT_THAT(end.out, HasSubstr("b'fresh'\n"));
  }
  const Finished told = sockscope({"narrate", path("r.jsonl")});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("S.client4 prints: b'fresh'"));
}

TEST_F(ForkServe, ItsProgramIsNotForAPersonToStart) {
  const Finished alone = sockscope({"fork-server"});
  EXPECT_EQ(alone.exit, 2);
  EXPECT_THAT(alone.err, HasSubstr("a server of model fork starts this itself"));
}

}  // namespace
}  // namespace sockscope
