// What "blocked" and "settled" mean, and that they are proved.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>

#include "engine_house.h"

namespace sockscope::testing {
namespace {

class BlockedTest : public EngineTest {};

TEST_F(BlockedTest, AnAcceptIsProvedBlockedOnceAndSinceItsFirstLook) {
  const ThreadId a = worker("a");
  const Listener listener = on(a, [](Caller& caller) { return new_listener(caller); });
  const Pending accepting = begin(a, request(Call::accept, listener.id));
  ASSERT_TRUE(until([&] { return blocked(a); }));
  const ThreadId b = worker("b");
  const SocketId client = on(b, [](Caller& caller) { return new_socket(caller); });
  ASSERT_TRUE(call(b, request(Call::connect, client, listener.address)).ok());
  EXPECT_TRUE(finish(accepting).ok());
  house.fold_all();
  const auto proofs = house.all<event::CallBlocked>();
  ASSERT_EQ(proofs.size(), 1u);
  Time entered = -1;
  Time told = -1;
  for (std::size_t i = 0; i < house.trace.size(); ++i) {
    const Event& event = house.trace[i];
    const auto* call = std::get_if<event::CallEntered>(&event.body);
    if (call != nullptr && call->call == proofs[0].call) entered = event.at;
    if (std::holds_alternative<event::CallBlocked>(event.body)) told = event.at;
  }
  EXPECT_GE(proofs[0].since, entered);
  EXPECT_GE(told - proofs[0].since, kBetweenLooks);
  EXPECT_FALSE(blocked(a));
}

TEST_F(BlockedTest, NothingMoreIsToBeLookedAtOnceABlockIsProved) {
  const ThreadId a = worker("a");
  const Listener listener = on(a, [](Caller& caller) { return new_listener(caller); });
  begin(a, request(Call::accept, listener.id));
  ASSERT_TRUE(until([&] { return blocked(a); }));
  EXPECT_EQ(engine.next_look(), -1);
  EXPECT_FALSE(engine.idle(a));
  EXPECT_TRUE(engine.alive(a));
}

TEST_F(BlockedTest, ACallWithATimeoutIsBlockedInThatCall) {
  const ThreadId a = worker("a");
  const Listener listener = on(a, [](Caller& caller) { return new_listener(caller); });
  ASSERT_TRUE(call(a, request(Call::settimeout, listener.id, 100 * kSecond)).ok());
  begin(a, request(Call::accept, listener.id));
  ASSERT_TRUE(until([&] { return blocked(a); }));
  EXPECT_EQ(house.state.thread(a)->calls.back().name, Call::accept);
}

TEST_F(BlockedTest, AWorkerThatSpinsIsMovingAndNamed) {
  const ThreadId a = worker("spinner");
  std::atomic<bool> enough{false};
  const Time since = now();
  engine.submit(a, [&](Caller&) {
    while (!enough) std::this_thread::yield();
  });
  engine.poll();
  EXPECT_FALSE(engine.settled(since));
  EXPECT_EQ(engine.moving(since), std::vector<std::string>{"spinner"});
  EXPECT_GE(engine.next_look(), 0);
  enough = true;
  EXPECT_TRUE(until([&] { return engine.settled(since); }));
}

TEST_F(BlockedTest, WorkCountsAsBlockedAndComesBackEarlyWhenAskedToEnd) {
  const ThreadId a = worker("a");
  const Time since = now();
  std::atomic<bool> came_back{false};
  engine.submit(a, [&](Caller& caller) {
    work(caller, std::numeric_limits<Time>::max() / 4);
    came_back = caller.asked_back();
  });
  ASSERT_TRUE(until([&] { return engine.settled(since); }));
  EXPECT_FALSE(engine.idle(a));
  EXPECT_FALSE(engine.interrupt(a));  // it is in no call
  engine.ask_to_end(a);
  ASSERT_TRUE(until([&] { return !engine.alive(a); }));
  EXPECT_TRUE(came_back);
}

// Settling, the play's rule: a line is settled when every thread has returned or is blocked for real. The
// last of a chain of threads, each woken by the one before, must have come to rest.
class SettleTest : public BlockedTest {
 protected:
  static constexpr int kLinks = 3;

  // A byte sent to the first link goes through all of them; the last counts it.
  void make_chain() {
    feeder = worker("feeder");
    const Connection first = on(feeder, [](Caller& caller) { return new_connection(caller); });
    feed = first.client;
    SocketId from = first.server;
    for (int i = 0; i < kLinks; ++i) {
      const Connection next = on(feeder, [](Caller& caller) { return new_connection(caller); });
      SocketHandle in = engine.room().sockets().find(from);
      SocketHandle out = engine.room().sockets().find(next.client);
      const bool last = i + 1 == kLinks;
      engine.spawn({"link" + std::to_string(i)}, [this, in, out, last](Caller& caller) mutable {
        std::array<char, 8> buffer{};
        int error = 0;
        while (!caller.asked_back() && call_recv(caller, in, buffer.data(), 1, 0, error) == 1) {
          if (last) ++arrived;
          call_send(caller, out, "x", error);
        }
      });
      from = next.server;
    }
  }
  void expect_settled_means_arrived(int repeats) {
    for (int i = 1; i <= repeats; ++i) {
      const Time since = now();
      const Pending sent = begin(feeder, request(Call::send, feed, "x"));
      ASSERT_TRUE(until([&] { return engine.settled(since); })) << i;
      ASSERT_TRUE(back(sent)) << i;
      ASSERT_EQ(arrived.load(), i);
    }
  }

  ThreadId feeder = 0;
  SocketId feed = 0;
  std::atomic<int> arrived{0};
};

TEST_F(SettleTest, SettledMeansTheWholeChainHasRun) {
  make_chain();
  expect_settled_means_arrived(200);
}

TEST_F(SettleTest, SettledMeansTheWholeChainHasRunUnderCpuHogs) {
  make_chain();
  std::atomic<bool> enough{false};
  std::vector<std::thread> hogs;
  for (int i = 0; i < 4; ++i) {
    hogs.emplace_back([&] {
      const Time until_then = now() + 60 * kSecond;  // a bound, should the test die
      while (!enough && now() < until_then) {
      }
    });
  }
  expect_settled_means_arrived(200);
  enough = true;
  for (std::thread& hog : hogs) hog.join();
}

}  // namespace
}  // namespace sockscope::testing
