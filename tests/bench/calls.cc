// What tracing costs: a traced call against the bare system call, and a thread-model server's CPU time a
// message traced and untraced. Ratios in one run, interleaved, medians. Goals: 200 ns a call; 1.1 times the
// CPU time.

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <string_view>
#include <thread>
#include <vector>

#include "calls/calls.h"
#include "trace/clock.h"
#include "trace/inbox.h"

namespace sockscope {
namespace {

constexpr std::string_view kMessage = "hello, this is a message of 32 B";
constexpr int kPairsARound = 1'000;
constexpr int kRounds = 101;
constexpr int kClients = 8;
constexpr int kMessagesAClient = 1'000;
constexpr int kRuns = 30;

Time cpu_time(clockid_t clock) {
  timespec ts{};
  clock_gettime(clock, &ts);
  return Time{ts.tv_sec} * kSecond + ts.tv_nsec;
}

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
}

struct Pair {
  SocketHandle left, right;
};

Request request(Call call, SocketId socket, std::int64_t a = 0, std::int64_t b = 0) {
  Request made;
  made.call = call;
  made.socket = socket;
  made.numbers = {a, b, 0, call == Call::socket ? -1 : 0};
  return made;
}

// A connection of its own: listener, client, server.
Pair connect_pair(Caller& caller) {
  const SocketId listener = perform(caller, request(Call::socket, 0, AF_INET, SOCK_STREAM)).socket;
  Request bind = request(Call::bind, listener);
  bind.address = loopback(0);
  perform(caller, bind);
  perform(caller, request(Call::listen, listener, 1));
  const SocketId client = perform(caller, request(Call::socket, 0, AF_INET, SOCK_STREAM)).socket;
  Request connect = request(Call::connect, client);
  connect.address = perform(caller, request(Call::getsockname, listener)).address;
  perform(caller, connect);
  const Reply accepted = perform(caller, request(Call::accept, listener));
  Sockets& sockets = caller.room().sockets();
  return {sockets.find(client), sockets.find(accepted.socket)};
}

double bare_round(const Pair& pair) {
  std::array<char, 64> buffer{};
  const int out = pair.left->fd;
  const int in = pair.right->fd;
  const Time before = cpu_time(CLOCK_THREAD_CPUTIME_ID);
  for (int i = 0; i < kPairsARound; ++i) {
    if (::send(out, kMessage.data(), kMessage.size(), 0) < 0) std::abort();
    if (::recv(in, buffer.data(), buffer.size(), 0) < 0) std::abort();
  }
  return static_cast<double>(cpu_time(CLOCK_THREAD_CPUTIME_ID) - before) / (2.0 * kPairsARound);
}

double traced_round(Caller& caller, Pair& pair) {
  std::array<char, 64> buffer{};
  int error = 0;
  const Time before = cpu_time(CLOCK_THREAD_CPUTIME_ID);
  for (int i = 0; i < kPairsARound; ++i) {
    call_send(caller, pair.left, kMessage, error);
    call_recv(caller, pair.right, buffer.data(), buffer.size(), 0, error);
  }
  return static_cast<double>(cpu_time(CLOCK_THREAD_CPUTIME_ID) - before) / (2.0 * kPairsARound);
}

void bench_call() {
  Inbox inbox;
  CallRoom room(inbox);
  Caller caller(room, 1);
  Pair pair = connect_pair(caller);
  // CPU time, and differences within a round: another program's load is in neither.
  std::vector<double> bare, traced, untraced;
  for (int round = 0; round < kRounds; ++round) {
    // In a changing order: who comes first finds colder caches.
    std::array<double, 3> took{};
    for (int k = 0; k < 3; ++k) {
      const int which = (round + k) % 3;
      room.set_tracing(which == 1);
      took[static_cast<std::size_t>(which)] = which == 0 ? bare_round(pair) : traced_round(caller, pair);
      inbox.take();
    }
    bare.push_back(took[0]);
    traced.push_back(took[1] - took[0]);
    untraced.push_back(took[2] - took[0]);
  }
  std::printf("call   bare %.0f ns   traced +%.0f ns (goal 200), 80 %% in %.0f-%.0f   not traced +%.0f ns\n",
              quantile(bare, 0.5), quantile(traced, 0.5), quantile(traced, 0.1), quantile(traced, 0.9),
              quantile(untraced, 0.5));
}

// One run of the thread model: a server thread a client, recv and sendall; the clients' side is bare. The CPU
// time of the server's threads a message.
class ThreadModel {
 public:
  explicit ThreadModel(bool tracing) : room_(inbox_) {
    room_.set_tracing(false);
    Caller maker(room_, 1);
    for (int i = 0; i < kClients; ++i) pairs_.push_back(connect_pair(maker));
    room_.set_tracing(tracing);
  }
  double run() {
    std::vector<std::thread> threads;
    std::atomic<bool> finished{false};
    std::thread reader([&] {
      while (!finished) {
        inbox_.take();
        poll(nullptr, 0, 16);  // a frame
      }
    });
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      threads.emplace_back([this, i] { serve(i); });
      threads.emplace_back([this, i] { ask(pairs_[i]); });
    }
    for (std::thread& thread : threads) thread.join();
    finished = true;
    reader.join();
    return static_cast<double>(cpu_) / (kClients * kMessagesAClient);
  }

 private:
  void serve(std::size_t i) {
    Caller caller(room_, static_cast<ThreadId>(i + 2));
    std::array<char, 1024> buffer{};
    int error = 0;
    const Time before = cpu_time(CLOCK_THREAD_CPUTIME_ID);
    for (;;) {
      const std::int64_t got = call_recv(caller, pairs_[i].right, buffer.data(), buffer.size(), 0, error);
      if (got <= 0) break;
      call_sendall(caller, pairs_[i].right, {buffer.data(), static_cast<std::size_t>(got)}, error);
    }
    cpu_ += cpu_time(CLOCK_THREAD_CPUTIME_ID) - before;
  }
  static void ask(const Pair& pair) {
    std::array<char, 1024> buffer{};
    const int fd = pair.left->fd;
    for (int i = 0; i < kMessagesAClient; ++i) {
      if (::send(fd, kMessage.data(), kMessage.size(), 0) < 0) std::abort();
      if (::recv(fd, buffer.data(), buffer.size(), 0) <= 0) std::abort();
    }
    ::shutdown(fd, SHUT_WR);
  }

  Inbox inbox_;
  CallRoom room_;
  std::vector<Pair> pairs_;
  std::atomic<Time> cpu_{0};
};

void bench_thread_model() {
  std::vector<double> ratios, plain;
  for (int i = 0; i < kRuns; ++i) {
    // In turn, each first every other time: what warms up does so for both.
    const bool traced_first = i % 2 == 0;
    const double first = ThreadModel(traced_first).run();
    const double second = ThreadModel(!traced_first).run();
    ratios.push_back(traced_first ? first / second : second / first);
    plain.push_back(traced_first ? second : first);
  }
  std::printf(
      "thread model, %d clients   not traced %.2f us/message   traced x %.3f (goal 1.1), 80 %% in "
      "%.3f-%.3f\n",
      kClients, quantile(plain, 0.5) / 1000, quantile(ratios, 0.5), quantile(ratios, 0.1),
      quantile(ratios, 0.9));
}

}  // namespace
}  // namespace sockscope

int main() {
  sockscope::bench_call();
  sockscope::bench_thread_model();
}
