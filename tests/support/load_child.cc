// The child process of a load, or of a fork server, alone: without the program around it. With "--no-fork"
// before its arguments fork(2) fails with EAGAIN, as it does at the limit of processes.

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <iterator>

#include "server/fork_child.h"
#include "server/load_child.h"

namespace {

bool forbid_fork() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAGAIN),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{static_cast<unsigned short>(std::size(program)), program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
  if (arguments.size() > 1 && arguments[1] == std::string_view("--no-fork")) {
    if (!forbid_fork()) return 4;
    arguments = arguments.subspan(1);
  }
  if (arguments.size() < 2) return 2;
  if (arguments[1] == sockscope::kForkServer) return sockscope::run_fork_server(arguments.subspan(2));
  if (arguments[1] != sockscope::kLoadChild) return 2;
  return sockscope::run_load_child(arguments.subspan(2));
}
