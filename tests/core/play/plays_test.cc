// Every play of tests/plays runs and all it expects holds.

#include <gtest/gtest.h>

#include <filesystem>

#include "play_harness.h"

namespace sockscope {
namespace {

std::vector<std::string> play_files() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(SOCKSCOPE_SOURCE_DIR "/tests/plays"))
    if (entry.path().extension() == ".play") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(PlayFiles, AllRunAndHold) {
  ASSERT_GE(play_files().size(), 5U);
  for (const std::string& path : play_files()) {
    SCOPED_TRACE(path);
    const auto play = load_play(path);
    ASSERT_TRUE(play) << play.error().to_string();
    testing::PlayStage stage;
    stage.runner->load(*play);
    ASSERT_TRUE(stage.until([&] { return stage.runner->finished(); }));
    EXPECT_EQ(stage.runner->exit_code(), 0) << stage.runner->error();
    EXPECT_FALSE(stage.runner->expectations().empty());
    for (const auto& e : stage.runner->expectations())
      EXPECT_TRUE(e.ok) << e.line << " " << e.text << " saw " << e.saw;
  }
}

}  // namespace
}  // namespace sockscope
