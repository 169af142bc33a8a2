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

class PlayFile : public ::testing::TestWithParam<std::string> {};

TEST_P(PlayFile, RunsAndHolds) {
  const auto play = load_play(GetParam());
  ASSERT_TRUE(play) << play.error().to_string();
  testing::PlayStage stage;
  stage.runner->load(*play);
  ASSERT_TRUE(stage.until([&] { return stage.runner->finished(); }));
  EXPECT_EQ(stage.runner->exit_code(), 0) << stage.runner->error();
  EXPECT_FALSE(stage.runner->expectations().empty());
  for (const auto& e : stage.runner->expectations())
    EXPECT_TRUE(e.ok) << "line " << e.line << " " << e.text << " saw " << e.saw;
}

INSTANTIATE_TEST_SUITE_P(Plays, PlayFile, ::testing::ValuesIn(play_files()), [](const auto& named) {
  std::string name = std::filesystem::path(named.param).stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace sockscope
