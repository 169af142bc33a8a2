#pragma once
// The grid, tried: what socket(family, type, protocol) comes to on this machine. Not traced, nothing is kept
// open.

#include "net/grid.h"

namespace sockscope {

// Under a millisecond; some 20 ms for one who may make AF_PACKET sockets (their close waits for the kernel),
// and more when the kernel loads a module for a family it does not know yet. Any thread.
Grid probe_grid();

}  // namespace sockscope
