#include "net/packet.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sockscope {
namespace {

std::string bytes(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size();) {
    if (hex[i] == ' ') {
      ++i;
      continue;
    }
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    i += 2;
  }
  return out;
}

const std::string kToB = "020000000002 020000000001 ";
// 10.0.0.1:43500 → 10.0.0.2:80
const std::string kIpv4 = "0800 4500003c abcd4000 4006 0000 0a000001 0a000002 ";
const std::string kSynPorts = "a9ec0050 00000064 00000000 ";

TEST(PacketRead, ASynWithItsOptions) {
  const auto p = read_frame(
      bytes(kToB + kIpv4 + kSynPorts + "a002 faf0 0000 0000 020405b4 0402 080a 00000001 00000000 01 03030a"));
  ASSERT_TRUE(p);
  EXPECT_EQ(p->protocol, Packet::Protocol::tcp);
  EXPECT_EQ(to_text(p->source), "10.0.0.1:43500");
  EXPECT_EQ(to_text(p->destination), "10.0.0.2:80");
  EXPECT_EQ(flags_text(p->flags), "SYN");
  EXPECT_EQ(p->seq, 100u);
  EXPECT_EQ(p->window, 64240);
  EXPECT_EQ(p->mss, 1460);
  EXPECT_EQ(p->window_scale, 10);
  EXPECT_TRUE(p->sack_permitted);
  EXPECT_EQ(p->payload, 0u);
  EXPECT_EQ(gist_of(*p), "SYN");
}

TEST(PacketRead, DataIsWhatTheIpHeaderSaysNotThePadding) {
  const auto p = read_frame(bytes(kToB + "0800 4500002b 00004000 4006 0000 0a000001 0a000002 " + kSynPorts +
                                  "5018 0001 0000 0000 616263 000000"));
  ASSERT_TRUE(p);
  EXPECT_EQ(p->payload, 3u);
  EXPECT_EQ(flags_text(p->flags), "PSH,ACK");
  EXPECT_EQ(gist_of(*p), "3 B");
  EXPECT_EQ(p->window_scale, -1);
}

TEST(PacketRead, UdpOverIpv6BehindAnExtensionHeader) {
  const auto p = read_frame(bytes(kToB + "86dd 60000000 0013 00 40 fd000000000000000000000000000001 "
                                         "fd000000000000000000000000000002 11 00 050200000100 "
                                         "1388 0035 000b 0000 616263"));
  ASSERT_TRUE(p);
  EXPECT_EQ(p->protocol, Packet::Protocol::udp);
  EXPECT_EQ(to_text(p->destination), "[fd00::2]:53");
  EXPECT_EQ(p->payload, 3u);
}

TEST(PacketRead, ArpAsksAndAnswers) {
  const std::string middle = "020000000001 0a000001 000000000000 0a000002";
  const auto asks = read_frame(bytes("ffffffffffff 020000000001 0806 0001 0800 06 04 0001 " + middle));
  ASSERT_TRUE(asks);
  EXPECT_EQ(asks->protocol, Packet::Protocol::arp);
  EXPECT_EQ(gist_of(*asks), "Who has 10.0.0.2?");
  const auto answers = read_frame(bytes(kToB + "0806 0001 0800 06 04 0002 " + middle));
  EXPECT_EQ(gist_of(*answers), "10.0.0.1 is here");
}

TEST(PacketRead, PingAndPortUnreachable) {
  const std::string ip = "0800 4500001c 00000000 4001 0000 0a000001 0a000002 ";
  EXPECT_EQ(gist_of(*read_frame(bytes(kToB + ip + "0800 f7fd 0001 0001"))), "Echo request");
  EXPECT_EQ(gist_of(*read_frame(bytes(kToB + ip + "0000 f7fd 0001 0001"))), "Echo reply");
  EXPECT_EQ(gist_of(*read_frame(bytes(kToB + ip + "0303 f7fd 0001 0001"))), "Port unreachable");
}

TEST(PacketRead, ALaterFragmentHasNoPorts) {
  const auto p =
      read_frame(bytes(kToB + "0800 4500001c 00000001 4011 0000 0a000001 0a000002 1388003500080000"));
  ASSERT_TRUE(p);
  EXPECT_TRUE(p->fragment);
  EXPECT_EQ(p->protocol, Packet::Protocol::other);
  EXPECT_EQ(p->source.port, 0);
}

TEST(PacketRead, EveryCutOfItIsNothingOrStillReadable) {
  const std::string whole =
      bytes(kToB + kIpv4 + kSynPorts + "a002 faf0 0000 0000 020405b4 0402 080a 00000001 00000000 01 03030a");
  for (std::size_t size = 0; size < 54; ++size) EXPECT_FALSE(read_frame(whole.substr(0, size))) << size;
}

TEST(PacketRead, RandomBytesNeverReadBeyond) {
  std::mt19937 random(5);
  for (int i = 0; i < 100'000; ++i) {
    std::string frame(random() % 120, '\0');
    for (char& c : frame) c = static_cast<char>(random());
    if (frame.size() > 14 && i % 2 == 0) frame.replace(12, 2, i % 4 == 0 ? "\x08\x00" : "\x86\xdd", 2);
    if (const auto p = read_frame(frame)) gist_of(*p);
  }
}

TEST(PacketFlags, AreReadBackInAnyOrder) {
  EXPECT_EQ(flags_text(kSyn | kAck), "SYN,ACK");
  EXPECT_EQ(flags_text(kFin | kAck), "FIN,ACK");
  EXPECT_EQ(flags_text(0), "");
  for (int flags = 0; flags < 64; ++flags)
    EXPECT_EQ(flags_of(flags_text(static_cast<std::uint8_t>(flags))), flags);
  EXPECT_EQ(flags_of("ACK,SYN"), kSyn | kAck);
  EXPECT_FALSE(flags_of("SYN,OOPS"));
}

}  // namespace
}  // namespace sockscope
