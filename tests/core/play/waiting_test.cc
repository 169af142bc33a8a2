// The waiting rule, many times over: on a machine as it is and with more busy threads than processors.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "play_harness.h"

namespace sockscope {
namespace {

constexpr int kTimes = 200;

// Threads that never sleep, as long as this lives.
class Hogs {
 public:
  explicit Hogs(unsigned count) {
    for (unsigned i = 0; i < count; ++i)
      threads_.emplace_back([this] {
        while (!stop_.load(std::memory_order_relaxed)) {
        }
      });
  }
  ~Hogs() {
    stop_ = true;
    for (auto& thread : threads_) thread.join();
  }
  Hogs(const Hogs&) = delete;
  Hogs& operator=(const Hogs&) = delete;

 private:
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

// Rounds of: a blocked accept freed by a connect, a blocked recv freed by a send, a line that reads a name
// which a blocked line will bind. Every step is judged at once: `for 0s` looks one time only.
std::string rounds(int count) {
  std::string text =
      "server>>> s = socket()\n"
      "server>>> s.bind(('127.0.0.1', 0))\n"
      "server>>> s.listen()\n"
      "%expect s.state == LISTEN for 0s\n";
  for (int i = 0; i < count; ++i)
    text +=
        "server>>> conn, addr = s.accept()\n"
        "%expect server blocked in accept for 0s\n"
        "client>>> c = socket()\n"
        "client>>> c.connect(s.getsockname())\n"
        "other>>> conn.recv(10)\n"
        "%expect server returned (socket, _) and client returned None and other blocked in recv for 0s\n"
        "client>>> c.send(b'x')\n"
        "%expect other returned b'x' and client returned 1 and server idle for 0s\n"
        "client>>> c.close()\n"
        "server>>> conn.close()\n"
        "server>>> del conn\n";
  return text;
}

void play_rounds(int count) {
  testing::PlayStage stage;
  EXPECT_EQ(stage.run(rounds(count)), 0) << stage.runner->error();
  for (const auto& e : stage.runner->expectations())
    EXPECT_TRUE(e.ok) << "line " << e.line << " " << e.text << " saw " << e.saw;
  EXPECT_EQ(stage.runner->expectations().size(), 1 + 3 * static_cast<std::size_t>(count));
  EXPECT_TRUE(stage.house.all<event::SettleTimedOut>().empty());
}

TEST(WaitingRule, HoldsTwoHundredTimesOnAnIdleMachine) {
  for (int i = 0; i < 10; ++i) play_rounds(kTimes / 10);
}

TEST(WaitingRule, HoldsTwoHundredTimesUnderProcessorHogs) {
  const Hogs hogs(2 * std::max(1U, std::thread::hardware_concurrency()));
  for (int i = 0; i < 10; ++i) play_rounds(kTimes / 10);
}

}  // namespace
}  // namespace sockscope
