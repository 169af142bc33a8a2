#include "panes/kernel_words.h"

#include <gtest/gtest.h>

#include "kernel_trace.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

struct KernelWords : ::testing::Test {
  ui::Translator tr{ui::Language::en};
  ui::Ui ui{ui::theme(ui::ThemeName::light), tr, {}, 1};
  SocketState socket;
};

TEST_F(KernelWords, BytesHaveTheirUnit) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(9'999), "9999 B");
  EXPECT_EQ(bytes_text(113'152), "113 kB");
  EXPECT_EQ(bytes_text(2'526'560), "2.53 MB");
}

TEST_F(KernelWords, ACountdownNeverGoesBelowZero) {
  EXPECT_EQ(left_text(620 * kMillisecond), "0.62 s");
  EXPECT_EQ(left_text(43'123 * kMillisecond), "43.1 s");
  EXPECT_EQ(left_text(-5 * kSecond), "0.00 s");
  EXPECT_EQ(left_text(7200 * kSecond), "120 min");
}

TEST_F(KernelWords, ARetransmitTimerTellsOnlyOfASynOrOfWhatHasRunOut) {
  socket.state = TcpState::ESTABLISHED;
  socket.timer = Timer::retransmit;
  EXPECT_FALSE(timer_tells(socket)) << "each segment starts one";
  socket.timer_tries = 1;
  EXPECT_TRUE(timer_tells(socket));
  socket.timer_tries = 0;
  socket.state = TcpState::SYN_SENT;
  socket.timer_ends = 1500 * kMillisecond;
  EXPECT_EQ(timer_words(ui, socket, kSecond), "SYN again in 0.50 s");
  EXPECT_EQ(try_words(ui, socket), "try 2");
}

TEST_F(KernelWords, AShutWindowIsSaidOnlyWhereTheKernelTellsWindows) {
  socket.unsent = 100;
  EXPECT_FALSE(window_shut(socket)) << "nothing was sampled";
  socket.cwnd = 10;
  socket.send_buffer = 87'040;
  EXPECT_TRUE(window_shut(socket));
  socket.send_window = 1;
  EXPECT_FALSE(window_shut(socket));
}

TEST_F(KernelWords, WhoClosedFirstFollowsFromTheState) {
  const State state = fold(full_queue_trace());
  EXPECT_EQ(closed_first(ui, state, *state.socket(FullQueue::a)), "a closed first.");
  EXPECT_EQ(closed_first(ui, state, *state.socket(FullQueue::b)), "") << "its descriptor is open";
}

}  // namespace
}  // namespace sockscope
