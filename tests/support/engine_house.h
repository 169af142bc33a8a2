#pragma once
// A fixture with an engine: calls made on its workers, waiting by polling as the program does, and the house
// property at the end.

#include <dirent.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "engine/engine.h"
#include "house.h"
#include "requests.h"

namespace sockscope::testing {

inline std::size_t entries_of(const char* directory) {
  DIR* opened = ::opendir(directory);
  std::size_t count = 0;
  while (::readdir(opened) != nullptr) ++count;
  ::closedir(opened);
  return count;
}
inline std::size_t open_descriptors() {
  return entries_of("/proc/self/fd");
}
inline std::size_t threads_alive() {
  return entries_of("/proc/self/task");
}

// How many there are while no test has one of its own. A sanitizer starts one with the first of ours, and a
// joined thread stays in /proc for a moment.
inline std::size_t threads_at_rest() {
  pid_t own = 0;
  std::thread([&] { own = ::gettid(); }).join();
  const std::string task = "/proc/self/task/" + std::to_string(own);
  const Time deadline = now() + 30 * kSecond;
  while (::access(task.c_str(), F_OK) == 0 && now() < deadline) std::this_thread::yield();
  return threads_alive();
}

inline constexpr Time kPatience = 30 * kSecond;

class EngineTest : public ::testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(engine.stop().empty());
    expect_house_property(house);
  }

  // The program's loop until `so` holds; false at the deadline.
  bool until(const std::function<bool()>& so) {
    const Time deadline = now() + kPatience;
    for (;;) {
      house.inbox.arm();
      engine.poll();
      house.fold();
      if (so()) return true;
      if (now() > deadline) return false;
      wait_for_news();
    }
  }
  // Committed events lag by the hold: this much at most until the next look.
  void wait_for_news() {
    const Time next = engine.next_look();
    const Time wait = next < 0 ? 5 * kMillisecond : std::clamp<Time>(next - now(), 0, 5 * kMillisecond);
    pollfd wake{house.inbox.wake_fd(), POLLIN, 0};
    const timespec most{0, wait};
    ::ppoll(&wake, 1, &most, nullptr);
  }

  ThreadId worker(const std::string& name) { return engine.start({name}); }

  // Runs a call on a worker; the reply when it is back. `data` in the request must live that long.
  using Pending = std::shared_future<Reply>;
  Pending begin(ThreadId thread, const Request& made) {
    auto promise = std::make_shared<std::promise<Reply>>();
    engine.submit(thread, [promise, made](Caller& caller) { promise->set_value(perform(caller, made)); });
    return promise->get_future().share();
  }
  bool back(const Pending& pending) {
    return pending.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  Reply finish(const Pending& pending) {
    if (!until([&] { return back(pending); })) {
      ADD_FAILURE() << "the call did not come back";
      return {};
    }
    house.fold_all();  // what is seen from now on is what followed
    return pending.get();
  }
  Reply call(ThreadId thread, const Request& made) { return finish(begin(thread, made)); }
  // The same for any work on a worker.
  template <typename F>
  auto on(ThreadId thread, F f) {
    auto task =
        std::make_shared<std::packaged_task<decltype(f(std::declval<Caller&>()))(Caller&)>>(std::move(f));
    auto done = task->get_future();
    engine.submit(thread, [task](Caller& caller) { (*task)(caller); });
    EXPECT_TRUE(until([&] { return done.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }));
    return done.get();
  }

  bool blocked(ThreadId thread) {
    const ThreadState* state = house.state.thread(thread);
    return state != nullptr && state->blocked;
  }

  House house;
  Engine engine{house.inbox};
};

}  // namespace sockscope::testing
