// Recordings made by version 1 of the format, committed once: every later version loads them and tells them
// in the same words. A sentence that is changed on purpose changes its .txt beside the recording.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "trace/narrate.h"
#include "trace/recording.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> golden() {
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator(SOCKSCOPE_SOURCE_DIR "/tests/golden")) {
    if (entry.path().extension() == ".jsonl") all.push_back(entry.path());
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::string told(const Trace& trace) {
  std::string all;
  State state;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const std::string line = narrate_line(trace[i], state, trace.start(), untranslated);
    if (!line.empty()) all += line + "\n";
    state.apply(trace[i], i);
  }
  return all;
}

TEST(Golden, EveryRecordingIsToldAsItWas) {
  for (const auto& path : golden()) {
    SCOPED_TRACE(path);
    const auto trace = load_recording(path);
    ASSERT_TRUE(trace) << trace.error().message;
    EXPECT_EQ(told(*trace), text_of(std::filesystem::path(path).replace_extension(".txt")));
  }
}

TEST(Golden, TheyHaveEveryKind) {
  std::set<std::size_t> kinds;
  for (const auto& path : golden()) {
    const auto trace = load_recording(path);
    ASSERT_TRUE(trace) << trace.error().message;
    for (std::size_t i = 0; i < trace->size(); ++i) kinds.insert((*trace)[i].body.index());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<Body>);
}

TEST(Golden, WritingThemAgainChangesNothing) {
  for (const auto& path : golden()) {
    SCOPED_TRACE(path);
    const auto trace = load_recording(path);
    ASSERT_TRUE(trace) << trace.error().message;
    std::string written;
    for (std::size_t i = 0; i < trace->size(); ++i) {
      write_event(written, (*trace)[i], trace->late(i), trace->origin().start);
      written += '\n';
    }
    const std::string text = text_of(path);
    EXPECT_EQ(written, text.substr(text.find('\n') + 1));
  }
}

TEST(Golden, EveryPrefixFolds) {
  for (const auto& path : golden()) {
    const auto trace = load_recording(path);
    ASSERT_TRUE(trace) << trace.error().message;
    State on;
    for (std::size_t seq = 0; seq < trace->size(); ++seq) {
      ASSERT_EQ(fold(*trace, seq), on) << path << " " << seq;
      on.apply((*trace)[seq], seq);
    }
  }
}

TEST(Golden, TheLateMarkAndTheOriginAreKept) {
  const auto trace = load_recording(SOCKSCOPE_SOURCE_DIR "/tests/golden/every-kind.jsonl");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->origin(), (Trace::Origin{100 * kSecond, 1'767'225'600'123'456'789}));
  EXPECT_TRUE(trace->late(trace->size() - 3));
  EXPECT_FALSE(trace->late(trace->size() - 2));
}

}  // namespace
}  // namespace sockscope
