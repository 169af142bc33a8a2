// What observing costs: processor time of Observer::poll over N connected sockets, and the share of a core it
// takes at the pace Observer::next_due() gives, while things move and at rest. Goals while things move: 2 %
// of a core for 100 sockets, 5 % for 1,000.

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>

#include "calls/calls.h"
#include "kernel/observer.h"
#include "trace/inbox.h"

namespace sockscope {
namespace {

Time cpu_time() {
  timespec ts{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
  return Time{ts.tv_sec} * kSecond + ts.tv_nsec;
}

struct Desk {
  Inbox inbox;
  CallRoom room{inbox};
  Caller caller{room, 1};
  Observer observer{room.sockets(), room.hosts(), inbox};

  SocketId call(Call name, SocketId socket, const Address& address = {}, std::int64_t number = 0) {
    Request made;
    made.call = name;
    made.socket = socket;
    made.address = address;
    made.numbers = {number, 0, 0};
    if (name == Call::socket) made.numbers = {AF_INET, SOCK_STREAM, 0, -1};
    return perform(caller, made).socket;
  }
  explicit Desk(int sockets) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    const SocketId listener = call(Call::socket, 0);
    call(Call::bind, listener, loopback(0));
    call(Call::listen, listener, {}, 128);
    Request name;
    name.call = Call::getsockname;
    name.socket = listener;
    const Address address = perform(caller, name).address;
    for (int i = 0; i < sockets / 2; ++i) {
      call(Call::connect, call(Call::socket, 0), address);
      call(Call::accept, listener);
    }
    inbox.take();
  }
};

void poll_cost(benchmark::State& state) {
  Desk desk(static_cast<int>(state.range(0)));
  const Time quiet = state.range(1) != 0 ? 0 : 10 * kSecond;
  double spent = 0, covered = 0;
  for (auto _ : state) {
    const Time began = cpu_time();
    desk.observer.poll();
    const auto cost = static_cast<double>(cpu_time() - began);
    spent += cost;
    covered += std::max(cost, static_cast<double>(desk.observer.next_due(quiet) - now()));
    desk.inbox.take();
  }
  state.counters["core_percent"] = 100 * spent / covered;
}
BENCHMARK(poll_cost)
    ->ArgNames({"sockets", "moving"})
    ->Args({10, 1})
    ->Args({100, 1})
    ->Args({1000, 1})
    ->Args({10000, 1})
    ->Args({100, 0})
    ->Args({1000, 0})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace sockscope

BENCHMARK_MAIN();
