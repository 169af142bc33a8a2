// Sockets belong to no thread: two workers on one socket.

#include <gtest/gtest.h>

#include "engine_house.h"

namespace sockscope::testing {
namespace {

class SharedSocketTest : public EngineTest {
 protected:
  void SetUp() override {
    a = worker("a");
    b = worker("b");
  }
  ThreadId a = 0, b = 0;
};

TEST_F(SharedSocketTest, ShutdownFromBWakesTheRecvOfA) {
  const Connection c = on(a, [](Caller& caller) { return new_connection(caller); });
  const Pending reading = begin(a, request(Call::recv, c.server, 10, 0));
  ASSERT_TRUE(until([&] { return blocked(a); }));
  ASSERT_TRUE(call(b, request(Call::shutdown, c.server, SHUT_RDWR)).ok());
  const Reply end = finish(reading);
  EXPECT_TRUE(end.ok());
  EXPECT_EQ(end.data, "");
}

TEST_F(SharedSocketTest, ShutdownFromBEndsTheAcceptOfA) {
  const Listener listener = on(a, [](Caller& caller) { return new_listener(caller); });
  const Pending accepting = begin(a, request(Call::accept, listener.id));
  ASSERT_TRUE(until([&] { return blocked(a); }));
  ASSERT_TRUE(call(b, request(Call::shutdown, listener.id, SHUT_RDWR)).ok());
  EXPECT_EQ(finish(accepting).error, EINVAL);
}

TEST_F(SharedSocketTest, CloseFromBDoesNotWakeA) {
  const Connection c = on(a, [](Caller& caller) { return new_connection(caller); });
  const Pending reading = begin(a, request(Call::recv, c.server, 10, 0));
  ASSERT_TRUE(until([&] { return blocked(a); }));
  const Time since = now();
  ASSERT_TRUE(call(b, request(Call::close, c.server)).ok());
  ASSERT_TRUE(until([&] { return engine.settled(since); }));
  EXPECT_FALSE(back(reading));
  EXPECT_FALSE(house.state.socket(c.server)->open);
  EXPECT_EQ(call(b, request(Call::recv, c.server, 10, 0)).error, EBADF);
  ASSERT_TRUE(call(b, request(Call::send, c.client, "late")).ok());
  EXPECT_EQ(finish(reading).data, "late");
}

TEST_F(SharedSocketTest, ThreadsAreInTheTraceWithWhatTheyAreFor) {
  const ThreadId s = engine.spawn({"S.accept", ThreadRole::accept, a, "localhost", "S"}, [](Caller&) {});
  ASSERT_TRUE(until([&] { return !engine.alive(s); }));
  house.fold_all();
  const ThreadState* state = house.state.thread(s);
  ASSERT_NE(state, nullptr);
  EXPECT_EQ(state->name, "S.accept");
  EXPECT_EQ(state->role, ThreadRole::accept);
  EXPECT_EQ(state->parent, a);
  EXPECT_EQ(state->host, "localhost");
  EXPECT_EQ(state->server, "S");
  EXPECT_NE(state->tid, 0);
  EXPECT_FALSE(state->alive);
  EXPECT_TRUE(house.state.thread(a)->alive);
}

TEST_F(SharedSocketTest, TasksOfAWorkerRunInTheirOrder) {
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) engine.submit(a, [&order, i](Caller&) { order.push_back(i); });
  ASSERT_TRUE(until([&] { return engine.idle(a); }));
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

}  // namespace
}  // namespace sockscope::testing
