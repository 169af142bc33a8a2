// A load as a child process: this executable again, with nothing inherited but a pipe each way. Its standard
// output tells its events, read by a thread of ours; its standard input ends when it shall end, also because
// we are gone.

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "net/descriptor.h"
#include "net/spawn.h"
#include "server/child_process.h"
#include "server/load_child.h"
#include "server/load_clients.h"
#include "server/load_lines.h"
#include "server/load_options.h"
#include "server/service.h"

namespace sockscope {
namespace {

constexpr std::chrono::seconds kToEndByItself{2};
constexpr int kPipeSize = 1 << 20;

class ProcessClients : public Load::Clients {
 public:
  ProcessClients(Engine& engine, ServerId id, const LoadOptions& options)
      : id_(id), options_(options), lines_(engine, counts_, options.host) {
    if (const int error = start(engine); error != 0) {
      const std::string text =
          fmt::format("the process of {} cannot be started: {}", options_.name, describe_error(error));
      lines_.put(event::Notice{"load-died", std::string_view(text)});
      conclude();
    }
  }
  ~ProcessClients() override {
    stop();
    {
      std::unique_lock lock(mutex_);
      reaped_.wait_for(lock, kToEndByItself, [this] { return pid_ <= 0; });
      if (pid_ > 0) ::kill(pid_, SIGKILL);  // it is not reaped, so the number is still its own
    }
    if (reader_.joinable()) reader_.join();
  }

  bool finished() const override {
    if (ended_) return true;
    return keeps_open(options_) && !stopped_ && counts_.settled >= static_cast<unsigned>(options_.clients);
  }
  bool ended() const override { return ended_; }
  Load::Figures figures() const override { return counts_.figures(); }
  void stop() override {
    stopped_ = true;
    control_.shut();
  }

 private:
  int start(Engine& engine) {
    auto control = make_pipe();
    auto events = make_pipe();
    if (!control || !events) return errno;
    ::fcntl(events->out.get(), F_SETPIPE_SZ, kPipeSize);  // so that it seldom waits for us; less will do
    std::vector<ChildDescriptor> its{{control->in.get(), STDIN_FILENO}, {events->out.get(), STDOUT_FILENO}};
    HostNamespaces namespaces;
    if (options_.host != kThisMachine) {
      auto entered = engine.room().hosts().namespaces(options_.host);
      if (!entered) return entered.error();
      namespaces = std::move(*entered);
      its.push_back({namespaces.user.get(), kLoadUserNamespace});
      its.push_back({namespaces.net.get(), kLoadNetNamespace});
    }
    const int error = spawn_child(options_.program, load_child_arguments(options_, engine.room().tracing()),
                                  environment_of(engine.room()), its, pid_);
    if (error != 0) {
      pid_ = 0;
      return error;
    }
    control_ = std::move(control->out);
    events_ = std::move(events->in);
    return start_reader();
  }

  int start_reader() {
    const int error = start_without_signals(reader_, [this] { read_to_end(); });
    if (error == 0) return 0;
    ::kill(pid_, SIGKILL);
    reap();
    return error;
  }

  void read_to_end() {
    while (lines_.pull(events_.get()) > 0) {
    }
    const int status = reap();
    lines_.end();
    tell_how_it_ended(how_it_died(status));
    conclude();
  }

  int reap() {
    wait_until_ended(pid_);
    std::lock_guard lock(mutex_);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    reaped_.notify_all();
    return status;
  }

  void tell_how_it_ended(const std::string& died) {
    if (!died.empty()) {
      const std::string text = fmt::format(
          "the process of {} {}: its clients that had not finished count as errors", options_.name, died);
      lines_.put(event::Notice{"load-died", std::string_view(text)});
    }
    if (lines_.lost() > 0) {
      const std::string text = fmt::format("lost of what {1} told: {0} lines; the first: {2}", lines_.lost(),
                                           options_.name, lines_.why_lost());
      lines_.put(event::Notice{"load-lost", std::string_view(text)});
    }
  }

  // No client moves any more. Those that did not finish, unless they were stopped, are errors.
  void conclude() {
    Load::Figures figures = counts_.figures();
    const auto clients = static_cast<unsigned>(options_.clients);
    if (!stopped_ && figures.settled < clients) {
      figures.errors += clients - figures.settled;
      figures.settled = clients;
      figures.waiting = 0;
      counts_.set(figures);
    }
    ended_ = true;  // before it is told: whoever is woken by the event finds it so
    lines_.put(load_ended(id_, figures));
  }

  const ServerId id_;
  const LoadOptions options_;
  LoadCounts counts_;
  LoadLines lines_;  // the reader's, once that runs
  Descriptor control_, events_;
  std::atomic<bool> stopped_{false}, ended_{false};
  std::mutex mutex_;  // pid_ after start
  std::condition_variable reaped_;
  pid_t pid_ = 0;
  std::thread reader_;
};

}  // namespace

std::unique_ptr<Load::Clients> run_in_process(Engine& engine, ServerId id, const LoadOptions& options) {
  return std::make_unique<ProcessClients>(engine, id, options);
}

}  // namespace sockscope
