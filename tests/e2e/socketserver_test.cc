// What Python's socketserver has beside TCPServer, by `sockscope serve`, and against Python itself.

#include <fstream>
#include <string>

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

std::string sleeps_in(pid_t pid) {
  std::string where;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/wchan"), where);
  return where;
}

class SocketServerTest : public ProgramTest {
 protected:
  // A server that says where it listens in its first line: ours or Python's.
  static std::string where(Process& server) {
    EXPECT_TRUE(server.until_out("\n")) << server.err();
    const std::string& out = server.out();
    const std::size_t on = out.find(" on ");
    return on == out.npos ? "" : out.substr(on + 4, out.find('\n') - on - 4);
  }
};

TEST_F(SocketServerTest, AUdpServerAnswersEachDatagram) {
  for (const char* model : {"iterative", "thread"}) {
    Process server(command({"serve", "--type", "dgram", "--model", model}), environment());
    const std::string address = where(server);
    constexpr const char* kClient = R"(
import socket, sys
host, port = sys.argv[1].split(":")
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(20)
for text in (b"hello\n", b" world "):
    s.sendto(text, (host, int(port)))
    print(s.recvfrom(1024)[0])
)";
    const Finished client = run({python(), "-c", kClient, address});
    EXPECT_EQ(client.out, "b'HELLO'\nb'WORLD'\n") << client.err;
    server.signal(SIGINT);
    const Finished end = server.finish();
    EXPECT_EQ(end.exit, 130);
    EXPECT_EQ(end.err, "");
    EXPECT_THAT(end.out, HasSubstr("127.0.0.1 wrote:\nb'hello'\n127.0.0.1 wrote:\nb'world'\n"));
  }
}

TEST_F(SocketServerTest, AModelWithoutDatagramsIsRefused) {
  const Finished refused = sockscope({"serve", "--type", "dgram", "--model", "epoll"});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("the model epoll serves connections"));
  const Finished both = sockscope({"serve", "--path", "S", "--port", "5"});
  EXPECT_EQ(both.exit, 2);
  EXPECT_THAT(both.err, HasSubstr("--port excludes --path"));
}

TEST_F(SocketServerTest, AUnixServerIsReachedByItsPath) {
  Process server(command({"serve", "--path", "S", "--model", "thread"}), environment());
  const std::string path = where(server);
  EXPECT_TRUE(path.starts_with("/")) << path;
  Process client({"nc", "-N", "-U", path});
  client.type("hello\n");
  client.hang_up();
  EXPECT_EQ(client.finish().out, "HELLO");
  server.signal(SIGTERM);
  EXPECT_EQ(server.finish().exit, 143);
  EXPECT_FALSE(std::filesystem::exists(path));
}

// The tutorial's server, interrupted while a client is silent: it stays, the kernel takes connections, and
// nobody answers them. When the client has gone it ends. So does Python's.
TEST_F(SocketServerTest, CtrlCOnAThreadingServerWithASilentClientStaysAsPythonsDoes) {
  constexpr const char* kPythons = R"(
import socketserver
class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1024): self.request.sendall(data)
server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
print("listening on %s:%d" % server.server_address, flush=True)
server.serve_forever()
)";
  constexpr const char* kClient = R"(
import socket, sys
host, port = sys.argv[1].split(":")
def client(): return socket.create_connection((host, int(port)), 20)
inside = client()
inside.sendall(b"x")
assert inside.recv(1) == b"x"  # a thread serves it
print("inside", flush=True)
sys.stdin.readline()  # it was interrupted
late = client()
late.sendall(b"anybody?")
late.settimeout(0.3)
try: print(late.recv(1024))
except TimeoutError: print("nobody answers")
inside.sendall(b"y")
print(inside.recv(1), flush=True)
)";
  for (const bool pythons : {true, false}) {
    Process server(pythons ? std::vector<std::string>{python(), "-c", kPythons}
                           : command({"serve", "--model", "thread", "--handler", "echo"}),
                   environment());
    Process client({python(), "-c", kClient, where(server)});
    ASSERT_TRUE(client.until_out("inside\n")) << client.err();
    // Python's would close the client it is still making a thread for.
    ASSERT_TRUE(until([&] { return sleeps_in(server.pid()).find("poll") != std::string::npos; }));
    server.signal(SIGINT);
    ASSERT_TRUE(server.until_err(pythons ? "KeyboardInterrupt\n" : "nobody answers")) << server.err();
    client.type("go\n");
    const Finished said = client.finish();
    EXPECT_EQ(said.out, "inside\nnobody answers\nb'y'\n") << said.err;
    EXPECT_EQ(server.finish().exit, 130);
  }
}

TEST_F(SocketServerTest, DaemonThreadsKeepNobody) {
  Process server(command({"serve", "--model", "thread", "--handler", "echo", "--daemon-threads"}),
                 environment());
  constexpr const char* kClient = R"(
import socket, sys
host, port = sys.argv[1].split(":")
s = socket.create_connection((host, int(port)), 20)
s.sendall(b"x")
assert s.recv(1) == b"x"
print("inside", flush=True)
print(s.recv(1))
)";
  Process client({python(), "-c", kClient, where(server)});
  ASSERT_TRUE(client.until_out("inside\n")) << client.err();
  server.signal(SIGINT);
  EXPECT_EQ(server.finish().exit, 130);
  EXPECT_EQ(client.finish().out, "inside\nb''\n");
}

TEST_F(SocketServerTest, APlayInterruptsAServerAndClosesOne) {
  const Finished played = sockscope({"play", write("leave.play", R"(%serve S model=thread
client>>> c = socket(AF_INET, SOCK_STREAM)
client>>> c.connect(S.server_address)
%expect S.client1 blocked in recv
%interrupt S
late>>> d = socket(AF_INET, SOCK_STREAM)
late>>> d.connect(S.server_address)
late>>> d.recv(10)
%expect late blocked in recv
%expect S.accept_queue == 1
client>>> c.close()
%expect count(thread where server == 'S' and alive) == 0
%serve T model=thread
other>>> e = socket(AF_INET, SOCK_STREAM)
other>>> e.connect(T.server_address)
%expect T.client1 blocked in recv
%stop T close
other>>> f = socket(AF_INET, SOCK_STREAM)
other>>> f.connect(T.server_address)
%expect other raised ECONNREFUSED
%stop T
%expect count(thread where server == 'T' and alive) == 0
%serve U type=dgram
datagrams>>> u = socket(AF_INET, SOCK_DGRAM)
datagrams>>> u.sendto(b'up', U.server_address)
datagrams>>> u.recv(10)
%expect datagrams returned b'UP'
%serve X path=x model=epoll
unix>>> x = socket(AF_UNIX, SOCK_STREAM)
unix>>> x.connect('x')
unix>>> x.sendall(b'unix')
unix>>> x.recv(10)
%expect unix returned b'UNIX'
)")});
  EXPECT_EQ(played.exit, 0) << played.out << played.err;
}

}  // namespace
}  // namespace sockscope
