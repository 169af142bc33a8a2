// Every play beside this file is run here and, exported, under the system's python3; many of them as C too.
// Each line's result or exception must be the same. A play is a case: to add one, add a file.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "differential.h"
#include "export/program.h"
#include "play_harness.h"
#include "run.h"
#include "trace/recording.h"

namespace sockscope::testing {
namespace {

constexpr std::size_t kBatch = 8;     // plays a test: a test is a process
constexpr std::size_t kCompiled = 2;  // of each batch, as C too: a compiler is slow

std::vector<std::filesystem::path> plays() {
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator(SOCKSCOPE_SOURCE_DIR "/tests/differential"))
    if (entry.path().extension() == ".play") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class Differential : public ::testing::TestWithParam<std::size_t> {
 protected:
  Differential() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sockscope-diff-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~Differential() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  // As it is played here, saved and loaded. Nothing of it is left when the programs run.
  Trace recorded(const std::filesystem::path& path) const {
    const std::string file = folder_ / "recording.jsonl";
    PlayStage stage;
    EXPECT_EQ(stage.run(own_names(read(path))), 0) << "its own expectations";
    EXPECT_TRUE(save_recording(stage.house.trace, file));
    auto trace = load_recording(file);
    EXPECT_TRUE(trace) << trace.error().message;
    return trace ? std::move(*trace) : Trace();
  }

  // Abstract names are the whole machine's: UNIQUE is another word in each process.
  static std::string own_names(std::string text) {
    constexpr std::string_view kWord = "UNIQUE";
    for (auto at = text.find(kWord); at != text.npos; at = text.find(kWord, at))
      text.replace(at, kWord.size(), std::to_string(getpid()));
    return text;
  }

  static std::vector<std::filesystem::path> batch() {
    const auto all = plays();
    const std::size_t from = GetParam() * kBatch;
    return {all.begin() + static_cast<std::ptrdiff_t>(from),
            all.begin() + static_cast<std::ptrdiff_t>(std::min(from + kBatch, all.size()))};
  }

  std::filesystem::path folder_;
};

TEST_P(Differential, EveryLineEndsAsUnderPython) {
  for (const auto& path : batch()) {
    SCOPED_TRACE(path.filename());
    const Trace trace = recorded(path);
    const Program python = export_program(trace, ProgramLanguage::python, trace.size());
    const std::string file = write(path.stem().string() + ".py", program_text(python));
    const Finished ran = run({"/usr/bin/python3", file});
    EXPECT_EQ(ran.exit, 0) << ran.err << ran.out;
    EXPECT_EQ(difference(results_here(trace), results_of_python(ran.out, trace), trace), "") << ran.err;
  }
}

TEST_P(Differential, EveryCallEndsAsInC) {
  std::size_t done = 0;
  for (const auto& path : batch()) {
    if (++done > kCompiled) break;
    SCOPED_TRACE(path.filename());
    const Trace trace = recorded(path);
    const std::string source = write(path.stem().string() + ".c",
                                     program_text(export_program(trace, ProgramLanguage::c, trace.size())));
    const std::string program = folder_ / path.stem();
    const Finished compiled =
        run({"/usr/bin/gcc", "-std=c17", "-Wall", "-Wextra", "-Werror", source, "-lpthread", "-o", program});
    ASSERT_EQ(compiled.exit, 0) << compiled.err;
    EXPECT_EQ(compiled.err, "");
    const Finished ran = run({program});
    EXPECT_EQ(ran.exit, 0) << ran.err << ran.out;
    EXPECT_EQ(difference(calls_here(trace), calls_of_c(ran.out), trace), "") << ran.out;
  }
}

INSTANTIATE_TEST_SUITE_P(Plays, Differential,
                         ::testing::Range<std::size_t>(0, (plays().size() + kBatch - 1) / kBatch));

TEST(DifferentialPlays, AreAtLeastOneHundredAndFifty) {
  EXPECT_GE(plays().size(), 150U);
}

}  // namespace
}  // namespace sockscope::testing
