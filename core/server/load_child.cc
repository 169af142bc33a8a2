#include "server/load_child.h"

#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <optional>

#include "server/load_loop.h"
#include "server/service.h"
#include "trace/base64.h"

namespace sockscope {
namespace {

constexpr std::size_t kArguments = 8;

std::string base64_of(std::string_view bytes) {
  std::string text;
  append_base64(text, bytes);
  return text;
}

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

struct ChildTask {
  LoadOptions options;
  bool tracing = true;
};

std::optional<ChildTask> read_arguments(std::span<const char* const> arguments) {
  if (arguments.size() != kArguments) return std::nullopt;
  const auto to = parse_address(arguments[1]);
  const auto clients = number_of(arguments[2]);
  const auto messages = number_of(arguments[3]);
  const auto text = from_base64(arguments[6]);
  if (!to || !clients || !messages || !text || *clients < 0 || *clients > kMostLoadClients)
    return std::nullopt;
  ChildTask task;
  task.options.name = arguments[0];
  task.options.to = *to;
  task.options.clients = *clients;
  task.options.messages = *messages;
  task.options.stay = std::string_view(arguments[4]) == "stay";
  task.tracing = std::string_view(arguments[5]) == "trace";
  task.options.text = *text;
  task.options.host = arguments[7];
  return task;
}

// setns(2), while there is one thread. 0 or errno.
int enter_host() {
  for (const auto& [fd, kind] :
       {std::pair{kLoadUserNamespace, CLONE_NEWUSER}, {kLoadNetNamespace, CLONE_NEWNET}}) {
    if (::setns(fd, kind) != 0) return errno;
    ::close(fd);
  }
  return 0;
}

}  // namespace

std::vector<std::string> load_child_arguments(const LoadOptions& options, bool tracing) {
  return {"sockscope",
          std::string(kLoadChild),
          options.name,
          to_text(options.to),
          std::to_string(options.clients),
          std::to_string(options.messages),
          options.stay ? "stay" : "close",
          tracing ? "trace" : "quiet",
          base64_of(options.text),
          options.host};
}

int run_load_child(std::span<const char* const> arguments) {
  const auto task = read_arguments(arguments);
  if (!task) {
    std::fputs("sockscope load-child: a load of many clients starts this itself; see %load\n", stderr);
    return 2;
  }
  ::prctl(PR_SET_NAME, "sockscope-load");  // started as /proc/self/exe, it would be called "exe"
  if (task->options.host != kThisMachine) {
    if (const int error = enter_host(); error != 0) {
      std::fprintf(stderr, "sockscope load-child: setns to %s: %s\n", task->options.host.c_str(),
                   describe_error(error).c_str());
      return 3;
    }
  }
  return LoadLoop(task->options, task->tracing, STDIN_FILENO, STDOUT_FILENO).run();
}

}  // namespace sockscope
