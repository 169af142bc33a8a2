// What Details says of the kernel's own word.
#include <gtest/gtest.h>

#include "kernel_trace.h"
#include "pane_scene.h"

namespace sockscope {
namespace details_kernel_test {

using testing::PaneScene;
using Q = FullQueue;
using W = ShutWindow;

struct Shown : PaneScene {
  Shown(Trace trace, SocketId id) : PaneScene(&draw_details, std::move(trace), {480, 900}) {
    view.selection = {Selection::Kind::socket, id, 0};
    driver.frame(3);
  }
  bool says(std::string_view text) { return driver.shows(text); }
};

TEST(DetailsOfAListener, WhoWaitsInOrderWhatWasDroppedAndTheSynQueue) {
  Shown pane(full_queue_trace(), Q::s);
  EXPECT_TRUE(pane.says("a, :54321, b"));
  EXPECT_TRUE(pane.says("4 SYNs"));
  EXPECT_TRUE(pane.says("SYN queue"));
  EXPECT_TRUE(pane.says("3 of 3"));
}

TEST(DetailsOfAListener, TheLimitIsTheSmallerOfWhatWasAskedAndSomaxconn) {
  Shown pane(shut_window_trace(), W::s);
  EXPECT_TRUE(pane.says("min(100000, 4096) = 4096"));
}

TEST(DetailsOfAListener, AtMostEightOfThoseWhoWaitAreNamed) {
  TraceBuilder b;
  const ThreadId t = b.thread("server");
  const SocketId s = b.socket(t, "s");
  b.bind(t, s, loopback(4000), loopback(4000)).listen(t, s, 20);
  for (SocketId id = 2; id < 12; ++id) queued(b, id, s, 4000, static_cast<std::uint16_t>(id));
  Shown pane(b.trace(), s);
  EXPECT_TRUE(pane.says(":2, :3, :4, :5, :6, :7, :8, :9, …"));
}

TEST(DetailsOfASocket, BothTanksTheWindowTheRoundTripAndWhatWasSentAgain) {
  Shown pane(shut_window_trace(), W::c);
  for (const char* text : {"210 kB of 2.63 MB", "200 kB", "10 kB", "Its peer has no room left", "10 segments",
                           "40 µs", "3 times", "66 kB", "Waits in the send queue"}) {
    EXPECT_TRUE(pane.says(text)) << text;
  }
}

TEST(DetailsOfASocket, ATimerIsASentence) {
  Shown pane(full_queue_trace(), Q::c);
  EXPECT_TRUE(pane.says("The kernel sends its SYN again in 1.00 s, try 3."));
  EXPECT_TRUE(pane.says("c asked 127.0.0.1:4000 for a connection")) << "it has no peer yet";
}

TEST(DetailsOfASocket, TimeWaitSaysWhenItIsForgottenAndWhoClosedFirst) {
  Shown pane(many_past_builder(1).trace(), 2);
  EXPECT_TRUE(pane.says("socket #2 closed first. The kernel forgets it in 60 s."));
  EXPECT_TRUE(pane.says("no fd"));
}

TEST(DetailsOfASocket, TheTwoEndsBeliefsStandSideBySideWhereTheyDiffer) {
  EXPECT_TRUE(Shown(full_queue_trace(), Q::b).says("b: ESTABLISHED; s: not accepted yet"));
  Shown closed(full_queue_trace(), Q::a);
  EXPECT_TRUE(closed.says("a: FIN_WAIT2; s: CLOSE_WAIT, not accepted yet"));
  EXPECT_TRUE(closed.says("a has finished sending, and the end at s knows"));
  EXPECT_FALSE(closed.says("It can send already."));
  EXPECT_FALSE(Shown(shut_window_trace(), W::c).says("c: ESTABLISHED;")) << "they agree";
}

TEST(DetailsOfASocket, AForeignConnectionSaysThatNobodyTookIt) {
  Shown pane(full_queue_trace(), Q::other);
  EXPECT_TRUE(pane.says("Nobody has accepted it, so it has no descriptor."));
  EXPECT_TRUE(pane.says("It waits in the accept queue of s."));
  EXPECT_TRUE(pane.says("127.0.0.1:54321"));
}

TEST(DetailsOfASocket, ClosedIsNotNothingHasObserved) {
  TraceBuilder b;
  const ThreadId t = b.thread("client");
  const SocketId c = b.socket(t, "c");
  b.close(t, c).state(c, TcpState::ESTABLISHED, TcpState::not_known, How::call);
  EXPECT_TRUE(Shown(b.trace(), c).says("Nothing has observed its connection since."));
  b.state(c, TcpState::not_known, TcpState::CLOSED);
  Shown pane(b.trace(), c);
  EXPECT_TRUE(pane.says("is closed, and so is its connection."));
  EXPECT_FALSE(pane.says("Nothing has observed"));
}

TEST(DetailsOfAThread, ABlockedOneSaysWhichFunctionOfTheKernelItSleepsIn) {
  PaneScene pane(&draw_details, full_queue_trace(), {480, 600});
  pane.view.selection = {Selection::Kind::thread, Q::carl, 0};
  pane.driver.frame(3);
  EXPECT_TRUE(pane.driver.shows("inet_stream_connect"));
  EXPECT_TRUE(pane.driver.shows("/proc/1004/wchan"));
}

}  // namespace details_kernel_test
}  // namespace sockscope
