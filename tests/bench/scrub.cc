// Random jumps in a recording of 10 million events: the state there is to be had in at most 50 ms of CPU.
// busy: 16 sockets that send and receive; crowd: a connection is born, talks and closes every 40 events, so
// that at the end there have been 500,000 sockets.
// p50, p95 and most are of the jumps, in ms of CPU; "kept" is how many states are held and "MiB" what the
// process grew by while they were made.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "session/keyframes.h"

namespace sockscope {
namespace {

constexpr int kJumps = 200;

double cpu_ms() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

double resident_mib() {
  std::ifstream statm("/proc/self/statm");
  double all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// One exchange of 64 bytes on socket `s` by thread `t`.
void talk(Trace& trace, Time& at, CallId& call, ThreadId t, SocketId s, Call what) {
  event::CallEntered entered{++call, t, s, what, {}};
  if (what == Call::recv) entered.args.numbers[0] = 1024;
  trace.append({at += 2000, std::move(entered)}, false);
  event::CallReturned back;
  back.call = call;
  back.thread = t;
  back.result = 64;
  trace.append({at += 2000, std::move(back)}, false);
}

void threads(Trace& trace, ThreadId most) {
  for (ThreadId t = 1; t <= most; ++t)
    trace.append({t, event::ThreadStarted{t, 0, 1, ThreadRole::client, "S.1", "localhost", "S"}}, false);
}

Trace busy(std::size_t events) {
  Trace trace;
  threads(trace, 16);
  for (SocketId s = 1; s <= 16; ++s)
    trace.append(
        {s, event::SocketOpened{s, 0, 5, AF_INET, SOCK_STREAM, 0, SocketHow::accept, s, "localhost"}}, false);
  Time at = 1000;
  CallId call = 0;
  for (std::uint32_t i = 0; trace.size() < events; ++i)
    talk(trace, at, call, i % 16 + 1, i % 16 + 1, i % 2 == 0 ? Call::send : Call::recv);
  return trace;
}

// Both ends of each connection are ours.
Trace crowd(std::size_t events) {
  Trace trace;
  threads(trace, 16);
  Time at = 1000;
  CallId call = 0;
  for (SocketId s = 1; trace.size() < events; s += 2) {
    const auto port = static_cast<std::uint16_t>(20'000 + s / 2 % 40'000);
    for (const SocketId end : {s, s + 1}) {
      const SocketHow how = end == s ? SocketHow::socket : SocketHow::accept;
      const Address client = loopback(port), server = loopback(9999);
      trace.append(
          {at += 500, event::SocketOpened{end, 0, 5, AF_INET, SOCK_STREAM, 0, how, end, "localhost"}}, false);
      trace.append(
          {at += 500, event::SocketNamed{end, end == s ? client : server, end == s ? server : client}},
          false);
      trace.append({at += 500, event::StateChanged{end, TcpState::CLOSED, TcpState::ESTABLISHED, How::call}},
                   false);
    }
    for (int i = 0; i < 4; ++i) {
      const ThreadId t = s / 2 % 8 * 2 + 1;
      talk(trace, at, call, t, s, Call::send);
      talk(trace, at, call, t + 1, s + 1, Call::recv);
    }
    for (const SocketId end : {s, s + 1}) {
      trace.append({at += 500, event::StateChanged{end, TcpState::ESTABLISHED, TcpState::CLOSED, How::call}},
                   false);
      trace.append({at += 500, event::SocketClosed{end}}, false);
    }
  }
  return trace;
}

void jumps(benchmark::State& bench, Trace (*make)(std::size_t), std::size_t events) {
  const Trace trace = make(events);
  for (auto _ : bench) {
    const double before = resident_mib(), begun = cpu_ms();
    Keyframes keyframes;
    State end;
    keyframes.fold(trace, end);
    bench.counters["fold_ms"] = cpu_ms() - begun;
    bench.counters["MiB"] = resident_mib() - before;
    std::mt19937_64 random(1);
    std::vector<double> took;
    for (int i = 0; i < kJumps; ++i) {
      const double from = cpu_ms();
      benchmark::DoNotOptimize(keyframes.at(trace, random() % trace.size()).next());
      took.push_back(cpu_ms() - from);
    }
    std::sort(took.begin(), took.end());
    bench.counters["p50"] = took[took.size() / 2];
    bench.counters["p95"] = took[took.size() * 95 / 100];
    bench.counters["most"] = took.back();
    bench.counters["sockets"] = static_cast<double>(end.sockets().size());
    bench.counters["kept_MiB"] = static_cast<double>(keyframes.bytes()) / (1 << 20);
    bench.counters["kept"] = static_cast<double>(keyframes.kept());
  }
}

}  // namespace
}  // namespace sockscope

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const std::size_t events : {std::size_t{1'000'000}, std::size_t{10'000'000}}) {
    for (const auto& [name, make] :
         {std::pair<const char*, sockscope::Trace (*)(std::size_t)>{"busy", sockscope::busy},
          {"crowd", sockscope::crowd}}) {
      benchmark::RegisterBenchmark(
          fmt::format("{}/events:{}", name, events).c_str(),
          [make = make, events](benchmark::State& state) { sockscope::jumps(state, make, events); })
          ->Iterations(1)
          ->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
