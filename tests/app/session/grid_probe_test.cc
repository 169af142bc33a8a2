#include "session/grid_probe.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>

namespace sockscope {
namespace grid_probe_test {

TEST(GridProbe, KnowsNothingUntilBegunAndThenTheSameForGood) {
  GridProbe probe;
  EXPECT_EQ(probe.grid(), nullptr);
  EXPECT_FALSE(probe.pending());
  probe.wait();  // of nothing
  EXPECT_EQ(probe.grid(), nullptr);
  probe.begin();
  probe.wait();
  const Grid* grid = probe.grid();
  ASSERT_NE(grid, nullptr);
  EXPECT_FALSE(probe.pending());
  probe.begin();
  EXPECT_FALSE(probe.pending()) << "it is tried once";
  EXPECT_EQ(probe.grid(), grid);
}

TEST(GridProbe, EveryFamilyHasEveryTypeSoThatThePictureHasNoHoles) {
  GridProbe probe;
  probe.begin();
  probe.wait();
  const Grid& grid = *probe.grid();
  for (const GridCell& family : grid) {
    for (const GridCell& type : grid) {
      EXPECT_TRUE(std::any_of(grid.begin(), grid.end(),
                              [&](const GridCell& cell) {
                                return cell.family == family.family && cell.type == type.type &&
                                       cell.protocol == 0;
                              }))
          << family.family << " " << type.type;
    }
  }
}

TEST(GridProbe, MayEndWhileItIsTried) {
  GridProbe probe;
  probe.begin();
}

}  // namespace grid_probe_test
}  // namespace sockscope
