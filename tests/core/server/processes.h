#pragma once
// Processes as /proc tells of them, and programs that a test makes.

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace sockscope {

inline const std::string kChildProgram = std::string(SOCKSCOPE_BINARY_DIR) + "/load_child";

// What the process has open; nothing when it is gone.
inline std::set<std::string> open_files(const std::string& process) {
  std::set<std::string> files;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + process + "/fd", gone)) {
    std::error_code ignored;
    files.insert(std::filesystem::read_symlink(entry.path(), ignored).string());
  }
  return files;
}

// Children of this process, ended ones that nobody waited for too.
inline bool has_no_child() {
  return waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD;
}

// Of any process, those it has not waited for too.
inline std::set<pid_t> children_of(pid_t parent) {
  std::set<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    std::string stat;
    if (pid <= 0 || !std::getline(std::ifstream(entry.path() / "stat"), stat)) continue;
    const auto name = stat.rfind(") ");
    if (name != std::string::npos && std::atoi(stat.c_str() + name + 4) == parent) found.insert(pid);
  }
  return found;
}

// A program that is a shell's script, until it goes.
class Script {
 public:
  explicit Script(const std::string& text) {
    std::ofstream(path_) << "#!/bin/sh\n" << text << "\n";
    chmod(path_.c_str(), 0700);
  }
  ~Script() { std::filesystem::remove(path_); }
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;
  const std::string& path() const { return path_; }

 private:
  static std::string unused() {
    char path[] = "/tmp/sockscope-script-XXXXXX";
    close(mkstemp(path));
    return path;
  }
  std::string path_ = unused();
};

}  // namespace sockscope
