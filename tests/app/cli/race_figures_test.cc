#include <gtest/gtest.h>

#include "cli/race_figures.h"
#include "trace_builder.h"

namespace sockscope::cli {
namespace {

TEST(RaceFigures, APercentileIsAValueThatWasThere) {
  EXPECT_EQ(percentile({}, 0.5), 0);
  EXPECT_EQ(percentile({7}, 0.99), 7);
  const std::vector<Time> ten{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  EXPECT_EQ(percentile(ten, 0), 1);
  EXPECT_EQ(percentile(ten, 0.5), 5);
  EXPECT_EQ(percentile(ten, 0.9), 9);
  EXPECT_EQ(percentile(ten, 0.99), 10);
  EXPECT_EQ(percentile(ten, 1), 10);
}

// Two clients of one server; the other server's are not counted.
TEST(RaceFigures, AreThoseOfTheServerAndItsLoad) {
  Trace trace;
  std::vector<Event> events;
  const auto put = [&](Time at, Body body) { events.push_back({at, std::move(body)}); };
  put(1, event::ThreadStarted{1, 0, 1, ThreadRole::accept, "fast.accept", "localhost", "fast"});
  put(2, event::ServerStarted{1, 9, "fast", "thread", "upper", loopback(1)});
  put(3, event::LoadStarted{2, 2, "L", "fast"});
  put(3, event::LoadStarted{3, 2, "other", "fast"});
  for (const ThreadId thread : {4u, 5u, 6u}) {
    const char* load = thread == 6 ? "other" : "L";
    put(3, event::ThreadStarted{thread, 0, 1, ThreadRole::load, load, "localhost", load});
    put(10, event::CallEntered{thread, thread, thread, Call::connect, {}});
    put(20, event::CallEntered{thread + 10, thread, thread, Call::recv, {}});
    event::CallReturned back;
    back.call = thread + 10;
    back.thread = thread;
    back.result = 5;
    put(thread * 100, std::move(back));
  }
  put(15, event::ListenerSampled{9, 3, 5, 0, 0});
  put(16, event::ListenerSampled{8, 6, 5, 0, 0});
  put(17, event::ClientStarted{1, 1, 20, loopback(2)});
  put(18, event::ClientStarted{1, 1, 21, loopback(3)});
  put(19, event::ClientEnded{1, 1, 20});
  put(700, event::LoadEnded{2, 2, 0, 0, 0});
  trace.commit(std::move(events));
  const RaceFigures figures = race_figures(trace, "fast", "L");
  EXPECT_EQ(figures.answered, 2u);
  EXPECT_EQ(figures.took, 697);
  EXPECT_EQ(figures.answers, (std::vector<Time>{390, 490}));
  EXPECT_EQ(figures.queue_most, 3u);
  EXPECT_EQ(figures.busy_most, 2u);
  EXPECT_EQ(figures.threads, 1u);
  EXPECT_EQ(race_figures(trace, "nobody", "nobody").answers.size(), 0u);
}

}  // namespace
}  // namespace sockscope::cli
