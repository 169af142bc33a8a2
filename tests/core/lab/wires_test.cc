// The thread of all wires, on socket pairs in place of hosts' cables.

#include "lab/wires.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "trace/clock.h"

namespace sockscope::testing {
namespace {

std::string frame(HostId from, HostId to, std::string_view text) {
  std::string bytes = {0x02, 0, 0, 0, 0, static_cast<char>(to), 0x02, 0, 0, 0, 0, static_cast<char>(from),
                       8,    0};
  return bytes.append(text);
}

class WiresTest : public ::testing::Test {
 protected:
  WiresTest() {
    for (HostId host = 1; host <= 3; ++host) {
      std::array<int, 2> ends{};
      EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
      wires.add_host(host, Descriptor(ends[0]), Descriptor());
      hosts.emplace_back(ends[1]);
    }
  }
  void send(HostId from, HostId to, std::string_view text) {
    const std::string bytes = frame(from, to, text);
    ASSERT_EQ(::send(hosts[from - 1].get(), bytes.data(), bytes.size(), 0),
              static_cast<ssize_t>(bytes.size()));
  }
  // What arrives at `host` next; empty: nothing in two seconds.
  std::string receive(HostId host, int patience_ms = 2'000) {
    pollfd ready{hosts[host - 1].get(), POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) <= 0) return {};
    std::array<char, 256> room{};
    const ssize_t size = ::recv(hosts[host - 1].get(), room.data(), room.size(), 0);
    return size <= 14 ? std::string() : std::string(room.data() + 14, static_cast<std::size_t>(size) - 14);
  }
  template <class Kind>
  std::vector<std::pair<Time, Kind>> told() {
    for (Event& event : inbox.take()) events.push_back(std::move(event));
    std::vector<std::pair<Time, Kind>> found;
    for (const Event& event : events)
      if (const auto* body = std::get_if<Kind>(&event.body)) found.emplace_back(event.at, *body);
    return found;
  }
  // Waits until `count` events of a kind were told.
  template <class Kind>
  std::vector<std::pair<Time, Kind>> wait_for(std::size_t count) {
    const Time give_up = now() + 20 * kSecond;
    auto found = told<Kind>();
    while (found.size() < count && now() < give_up) {
      ::poll(nullptr, 0, 1);
      found = told<Kind>();
    }
    EXPECT_GE(found.size(), count);
    return found;
  }
  void join(HostId from, HostId to, const WireSettings& settings) {
    wires.set(from, to, settings);
    wires.set(to, from, settings);
  }

  Inbox inbox;
  Wires wires{inbox};
  std::vector<Descriptor> hosts;
  std::vector<Event> events;
};

TEST_F(WiresTest, AFrameComesToTheHostItIsForAndIsTold) {
  join(1, 2, {});
  send(1, 2, "hello");
  EXPECT_EQ(receive(2), "hello");
  const auto arrived = wait_for<event::PacketArrived>(1);
  const auto sent = told<event::PacketSent>();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].second.from, 1u);
  EXPECT_EQ(sent[0].second.to, 2u);
  EXPECT_EQ(sent[0].second.length, 19u);
  EXPECT_EQ(sent[0].second.frame.view(), frame(1, 2, "hello"));
  EXPECT_LE(sent[0].first, arrived.at(0).first);
}

TEST_F(WiresTest, ADelayIsKept) {
  WireSettings slow;
  slow.delay = 50 * kMillisecond;
  join(1, 2, slow);
  send(1, 2, "slow");
  EXPECT_EQ(receive(2), "slow");
  const auto arrived = wait_for<event::PacketArrived>(1);
  const auto sent = told<event::PacketSent>();
  EXPECT_EQ(sent.at(0).second.due, sent.at(0).first + slow.delay);
  EXPECT_GE(arrived.at(0).first, sent.at(0).second.due);
}

TEST_F(WiresTest, TwoThatWereNeverJoinedAreCut) {
  join(1, 2, {});
  send(1, 3, "lost");
  send(1, 2, "found");
  EXPECT_EQ(receive(2), "found");
  const auto dropped = wait_for<event::PacketDropped>(1);
  EXPECT_EQ(dropped.at(0).second.why, Loss::cut);
  EXPECT_EQ(told<event::PacketSent>().at(0).second.due, 0);
  EXPECT_EQ(receive(3, 0), "");
}

TEST_F(WiresTest, ACutDropsWhatHasNotPassedTheMiddle) {
  WireSettings slow;
  slow.delay = 4 * kSecond;  // time enough to cut it in
  join(1, 2, slow);
  send(1, 2, "too late");
  wait_for<event::PacketSent>(1);
  slow.joined = false;
  join(1, 2, slow);
  EXPECT_EQ(wait_for<event::PacketDropped>(1).at(0).second.why, Loss::cut);
}

