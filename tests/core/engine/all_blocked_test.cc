// Every situation in which a call blocks: it is proved blocked, it comes back when asked, and says so.

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "engine_house.h"

namespace sockscope::testing {
namespace {

Address abstract_name(const std::string& suffix) {
  Address name;
  name.family = AF_UNIX;
  name.path =
      std::string_view(std::string(1, '\0') + "sockscope-" + std::to_string(::getpid()) + '-' + suffix);
  return name;
}

SocketId made_by(Caller& caller, Call call, SocketId socket, std::int64_t a = 0, std::int64_t b = 0) {
  const Reply reply = perform(caller, request(call, socket, a, b));
  EXPECT_TRUE(reply.ok()) << info(call).python << ": " << errno_name(reply.error);
  return reply.socket;
}

SocketId local_listener(Caller& caller, int type, const Address& name) {
  const SocketId listener = new_socket(caller, AF_UNIX, type);
  EXPECT_TRUE(perform(caller, request(Call::bind, listener, name)).ok());
  made_by(caller, Call::listen, listener, 0);
  return listener;
}

// Sends without blocking until the queue takes no more; the next send blocks.
SocketId full(Caller& caller, SocketId socket) {
  const std::string piece(4096, 'x');
  made_by(caller, Call::setblocking, socket, 0);
  for (int i = 0; i < 100'000; ++i) {
    if (perform(caller, request(Call::send, socket, piece)).error == EAGAIN) break;
  }
  made_by(caller, Call::setblocking, socket, 1);
  return socket;
}

SocketId one_of_pair(Caller& caller, int type) {
  return made_by(caller, Call::socketpair, 0, AF_UNIX, type);
}

SocketId bound_udp(Caller& caller) {
  const SocketId socket = new_socket(caller, AF_INET, SOCK_DGRAM);
  EXPECT_TRUE(perform(caller, request(Call::bind, socket, loopback(0))).ok());
  return socket;
}

// What blocks: made ready by calls that do not, on the thread that then makes it.
struct Situation {
  std::string name;
  std::function<Request(Caller&)> prepare;
  bool moves_a_part = false;   // a send that was to send all, and says how much it did
  bool may_find_room = false;  // a send to a full queue: what was under way makes room for a while
};

Request tcp_connect(Caller& caller, Call which) {
  return request(which, new_socket(caller), full_listener(caller).address);
}

Request unix_accept(Caller& caller, int type, const std::string& name) {
  return request(Call::accept, local_listener(caller, type, abstract_name(name)));
}

Request unix_connect(Caller& caller, int type, const std::string& name) {
  const Address address = abstract_name(name);
  local_listener(caller, type, address);
  EXPECT_TRUE(perform(caller, request(Call::connect, new_socket(caller, AF_UNIX, type), address)).ok());
  return request(Call::connect, new_socket(caller, AF_UNIX, type), address);
}

Request udp_connected_recv(Caller& caller) {
  const SocketId socket = bound_udp(caller);
  const Address own = perform(caller, request(Call::getsockname, socket)).address;
  const SocketId other = new_socket(caller, AF_INET, SOCK_DGRAM);
  EXPECT_TRUE(perform(caller, request(Call::connect, other, own)).ok());
  return request(Call::recv, other, 10, 0);
}

Request unix_recv(Caller& caller, int type) {
  return request(Call::recv, one_of_pair(caller, type), 10, 0);
}

Request unix_send(Caller& caller, int type) {
  return request(Call::send, full(caller, one_of_pair(caller, type)), std::string_view("x"));
}

Request watching(Caller& caller, Call call) {
  Request made = request(call, 0, -1);
  const std::string id = std::to_string(one_of_pair(caller, SOCK_STREAM));
  made.text = call == Call::poll ? id + ":1" : id + "||";
  return made;
}

std::vector<Situation> situations(std::string_view much) {
  return {
      {"TCP accept", [](Caller& c) { return request(Call::accept, new_listener(c).id); }},
      {"TCP recv", [](Caller& c) { return request(Call::recv, new_connection(c).client, 10, 0); }},
      {"TCP send, queue full",
       [](Caller& c) {
         return request(Call::send, full(c, new_connection(c).client), std::string_view("x"));
       },
       false, true},
      {"TCP send, a part sent",
       [much](Caller& c) { return request(Call::send, new_connection(c).client, much); }, true},
      {"TCP connect, SYN_SENT", [](Caller& c) { return tcp_connect(c, Call::connect); }},
      {"TCP connect_ex, SYN_SENT", [](Caller& c) { return tcp_connect(c, Call::connect_ex); }},
      {"UDP recvfrom", [](Caller& c) { return request(Call::recvfrom, bound_udp(c), 10, 0); }},
      {"UDP connected recv", udp_connected_recv},
      {"UNIX stream accept", [](Caller& c) { return unix_accept(c, SOCK_STREAM, "sa"); }},
      {"UNIX seqpacket accept", [](Caller& c) { return unix_accept(c, SOCK_SEQPACKET, "qa"); }},
      {"UNIX stream connect", [](Caller& c) { return unix_connect(c, SOCK_STREAM, "sc"); }},
      {"UNIX seqpacket connect", [](Caller& c) { return unix_connect(c, SOCK_SEQPACKET, "qc"); }},
      {"UNIX stream recv", [](Caller& c) { return unix_recv(c, SOCK_STREAM); }},
      {"UNIX seqpacket recv", [](Caller& c) { return unix_recv(c, SOCK_SEQPACKET); }},
      {"UNIX dgram recv", [](Caller& c) { return unix_recv(c, SOCK_DGRAM); }},
      {"UNIX stream send", [](Caller& c) { return unix_send(c, SOCK_STREAM); }},
      {"UNIX seqpacket send", [](Caller& c) { return unix_send(c, SOCK_SEQPACKET); }},
      {"UNIX dgram send", [](Caller& c) { return unix_send(c, SOCK_DGRAM); }},
      {"select", [](Caller& c) { return watching(c, Call::select); }},
      {"poll", [](Caller& c) { return watching(c, Call::poll); }},
  };
}

class AllBlockedTest : public EngineTest {
 protected:
  // Interrupts the call once it is proved blocked.
  Reply interrupted(ThreadId thread, const Request& made) {
    const Pending pending = begin(thread, made);
    EXPECT_TRUE(until([&] { return blocked(thread) || back(pending); }));
    engine.interrupt(thread);
    return finish(pending);
  }
};

TEST_F(AllBlockedTest, EachIsInterruptedAndSaysSo) {
  const std::string much(64 << 20, 'x');
  for (const Situation& situation : situations(much)) {
    SCOPED_TRACE(situation.name);
    const ThreadId thread = worker(situation.name);
    const Request made = on(thread, situation.prepare);
    Reply reply = interrupted(thread, made);
    for (int i = 0; i < 100 && situation.may_find_room && reply.ok(); ++i) {
      on(thread, [&](Caller& caller) { return full(caller, made.socket); });
      reply = interrupted(thread, made);
    }
    EXPECT_TRUE(reply.interrupted);
    EXPECT_FALSE(reply.timed_out);
    EXPECT_EQ(reply.error, situation.moves_a_part ? 0 : EINTR);
    EXPECT_EQ(reply.result > 0, situation.moves_a_part);
    // The thread goes on as if nothing had been.
    EXPECT_TRUE(call(thread, request(Call::socket, 0, AF_INET, SOCK_STREAM)).ok());
  }
}

TEST_F(AllBlockedTest, AWaitWithATimeoutIsInterruptedToo) {
  const ThreadId thread = worker("waits");
  for (const Call which : {Call::select, Call::poll}) {
    SCOPED_TRACE(info(which).python);
    Request made = on(thread, [&](Caller& caller) { return watching(caller, which); });
    made.numbers[0] = which == Call::select ? 1000 * kSecond : 1'000'000;
    const Pending pending = begin(thread, made);
    ASSERT_TRUE(until([&] { return blocked(thread); }));
    EXPECT_TRUE(engine.interrupt(thread));
    EXPECT_EQ(finish(pending).error, EINTR);
  }
}

TEST_F(AllBlockedTest, AnInterruptedCreateConnectionTriesNoOtherAddressAndLeavesNoSocket) {
  const ThreadId thread = worker("connects");
  const Listener listener = on(thread, full_listener);
  const std::size_t open = engine.room().sockets().open().size();
  Request made = request(Call::create_connection);
  made.text = "127.0.0.1";
  made.numbers = {listener.address.port, kDefaultTimeout};
  const Pending pending = begin(thread, made);
  ASSERT_TRUE(until([&] { return blocked(thread); }));
  EXPECT_TRUE(engine.interrupt(thread));
  const Reply reply = finish(pending);
  EXPECT_TRUE(reply.interrupted);
  EXPECT_EQ(reply.error, EINTR);
  EXPECT_EQ(engine.room().sockets().open().size(), open);
}

TEST_F(AllBlockedTest, ASocketClosedWhileSelectSleepsOnItIsClosedAtOnce) {
  const ThreadId thread = worker("selects");
  const ThreadId closes = worker("closes");
  const Reply pair = call(closes, request(Call::socketpair, 0, AF_UNIX, SOCK_STREAM));
  Request made = request(Call::select, 0, -1);
  made.text = std::to_string(pair.socket) + "||";
  const Pending pending = begin(thread, made);
  ASSERT_TRUE(until([&] { return blocked(thread); }));
  EXPECT_TRUE(call(closes, request(Call::close, pair.socket)).ok());
  EXPECT_TRUE(engine.interrupt(thread));
  EXPECT_TRUE(until([&] { return back(pending); }));
}

}  // namespace
}  // namespace sockscope::testing
