#include "server/fork_loop.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "calls/birth.h"
#include "trace/base64.h"

namespace sockscope {
namespace {

constexpr ThreadId kServerThread = 1;

SocketHandle add_listener(CallRoom& room, int fd, const std::string& host) {
  int family = 0, type = 0, protocol = 0;
  for (const auto& [option, value] :
       {std::pair{SO_DOMAIN, &family}, {SO_TYPE, &type}, {SO_PROTOCOL, &protocol}}) {
    socklen_t length = sizeof *value;
    ::getsockopt(fd, SOL_SOCKET, option, value, &length);
  }
  const auto nothing = [](const SocketEntry& entry) { entry.told.state = TcpState::LISTEN; };
  SocketHandle made = room.sockets().add(fd, family, type, protocol, nothing, network_of(host));
  made->listening = true;
  return made;
}

// So that the wait in accept ends when a child does, and it is collected.
void hear_of_children() {
  struct sigaction ended {};
  ended.sa_handler = [](int) {};
  ended.sa_flags = SA_NOCLDSTOP;  // no SA_RESTART
  ::sigaction(SIGCHLD, &ended, nullptr);
}

}  // namespace

ForkLoop::ForkLoop(const ServerOptions& options, ServerId id, bool tracing, int control,
                   const ForkTold& told_to, int listener)
    : control_(control),
      teller_(told_to.memory, told_to.wake),
      room_(teller_.inbox()),
      listener_(add_listener(room_, listener, options.host)),
      service_(id, told(options), listener_),
      self_(::getpid()) {
  room_.set_tracing(tracing);
  hear_of_children();
  steer();
}

ServerOptions ForkLoop::told(ServerOptions options) {
  const auto teller = [this](char kind) {
    return [this, kind](std::string_view text) {
      std::string line(1, kind);
      append_base64(line, text);
      teller_.line(line);
    };
  };
  options.print = teller('>');
  options.warn = teller('!');
  return options;
}

// What it tells goes out before each call, since that may not come back soon.
void ForkLoop::steer() {
  room_.set_steering({[this] { teller_.flush(); },
                      [this](Caller& caller) {
                        if (told_to_end()) return static_cast<void>(caller.ask_back(true));
                        if (in_client_ || !collect()) caller.ask_back(false);
                      },
                      [this](Caller& caller, Time until) { wait(caller, until); }});
}

bool ForkLoop::told_to_end() const {
  pollfd control{control_, POLLIN, 0};
  return ::poll(&control, 1, 0) > 0;
}

void ForkLoop::tell_rest(ThreadId thread) {
  teller_.line(fmt::format("~{} {}", thread, now()));
  teller_.flush();
}

void ForkLoop::wait(Caller& caller, Time until) {
  tell_rest(caller.thread());
  while (!caller.asked_back()) {
    const Time left = until - now();
    if (left <= 0) return;
    const timespec timeout{left / kSecond, left % kSecond};
    pollfd control{control_, POLLIN, 0};
    if (::ppoll(&control, 1, &timeout, nullptr) > 0) caller.ask_back(true);
  }
}

void ForkLoop::run() {
  teller_.line(".");  // from now on a signal finds its handler
  Caller caller(room_, kServerThread, listener_->host);
  caller_ = &caller;
  const ServerOptions& options = service_.options();
  const std::string name = options.name + ".accept";
  caller.put(event::ThreadStarted{kServerThread, 0, caller.tid(), ThreadRole::accept, std::string_view(name),
                                  std::string_view(options.host), std::string_view(options.name)});
  teller_.flush();
  Service::BackOff back_off;
  while (!told_to_end()) {
    make_room(caller);
    const auto client = service_.accept(caller, back_off);
    if (!client) break;
    begin(caller, *client);
  }
  while (!children_.empty()) wait_for_one(caller);
  caller.put(event::ThreadEnded{kServerThread});
  teller_.flush();
}

// As ForkingMixIn.collect_children: with so many it waits until one ends, and nobody is accepted meanwhile.
void ForkLoop::make_room(Caller& caller) {
  collect();
  if (children_.size() >= kMostChildren && !std::exchange(limit_told_, true)) {
    service_.notice(caller, "process-limit",
                    fmt::format("{} has {} clients, each a process, and socketserver allows no more "
                                "(max_children): the next is accepted when one has ended",
                                service_.options().name, kMostChildren));
  }
  while (children_.size() >= kMostChildren && !told_to_end()) wait_for_one(caller);
}

void ForkLoop::begin(Caller& caller, const Client& client) {
  teller_.flush();  // or the child would tell it again
  const ThreadId thread = last_thread_ + 1;
  const pid_t pid = ::fork();
  const int error = errno;
  if (pid == 0) serve(client, thread);
  if (pid < 0) {
    service_.notice(caller, "process-limit",
                    fmt::format("{} can have no more processes: fork failed with {}; it closes this client "
                                "unanswered",
                                service_.options().name, describe_error(error)));
    service_.shutdown_request(caller, client);
    return;
  }
  last_thread_ = thread;
  Child child{thread, room_.sockets().reserve(),
              fmt::format("{}.client{}", service_.options().name, thread - kServerThread)};
  tell_born(caller, client, pid, child);
  children_.emplace(pid, std::move(child));
  births_.tell(thread);
  client.socket->elsewhere = true;
  service_.close_request(caller, client);
}

// By the server, not by the child: before the server closes its own descriptor, and before it is anywhere
// else.
void ForkLoop::tell_born(Caller& caller, const Client& client, pid_t pid, const Child& child) {
  const ServerOptions& options = service_.options();
  caller.put(event::ThreadStarted{child.thread, kServerThread, pid, ThreadRole::client,
                                  std::string_view(child.name), std::string_view(options.host),
                                  std::string_view(options.name)});
  event::SocketOpened copy = opening_of(*client.socket, client.socket->id, SocketHow::dup);
  copy.socket = child.socket;
  caller.put(std::move(copy));
  teller_.line(fmt::format("+{} {}", child.thread, pid));
  teller_.flush();
}

// In the child. It ends without any destructor: what it has of the server's is a copy.
void ForkLoop::serve(const Client& client, ThreadId thread) {
  in_client_ = true;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != self_) ::_exit(1);
  ::signal(SIGCHLD, SIG_DFL);
  ::close(room_.sockets().take(*listener_).fd);  // nobody listens once the server has ended
  births_.wait_for(thread);
  Caller own(room_, thread, listener_->host);
  const Client its{take_over(client), client.address};
  if (told_to_end()) own.ask_back(true);
  service_.handle(own, its);
  service_.shutdown_request(own, its);
  own.put(event::ThreadEnded{thread});
  teller_.flush();
  ::_exit(0);
}

