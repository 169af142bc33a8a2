#pragma once
// How many descriptors this process may have.

#include <cstdint>

namespace sockscope {

// Raises the limit of descriptors (RLIMIT_NOFILE, getrlimit(2)) from the soft to the hard one, which needs no
// permission. The limit that holds now.
std::uint64_t raise_descriptor_limit();

}  // namespace sockscope
