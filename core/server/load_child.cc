#include "server/load_child.h"

#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <optional>

#include "server/load_loop.h"
#include "server/load_options.h"
#include "server/service.h"
#include "trace/base64.h"

namespace sockscope {
namespace {

constexpr std::size_t kArguments = 16;

std::string base64_of(std::string_view bytes) {
  std::string text;
  append_base64(text, bytes);
  return text;
}

template <typename Number>
bool read_number(std::string_view text, Number& to) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, to);
  return error == std::errc{} && stopped == end;
}

struct ChildTask {
  LoadOptions options;
  bool tracing = true;
};

// What load_child_arguments() appends behind the text.
bool read_ways(std::span<const char* const> words, LoadOptions& options) {
  const auto arrival = load_arrival_of(words[0]);
  const auto end = load_end_of(words[1]);
  if (!arrival || !end) return false;
  options.arrival = *arrival;
  options.end = *end;
  return read_number(words[2], options.size) && read_number(words[3], options.think) &&
         read_number(words[4], options.drip) && read_number(words[5], options.slow_read) &&
         read_number(words[6], options.over) && read_number(words[7], options.seed) &&
         options.size <= kMostLoadSize;
}

std::optional<ChildTask> read_arguments(std::span<const char* const> arguments) {
  if (arguments.size() != kArguments) return std::nullopt;
  const auto to = parse_address(arguments[1]);
  const auto text = from_base64(arguments[6]);
  ChildTask task;
  LoadOptions& options = task.options;
  if (!to || !text || !read_number(arguments[2], options.clients) ||
      !read_number(arguments[3], options.messages) || options.clients < 0 ||
      options.clients > kMostLoadClients || !read_ways(arguments.subspan(8), options))
    return std::nullopt;
  options.name = arguments[0];
  options.to = *to;
  options.stay = std::string_view(arguments[4]) == "stay";
  task.tracing = std::string_view(arguments[5]) == "trace";
  options.text = *text;
  options.host = arguments[7];
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
          options.host,
          std::string(word_of(options.arrival)),
          std::string(word_of(options.end)),
          std::to_string(options.size),
          std::to_string(options.think),
          std::to_string(options.drip),
          std::to_string(options.slow_read),
          std::to_string(options.over),
          std::to_string(options.seed)};
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
