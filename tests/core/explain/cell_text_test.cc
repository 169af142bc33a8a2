// A cell of the grid in words.

#include "explain/cell_text.h"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace sockscope::testing {
namespace {

using ::testing::HasSubstr;

CellText words_of(int family, int type, int protocol, int error) {
  return cell_text({family, type, protocol, error}, untranslated);
}

TEST(CellTextTest, EveryVerdictHasItsWord) {
  EXPECT_EQ(words_of(AF_INET, SOCK_STREAM, 0, 0).verdict, "works");
  EXPECT_EQ(words_of(AF_INET, SOCK_RDM, 0, ESOCKTNOSUPPORT).verdict, "refused");
  EXPECT_EQ(words_of(AF_INET, SOCK_RAW, IPPROTO_ICMP, EPERM).verdict, "needs a privilege");
}

TEST(CellTextTest, APrivilegeSaysWhereItWouldBeAllowed) {
  EXPECT_THAT(words_of(AF_INET, SOCK_RAW, IPPROTO_ICMP, EPERM).why, HasSubstr("CAP_NET_RAW"));
  EXPECT_THAT(words_of(AF_PACKET, SOCK_DGRAM, 0, EPERM).where, HasSubstr("root"));
  const CellText ping = words_of(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, EACCES);
  EXPECT_THAT(ping.why, HasSubstr("ping_group_range"));
  EXPECT_THAT(ping.where, HasSubstr("sysctl -w net.ipv4.ping_group_range"));
  EXPECT_TRUE(words_of(AF_UNIX, SOCK_RAW, 0, 0).where.empty());
}

TEST(CellTextTest, TheTutorialsSurprisesAreSaid) {
  EXPECT_THAT(words_of(AF_UNIX, SOCK_RAW, 0, 0).why, HasSubstr("SOCK_DGRAM"));
  EXPECT_THAT(words_of(AF_INET, SOCK_RAW, 0, EPROTONOSUPPORT).why, HasSubstr("0 is none"));
  EXPECT_THAT(words_of(AF_INET, SOCK_SEQPACKET, 0, ESOCKTNOSUPPORT).why, HasSubstr("SCTP"));
  EXPECT_THAT(words_of(AF_INET, SOCK_RDM, 0, ESOCKTNOSUPPORT).why, HasSubstr("AF_TIPC"));
  EXPECT_THAT(words_of(AF_CAN, SOCK_RAW, 1, EAFNOSUPPORT).why, HasSubstr("no AF_CAN"));
  EXPECT_THAT(words_of(AF_UNIX, SOCK_SEQPACKET, 0, 0).why, HasSubstr("here it works"));
}

TEST(CellTextTest, AnErrorNobodyExpectedIsTheKernelsText) {
  EXPECT_THAT(words_of(AF_INET, SOCK_STREAM, 0, ENOMEM).why, HasSubstr("Cannot allocate memory"));
  EXPECT_FALSE(words_of(AF_INET, SOCK_STREAM, 0, 99999).why.empty());
  EXPECT_FALSE(words_of(12345, 67, 89, EPERM).why.empty());
}

TEST(CellTextTest, AProtocolIsSaidAsPeopleSayIt) {
  EXPECT_EQ(cell_protocol(AF_INET, IPPROTO_TCP), "TCP");
  EXPECT_EQ(cell_protocol(AF_INET6, IPPROTO_UDPLITE), "UDPLITE");
  EXPECT_EQ(cell_protocol(AF_CAN, 1), "CAN_RAW");
  EXPECT_EQ(cell_protocol(AF_NETLINK, 2), "USERSOCK");
  EXPECT_EQ(cell_protocol(AF_INET, 0), "0");
  EXPECT_EQ(cell_protocol(AF_UNIX, 7), "7");
  EXPECT_EQ(cell_protocol(AF_INET, 77), "77");
}

}  // namespace
}  // namespace sockscope::testing
