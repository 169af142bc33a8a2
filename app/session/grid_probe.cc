#include "session/grid_probe.h"

#include <chrono>

#include "calls/probe.h"

namespace sockscope {

void GridProbe::begin() {
  if (grid_ || coming_.valid()) return;
  coming_ = std::async(std::launch::async, probe_grid);
}

void GridProbe::wait() {
  if (coming_.valid()) grid_ = coming_.get();
}

const Grid* GridProbe::grid() {
  if (coming_.valid() && coming_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) wait();
  return grid_ ? &*grid_ : nullptr;
}

}  // namespace sockscope
