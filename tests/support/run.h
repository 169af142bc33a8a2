#pragma once
// Programs started by a test: spawned with posix_spawn(3), read with a deadline, killed by their own pid.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace sockscope {

struct Finished {
  int exit =
      -1;  // 128 + signal if it was killed by one; -1: not finished within the deadline, or not started
  std::string out, err;
};

class Process {
 public:
  static constexpr std::chrono::seconds kDeadline{60};

  // `environment`: "NAME=value" added to this process's.
  explicit Process(std::vector<std::string> command, const std::vector<std::string>& environment = {}) {
    std::array<std::array<int, 2>, 3> pipes{};
    for (auto& ends : pipes) {
      if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipes[0][0], 0);
    posix_spawn_file_actions_adddup2(&actions, pipes[1][1], 1);
    posix_spawn_file_actions_adddup2(&actions, pipes[2][1], 2);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) sigaddset(&defaults, signal);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::vector<std::string> variables = environment;
    for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
    std::vector<char*> arguments = pointers(command), settings = pointers(variables);
    if (posix_spawnp(&pid_, arguments[0], &actions, &attributes, arguments.data(), settings.data()) != 0)
      pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(pipes[0][0]);
    close(pipes[1][1]);
    close(pipes[2][1]);
    in_ = pipes[0][1];
    streams_[0] = {pipes[1][0], {}};
    streams_[1] = {pipes[2][0], {}};
  }
  ~Process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    hang_up();
    for (Stream& stream : streams_) shut(stream.fd);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  const std::string& out() const { return streams_[0].text; }
  const std::string& err() const { return streams_[1].text; }

  void type(std::string_view text) {
    struct sigaction ignore {
    }, before{};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &before);
    while (!text.empty()) {
      const ssize_t wrote = write(in_, text.data(), text.size());
      if (wrote < 0 && errno != EINTR) break;
      if (wrote > 0) text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    sigaction(SIGPIPE, &before, nullptr);
  }
  void hang_up() { shut(in_); }  // its standard input ends
  void signal(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
  }
  void close_out() { shut(streams_[0].fd); }  // the reader of its standard output goes away

  // Until its standard output (or error) holds `text`. False: it ended, or the deadline passed, without it.
  bool until_out(std::string_view text) { return until(streams_[0], text); }
  bool until_err(std::string_view text) { return until(streams_[1], text); }

  // Reads all it says until it ends. Past the deadline it is killed and `exit` is -1.
  Finished finish() {
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    while (read_some(deadline)) {
    }
    Finished result;
    int status = 0;
    const bool late = std::chrono::steady_clock::now() >= deadline;
    if (pid_ > 0) {
      if (late) ::kill(pid_, SIGKILL);
      waitpid(pid_, &status, 0);
      pid_ = -1;
      result.exit = late ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    result.out = out();
    result.err = err();
    return result;
  }

 private:
  struct Stream {
    int fd = -1;
    std::string text;
  };
  using Clock = std::chrono::steady_clock;

  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  }
  static void shut(int& fd) {
    if (fd >= 0) close(fd);
    fd = -1;
  }
  bool until(const Stream& stream, std::string_view text) {
    const auto deadline = Clock::now() + kDeadline;
    while (stream.text.find(text) == std::string::npos) {
      if (!read_some(deadline)) return stream.text.find(text) != std::string::npos;
    }
    return true;
  }
  // False: both streams are at their end, or the deadline has passed.
  bool read_some(Clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    std::array<pollfd, 2> fds{{{streams_[0].fd, POLLIN, 0}, {streams_[1].fd, POLLIN, 0}}};
    if (left <= 0 || (fds[0].fd < 0 && fds[1].fd < 0)) return false;
    poll(fds.data(), fds.size(), static_cast<int>(left));
    for (std::size_t i = 0; i < fds.size(); ++i) {
      if (fds[i].revents == 0) continue;
      std::array<char, 65536> piece;
      const ssize_t got = read(streams_[i].fd, piece.data(), piece.size());
      if (got > 0) {
        streams_[i].text.append(piece.data(), static_cast<std::size_t>(got));
      } else if (got == 0 || errno != EINTR) {
        shut(streams_[i].fd);
      }
    }
    return true;
  }

  pid_t pid_ = -1;
  int in_ = -1;
  std::array<Stream, 2> streams_;
};

// Runs to the end with nothing on standard input.
inline Finished run(std::vector<std::string> command, const std::vector<std::string>& environment = {}) {
  Process process(std::move(command), environment);
  process.hang_up();
  return process.finish();
}

}  // namespace sockscope
