#pragma once
// A state folder of a test's own; HOME and XDG_STATE_HOME come back afterwards.

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

namespace sockscope {

class StateHome {
 public:
  StateHome() : home_(value("HOME")), state_(value("XDG_STATE_HOME")) {
    std::string pattern = (std::filesystem::temp_directory_path() / "sockscope-state-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
    setenv("XDG_STATE_HOME", path_.c_str(), 1);
  }
  ~StateHome() {
    put("HOME", home_);
    put("XDG_STATE_HOME", state_);
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  StateHome(const StateHome&) = delete;
  StateHome& operator=(const StateHome&) = delete;
  const std::string& path() const { return path_; }

 private:
  static std::optional<std::string> value(const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr ? std::nullopt : std::optional<std::string>(text);
  }
  static void put(const char* name, const std::optional<std::string>& text) {
    if (text) {
      setenv(name, text->c_str(), 1);
    } else {
      unsetenv(name);
    }
  }
  std::optional<std::string> home_, state_;
  std::string path_;
};

}  // namespace sockscope
