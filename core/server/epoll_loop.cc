// One thread serves all, and the kernel keeps the list of its sockets: epoll(7). Level: a socket is told as
// long as it is ready. Edge (EPOLLET): it is told once when it becomes ready, so everything must be taken
// before the next wait.

#include <fmt/format.h>
#include <sys/epoll.h>

#include <cerrno>
#include <set>

#include "calls/epoll.h"
#include "server/talks.h"

namespace sockscope {
namespace {

constexpr int kReadsATurn = 16;  // of one client; then the others have theirs
constexpr int kAcceptsATurn = 64;

class EpollLoop {
 public:
  EpollLoop(Service& service, Caller& caller, bool edge)
      : service_(service), caller_(caller), edge_(edge), talks_(service, caller) {
    talks_.changed = [this](SocketId id, Talks::Talk* talk) { watch(id, talk); };
  }

  void run() {
    const SocketHandle& listener = service_.listener();
    talks_.set_blocking_off(listener->id);
    int error = Epoll::create(caller_, epoll_);
    if (error == 0) error = epoll_.control(caller_, EPOLL_CTL_ADD, listener, listening());
    if (error != 0) return end_with(error);
    while (!service_.must_leave(caller_) && turn()) {
    }
  }

 private:
  std::uint32_t listening() const { return EPOLLIN | (edge_ ? std::uint32_t{EPOLLET} : 0); }

  // False: nothing is left to wait for.
  bool turn() {
    const Reply ready = epoll_.wait(caller_, timeout());
    if (!ready.ok() && ready.error != EINTR) {
      end_with(ready.error);
      return false;
    }
    if (!listens_ && now() >= talks_.rests_until()) listen(true);
    for (const Reply::Ready& one : ready.ready) {
      if (one.socket == service_.listener()->id)
        accept();
      else
        go_on(one.socket, static_cast<std::uint32_t>(one.which));
    }
    for (const SocketId id : std::exchange(unread_, {})) go_on(id, EPOLLIN);
    while (!lost_.empty()) talks_.finish(*lost_.begin());
    return !talks_.listener_is_gone();
  }
  std::int64_t timeout() const {
    if (!unread_.empty()) return 0;
    if (listens_) return -1;
    return std::max<Time>(talks_.rests_until() - now(), 0) / kMillisecond + 1;
  }

  // To change what is waited for also tells once more of what is ready already.
  void listen(bool on) {
    listens_ = on;
    epoll_.control(caller_, EPOLL_CTL_MOD, service_.listener(), on ? listening() : 0);
  }
  void accept() {
    for (int i = 0; i < (edge_ ? kAcceptsATurn : 1); ++i) {
      auto client = talks_.accept();
      if (!client && talks_.rests_until() > now()) listen(false);
      if (!client) return;
      talks_.begin(std::move(*client));
    }
    if (edge_) listen(true);
  }

  void go_on(SocketId id, std::uint32_t events) {
    const Talks::Talk* talk = talks_.find(id);
    if (talk == nullptr) return;
    if (talk->writes()) talks_.send(id);
    if ((events & ~std::uint32_t{EPOLLOUT}) == 0 && !edge_) return;
    for (int i = 0; i < (edge_ ? kReadsATurn : 1); ++i) {
      talk = talks_.find(id);
      if (talk == nullptr || !talk->reads() || !talks_.read(id)) return;
    }
    if (edge_) unread_.insert(id);
  }

  void watch(SocketId id, Talks::Talk* talk) {
    if (talk == nullptr) {
      if (lost_.erase(id) == 0) epoll_.forget();  // close takes it off the list
      unread_.erase(id);
      paused_.erase(id);
      return;
    }
    if (edge_) return watch_edge(id, *talk);
    constexpr std::uint32_t kIn = EPOLLIN, kOut = EPOLLOUT;
    const std::uint32_t wanted = (talk->reads() ? kIn : 0U) | (talk->writes() ? kOut : 0U);
    if (wanted == talk->watched) return;
    put_on_list(*talk, wanted);
  }
  // Once and for all. What was left unread, because too much was unsent, is not told again.
  void watch_edge(SocketId id, Talks::Talk& talk) {
    if (talk.watched == 0) put_on_list(talk, EPOLLIN | EPOLLOUT | std::uint32_t{EPOLLET});
    if (!talk.reads())
      paused_.insert(id);
    else if (paused_.erase(id) > 0)
      unread_.insert(id);
  }
  void put_on_list(Talks::Talk& talk, std::uint32_t wanted) {
    const int operation = talk.watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    const int error = epoll_.control(caller_, operation, talk.client.socket, wanted);
    if (error != 0 && operation == EPOLL_CTL_ADD) lost_.insert(talk.client.socket->id);
    talk.watched = wanted;
  }

  void end_with(int error) {
    service_.notice(caller_, "server-ended",
                    fmt::format("{} ends: epoll: {}", service_.options().name, describe_error(error)));
  }

  Service& service_;
  Caller& caller_;
  const bool edge_;
  Epoll epoll_;
  bool listens_ = true;
  std::set<SocketId> unread_;  // edge: there may be more to read
  std::set<SocketId> lost_;    // nothing can be waited for there: they are finished
  std::set<SocketId> paused_;  // edge: they do not read, so nothing more is read of them
  Talks talks_;                // goes first: it calls watch()
};

}  // namespace

void serve_epoll(Service& service, Caller& caller) {
  EpollLoop(service, caller, false).run();
}
void serve_epoll_edge(Service& service, Caller& caller) {
  EpollLoop(service, caller, true).run();
}

}  // namespace sockscope
