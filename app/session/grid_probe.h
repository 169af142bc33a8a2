#pragma once
// The grid of socket(family, type, protocol), tried once, beside the thread that draws: the kernel may look
// for a module meanwhile. One owner thread.

#include <future>
#include <optional>

#include "net/grid.h"

namespace sockscope {

class GridProbe {
 public:
  void begin();  // tries it, unless that was done or is under way
  void wait();   // until it has been tried, when it was begun
  bool pending() const { return coming_.valid(); }
  const Grid* grid();  // nullptr: not known yet

 private:
  std::future<Grid> coming_;
  std::optional<Grid> grid_;
};

}  // namespace sockscope
