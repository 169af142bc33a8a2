#include "cli/signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sockscope::cli {

Signals::Signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  fd_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Signals::~Signals() {
  close(fd_);
}

bool Signals::came_again() {
  signalfd_siginfo info{};
  while (came() != 0 && read(fd_, &info, sizeof info) == sizeof info) again_ = true;
  return again_;
}

int Signals::came() {
  signalfd_siginfo info{};
  while (first_ == 0 && read(fd_, &info, sizeof info) == sizeof info)
    first_ = static_cast<int>(info.ssi_signo);
  return first_;
}

}  // namespace sockscope::cli
