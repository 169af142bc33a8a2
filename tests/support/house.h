#pragma once
// The house property, for every test that makes a trace: the live state equals the state of the
// saved-and-loaded recording, at every prefix.

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "trace/clock.h"
#include "trace/inbox.h"
#include "trace/recording.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope::testing {

// What the program keeps: inbox → trace → state.
struct House {
  Inbox inbox;
  Trace trace;
  State state;

  // One frame: commits what happened before `horizon` and folds it.
  void fold(Time horizon = now() - kCommitHold) {
    trace.commit(inbox.take(), horizon);
    while (state.next() < trace.size()) state.apply(trace[state.next()], state.next());
  }
  void fold_all() { fold(std::numeric_limits<Time>::max()); }

  // The events of one kind so far, in trace order.
  template <typename Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (std::size_t i = 0; i < trace.size(); ++i) {
      if (const auto* body = std::get_if<Kind>(&trace[i].body)) found.push_back(*body);
    }
    return found;
  }
};

inline std::string scratch_path(const std::string& suffix) {
  static std::atomic<int> count{0};
  return ::testing::TempDir() + "sockscope-" + std::to_string(getpid()) + "-" + std::to_string(++count) +
         suffix;
}

// Beyond this many events states are compared at the end only: a comparison costs a whole state.
inline constexpr std::size_t kEveryPrefix = 3000;

inline void expect_recorded_equals_live(const Trace& trace, const State& live) {
  const std::string path = scratch_path(".jsonl");
  const auto saved = save_recording(trace, path);
  ASSERT_TRUE(saved) << saved.error().message;
  const auto loaded = load_recording(path);
  std::remove(path.c_str());
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->size(), trace.size());
  State from_live;
  State from_loaded;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    ASSERT_EQ((*loaded)[i], trace[i]) << "event " << i << " was not recorded as it was";
    ASSERT_EQ(loaded->late(i), trace.late(i)) << "event " << i;
    from_live.apply(trace[i], i);
    from_loaded.apply((*loaded)[i], i);
    if (trace.size() > kEveryPrefix) continue;
    ASSERT_EQ(from_live, from_loaded) << "after event " << i;
  }
  EXPECT_EQ(live, from_loaded);
}

// Takes what is left and asserts the house property. When every producer has finished.
inline void expect_house_property(House& house) {
  house.fold_all();
  expect_recorded_equals_live(house.trace, house.state);
}

}  // namespace sockscope::testing
