#pragma once
// Runs a play as the program does, without the program: one loop of look, commit, fold, poll, wait.

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include "engine/engine.h"
#include "house.h"
#include "kernel/observer.h"
#include "play/play.h"
#include "play/runner.h"

namespace sockscope::testing {

class PlayStage {
 public:
  explicit PlayStage(bool interactive = false)
      : runner(std::make_unique<Runner>(engine, house.trace, house.state,
                                        Runner::Options{"test.play", &lab, interactive})) {}
  ~PlayStage() {
    runner.reset();
    EXPECT_TRUE(engine.stop().empty());
    expect_house_property(house);
  }
  PlayStage(const PlayStage&) = delete;
  PlayStage& operator=(const PlayStage&) = delete;

  void tick() {
    house.inbox.arm();
    engine.poll();
    if (const auto ended = lab.poll(); !ended.empty()) runner->hosts_ended(ended);
    const Time looked = now();
    observer.poll();
    const Time horizon = std::min(now() - kCommitHold, looked);
    house.fold(horizon);
    runner->committed(horizon);
    runner->poll();
  }

  // False: it did not come true in half a minute.
  bool until(const std::function<bool()>& so) {
    const Time give_up = now() + 30 * kSecond;
    for (;;) {
      tick();
      if (so()) return true;
      if (now() > give_up) return false;
      wait();
    }
  }

  // A whole play; its exit code.
  int run(const std::string& text) {
    const auto play = parse_play(text, "test.play");
    if (!play) {
      ADD_FAILURE() << play.error().to_string();
      return -1;
    }
    runner->load(*play);
    EXPECT_TRUE(until([this] { return runner->finished(); })) << "the play does not end";
    house.fold_all();
    return runner->exit_code();
  }

  bool type(const std::string& line, const std::string& thread) {
    const auto typed = runner->type(line, thread);
    EXPECT_TRUE(typed) << typed.error().to_string();
    return typed.has_value();
  }

  House house;
  Lab lab{house.inbox, SOCKSCOPE_BINARY_DIR "/lab_keeper"};
  Engine engine{house.inbox};
  Observer observer{engine.room().sockets(), engine.room().hosts(), house.inbox};
  std::unique_ptr<Runner> runner;

 private:
  // Until something happens, at most 5 ms: committed events lag by the hold.
  void wait() {
    const Time clock = now();
    Time most = 5 * kMillisecond;
    for (const Time due : {engine.next_look(), runner->next_wake()})
      if (due >= 0) most = std::clamp<Time>(due - clock, 0, most);
    pollfd wake{house.inbox.wake_fd(), POLLIN, 0};
    const timespec time{0, most};
    ::ppoll(&wake, 1, &time, nullptr);
  }
};

}  // namespace sockscope::testing