TEST_F(WiresTest, ALostFrameGoesToTheMiddle) {
  WireSettings lossy;
  lossy.loss = 1'000'000;
  lossy.delay = 20 * kMillisecond;
  join(1, 2, lossy);
  send(1, 2, "never");
  const auto dropped = wait_for<event::PacketDropped>(1);
  EXPECT_EQ(dropped.at(0).second.why, Loss::lost);
  const auto sent = told<event::PacketSent>();
  EXPECT_GE(dropped.at(0).first, sent.at(0).first + 10 * kMillisecond);
}

TEST_F(WiresTest, ABroadcastGoesToEveryHostThatIsJoined) {
  join(1, 2, {});
  join(1, 3, {});
  std::string everybody = frame(1, 2, "who has it?");
  std::fill_n(everybody.begin(), 6, static_cast<char>(0xff));
  ASSERT_GT(::send(hosts[0].get(), everybody.data(), everybody.size(), 0), 0);
  EXPECT_EQ(receive(2), "who has it?");
  EXPECT_EQ(receive(3), "who has it?");
  EXPECT_EQ(wait_for<event::PacketArrived>(2).size(), 2u);
}

TEST_F(WiresTest, ADuplicateIsAPacketOfItsOwn) {
  WireSettings twice;
  twice.duplicate = 1'000'000;
  join(1, 2, twice);
  send(1, 2, "echo");
  EXPECT_EQ(receive(2), "echo");
  EXPECT_EQ(receive(2), "echo");
  const auto sent = told<event::PacketSent>();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[1].second.copy_of, sent[0].second.packet);
}

TEST_F(WiresTest, AHeldFrameWaitsUntilItIsLetThrough) {
  WireSettings held;
  held.hold = true;
  join(1, 2, held);
  send(1, 2, "one");
  send(1, 2, "two");
  send(1, 2, "three");
  const auto stopped = wait_for<event::PacketHeld>(3);
  EXPECT_EQ(receive(2, 0), "");
  EXPECT_TRUE(wires.held(stopped.at(1).second.packet));
  EXPECT_TRUE(wires.let(stopped.at(1).second.packet, Wires::Go::release));
  EXPECT_EQ(receive(2), "two");
  EXPECT_FALSE(wires.let(stopped.at(1).second.packet, Wires::Go::release)) << "it is not held any more";
  EXPECT_TRUE(wires.let(stopped.at(0).second.packet, Wires::Go::drop));
  EXPECT_EQ(wait_for<event::PacketDropped>(1).at(0).second.why, Loss::dropped);
  EXPECT_TRUE(wires.let(stopped.at(2).second.packet, Wires::Go::twice));
  EXPECT_EQ(receive(2), "three");
  EXPECT_EQ(receive(2), "three");
}

TEST_F(WiresTest, TheEndOfHoldLetsAllGoInOrder) {
  WireSettings held;
  held.hold = true;
  join(1, 2, held);
  for (const char* text : {"one", "two", "three"}) send(1, 2, text);
  wait_for<event::PacketHeld>(3);
  join(1, 2, {});
  for (const char* text : {"one", "two", "three"}) EXPECT_EQ(receive(2), text);
}

TEST_F(WiresTest, TheEndOfHoldKeepsTheOrderThoughTheWaysDiffer) {
  WireSettings held;
  held.hold = true;
  held.delay = 40 * kMillisecond;
  held.jitter = 60 * kMillisecond;
  join(1, 2, held);
  for (const char* text : {"one", "two", "three", "four"}) send(1, 2, text);
  wait_for<event::PacketHeld>(4);
  join(1, 2, {});  // and what follows has no delay
  send(1, 2, "five");
  for (const char* text : {"one", "two", "three", "four", "five"}) EXPECT_EQ(receive(2), text);
}

TEST_F(WiresTest, WhenTheHostsEndWhatIsUnderWayIsGone) {
  WireSettings slow;
  slow.delay = 10 * kSecond;
  join(1, 2, slow);
  send(1, 2, "nowhere");
  wait_for<event::PacketSent>(1);
  wires.end_hosts();
  EXPECT_EQ(wait_for<event::PacketDropped>(1).at(0).second.why, Loss::gone);
}

TEST_F(WiresTest, NoneOfThousandsIsLostOrOutOfOrder) {
  constexpr int kMany = 20'000;
  WireSettings wire;
  wire.delay = 5 * kMillisecond;
  join(1, 2, wire);
  int sent = 0, got = 0;
  bool in_order = true;
  const auto take = [&](int patience_ms) {
    const std::string text = receive(2, patience_ms);
    if (text.empty()) return false;
    in_order = in_order && text == std::to_string(got);
    ++got;
    return true;
  };
  while (sent < kMany) {
    const std::string bytes = frame(1, 2, std::to_string(sent));
    if (::send(hosts[0].get(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0)
      ++sent;
    else
      ASSERT_EQ(errno, EAGAIN);
    while (take(0)) {
    }
  }
  while (got < kMany && take(2'000)) {
  }
  EXPECT_EQ(got, kMany);
  EXPECT_TRUE(in_order);
  EXPECT_EQ(wires.figures().dropped, 0u);
}

}  // namespace
}  // namespace sockscope::testing
