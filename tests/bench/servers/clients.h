#pragma once
// The clients that all servers are measured with: one thread, one epoll, plain sockets, 32 bytes a message.

#include <cstdint>
#include <vector>

#include "trace/clock.h"

namespace sockscope::bench {

class Clients {
 public:
  explicit Clients(std::uint16_t port);  // on 127.0.0.1
  ~Clients();
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;

  struct Rate {
    double a_second = 0;
    std::size_t done = 0;
    std::size_t lost = 0;  // clients that were refused, cut off, or not answered in time
  };
  // Connects `count`, has each answered once and keeps them.
  Rate hold(std::size_t count, Time most);
  // Each of those held sends and waits for the echo, again and again, until all have sent `total` or `most`
  // has passed.
  Rate messages(std::size_t total, Time most);
  // Connect, send, wait for the echo, close: `at_once` at any moment, `total` in all or until `most` has
  // passed.
  Rate connections(std::size_t at_once, std::size_t total, Time most);

 private:
  enum class Stage { idle, connecting, asked };
  struct Talk {
    int fd = -1;
    Stage stage = Stage::idle;
    std::size_t got = 0;
  };
  void open(Talk& talk);
  void ask(Talk& talk);
  void step(Talk& talk, Stage stage);
  bool answered(Talk& talk);  // reads; whether that was the last byte
  void lose(Talk& talk);
  void shut(Talk& talk);
  template <typename Next>
  Rate drive(Time begun, Time most, Next next);

  std::uint16_t port_;
  int epoll_;
  std::vector<Talk> talks_;
  std::size_t under_way_ = 0, lost_ = 0;
};

}  // namespace sockscope::bench
