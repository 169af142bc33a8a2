#include "server/fork_child.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <optional>

#include "server/fork_loop.h"

namespace sockscope {
namespace {

constexpr std::size_t kForkArguments = 6;

struct ForkTask {
  ServerOptions options;
  ServerId id = 0;
  bool tracing = true;
};

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stopped == end;
}

std::optional<ForkTask> read_fork_task(std::span<const char* const> arguments) {
  if (arguments.size() != kForkArguments) return std::nullopt;
  ForkTask task;
  task.options.name = arguments[0];
  task.options.host = arguments[1];
  task.options.handler = arguments[2];
  task.options.model = "fork";
  task.tracing = std::string_view(arguments[5]) == "trace";
  bool known = false;
  for (const std::string_view name : handlers()) known |= name == task.options.handler;
  if (!known || !read_number(arguments[3], task.options.work) || task.options.work < 0) return std::nullopt;
  if (!read_number(arguments[4], task.id)) return std::nullopt;
  return task;
}

}  // namespace

std::vector<std::string> fork_server_arguments(const ServerOptions& options, ServerId id, bool tracing) {
  return {"sockscope",     std::string(kForkServer),     options.name,       options.host,
          options.handler, std::to_string(options.work), std::to_string(id), tracing ? "trace" : "quiet"};
}

int run_fork_server(std::span<const char* const> arguments) {
  const auto task = read_fork_task(arguments);
  if (!task) {
    std::fputs("sockscope fork-server: a server of model fork starts this itself; see sockscope serve\n",
               stderr);
    return 2;
  }
  ::prctl(PR_SET_NAME, "sockscope-fork");  // started as /proc/self/exe, it would be called "exe"
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);      // whoever died before that has closed our standard input
  ForkLoop loop(task->options, task->id, task->tracing, STDIN_FILENO, {kForkMemory, STDOUT_FILENO},
                kForkListener);
  if (!loop.ok()) return 1;
  loop.run();
  return 0;
}

}  // namespace sockscope
