// What the trace costs: a put, a commit, the fold, writing and loading a recording, and memory.
// Goals: put 25–40 ns beside the clock, fold ≤ 50 ns an event, writing and loading ≥ 1 M events/s, ≤ 100
// bytes an event beside previews.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "trace/inbox.h"
#include "trace/recording.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {
namespace {

// A busy server: recv and send with previews of 64 bytes, over 8 threads and 16 sockets.
std::vector<Event> busy(std::size_t count) {
  static constexpr std::string_view kBytes =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n";
  std::vector<Event> events;
  events.reserve(count + 24);
  for (ThreadId t = 1; t <= 8; ++t)
    events.push_back({t, event::ThreadStarted{t, 0, 1, ThreadRole::client, "S.1", "localhost", "S"}});
  for (SocketId s = 1; s <= 16; ++s) {
    events.push_back({Time{8} + s, event::SocketOpened{s, 0, 5, AF_INET, SOCK_STREAM, 0, SocketHow::accept, s,
                                                       "localhost"}});
  }
  for (std::size_t i = 0; events.size() < count; ++i) {
    const auto call = static_cast<CallId>(i + 1);
    const auto thread = static_cast<ThreadId>(i % 8 + 1);
    const auto socket = static_cast<SocketId>(i % 16 + 1);
    const Time at = 1000 + 4000 * static_cast<Time>(i);
    const bool sends = i % 2 == 0;
    event::CallEntered entered{call, thread, socket, sends ? Call::send : Call::recv, {}};
    event::CallReturned returned;
    returned.call = call;
    returned.thread = thread;
    returned.result = 64;
    (sends ? entered.args.data : returned.data) = Blob(kBytes);
    if (!sends) entered.args.numbers[0] = 1024;
    events.push_back({at, std::move(entered)});
    events.push_back({at + 2000, std::move(returned)});
  }
  return events;
}

Trace busy_trace(std::size_t count) {
  Trace trace;
  trace.commit(busy(count));
  return trace;
}

// Seconds an event: Google Benchmark prints them as "32.4n".
void per_event(benchmark::State& bench, std::size_t events) {
  const auto done = static_cast<double>(events) * static_cast<double>(bench.iterations());
  bench.counters["s/event"] =
      benchmark::Counter(done, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  bench.counters["events/s"] = benchmark::Counter(done, benchmark::Counter::kIsRate);
}

void BM_Clock(benchmark::State& bench) {
  for (auto _ : bench) benchmark::DoNotOptimize(now());
}
BENCHMARK(BM_Clock);

void BM_Put(benchmark::State& bench) {
  Inbox inbox;
  Inbox::Lane& lane = inbox.lane();
  std::size_t puts = 0;
  for (auto _ : bench) {
    event::CallReturned returned;
    returned.call = 1;
    lane.put(1, std::move(returned));
    if (++puts % 4096 == 0) {
      bench.PauseTiming();
      inbox.take();
      bench.ResumeTiming();
    }
  }
}
BENCHMARK(BM_Put);

void BM_PutAndTake(benchmark::State& bench) {
  Inbox inbox;
  Inbox::Lane& lane = inbox.lane();
  for (auto _ : bench) {
    for (int i = 0; i < 1000; ++i) {
      event::CallReturned returned;
      returned.call = 1;
      lane.put(i, std::move(returned));
    }
    benchmark::DoNotOptimize(inbox.take());
  }
  per_event(bench, 1000);
}
BENCHMARK(BM_PutAndTake);

void BM_Commit(benchmark::State& bench) {
  for (auto _ : bench) {
    bench.PauseTiming();
    auto events = busy(100'000);
    Trace trace;
    bench.ResumeTiming();
    trace.commit(std::move(events));
    bench.PauseTiming();
    { const Trace gone = std::move(trace); }
    bench.ResumeTiming();
  }
  per_event(bench, 100'000);
}
BENCHMARK(BM_Commit);

void BM_Fold(benchmark::State& bench) {
  const Trace trace = busy_trace(100'000);
  for (auto _ : bench) {
    State state;
    for (std::size_t seq = 0; seq < trace.size(); ++seq) state.apply(trace[seq], seq);
    benchmark::DoNotOptimize(state.next());
  }
  per_event(bench, trace.size());
}
BENCHMARK(BM_Fold);

void BM_Write(benchmark::State& bench) {
  const Trace trace = busy_trace(100'000);
  for (auto _ : bench) {
    const auto saved = save_recording(trace, "/dev/null");
    if (!saved) bench.SkipWithError(saved.error().message.c_str());
  }
  per_event(bench, trace.size());
}
BENCHMARK(BM_Write);

void BM_Load(benchmark::State& bench) {
  const Trace trace = busy_trace(100'000);
  std::string path = "/tmp/bench-recording-XXXXXX";
  ::close(::mkstemp(path.data()));
  if (!save_recording(trace, path)) return bench.SkipWithError("cannot write");
  for (auto _ : bench) {
    const auto loaded = load_recording(path);
    if (!loaded) bench.SkipWithError(loaded.error().message.c_str());
    benchmark::DoNotOptimize(loaded);
  }
  ::unlink(path.c_str());
  per_event(bench, trace.size());
}
BENCHMARK(BM_Load);

void BM_Memory(benchmark::State& bench) {
  for (auto _ : bench) {
    const Trace trace = busy_trace(1'000'000);
    std::size_t previews = 0;
    for (std::size_t i = 0; i < trace.size(); ++i) previews += heap_bytes(trace[i]);
    bench.counters["bytes/event"] =
        static_cast<double>(trace.bytes() - previews) / static_cast<double>(trace.size());
    bench.counters["preview bytes/event"] = static_cast<double>(previews) / static_cast<double>(trace.size());
  }
}
BENCHMARK(BM_Memory)->Iterations(1);

void BM_CursorForATime(benchmark::State& bench) {
  const Trace trace = busy_trace(1'000'000);
  Time t = trace.start();
  for (auto _ : bench) {
    t += 7919;
    if (t > trace.end()) t = trace.start();
    benchmark::DoNotOptimize(trace.upto(t));
  }
}
BENCHMARK(BM_CursorForATime);

}  // namespace
}  // namespace sockscope

BENCHMARK_MAIN();
