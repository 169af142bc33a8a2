// A recording that is saved a piece at a time.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "gui/save_as.h"
#include "state_home.h"
#include "trace/recording.h"

namespace sockscope {
namespace saving_test {

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

struct SavedInPieces : ::testing::Test {
  SavedInPieces() {
    std::filesystem::create_directories(root);
    std::ofstream(path) << "old";
  }
  StateHome home;
  const std::string root = home.path() + "/files", path = root + "/long.jsonl";
};

Trace long_trace(std::size_t events) {
  Trace trace;
  for (std::size_t i = 0; i < events; ++i)
    trace.append(Event{static_cast<Time>(i), event::ThreadEnded{static_cast<ThreadId>(i)}}, false);
  return trace;
}

TEST_F(SavedInPieces, ALongRecordingGoesAPieceAtATime) {
  Trace trace = long_trace(25'000);
  auto saving = Saving::begin(path, trace, SavedAs::recording);
  ASSERT_TRUE(saving);
  trace.append(Event{30'000, event::ThreadEnded{1}}, false);  // later than what is saved
  int pieces = 1;
  float before = -1;
  for (auto done = (*saving)->go_on(trace, 0); done && !*done; done = (*saving)->go_on(trace, 0), ++pieces) {
    EXPECT_EQ(content(path), "old");
    EXPECT_GT((*saving)->done(), before);
    before = (*saving)->done();
  }
  EXPECT_EQ(pieces, 3);
  const auto loaded = load_recording(path);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->size(), 25'000u);
}

TEST_F(SavedInPieces, GivenUpItLeavesTheOldFileAndNothingElse) {
  const Trace trace = long_trace(25'000);
  {
    auto saving = Saving::begin(path, trace, SavedAs::recording);
    ASSERT_TRUE(saving);
    ASSERT_FALSE(*(*saving)->go_on(trace, 0));
  }
  EXPECT_EQ(content(path), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(root), std::filesystem::directory_iterator()),
            1);
}

}  // namespace saving_test
}  // namespace sockscope
