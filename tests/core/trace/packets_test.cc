// Packets of a recorded lab, folded: where each is, what it is to its connection, whose bytes it carries.

#include <gtest/gtest.h>

#include <algorithm>

#include "trace/recording.h"
#include "trace/state.h"

namespace sockscope {
namespace {

class PacketFold : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = load_recording(SOCKSCOPE_SOURCE_DIR "/tests/golden/wires.jsonl");
    ASSERT_TRUE(loaded) << loaded.error().message;
    trace = std::move(*loaded);
    for (std::size_t i = 0; i < trace.size(); ++i) state.apply(trace[i], i);
  }
  template <class Fits>
  const PacketState* first(Fits fits) const {
    for (std::size_t i = 0; i < state.packets().size(); ++i)
      if (state.packets()[i].id != 0 && fits(state.packets()[i])) return &state.packets()[i];
    return nullptr;
  }
  Trace trace;
  State state;
};

TEST_F(PacketFold, TheFirstSynWasHeldLetThroughAndArrived) {
  const PacketState* syn = state.packets().find(1);
  ASSERT_NE(syn, nullptr);
  EXPECT_EQ(syn->header.flags, kSyn);
  EXPECT_EQ(syn->place, PacketPlace::arrived);
  EXPECT_GT(syn->held_at, syn->sent);
  EXPECT_GT(syn->released_at, syn->held_at);
  EXPECT_GT(syn->ended, syn->released_at);
  EXPECT_EQ(syn->seq, 0u);
  EXPECT_FALSE(syn->again);
}

TEST_F(PacketFold, ASynIsThatOfTheConnectThatWaitsForIt) {
  const PacketState* syn = state.packets().find(1);
  ASSERT_NE(syn, nullptr);
  EXPECT_EQ(state.called(syn->sender), "c");
  ASSERT_NE(syn->call, 0u);
  Call name = Call::none;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const auto* call = std::get_if<event::CallEntered>(&trace[i].body);
    if (call != nullptr && call->call == syn->call) name = call->name;
  }
  EXPECT_EQ(name, Call::connect);
}

TEST_F(PacketFold, WhatWasNotLostIsSentAgainNeedlessly) {
  const PacketState* again = first([](const PacketState& p) { return p.again && p.header.flags == kSyn; });
  ASSERT_NE(again, nullptr);
  EXPECT_TRUE(again->needless);  // the first had arrived
  EXPECT_EQ(again->again_of, 1u);
  const PacketState* answered =
      first([](const PacketState& p) { return p.again && p.header.flags == (kSyn | kAck); });
  ASSERT_NE(answered, nullptr);
  EXPECT_FALSE(answered->needless);  // the first was dropped by hand
}

TEST_F(PacketFold, BytesAreOfTheSendThatSentThem) {
  const PacketState* data = first([](const PacketState& p) { return p.header.payload == 2; });
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(data->seq, 1u);
  EXPECT_EQ(data->ack, 1u);
  EXPECT_EQ(data->send, 1u);
  EXPECT_NE(data->call, 0u);
  const PacketState* lost = first([](const PacketState& p) { return p.header.payload == 4; });
  ASSERT_NE(lost, nullptr);
  EXPECT_EQ(lost->place, PacketPlace::dropped);
  EXPECT_EQ(lost->why, Loss::cut);
  EXPECT_EQ(lost->send, 2u);
  EXPECT_EQ(lost->seq, 3u);
}

