#include "kernel/holder.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>

#include "kernel/processor_time.h"

namespace sockscope {
namespace {

constexpr int kMostProcesses = 2'000;
// Of one process, the lowest first: a listening socket is made early, and connections by the thousand would
// take all the time there is.
constexpr int kMostDescriptors = 1'000;
constexpr Time kLongest = 20 * kMillisecond;

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

// "socket:[123]" → 123.
std::optional<std::uint64_t> socket_inode(std::string_view link) {
  constexpr std::string_view kBegins = "socket:[";
  if (!link.starts_with(kBegins)) return std::nullopt;
  std::uint64_t inode = 0;
  link.remove_prefix(kBegins.size());
  const auto read = std::from_chars(link.data(), link.data() + link.size(), inode);
  return read.ec == std::errc() ? std::optional(inode) : std::nullopt;
}

std::string described(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/comm");
  std::string name;
  std::getline(file, name);
  return (name.empty() ? std::string("?") : name) + " (pid " + pid + ")";
}

// False: the time is over.
bool look_into(const std::string& pid, Time deadline, std::set<std::uint64_t>& wanted,
               std::map<std::uint64_t, std::string>& found) {
  const Directory descriptors(::opendir(("/proc/" + pid + "/fd").c_str()));
  if (!descriptors) return processor_time() < deadline;
  for (int seen = 0; seen < kMostDescriptors; ++seen) {
    const dirent* entry = ::readdir(descriptors.get());
    if (entry == nullptr) break;
    if (processor_time() >= deadline) return false;
    std::array<char, 64> link{};
    const ssize_t length =
        ::readlinkat(::dirfd(descriptors.get()), &entry->d_name[0], link.data(), link.size());
    if (length <= 0) continue;
    const auto inode = socket_inode({link.data(), static_cast<std::size_t>(length)});
    if (!inode || wanted.erase(*inode) == 0) continue;
    found[*inode] = described(pid);
    if (wanted.empty()) return false;
  }
  return true;
}

}  // namespace

std::map<std::uint64_t, std::string> holders_of(std::set<std::uint64_t> inodes) {
  std::map<std::uint64_t, std::string> found;
  inodes.erase(0);
  if (inodes.empty()) return found;
  const Time deadline = processor_time() + kLongest;
  const Directory processes(::opendir("/proc"));
  if (!processes) return found;
  int seen = 0;
  while (const dirent* entry = ::readdir(processes.get())) {
    const std::string pid(&entry->d_name[0]);
    if (pid.find_first_not_of("0123456789") != pid.npos) continue;
    if (++seen > kMostProcesses || !look_into(pid, deadline, inodes, found)) break;
  }
  return found;
}

}  // namespace sockscope
