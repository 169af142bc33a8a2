// A load of many clients: how many connections a second its process makes against an iterative server, traced
// and untraced, and how many events a second its pipe carries. Goals: 200,000 events/s through the pipe; the
// frame stays free, since a thread of its own reads.

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "server/load_lines.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

constexpr int kClients = 5'000;
constexpr int kRuns = 5;
constexpr std::size_t kLines = 400'000;

double seconds_since(Time begun) {
  return static_cast<double>(now() - begun) / 1e9;
}

// As a load's process tells: a connection is some ten lines.
std::string lines_of_a_load() {
  std::string text;
  const auto tell = [&](Body body) {
    write_event(text, Event{now(), std::move(body)}, false, 0);
    text += '\n';
  };
  tell(event::ThreadStarted{1, 0, 1, ThreadRole::load, "L.load", "localhost", "L"});
  CallId call = 0;
  for (SocketId socket = 1; socket <= kLines / 10; ++socket) {
    const auto whole = [&](Call name, SocketId makes, std::string_view data) {
      Args args;
      args.data = preview_of(data);
      tell(event::CallEntered{++call, 1, makes == 0 ? socket : 0, name, args});
      if (makes != 0)
        tell(event::SocketOpened{socket, 0, 9, AF_INET, SOCK_STREAM, 0, SocketHow::socket, 5, "localhost"});
      tell(event::CallReturned{call, 1, makes, 0, 0, 0, 6, {}, {}, false, false});
    };
    whole(Call::socket, socket, {});
    whole(Call::connect, 0, {});
    tell(event::SocketNamed{socket, loopback(40'000), loopback(9)});
    whole(Call::send, 0, "hello\n");
    tell(event::StateChanged{socket, TcpState::SYN_SENT, TcpState::ESTABLISHED, How::call});
    tell(event::SocketClosed{socket});
  }
  return text;
}

void pipe_rate() {
  const std::string text = lines_of_a_load();
  const auto count = static_cast<double>(std::count(text.begin(), text.end(), '\n'));
  Inbox inbox;
  Engine engine(inbox);
  LoadCounts counts;
  LoadLines lines(engine, counts, "localhost");
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  const Time begun = now();
  std::thread writer([&] {
    for (std::string_view rest = text; !rest.empty();) {
      const ssize_t written = write(ends[1], rest.data(), rest.size());
      if (written <= 0) std::abort();
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    close(ends[1]);
  });
  while (lines.pull(ends[0]) > 0) {
  }
  const double seconds = seconds_since(begun);
  writer.join();
  close(ends[0]);
  std::printf("pipe: %.0f events/s, %zu lost\n", count / seconds, lines.lost());
}

double connections_a_second(bool traced) {
  Inbox inbox;
  Engine engine(inbox);
  engine.room().set_tracing(traced);
  ServerOptions serve;
  serve.backlog = 128;
  auto server = Server::start(engine, 1, serve);
  if (!server) std::abort();
  LoadOptions options;
  options.to = (*server)->address();
  options.clients = kClients;
  options.program = SOCKSCOPE_LOAD_CHILD;
  const Time begun = now();
  const auto load = Load::start(engine, 2, options);
  while (!load->ended()) {
    inbox.arm();
    inbox.take();
    pollfd wake{inbox.wake_fd(), POLLIN, 0};
    poll(&wake, 1, 5);
  }
  const double seconds = seconds_since(begun);
  if (load->figures().answered != kClients) std::printf("only %u answered\n", load->figures().answered);
  return kClients / seconds;
}

}  // namespace
}  // namespace sockscope

int main() {
  using namespace sockscope;
  for (int i = 0; i < kRuns; ++i) pipe_rate();
  for (int i = 0; i < kRuns; ++i) {
    const double bare = connections_a_second(false);
    const double traced = connections_a_second(true);
    std::printf("connections: %.0f/s untraced, %.0f/s traced: %.2f of it\n", bare, traced, traced / bare);
  }
  return 0;
}
