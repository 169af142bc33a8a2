// socketserver.ForkingTCPServer: a process for each client. Nothing forks where there are several threads: a
// child process with one thread accepts and forks (fork_loop.h), and a thread of ours hears what they tell.
// The accept thread made the listening socket and waits for the end.

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "net/spawn.h"
#include "server/child_process.h"
#include "server/fork_child.h"
#include "server/fork_lines.h"

namespace sockscope {
namespace {

constexpr std::chrono::milliseconds kBetweenAsks{1}, kUntilReady{5};
// So long what was told after something was taken in waits for more: one wake-up takes it all.
constexpr std::chrono::milliseconds kGathers{1};
constexpr Time kToEnd = 2 * kSecond;
constexpr Time kForGood = 365LL * 24 * 3600 * kSecond;

class ForkProcess {
 public:
  ForkProcess(Service& service, Caller& caller)
      : service_(service), caller_(caller), lines_(service, caller.thread(), hearing_) {}
  ~ForkProcess() {
    if (reader_.joinable()) reader_.join();
  }
  ForkProcess(const ForkProcess&) = delete;
  ForkProcess& operator=(const ForkProcess&) = delete;

  int start() {  // 0 or errno
    if (!hearing_->told.ok()) return errno;
    auto control = make_pipe(), wakes = make_pipe();
    if (!control || !wakes) return errno;
    const int error =
        spawn_child(service_.options().program,
                    fork_server_arguments(service_.options(), service_.id(), caller_.room().tracing()),
                    environment_of(caller_.room()),
                    {{control->in.get(), STDIN_FILENO},
                     {wakes->out.get(), STDOUT_FILENO},
                     {service_.listener()->fd.load(), kForkListener},
                     {hearing_->told.fd(), kForkMemory}},
                    pid_);
    if (error != 0) {
      pid_ = 0;
      return error;
    }
    control_ = std::move(control->out);
    woken_ = std::move(wakes->in);
    return start_reader();
  }

  // Until the process has ended, or the server shall end. The thread counts as moving until the process can
  // be seen to.
  void wait() {
    std::unique_lock lock(mutex_);
    while (!ready_ && !ended_ && !service_.must_end(caller_)) changed_.wait_for(lock, kUntilReady);
    while (!ended_ && !service_.must_end(caller_)) {
      lock.unlock();
      caller_.wait_until(now() + kForGood);
      lock.lock();
    }
  }

  // The signal ends the call each of them is in, again and again: one that comes before the call is lost.
  void stop() {
    control_.shut();
    const Time deadline = now() + kToEnd;
    std::unique_lock lock(mutex_);
    while (!ended_) {
      if (pid_ > 0 && now() >= deadline) ::kill(-pid_, SIGKILL);
      if (pid_ > 0 && ready_) ::kill(-pid_, CallRoom::interrupt_signal());
      changed_.wait_for(lock, kBetweenAsks);
    }
  }

 private:
  int start_reader() {
    const int error = start_without_signals(reader_, [this] { read_to_end(); });
    if (error == 0) return 0;
    ::kill(-pid_, SIGKILL);
    reap();
    return error;
  }

  void read_to_end() {
    bool more = true;
    while (more) {
      std::vector<pollfd> waited{{woken_.get(), POLLIN, 0}};
      for (const int process : lines_.running()) waited.push_back({process, POLLIN, 0});
      more = hear(waited);
    }
    const int status = reap();
    lines_.end();
    tell_how_it_ended(how_it_died(status));
    std::lock_guard lock(mutex_);
    ended_ = true;
    caller_.nudge();
    changed_.notify_all();
  }

  // Whether there may be more. A process that has ended and is not collected: SIGCHLD came just before the
  // server was in accept.
  bool hear(std::vector<pollfd>& waited) {
    hearing_->told.will_wait();
    const bool told = !hearing_->told.empty();
    bool dead = false;
    if (::poll(waited.data(), waited.size(), 0) > 0)
      dead =
          std::any_of(waited.begin() + 1, waited.end(), [](const pollfd& one) { return one.revents != 0; });
    if (!told) {
      const nfds_t count = dead ? 1 : waited.size();
      ::poll(waited.data(), count, dead ? static_cast<int>(kBetweenAsks.count()) : -1);
      if (waited[0].revents == 0) {
        std::lock_guard lock(mutex_);
        if (dead && pid_ > 0) ::kill(pid_, SIGCHLD);
        return true;
      }
    }
    const bool more = waited[0].revents == 0 || clear_wakes();
    lines_.take_in();
    if (lines_.ready() && !ready_) {
      std::lock_guard lock(mutex_);
      ready_ = true;
      changed_.notify_all();
    }
    if (more) ::poll(waited.data() + 1, waited.size() - 1, static_cast<int>(kGathers.count()));
    return more;
  }

  // Whether a process is left that may tell.
  bool clear_wakes() const {
    std::array<char, 64> wakes{};
    const ssize_t got = ::read(woken_.get(), wakes.data(), wakes.size());
    return got > 0 || (got < 0 && errno == EINTR);
  }

  int reap() {
    wait_until_ended(pid_);
    std::lock_guard lock(mutex_);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return status;
  }

  void tell_how_it_ended(const std::string& died) {
    const std::string& name = service_.options().name;
    if (!died.empty()) {
      notice("server-ended",
             fmt::format("{} ends: its process {}, and those of its clients end with it", name, died));
    }
    if (lines_.lost() > 0) {
      notice("server-lost", fmt::format("lost of what {} told: {} lines; the first: {}", name, lines_.lost(),
                                        lines_.why_lost()));
    }
  }

  void notice(std::string_view code, const std::string& text) {
    lines_.put(event::Notice{code, std::string_view(text)});
    if (service_.options().warn) service_.options().warn(text);
  }

  Service& service_;
  Caller& caller_;
  const std::shared_ptr<Hearing> hearing_ = std::make_shared<Hearing>();
  ForkLines lines_;  // the reader's, once that runs
  Descriptor control_, woken_;
  std::mutex mutex_;  // what follows
  std::condition_variable changed_;
  bool ready_ = false, ended_ = false;
  pid_t pid_ = 0;  // 0: it does not run, or is collected
  std::thread reader_;
};

}  // namespace

void serve_fork(Service& service, Caller& caller) {
  SocketEntry& listener = *service.listener();
  listener.elsewhere = true;
  ForkProcess process(service, caller);
  if (const int error = process.start(); error != 0) {
    service.notice(caller, "server-ended",
                   fmt::format("{} ends: its process cannot be started: {}", service.options().name,
                               describe_error(error)));
  } else {
    process.wait();
    process.stop();
  }
  listener.elsewhere = false;
}

}  // namespace sockscope
