// select and poll on several sockets at once.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/select.h>

#include <array>
#include <atomic>
#include <thread>

#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

class SelectTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  Reply make(const Request& made) { return perform(caller, made); }
  Reply watch(Call call, const std::string& text, std::int64_t timeout) {
    Request made = request(call, 0, timeout);
    made.text = text;
    return make(made);
  }
  Reply select(const std::string& lists, std::int64_t timeout = 0) {
    return watch(Call::select, lists, timeout);
  }
  Reply poll(const std::string& watched, std::int64_t milliseconds = 0) {
    return watch(Call::poll, watched, milliseconds);
  }
  Reply pair() { return make(request(Call::socketpair, 0, AF_UNIX, SOCK_STREAM, 0)); }
  static std::string text(SocketId socket) { return std::to_string(socket); }

  House house;
  CallRoom room{house.inbox};
  Caller caller{room, 1};
};

TEST_F(SelectTest, WhatIsReadyIsInItsListInTheOrderGiven) {
  const Reply p = pair();
  make(request(Call::send, p.also, "x"));
  const std::string a = text(p.socket), b = text(p.also);
  const Reply ready = select(b + ' ' + a + ' ' + a + '|' + a + ' ' + b + "|" + a);
  EXPECT_EQ(ready.data, a + ' ' + a + '|' + a + ' ' + b + '|');
  EXPECT_EQ(ready.result, 3);  // as the C function counts
  ASSERT_EQ(ready.ready.size(), 4u);
  EXPECT_EQ(ready.ready[2].which, 1);
  house.fold_all();
  EXPECT_EQ(house.all<event::CallReturned>().back().data.view(), ready.data);
}

TEST_F(SelectTest, NothingReadyIsThreeEmptyListsAndNoError) {
  const Reply p = pair();
  const Reply none = select(text(p.socket) + "||", 2 * kMillisecond);
  EXPECT_TRUE(none.ok());
  EXPECT_FALSE(none.timed_out);
  EXPECT_EQ(none.data, "||");
  EXPECT_TRUE(select("||", kMillisecond).ok());
  EXPECT_TRUE(select("", 0).ok());
}

TEST_F(SelectTest, AClosedSocketIsPythonsValueErrorAndASharedOneTheKernelsEbadf) {
  const SocketId gone = new_socket(caller);
  Request adopts = request(Call::socket, 0, -1, -1, -1);
  adopts.numbers[3] = make(request(Call::fileno, gone)).result;
  const SocketId twin = make(adopts).socket;
  make(request(Call::close, gone));
  const Reply negative = select(text(gone) + "||");
  EXPECT_EQ(negative.error, EINVAL);
  EXPECT_EQ(negative.data, "file descriptor cannot be a negative integer (-1)");
  EXPECT_EQ(select("|" + text(twin) + "|").error, EBADF);
  EXPECT_EQ(select("77||").error, EINVAL);
}

TEST_F(SelectTest, ADescriptorBeyondFdSetsizeIsPythonsValueError) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_max < FD_SETSIZE + 64) GTEST_SKIP() << "the limit of descriptors cannot be raised";
  const rlimit raised{std::max<rlim_t>(limit.rlim_cur, FD_SETSIZE + 64), limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &raised), 0);
  room.set_tracing(false);
  SocketId last = 0;
  for (int i = 0; i < FD_SETSIZE + 1 && (last == 0 || room.sockets().find(last)->fd < FD_SETSIZE); ++i)
    last = new_socket(caller, AF_INET, SOCK_DGRAM);
  ASSERT_GE(room.sockets().find(last)->fd, FD_SETSIZE);
  EXPECT_EQ(select(text(last) + "||").data, "filedescriptor out of range in select()");
  EXPECT_EQ(poll(text(last) + ":4").data, text(last) + ":4");  // poll has no such limit
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

TEST_F(SelectTest, PollGivesEachSocketItsEvents) {
  const Reply p = pair();
  make(request(Call::send, p.also, "x"));
  const std::string a = text(p.socket), b = text(p.also);
  EXPECT_EQ(poll(a + ":5 " + b + ":1").data, a + ":5");
  make(request(Call::close, p.also));
  EXPECT_EQ(poll(a + ":1").data, a + ":17");      // POLLIN | POLLHUP
  EXPECT_EQ(poll(b + ":1", -1).data, b + ":32");  // POLLNVAL at once, even without end
  EXPECT_EQ(poll("", 1).data, "");
}

TEST_F(SelectTest, PollsTimeoutIsNoError) {
  const Reply p = pair();
  const Reply late = poll(text(p.socket) + ":1", 3);
  EXPECT_TRUE(late.ok());
  EXPECT_EQ(late.result, 0);
  EXPECT_TRUE(late.ready.empty());
}

// A thread that polls all the time while sockets are closed and their numbers are others' at once.
TEST_F(SelectTest, ACloseNeverGivesAPollAnothersNumber) {
  room.set_tracing(false);
  for (int i = 0; i < 200; ++i) {
    const Reply p = pair();
    std::atomic<bool> polling{false};
    std::atomic<bool> wrong{false};
    std::thread poller([&] {
      Caller other(room, 2);
      Request made = request(Call::poll);
      made.text = text(p.socket) + ":1";
      for (int events = 0; (events & POLLNVAL) == 0;) {
        polling = true;
        const Reply seen = perform(other, made);
        events = seen.ready.empty() ? 0 : seen.ready[0].which;
        wrong = wrong || (events & POLLIN) != 0;
      }
    });
    while (!polling) std::this_thread::yield();
    const int number = room.sockets().find(p.socket)->fd;
    make(request(Call::close, p.socket));
    const Reply next = pair();
    EXPECT_EQ(room.sockets().find(next.socket)->fd, number);
    make(request(Call::send, next.also, "x"));
    poller.join();
    EXPECT_FALSE(wrong) << i;
    for (const SocketId socket : {p.also, next.socket, next.also}) make(request(Call::close, socket));
  }
}

}  // namespace
}  // namespace sockscope::testing