// Its descriptor of the connection, with the id by which the server tells it.
SocketHandle ForkLoop::take_over(const Client& client) {
  SocketEntry& was = *client.socket;
  const int fd = room_.sockets().detach(was);
  SocketHandle made = room_.sockets().adopt(
      fd,
      [&](SocketId) {
        return Sockets::Kind{was.family, was.type, was.protocol};
      },
      [&](const SocketEntry& entry, SocketId) { entry.told = was.told; });
  made->timeout_ns = was.timeout_ns.load();
  return made;
}

// Those that have ended. Whether there was one.
bool ForkLoop::collect() {
  bool any = false;
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0; any = true) bury(pid, status);
  return any;
}

void ForkLoop::wait_for_one(Caller& caller) {
  tell_rest(caller.thread());
  int status = 0;
  const pid_t pid = ::waitpid(-1, &status, 0);
  if (pid > 0) bury(pid, status);
  if (pid < 0 && errno == ECHILD) children_.clear();
}

void ForkLoop::bury(pid_t pid, int status) {
  const auto child = children_.find(pid);
  if (child == children_.end()) return;
  if (const std::string died = how_it_died(status); !died.empty()) {
    service_.notice(*caller_, "process-died",
                    fmt::format("the process of {} (pid {}) {}: the kernel closes its connection",
                                child->second.name, pid, died));
  }
  teller_.line(fmt::format("-{} {}", child->second.thread, child->second.socket));
  teller_.flush();
  children_.erase(child);
}

}  // namespace sockscope
