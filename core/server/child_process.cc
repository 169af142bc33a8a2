#include "server/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace sockscope {

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<std::string> environment_of(const CallRoom& room) {
  constexpr std::string_view kTemporary = "TMPDIR=";
  std::vector<std::string> result;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (room.directory().empty() || !std::string_view(*variable).starts_with(kTemporary))
      result.emplace_back(*variable);
  }
  if (!room.directory().empty()) result.push_back(std::string(kTemporary) + room.directory());
  return result;
}

int start_without_signals(std::thread& thread, std::function<void()> body) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  int error = 0;
  try {
    thread = std::thread(std::move(body));
  } catch (const std::system_error& refused) {
    error = refused.code().value();
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error;
}

void wait_until_ended(pid_t pid) {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
}

std::string how_it_died(int status) {
  if (WIFSIGNALED(status)) {
    const char* name = sigabbrev_np(WTERMSIG(status));
    return fmt::format("was killed by signal {} (SIG{})", WTERMSIG(status), name == nullptr ? "?" : name);
  }
  if (WEXITSTATUS(status) == 0) return {};
  return fmt::format("ended with exit status {}", WEXITSTATUS(status));
}

}  // namespace sockscope
