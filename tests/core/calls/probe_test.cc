// The grid, as this machine has it.

#include "calls/probe.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>

namespace sockscope::testing {
namespace {

const GridCell* grid_cell(const Grid& grid, int family, int type, int protocol) {
  const auto found = std::find_if(grid.begin(), grid.end(), [&](const GridCell& cell) {
    return cell.family == family && cell.type == type && cell.protocol == protocol;
  });
  return found == grid.end() ? nullptr : &*found;
}

int error_at(const Grid& grid, int family, int type, int protocol) {
  const GridCell* cell = grid_cell(grid, family, type, protocol);
  return cell == nullptr ? -1 : cell->error;
}

TEST(ProbeTest, WhatIsSoOnEveryLinux) {
  const Grid grid = probe_grid();
  EXPECT_EQ(error_at(grid, AF_INET, SOCK_STREAM, 0), 0);
  EXPECT_EQ(error_at(grid, AF_INET, SOCK_DGRAM, IPPROTO_UDP), 0);
  EXPECT_EQ(error_at(grid, AF_INET, SOCK_RAW, 0), EPROTONOSUPPORT);
  EXPECT_EQ(error_at(grid, AF_INET, SOCK_RDM, 0), ESOCKTNOSUPPORT);
  EXPECT_EQ(error_at(grid, AF_UNIX, SOCK_RAW, 0), 0);
  EXPECT_EQ(error_at(grid, AF_UNIX, SOCK_SEQPACKET, 0), 0);
  for (const int family : {AF_VSOCK, AF_CAN, AF_RDS, AF_TIPC, AF_PACKET, AF_NETLINK})
    EXPECT_NE(grid_cell(grid, family, SOCK_STREAM, 0), nullptr) << family;
}

TEST(ProbeTest, EachCellIsWhatTheKernelSaysWhenAskedAgain) {
  for (const GridCell& cell : probe_grid()) {
    const int fd = ::socket(cell.family, cell.type | SOCK_CLOEXEC, cell.protocol);
    EXPECT_EQ(fd < 0 ? errno : 0, cell.error) << cell.family << ' ' << cell.type << ' ' << cell.protocol;
    if (fd >= 0) ::close(fd);
  }
}

TEST(ProbeTest, NoCellIsThereTwice) {
  const Grid grid = probe_grid();
  for (const GridCell& cell : grid) EXPECT_EQ(std::count(grid.begin(), grid.end(), cell), 1);
}

TEST(ProbeTest, WithoutADescriptorItSaysSo) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit none{0, limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const Grid grid = probe_grid();
  ::setrlimit(RLIMIT_NOFILE, &limit);
  EXPECT_EQ(error_at(grid, AF_INET, SOCK_STREAM, 0), EMFILE);
}

}  // namespace
}  // namespace sockscope::testing
