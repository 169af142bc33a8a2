// Hosts and wires: how long a keeper and a socket on a host take, and how exact a wire is. Goals: ready in
// 20 ms, a socket in 200 µs; within 1 ms at 1,000 packets a second; none lost at 20,000 a second.

#include <benchmark/benchmark.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <vector>

#include "lab/lab.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

const char* const kKeeperPath = SOCKSCOPE_LAB_KEEPER;

void keeper_until_two_hosts(benchmark::State& state) {
  for (auto _ : state) {
    auto keeper = Keeper::start(kKeeperPath);
    if (!keeper) return state.SkipWithError(describe(keeper.error()).c_str());
    std::vector<Keeper::Ends> all;
    for (const unsigned host : {1u, 2u}) {
      auto ends = (*keeper)->add_host(host, usual_address(host), usual_address6(host));
      if (!ends) return state.SkipWithError(describe(ends.error()).c_str());
      all.push_back(std::move(*ends));
    }
    state.PauseTiming();  // its end waits for the child, and a packet socket's close for the kernel
    all.clear();
    keeper->reset();
    state.ResumeTiming();
  }
}
BENCHMARK(keeper_until_two_hosts)->Unit(benchmark::kMillisecond)->UseRealTime();

void keeper_alone(benchmark::State& state) {
  for (auto _ : state) {
    auto keeper = Keeper::start(kKeeperPath);
    if (!keeper) return state.SkipWithError(describe(keeper.error()).c_str());
    state.PauseTiming();
    keeper->reset();
    state.ResumeTiming();
  }
}
BENCHMARK(keeper_alone)->Unit(benchmark::kMillisecond)->UseRealTime();

void socket_on_a_host(benchmark::State& state) {
  auto keeper = Keeper::start(kKeeperPath);
  if (!keeper) return state.SkipWithError(describe(keeper.error()).c_str());
  for (const unsigned host : {1u, 2u})
    benchmark::DoNotOptimize((*keeper)->add_host(host, usual_address(host), usual_address6(host)));
  unsigned host = 0;
  for (auto _ : state) {
    host = host % 2 + 1;
    Descriptor made((*keeper)->socket(host, AF_INET, SOCK_STREAM, 0));
    if (made.get() < 0) return state.SkipWithError("no socket");
  }
}
BENCHMARK(socket_on_a_host)->Unit(benchmark::kMicrosecond)->UseRealTime();

// The sender leaves the processors to the wire until its next moment.
class Pace {
 public:
  Pace() : timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) { ::prctl(PR_SET_TIMERSLACK, 1); }
  void reach(Time at) {
    const itimerspec when{{0, 0}, {at / kSecond, at % kSecond}};
    ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
    std::uint64_t times = 0;
    benchmark::DoNotOptimize(::read(timer_.get(), &times, sizeof times));
  }

 private:
  const Descriptor timer_;
};

// Datagrams over a wire of 20 ms, so many a second; how late each is beside its due time.
void wire(benchmark::State& state) {
  const auto rate = state.range(0);
  constexpr std::int64_t kSeconds = 2;
  for (auto _ : state) {
    Inbox inbox;
    Lab lab(inbox, kKeeperPath);
    for (const char* name : {"A", "B"})
      if (auto added = lab.add_host(name, {}); !added)
        return state.SkipWithError(added.error().message.c_str());
    WireChange delay;
    delay.delay = 20 * kMillisecond;
    for (const auto& [from, to] : {std::pair{"A", "B"}, std::pair{"B", "A"}})
      if (!lab.wire(from, to, delay)) return state.SkipWithError("no wire");
    const Descriptor sender(lab.make_socket("A", AF_INET, SOCK_DGRAM, 0));
    const Descriptor receiver(lab.make_socket("B", AF_INET, SOCK_DGRAM, 0));
    Address to = usual_address(2);
    to.port = 5000;
    sockaddr_storage name{};
    const socklen_t length = to_sockaddr(to, name);
    const int room = 4 << 20;
    ::setsockopt(receiver.get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    ::bind(receiver.get(), reinterpret_cast<sockaddr*>(&name), length);
    ::connect(sender.get(), reinterpret_cast<sockaddr*>(&name), length);
    Pace pace;
    const Time begun = now();
    std::array<char, 100> text{};
    for (std::int64_t i = 0; i < rate * kSeconds; ++i) {
      const Time at = begun + i * kSecond / rate;
      pace.reach(at);
      ::send(sender.get(), text.data(), text.size(), 0);
      if (i % 64 == 0)
        while (::recv(receiver.get(), text.data(), text.size(), MSG_DONTWAIT) > 0) {
        }
    }
    const Time end = now() + kSecond;
    while (now() < end && lab.wires()->figures().delivered < static_cast<std::uint64_t>(rate * kSeconds))
      ::poll(nullptr, 0, 1);
    std::vector<Time> due(1), late;
    for (const Event& event : inbox.take()) {
      if (const auto* sent = std::get_if<event::PacketSent>(&event.body)) due.push_back(sent->due);
      if (const auto* arrived = std::get_if<event::PacketArrived>(&event.body))
        if (arrived->packet < due.size()) late.push_back(event.at - due[arrived->packet]);
    }
    std::sort(late.begin(), late.end());
    const auto at = [&](double share) {
      return late.empty()
                 ? 0.0
                 : static_cast<double>(
                       late[static_cast<std::size_t>(share * static_cast<double>(late.size() - 1))]) /
                       1e3;
    };
    const Wires::Figures figures = lab.wires()->figures();
    state.counters["late_p50_us"] = at(0.5);
    state.counters["late_p99_us"] = at(0.99);
    state.counters["late_p999_us"] = at(0.999);
    state.counters["sent"] = static_cast<double>(rate * kSeconds);
    state.counters["delivered"] = static_cast<double>(figures.delivered);
    state.counters["dropped"] = static_cast<double>(figures.dropped);
    state.counters["not_seen"] = static_cast<double>(figures.not_seen);
  }
}
BENCHMARK(wire)->Arg(1'000)->Arg(5'000)->Arg(20'000)->Iterations(1)->Unit(benchmark::kSecond)->UseRealTime();

}  // namespace
}  // namespace sockscope

BENCHMARK_MAIN();
