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

// One client of a load; its calls as a thread makes them.
class Talker {
 public:
  Talker() {
    put(1, event::LoadStarted{1, 1, "L", "S"});
    put(1, event::ThreadStarted{1, 0, 1, ThreadRole::load, "L.1", "localhost", "L"});
    call(Call::connect, 10, 30, 0);
  }
  void call(Call name, Time entered, Time back, std::int64_t result, int error = 0) {
    put(entered, event::CallEntered{++calls_, 1, 7, name, {}});
    event::CallReturned returned;
    returned.call = calls_;
    returned.thread = 1;
    returned.result = result;
    returned.error = error;
    put(back, std::move(returned));
  }
  void sendall(Time entered, Time back, std::int64_t bytes) {
    const CallId outer = ++calls_;
    put(entered, event::CallEntered{outer, 1, 7, Call::sendall, {}});
    call(Call::send, entered + 1, back - 1, bytes);
    event::CallReturned returned;
    returned.call = outer;
    returned.thread = 1;
    put(back, std::move(returned));
  }
  RaceFigures figures(const LoadOptions& said) {
    Trace trace;
    trace.commit(std::move(events_));
    return race_figures(trace, {}, "L", said);
  }

 private:
  void put(Time at, Body body) { events_.push_back({at, std::move(body)}); }
  std::vector<Event> events_;
  CallId calls_ = 0;
};

TEST(RaceFigures, AMessagesLatencyIsFromItsSendToItsAnswerWithoutThinking) {
  Talker one;
  one.sendall(100, 110, 6);
  one.call(Call::recv, 111, 150, 6);
  one.sendall(1'000, 1'010, 6);
  one.call(Call::recv, 1'011, 1'070, 6);
  one.sendall(2'000, 2'010, 6);  // never answered
  one.call(Call::recv, 2'011, 2'050, -1, ECONNRESET);
  const RaceFigures figures = one.figures({});
  EXPECT_EQ(figures.connects, (std::vector<Time>{20}));
  EXPECT_EQ(figures.latencies, (std::vector<Time>{50, 70}));
  EXPECT_EQ(figures.answers, (std::vector<Time>{1'060}));
  EXPECT_EQ(figures.busy, 1'069);
}

// Sends and receives of one message in turn, as a long one is echoed; connect told its end the second time.
TEST(RaceFigures, ALongMessageIsOneMessage) {
  LoadOptions said;
  said.size = 100;
  Talker one;
  one.call(Call::send, 100, 101, 40);
  one.call(Call::send, 102, 103, -1, EAGAIN);
  one.call(Call::recv, 104, 110, 40);
  one.call(Call::send, 111, 112, 60);
  one.call(Call::recv, 113, 120, 30);
  one.call(Call::recv, 121, 130, 30);
  one.call(Call::send, 200, 201, 100);
  one.call(Call::recv, 202, 250, 99);  // stopped before it was whole
  const RaceFigures figures = one.figures(said);
  EXPECT_EQ(figures.latencies, (std::vector<Time>{30}));
}

TEST(RaceFigures, AnAnswerThatEndsWithTheStreamIsWhole) {
  LoadOptions said;
  said.size = 100;
  Talker one;
  one.call(Call::send, 100, 101, 100);
  one.call(Call::recv, 102, 140, 99);
  one.call(Call::recv, 141, 190, 0);
  EXPECT_EQ(one.figures(said).latencies, (std::vector<Time>{40}));
}

}  // namespace
}  // namespace sockscope::cli
