#pragma once
// Which process has a socket open, as far as we may look.

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace sockscope {

// Inode of a socket → "python3 (pid 123)", from /proc/*/fd. Processes that we may not read, and all beyond
// 2,000 processes or 20 ms of the processor, are left out.
std::map<std::uint64_t, std::string> holders_of(std::set<std::uint64_t> inodes);

}  // namespace sockscope