// Two hosts, a thread on B, its socket 1 connected to A's port 4000; frames between them.
class PacketBuilt : public testing::Test {
 protected:
  PacketBuilt() {
    put(event::HostStarted{1, 1, 1, "A", inet(0x0a000001, 0), {}});
    put(event::HostStarted{2, 1, 2, "B", inet(0x0a000002, 0), {}});
    for (const ThreadId thread : {1u, 2u})
      put(event::ThreadStarted{thread, 0, 1, ThreadRole::play, thread == 1 ? "t" : "u", "B", {}});
    put(event::SocketOpened{1, 0, 5, AF_INET, SOCK_STREAM, 0, SocketHow::accept, 9, "B"});
    put(event::SocketNamed{1, inet(0x0a000002, 80), inet(0x0a000001, 4000)});
  }
  void put(Body body) { state.apply({at++, std::move(body)}, seq++); }
  // A segment with sequence number 1, 4000 → 80 or back.
  static std::string segment(bool to_b, std::uint8_t flags, std::size_t payload) {
    std::string frame(14 + 20 + 20 + payload, '\0');
    frame[12] = 8;
    frame[14] = 0x45;
    frame[17] = static_cast<char>(40 + payload);
    frame[23] = 6;
    frame[26] = frame[30] = 10;
    frame[29] = to_b ? 1 : 2;
    frame[33] = to_b ? 2 : 1;
    const std::string a("\x0f\xa0", 2), b("\0\x50", 2);
    frame.replace(34, 4, to_b ? a + b : b + a);
    frame[41] = 1;
    frame[46] = 0x50;
    frame[47] = static_cast<char>(flags);
    return frame;
  }
  void send(PacketId packet, HostId from, const std::string& frame) {
    put(event::PacketSent{packet, from, 3 - from, 0, static_cast<std::uint32_t>(frame.size()), 10,
                          std::string_view(frame)});
  }
  void enter(CallId call, ThreadId thread, Call name) { put(event::CallEntered{call, thread, 1, name, {}}); }
  void leave(CallId call, ThreadId thread, std::int64_t result) {
    event::CallReturned returned;
    returned.call = call;
    returned.thread = thread;
    returned.result = result;
    put(std::move(returned));
  }
  // Socket 2 of B at port 5000, socket 3 of A at port 4000 with a thread 3.
  void two_datagram_sockets() {
    put(event::ThreadStarted{3, 0, 1, ThreadRole::play, "v", "A", {}});
    put(event::SocketOpened{2, 0, 6, AF_INET, SOCK_DGRAM, 0, SocketHow::socket, 10, "B"});
    put(event::SocketNamed{2, inet(0x0a000002, 5000), {}});
    put(event::SocketOpened{3, 0, 7, AF_INET, SOCK_DGRAM, 0, SocketHow::socket, 11, "A"});
    put(event::SocketNamed{3, inet(0x0a000001, 4000), {}});
  }
  // From 3 to 2.
  static std::string datagram() {
    std::string frame(14 + 20 + 8 + 3, '\0');
    frame[12] = 8;
    frame[14] = 0x45;
    frame[17] = 31;
    frame[23] = 17;
    frame[26] = frame[30] = 10;
    frame[29] = 1;
    frame[33] = 2;
    frame.replace(34, 6, std::string("\x0f\xa0\x13\x88\0\x0b", 6));
    return frame;
  }
  void enter_sendto(CallId call) {
    event::CallEntered enters{call, 3, 3, Call::sendto, {}};
    enters.args.address = inet(0x0a000002, 5000);
    enters.args.data = std::string_view("abc");
    put(std::move(enters));
  }
  void receive(CallId call) {  // on socket 2, what 3 sent
    put(event::CallEntered{call, 1, 2, Call::recvfrom, {}});
    event::CallReturned back;
    back.call = call;
    back.thread = 1;
    back.result = 3;
    back.data = std::string_view("abc");
    back.address = inet(0x0a000001, 4000);
    put(std::move(back));
  }
  void sendto(CallId call, PacketId packet) {
    enter_sendto(call);
    send(packet, 1, datagram());
    leave(call, 3, 3);
  }
  State state;
  std::uint64_t seq = 0;
  Time at = 1;
};

TEST_F(PacketBuilt, TheReceiveThatTookItsFirstByteIsKnown) {
  send(1, 1, segment(true, kAck, 5));
  put(event::PacketArrived{1});
  EXPECT_EQ(state.packets().find(1)->receiver, 1u);
  EXPECT_EQ(state.packets().find(1)->taken_by, 0u);
  const std::uint64_t entered = seq;
  enter(7, 1, Call::recv);
  leave(7, 1, 5);
  EXPECT_EQ(state.packets().find(1)->taken_by, 7u);
  EXPECT_EQ(state.packets().find(1)->taken_seq, entered);
  // The same bytes once more: nobody takes them.
  send(2, 1, segment(true, kAck, 5));
  put(event::PacketArrived{2});
  enter(8, 1, Call::recv);
  leave(8, 1, 3);
  EXPECT_EQ(state.packets().find(2)->taken_by, 0u);
}

TEST_F(PacketBuilt, TheReceiveThatTookADatagramIsKnown) {
  two_datagram_sockets();
  sendto(20, 1);
  put(event::PacketDropped{1, Loss::lost});
  sendto(21, 2);
  put(event::PacketArrived{2});
  const std::uint64_t entered = seq;
  receive(22);
  EXPECT_EQ(state.packets().find(2)->receiver, 2u);
  EXPECT_EQ(state.packets().find(2)->call, 21u);
  EXPECT_EQ(state.packets().find(2)->taken_by, 22u);
  EXPECT_EQ(state.packets().find(2)->taken_seq, entered);
  EXPECT_EQ(state.packets().find(1)->taken_by, 0u);
}

