// Every play of tests/plays runs and all it expects holds.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "lab_support.h"
#include "play_harness.h"

namespace sockscope {
namespace {

std::vector<std::string> play_files(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".play") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

void runs_and_holds(const std::string& path) {
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

TEST(PlayFiles, AllRunAndHold) {
  const auto files = play_files(SOCKSCOPE_SOURCE_DIR "/tests/plays");
  ASSERT_GE(files.size(), 5U);
  for (const std::string& path : files) runs_and_holds(path);
}

// On hosts of their own: a case each, for each takes seconds of a connection's life.
class LabPlay : public testing::LabTest, public ::testing::WithParamInterface<std::string> {};

TEST_P(LabPlay, RunsAndHolds) {
  runs_and_holds(GetParam());
}

std::string name_of_play(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = std::filesystem::path(info.param).stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Plays, LabPlay,
                         ::testing::ValuesIn(play_files(SOCKSCOPE_SOURCE_DIR "/tests/plays/lab")),
                         name_of_play);

}  // namespace
}  // namespace sockscope
