// Every example of docs/play.md: run, parsed or refused as it is marked.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "play_harness.h"

namespace sockscope {
namespace {

struct Example {
  int line;
  std::string kind, text;
};

std::vector<Example> examples() {
  std::ifstream file(SOCKSCOPE_SOURCE_DIR "/docs/play.md");
  std::vector<Example> all;
  std::string line;
  bool inside = false;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) all.push_back({number, line.substr(3), ""});
    } else if (inside) {
      all.back().text += line + "\n";
    }
  }
  return all;
}

std::vector<Example> marked(const std::string& kind) {
  std::vector<Example> found;
  for (auto& example : examples())
    if (example.kind == kind) found.push_back(std::move(example));
  return found;
}

TEST(Document, EveryPlayRunsAndItsExpectationsHold) {
  const auto plays = marked("play");
  ASSERT_GE(plays.size(), 5U);
  for (const auto& example : plays) {
    testing::PlayStage stage;
    EXPECT_EQ(stage.run(example.text), 0) << "docs/play.md:" << example.line << " " << stage.runner->error();
    for (const auto& e : stage.runner->expectations()) EXPECT_TRUE(e.ok) << e.text << " saw " << e.saw;
  }
}

TEST(Document, EveryLineParses) {
  for (const auto& example : marked("line")) {
    const auto play = parse_play(example.text, "docs/play.md");
    EXPECT_TRUE(play) << play.error().to_string();
  }
}

TEST(Document, EveryRefusedLineIsRefused) {
  const auto blocks = marked("refused");
  ASSERT_GE(blocks.size(), 3U);
  for (const auto& example : blocks) {
    std::istringstream lines(example.text);
    for (std::string line; std::getline(lines, line);) {
      const auto play = parse_play(line, "docs/play.md");
      EXPECT_FALSE(play) << line;
      EXPECT_TRUE(play || !play.error().later) << line;
    }
  }
}

}  // namespace
}  // namespace sockscope