// What is on the wire is in nobody's queue, what is lost never, what comes twice twice.
TEST_F(PacketBuilt, ADatagramIsInTheReceiveQueueFromItsArrival) {
  two_datagram_sockets();
  sendto(20, 1);
  EXPECT_TRUE(state.socket(2)->unread.empty());
  put(event::PacketDropped{1, Loss::lost});
  sendto(21, 2);
  put(event::PacketSent{3, 1, 2, 2, 45, 10, std::string_view(datagram())});
  EXPECT_TRUE(state.socket(2)->unread.empty());
  put(event::PacketArrived{3});
  put(event::PacketArrived{2});
  ASSERT_EQ(state.socket(2)->unread.size(), 2u);
  EXPECT_EQ(state.socket(2)->unread[0].call, 21u);
  EXPECT_EQ(state.socket(2)->unread[1].call, 21u);
  // Faster than its send returns.
  enter_sendto(22);
  send(4, 1, datagram());
  put(event::PacketArrived{4});
  leave(22, 3, 3);
  ASSERT_EQ(state.socket(2)->unread.size(), 3u);
  EXPECT_EQ(state.socket(2)->unread[2].call, 22u);
}

// The wire's thread may tell late of what it did.
TEST_F(PacketBuilt, AReceiveThatIsToldBeforeTheArrivalTookItAllTheSame) {
  two_datagram_sockets();
  sendto(20, 1);
  receive(21);
  put(event::PacketArrived{1});
  EXPECT_EQ(state.packets().find(1)->taken_by, 21u);
  EXPECT_TRUE(state.socket(2)->unread.empty());
  EXPECT_EQ(state.socket(2)->taken.at(0).call, 20u);
  sendto(22, 2);
  put(event::PacketArrived{2});
  EXPECT_EQ(state.socket(2)->unread.size(), 1u);
}

TEST_F(PacketBuilt, AFinIsOfTheCallThatClosesNotOfOneThatWaits) {
  enter(7, 2, Call::shutdown);
  enter(8, 1, Call::recv);
  send(1, 2, segment(false, kFin | kAck, 0));
  EXPECT_EQ(state.packets().find(1)->sender, 1u);
  EXPECT_EQ(state.packets().find(1)->call, 7u);
}

TEST_F(PacketFold, WhatWasSentAgainWasNeededIfTheFirstIsLostAfterAll) {
  const PacketState* again = first([](const PacketState& p) { return p.needless; });
  ASSERT_NE(again, nullptr);
  const PacketId id = again->id;
  state.apply({trace.end() + 1, event::PacketDropped{again->again_of, Loss::lost}}, trace.size());
  EXPECT_TRUE(state.packets().find(id)->again);
  EXPECT_FALSE(state.packets().find(id)->needless);
}

TEST_F(PacketFold, HostsAndWiresAreAsTheyWereToldLast) {
  ASSERT_NE(state.host("A"), nullptr);
  EXPECT_EQ(host_of(state.host("A")->address), "10.0.0.1");
  EXPECT_FALSE(state.host("A")->alive);
  EXPECT_EQ(state.host("B")->why, "the process that kept it, 4242, has ended");
  ASSERT_NE(state.wire(1, 2), nullptr);
  EXPECT_FALSE(state.wire(1, 2)->is.joined);
  EXPECT_EQ(state.wire(1, 3), nullptr);
}

TEST_F(PacketFold, ACopyOfTheStateKeepsItsPackets) {
  const State before = state;
  event::PacketDropped dropped{1, Loss::gone};
  state.apply({trace.end() + 1, dropped}, trace.size());
  EXPECT_EQ(before.packets().find(1)->place, PacketPlace::arrived);
  EXPECT_EQ(state.packets().find(1)->place, PacketPlace::dropped);
  EXPECT_FALSE(before.packets() == state.packets());
}

TEST(PacketFoldHostile, AbsurdIdsIntroduceNothing) {
  State state;
  state.apply({1, event::PacketArrived{9'000'000}}, 0);
  state.apply({2, event::HostStarted{9'000'000, 0, 0, "x", {}, {}}}, 1);
  state.apply({3, event::WireChanged{5, 9'000'000}}, 2);
  EXPECT_TRUE(state.packets().empty());
  EXPECT_TRUE(state.hosts().empty());
  EXPECT_TRUE(state.wires().empty());
}

}  // namespace
}  // namespace sockscope
