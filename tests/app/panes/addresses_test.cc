// getaddrinfo's answer as a table.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "panes/addresses.h"

namespace sockscope {
namespace addresses_test {

constexpr std::string_view kLocalhost =
    "[(<AddressFamily.AF_INET6: 10>, <SocketKind.SOCK_STREAM: 1>, 6, '', ('::1', 80, 0, 0)), "
    "(<AddressFamily.AF_INET6: 10>, <SocketKind.SOCK_DGRAM: 2>, 17, '', ('::1', 80, 0, 0)), "
    "(<AddressFamily.AF_INET: 2>, <SocketKind.SOCK_STREAM: 1>, 6, '', ('127.0.0.1', 80)), "
    "(<AddressFamily.AF_INET: 2>, <SocketKind.SOCK_DGRAM: 2>, 17, '', ('127.0.0.1', 80)), "
    "(<AddressFamily.AF_INET: 2>, <SocketKind.SOCK_RAW: 3>, 0, '', ('127.0.0.1', 80))]";

TEST(Addresses, RowsThatDifferInTheTypeOnlyAreOneAddress) {
  const auto rows = address_rows(kLocalhost);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].address, "('::1', 80, 0, 0)");
  EXPECT_EQ(rows[1].types, (std::vector<int>{SOCK_STREAM, SOCK_DGRAM, SOCK_RAW}));
  EXPECT_EQ(rows[1].protocols, (std::vector<int>{6, 17, 0}));
}

TEST(Addresses, PlainNumbersAndACanonicalNameAreReadToo) {
  const auto rows = address_rows("[(2, 1, 6, 'a\\'b', ('127.0.0.1', 80))]");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].canonical, "a\\'b");
}

TEST(Addresses, AClickConnectsByAStreamWhereThereIsOne) {
  const auto rows = address_rows(kLocalhost);
  EXPECT_EQ(connect_lines(rows[0], "c"),
            (std::vector<std::string>{"c = socket(AF_INET6, SOCK_STREAM)", "c.connect(('::1', 80, 0, 0))"}));
  const auto only = address_rows("[(2, 2, 17, '', ('127.0.0.1', 53))]");
  EXPECT_EQ(connect_lines(only[0], "c").front(), "c = socket(AF_INET, SOCK_DGRAM)");
}

TEST(Addresses, WhereverTheListIsCutTheWholeRowsBeforeAreKept) {
  std::size_t most = 0;
  for (std::size_t length = 0; length <= kLocalhost.size(); ++length) {
    std::size_t rows = 0;
    for (const AddressRow& row : address_rows(kLocalhost.substr(0, length))) rows += row.types.size();
    EXPECT_GE(rows, most) << length;
    most = std::max(most, rows);
  }
  EXPECT_EQ(most, 5u);
  for (const char* odd : {"", "[", "None", "[(", "[(<", "[(<:", "[(2, 1, 6, '\\", "[(2, 1, 6, '', ('\\"}) {
    EXPECT_TRUE(address_rows(odd).empty()) << odd;
  }
}

}  // namespace addresses_test
}  // namespace sockscope
