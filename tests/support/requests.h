#pragma once
// Requests spelled short, and common openings on one thread.

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstdint>
#include <string_view>
#include <thread>

#include "calls/calls.h"
#include "calls/tcp_info.h"
#include "trace/clock.h"

namespace sockscope::testing {

inline Request request(Call call, SocketId socket = 0, std::int64_t a = 0, std::int64_t b = 0,
                       std::int64_t c = 0) {
  Request made;
  made.call = call;
  made.socket = socket;
  made.numbers = {a, b, c};
  if (call == Call::socket) made.numbers[3] = -1;  // no fileno
  return made;
}
inline Request request(Call call, SocketId socket, const Address& address) {
  Request made = request(call, socket);
  made.address = address;
  return made;
}
// `data` must outlive the call.
inline Request request(Call call, SocketId socket, std::string_view data, std::int64_t flags = 0) {
  Request made = request(call, socket, flags);
  made.data = data;
  return made;
}

inline SocketId new_socket(Caller& caller, int family = AF_INET, int type = SOCK_STREAM) {
  const Reply made = perform(caller, request(Call::socket, 0, family, type, 0));
  EXPECT_TRUE(made.ok()) << errno_name(made.error);
  return made.socket;
}

struct Listener {
  SocketId id = 0;
  Address address;
};
inline Listener new_listener(Caller& caller, int backlog = 5) {
  Listener made{new_socket(caller), {}};
  EXPECT_TRUE(perform(caller, request(Call::bind, made.id, loopback(0))).ok());
  EXPECT_TRUE(perform(caller, request(Call::listen, made.id, backlog)).ok());
  made.address = perform(caller, request(Call::getsockname, made.id)).address;
  EXPECT_NE(made.address.port, 0);
  return made;
}

// One whose queue has room for one connection, which is in it: the next SYN is dropped. connect returns
// before the kernel has put its connection there.
inline Listener full_listener(Caller& caller) {
  const Listener made = new_listener(caller, 0);
  EXPECT_TRUE(perform(caller, request(Call::connect, new_socket(caller), made.address)).ok());
  const SocketHandle listener = caller.room().sockets().find(made.id);
  std::uint32_t waiting = 0;
  const Time deadline = now() + 20 * kSecond;
  while (waiting == 0 && now() < deadline) {
    caller.room().sockets().with_fd(*listener, [&](int fd) { waiting = tcp_facts_of(fd)->accept_queue; });
    std::this_thread::yield();
  }
  EXPECT_EQ(waiting, 1u);
  return made;
}

struct Connection {
  SocketId listener = 0, client = 0, server = 0;
};
inline Connection new_connection(Caller& caller) {
  const Listener listener = new_listener(caller);
  const SocketId client = new_socket(caller);
  EXPECT_TRUE(perform(caller, request(Call::connect, client, listener.address)).ok());
  const Reply accepted = perform(caller, request(Call::accept, listener.id));
  EXPECT_TRUE(accepted.ok()) << errno_name(accepted.error);
  return {listener.id, client, accepted.socket};
}

}  // namespace sockscope::testing
