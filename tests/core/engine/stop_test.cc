// The engine ends, whatever its threads do.

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "engine_house.h"

namespace sockscope::testing {
namespace {

class StopTest : public EngineTest {};

// Sixteen workers: four each in accept, recv, connect (to a full queue) and send (full queues).
class Sixteen {
 public:
  explicit Sixteen(Engine& engine) : engine_(engine) {
    const ThreadId maker = engine.start({"maker"});
    std::promise<void> made;
    engine.submit(maker, [&](Caller& caller) {
      for (int i = 0; i < 4; ++i) {
        accepts_.push_back(new_listener(caller).id);
        recvs_.push_back(new_connection(caller).server);
        sends_.push_back(new_connection(caller).client);
        full_.push_back(full_listener(caller));
        connects_.push_back(new_socket(caller));
      }
      made.set_value();
    });
    made.get_future().wait();
  }
  std::vector<ThreadId> block_all() {
    std::vector<ThreadId> threads;
    for (std::size_t i = 0; i < 4; ++i) {
      threads.push_back(block("accept", request(Call::accept, accepts_[i])));
      threads.push_back(block("recv", request(Call::recv, recvs_[i], 10, 0)));
      threads.push_back(block("send", request(Call::sendall, sends_[i], much_)));
      threads.push_back(block("connect", request(Call::connect, connects_[i], full_[i].address)));
    }
    return threads;
  }

 private:
  ThreadId block(const std::string& name, const Request& made) {
    const ThreadId thread = engine_.start({name});
    engine_.submit(thread, [made](Caller& caller) { perform(caller, made); });
    return thread;
  }
  Engine& engine_;
  const std::string much_ = std::string(16 << 20, 'x');
  std::vector<SocketId> accepts_, recvs_, sends_, connects_;
  std::vector<Listener> full_;
};

bool all_blocked(const House& house, const std::vector<ThreadId>& threads) {
  return std::all_of(threads.begin(), threads.end(), [&](ThreadId thread) {
    const ThreadState* state = house.state.thread(thread);
    return state != nullptr && state->blocked;
  });
}

TEST_F(StopTest, SixteenBlockedWorkersStopFiftyTimesAndLeaveNothing) {
  const std::size_t threads = threads_at_rest();
  const std::size_t descriptors = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    House own;
    Engine stopped(own.inbox);
    Sixteen sixteen(stopped);
    const std::vector<ThreadId> blocked = sixteen.block_all();
    const Time deadline = now() + kPatience;
    while (!all_blocked(own, blocked)) {
      ASSERT_LT(now(), deadline) << i;
      stopped.poll();
      own.fold_all();
      std::this_thread::yield();
    }
    ASSERT_TRUE(stopped.stop().empty()) << i;
    ASSERT_TRUE(until([&] { return threads_alive() == threads; })) << i;
    own.fold_all();
    for (const ThreadId thread : blocked) {
      ASSERT_FALSE(own.state.thread(thread)->alive);
      ASSERT_TRUE(own.state.thread(thread)->calls.empty());
    }
    for (const SocketState& socket : own.state.sockets()) ASSERT_FALSE(socket.open);
    if (i == 0) expect_house_property(own);
  }
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST_F(StopTest, AThreadThatNeverAsksIsReportedByNameAndLeftBehind) {
  const auto enough = std::make_shared<std::atomic<bool>>(false);
  const auto gone = std::make_shared<std::atomic<bool>>(false);
  House own;
  {
    Engine stuck(own.inbox);
    const auto began = std::make_shared<std::atomic<bool>>(false);
    const ThreadId thread = stuck.start({"stubborn"});
    stuck.submit(thread, [enough, gone, began](Caller& caller) {
      *began = true;
      while (!*enough) std::this_thread::yield();
      caller.put(event::Notice{"late", "nobody reads this"});
      *gone = true;
    });
    const ThreadId good = stuck.start({"good"});
    stuck.ask_to_end(good);
    ASSERT_TRUE(until([&] { return began->load() && !stuck.alive(good); }));
    EXPECT_EQ(stuck.stop(20 * kMillisecond), std::vector<std::string>{"stubborn"});
    EXPECT_EQ(stuck.start({"after"}), 0u);
  }
  *enough = true;  // the engine is gone, the thread is not: it finds what it needs
  ASSERT_TRUE(until([&] { return gone->load(); }));
  own.fold_all();
  for (const auto& notice : own.all<event::Notice>()) EXPECT_NE(notice.code.view(), "late");
  const std::size_t at_rest = threads_alive();
  EXPECT_TRUE(until([&] { return threads_alive() <= at_rest; }));
}

TEST_F(StopTest, NoThreadStartsAfterStop) {
  const ThreadId a = worker("a");
  EXPECT_TRUE(engine.stop().empty());
  EXPECT_FALSE(engine.alive(a));
  EXPECT_EQ(engine.start({"b"}), 0u);
  EXPECT_EQ(engine.spawn({"c"}, [](Caller&) {}), 0u);
  engine.submit(a, [](Caller&) { FAIL() << "it has ended"; });
}

TEST_F(StopTest, TheLimitOfThreadsIsSaidNotCrashedInto) {
  std::size_t started = 0;
  std::atomic<std::size_t> ran{0};
  ThreadId last = 1;
  for (std::size_t i = 0; i < kMostThreads + 5 && last != 0; ++i) {
    last = engine.spawn({"t"}, [&](Caller& caller) {
      ++ran;
      work(caller, 1000 * kSecond);
    });
    started += last != 0 ? 1 : 0;
  }
  EXPECT_EQ(last, 0u);
  EXPECT_LE(started, kMostThreads);
  ASSERT_TRUE(until([&] { return ran.load() == started; }));
  house.fold_all();
  ASSERT_EQ(house.all<event::Notice>().size(), 1u);
  EXPECT_EQ(house.all<event::Notice>()[0].code.view(), "threads");
}

TEST_F(StopTest, ManyShortThreadsLeaveNothingThoughNobodyPolls) {
  const std::size_t before = threads_at_rest();
  std::atomic<int> ran{0};
  for (int i = 0; i < 1000; ++i) {
    const Time deadline = now() + kPatience;
    while (engine.spawn({"short"}, [&](Caller&) { ++ran; }) == 0) ASSERT_LT(now(), deadline);
  }
  EXPECT_TRUE(until([&] { return ran == 1000 && threads_alive() == before; }));
}

}  // namespace
}  // namespace sockscope::testing
