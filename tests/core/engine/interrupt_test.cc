// A call that blocks comes back when asked, and what it says then.

#include <gtest/gtest.h>

#include <string>

#include "engine_house.h"

namespace sockscope::testing {
namespace {

class InterruptTest : public EngineTest {
 protected:
  void SetUp() override { a = worker("a"); }
  // Interrupts `pending` once it is proved blocked.
  Reply interrupted(const Pending& pending) {
    if (!until([&] { return blocked(a); })) ADD_FAILURE() << "it did not block";
    EXPECT_TRUE(engine.interrupt(a));
    return finish(pending);
  }
  ThreadId a = 0;
};

TEST_F(InterruptTest, AnAcceptComesBackAndTheListenerStillListens) {
  const Listener listener = on(a, [](Caller& caller) { return new_listener(caller); });
  const Reply reply = interrupted(begin(a, request(Call::accept, listener.id)));
  EXPECT_EQ(reply.error, EINTR);
  EXPECT_TRUE(reply.interrupted);
  const SocketId client = on(a, [](Caller& caller) { return new_socket(caller); });
  EXPECT_TRUE(call(a, request(Call::connect, client, listener.address)).ok());
  EXPECT_TRUE(call(a, request(Call::accept, listener.id)).ok());  // the next call is not interrupted
}

TEST_F(InterruptTest, ARecvComesBackWithAndWithoutATimeout) {
  const Connection c = on(a, [](Caller& caller) { return new_connection(caller); });
  EXPECT_TRUE(interrupted(begin(a, request(Call::recv, c.server, 10, 0))).interrupted);
  call(a, request(Call::settimeout, c.server, 1000 * kSecond));
  const Reply polled = interrupted(begin(a, request(Call::recv, c.server, 10, 0)));
  EXPECT_TRUE(polled.interrupted);
  EXPECT_FALSE(polled.timed_out);
  EXPECT_EQ(polled.error, EINTR);
}

TEST_F(InterruptTest, ASendThatMovedAPartSaysHowMuch) {
  const Connection c = on(a, [](Caller& caller) { return new_connection(caller); });
  const std::string much(64 << 20, 'x');
  const Reply part = interrupted(begin(a, request(Call::send, c.client, much)));
  EXPECT_EQ(part.error, 0);
  EXPECT_TRUE(part.interrupted);
  EXPECT_GT(part.result, 0);
  EXPECT_LT(part.result, static_cast<std::int64_t>(much.size()));
  // What was under way makes room for a while; then nothing moves any more.
  Reply last = part;
  for (int i = 0; i < 100 && last.error == 0; ++i)
    last = interrupted(begin(a, request(Call::send, c.client, much)));
  EXPECT_EQ(last.error, EINTR);
  EXPECT_TRUE(last.interrupted);
}

TEST_F(InterruptTest, ASendallThatMovedAPartIsEintr) {
  const Connection c = on(a, [](Caller& caller) { return new_connection(caller); });
  const std::string much(64 << 20, 'x');
  const Reply reply = interrupted(begin(a, request(Call::sendall, c.client, much)));
  EXPECT_EQ(reply.error, EINTR);
  EXPECT_TRUE(reply.interrupted);
  house.fold_all();
  EXPECT_GT(house.state.socket(c.client)->bytes_sent, 0u);
}

TEST_F(InterruptTest, AConnectGoesOnInTheKernel) {
  const Listener listener = on(a, full_listener);
  const SocketId waits = on(a, [](Caller& caller) { return new_socket(caller); });
  const Reply reply = interrupted(begin(a, request(Call::connect, waits, listener.address)));
  EXPECT_EQ(reply.error, EINTR);
  house.fold_all();
  EXPECT_EQ(house.state.socket(waits)->state, TcpState::SYN_SENT);
  const Pending again = begin(a, request(Call::connect, waits, listener.address));
  ASSERT_TRUE(until([&] { return blocked(a); }));
  const ThreadId b = worker("b");
  ASSERT_TRUE(call(b, request(Call::accept, listener.id)).ok());  // there is room: the next SYN gets in
  EXPECT_TRUE(finish(again).ok());
}

TEST_F(InterruptTest, AnIdleThreadIsLeftAlone) {
  EXPECT_FALSE(engine.interrupt(a));
  EXPECT_FALSE(engine.interrupt(77));
  const Connection c = on(a, [](Caller& caller) { return new_connection(caller); });
  call(a, request(Call::send, c.client, "x"));
  EXPECT_EQ(call(a, request(Call::recv, c.server, 10, 0)).data, "x");
}

// The signal may come before the thread is in the kernel, where it is lost: it is sent again until it is
// back.
TEST_F(InterruptTest, NoInterruptIsLostHoweverEarly) {
  const Connection c = on(a, [](Caller& caller) { return new_connection(caller); });
  for (int i = 0; i < 500; ++i) {
    const Pending pending = begin(a, request(Call::recv, c.server, 10, 0));
    ASSERT_TRUE(until([&] { return engine.interrupt(a); })) << i;
    ASSERT_TRUE(finish(pending).interrupted) << i;
  }
}

TEST_F(InterruptTest, ASpawnedThreadAskedToEndLeavesItsLoop) {
  const Listener listener = on(a, [](Caller& caller) { return new_listener(caller); });
  SocketHandle listening = engine.room().sockets().find(listener.id);
  const ThreadId server =
      engine.spawn({"server", ThreadRole::accept, a}, [listening](Caller& caller) mutable {
        while (!caller.asked_back()) {
          SocketHandle made;
          call_accept(caller, listening, made);
        }
      });
  ASSERT_TRUE(until([&] { return blocked(server); }));
  engine.ask_to_end(server);
  EXPECT_TRUE(until([&] { return !engine.alive(server); }));
  EXPECT_TRUE(engine.idle(server));
  house.fold_all();
  EXPECT_FALSE(house.state.thread(server)->alive);
  EXPECT_EQ(house.state.thread(server)->parent, a);
}

TEST_F(InterruptTest, AskedToEndBeforeItBeganItEndsAllTheSame) {
  for (int i = 0; i < 100; ++i) {
    const ThreadId server = engine.spawn({"loop"}, [](Caller& caller) {
      const Listener listener = new_listener(caller);
      while (!caller.asked_back()) perform(caller, request(Call::accept, listener.id));
    });
    engine.ask_to_end(server);
    ASSERT_TRUE(until([&] { return !engine.alive(server); })) << i;
  }
}

}  // namespace
}  // namespace sockscope::testing
