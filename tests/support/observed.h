#pragma once
// A fixture with a room of calls and an observer, on one thread; and sockets of another program, which this
// process makes without telling anybody.

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "house.h"
#include "kernel/closed_look.h"
#include "kernel/observer.h"
#include "requests.h"

namespace sockscope::testing {

// A descriptor of another program's, as far as the room knows.
class Foreign {
 public:
  explicit Foreign(int family, int type = SOCK_STREAM) : fd_(::socket(family, type | SOCK_CLOEXEC, 0)) {}
  ~Foreign() { close(); }
  Foreign(Foreign&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Foreign(const Foreign&) = delete;
  Foreign& operator=(const Foreign&) = delete;
  bool connect(const Address& to) const {
    sockaddr_storage name{};
    const socklen_t length = to_sockaddr(to, name);
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&name), length) == 0;
  }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

class ObservedTest : public ::testing::Test {
 protected:
  ObservedTest() {
    room.set_closed_look([this](const LeftBehind& left) { return closed(left); });
  }
  void TearDown() override { expect_house_property(house); }

  Reply make(const Request& made) { return perform(caller, made); }
  const SocketState& seen(SocketId id) {
    house.fold_all();
    return *house.state.socket(id);
  }
  // Looks until `so`: what the kernel does by itself takes its time.
  bool until(const std::function<bool()>& so) {
    const Time deadline = now() + 20 * kSecond;
    while (now() < deadline) {
      observer.poll();
      house.fold_all();
      if (so()) return true;
      std::this_thread::yield();
    }
    return false;
  }
  bool reaches(SocketId id, TcpState state) {
    return until([&] { return seen(id).state == state; });
  }
  // Sockets that wait in the listening socket's queue, in the order they were seen.
  std::vector<SocketId> queued(SocketId listener) {
    std::vector<SocketId> found;
    for (const SocketState& s : house.state.sockets())
      if (s.id != 0 && s.queued() && s.from == listener) found.push_back(s.id);
    return found;
  }
  std::vector<event::StateChanged> states_of(SocketId id) {
    house.fold_all();
    std::vector<event::StateChanged> found;
    for (const auto& change : house.all<event::StateChanged>())
      if (change.socket == id) found.push_back(change);
    return found;
  }

  House house;
  ClosedLooks closed{room.hosts()};
  CallRoom room{house.inbox};
  Caller caller{room, 1};
  Observer observer{room.sockets(), room.hosts(), house.inbox};
};

}  // namespace sockscope::testing
