#pragma once
// The program under test, a folder of one's own for each test, and the peers.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "run.h"

namespace sockscope {

inline const std::string kProgram = std::string(SOCKSCOPE_BINARY_DIR) + "/sockscope";
inline const std::string kLessons = std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons";

// The system's own, where there is one: another in PATH may be somebody's private one.
inline std::string python() {
  return access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
}

class ProgramTest : public testing::Test {
 protected:
  ProgramTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sockscope-e2e-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    setenv("XDG_STATE_HOME", folder_.c_str(), 1);  // nothing of the person's own is written
  }
  ~ProgramTest() override { std::filesystem::remove_all(folder_); }

  static std::vector<std::string> command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), kProgram);
    return arguments;
  }
  static std::vector<std::string> environment() {
    return {"SOCKSCOPE_LESSONS=" + kLessons, "LC_ALL=C.UTF-8"};
  }
  static Finished sockscope(std::vector<std::string> arguments) {
    std::vector<std::string> variables = environment();
    // The GL driver keeps some memory and is unloaded when leaks are looked for, so it cannot be excepted by
    // name.
    if (!arguments.empty() && arguments[0] == "shot") variables.push_back("ASAN_OPTIONS=detect_leaks=0");
    return run(command(std::move(arguments)), variables);
  }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  static std::string read(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
  }
  static std::size_t count(const std::string& text, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
    return found;
  }
  static std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  static constexpr std::chrono::seconds kDeadline{60};
  static bool until(const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      poll(nullptr, 0, 5);
    }
    return true;
  }
  std::string folder_;
};

// `sockscope serve …` that listens.
class Served {
 public:
  Served(std::vector<std::string> arguments, const std::vector<std::string>& environment)
      : process_(std::move(arguments), environment) {
    constexpr std::string_view kSays = "listening on 127.0.0.1:";
    EXPECT_TRUE(process_.until_out("\n")) << process_.err();
    const std::string& out = process_.out();
    EXPECT_TRUE(out.starts_with(kSays)) << out << process_.err();
    if (out.starts_with(kSays)) port_ = out.substr(kSays.size(), out.find('\n') - kSays.size());
  }
  Process& process() { return process_; }
  const std::string& port() const { return port_; }

 private:
  Process process_;
  std::string port_ = "0";
};

}  // namespace sockscope
