#pragma once
// Puts events into time order, equal times keeping their order.

#include <vector>

#include "trace/event.h"

namespace sockscope {

void sort_by_time(std::vector<Event>& events);

}  // namespace sockscope
