#pragma once
// An engine with its inbox, and clients that are nobody's: plain sockets of the test itself.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "server/server.h"
#include "trace/clock.h"
#include "trace/recording.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

class Desk {
 public:
  static constexpr Time kDeadline = 20 * kSecond;

  // The house property: the live state is that of the saved and loaded recording, and every prefix folds.
  ~Desk() {
    engine.stop();
    drain();
    const auto loaded = saved_and_loaded();
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
    if (!loaded) return;
    State again;
    for (std::size_t seq = 0; seq < loaded->size(); ++seq) again.apply((*loaded)[seq], seq);
    EXPECT_TRUE(again == state);
  }

  void drain() {
    trace.commit(inbox.take());
    while (state.next() < trace.size()) state.apply(trace[state.next()], state.next());
  }
  // Runs the engine until `holds`; false: it did not within the deadline. What was told before it held is in
  // the state.
  bool until(const std::function<bool()>& holds) {
    const Time deadline = now() + kDeadline;
    for (;;) {
      engine.poll();
      inbox.arm();
      drain();
      if (holds()) {
        drain();
        return true;
      }
      if (now() > deadline) return false;
      pollfd fd{inbox.wake_fd(), POLLIN, 0};
      poll(&fd, 1, 2);
    }
  }
  template <typename E>
  std::vector<E> all() {
    drain();
    std::vector<E> found;
    for (std::size_t seq = 0; seq < trace.size(); ++seq) {
      if (const E* event = std::get_if<E>(&trace[seq].body)) found.push_back(*event);
    }
    return found;
  }
  std::vector<std::string> printed() {
    std::vector<std::string> lines;
    for (const auto& line : all<event::HandlerPrinted>()) lines.emplace_back(line.text.view());
    return lines;
  }
  std::size_t calls(Call name) {
    std::size_t count = 0;
    for (const auto& call : all<event::CallEntered>()) count += call.name == name;
    return count;
  }
  bool blocked_in(const std::string& thread, Call call) {
    const ThreadState* found = state.thread(thread);
    return found != nullptr && found->blocked && !found->calls.empty() && found->calls.back().name == call;
  }
  std::unique_ptr<Server> serve(const std::string& model,
                                const std::function<void(ServerOptions&)>& change = {}) {
    return serve_with(engine, model, change);
  }
  static std::unique_ptr<Server> serve_with(Engine& on, const std::string& model,
                                            const std::function<void(ServerOptions&)>& change = {}) {
    ServerOptions options;
    options.model = model;
    options.program = SOCKSCOPE_BINARY_DIR "/load_child";
    if (change) change(options);
    auto server = Server::start(on, 1, options);
    EXPECT_TRUE(server) << (server ? "" : server.error().message);
    return server ? std::move(*server) : nullptr;
  }

  Inbox inbox;
  Engine engine{inbox};
  Trace trace;
  State state;

 private:
  tl::expected<Trace, FileError> saved_and_loaded() const {
    char path[] = "/tmp/sockscope-desk-XXXXXX";
    close(mkstemp(path));
    const auto saved = save_recording(trace, path);
    EXPECT_TRUE(saved) << (saved ? "" : saved.error().message);
    auto loaded = load_recording(path);
    unlink(path);
    return loaded;
  }
};

// A client of the test. Its reads give up after the deadline, so that nothing hangs.
class Peer {
 public:
  Peer() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{20, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  explicit Peer(const Address& to) : Peer() { reach(to); }
  void reach(const Address& to) {
    sockaddr_storage address{};
    const socklen_t length = to_sockaddr(to, address);
    error_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), length) == 0 ? 0 : errno;
  }
  // Binds it to a free port. It does not listen: who connects there is refused.
  Address take_port() {
    sockaddr_storage address{};
    socklen_t length = to_sockaddr(loopback(0), address);
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), length), 0);
    length = sizeof address;
    EXPECT_EQ(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length), 0);
    return from_sockaddr(address, length);
  }
  ~Peer() { shut(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  int error() const { return error_; }
  int fd() const { return fd_; }
  void shut() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  void reset() {
    const linger now_and_hard{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now_and_hard, sizeof now_and_hard);
    shut();
  }
  void say(std::string_view text) {
    EXPECT_EQ(send(fd_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  std::string hear_all() {  // up to the end of what the server says
    std::string heard;
    char piece[1024];
    ssize_t got = 0;
    while ((got = recv(fd_, piece, sizeof piece, 0)) > 0) heard.append(piece, static_cast<std::size_t>(got));
    return got == 0 ? heard : heard + " and then an error";
  }
  std::string hear(std::size_t bytes) {
    std::string heard(bytes, '\0');
    const ssize_t got = recv(fd_, heard.data(), bytes, MSG_WAITALL);
    heard.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return heard;
  }
  void finish() { shutdown(fd_, SHUT_WR); }
  bool offers(std::string_view text) {  // whether any of it went without waiting
    return send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
  }
  std::uint16_t port() const {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length);
    return from_sockaddr(address, length).port;
  }
  bool hears_nothing_yet() const {
    char byte = 0;
    return recv(fd_, &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && errno == EAGAIN;
  }

 private:
  int fd_;
  int error_ = 0;
};

inline unsigned accept_queue_of(Desk& desk, SocketId listener) {
  unsigned queue = 0;
  const SocketHandle socket = desk.engine.room().sockets().find(listener);
  desk.engine.room().sockets().with_fd(*socket, [&](int fd) {
    tcp_info facts{};
    socklen_t size = sizeof facts;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &facts, &size) == 0) queue = facts.tcpi_unacked;
  });
  return queue;
}

}  // namespace sockscope
