#pragma once
// The plays of tests/torture/plays, which together make every call.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace sockscope::testing {

inline std::vector<std::string> torture_plays() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(SOCKSCOPE_SOURCE_DIR "/tests/torture/plays"))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

inline std::string torture_play(const std::string& name) {
  std::ifstream in(std::string(SOCKSCOPE_SOURCE_DIR "/tests/torture/plays/") + name + ".play");
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace sockscope::testing
