#include "net/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "net/descriptor.h"

namespace sockscope {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

int spawn_child(const std::string& program, std::vector<std::string> arguments,
                std::vector<std::string> environment, const std::vector<ChildDescriptor>& descriptors,
                pid_t& pid) {
  int above = STDERR_FILENO + 1;
  for (const ChildDescriptor& one : descriptors) above = std::max(above, one.its + 1);
  std::vector<Descriptor> sources;  // above all that are given: none is overwritten before it is given
  for (const ChildDescriptor& one : descriptors) {
    sources.emplace_back(::fcntl(one.ours, F_DUPFD_CLOEXEC, above));
    if (!sources.back()) return errno;
  }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  for (std::size_t i = 0; i < sources.size(); ++i)
    posix_spawn_file_actions_adddup2(&actions, sources[i].get(), descriptors[i].its);
  posix_spawn_file_actions_addclosefrom_np(&actions, above);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  const int error = posix_spawn(&pid, program.c_str(), &actions, &attributes, pointers(arguments).data(),
                                pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

int spawn_child(const std::string& program, std::vector<std::string> arguments,
                const std::vector<ChildDescriptor>& descriptors, pid_t& pid) {
  std::vector<std::string> ours;
  for (char** variable = environ; *variable != nullptr; ++variable) ours.emplace_back(*variable);
  return spawn_child(program, std::move(arguments), std::move(ours), descriptors, pid);
}

}  // namespace sockscope
