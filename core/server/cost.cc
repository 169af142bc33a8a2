#include "server/cost.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace sockscope {
namespace {

std::uint64_t stack_in_memory() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  void* stack = nullptr;
  std::size_t size = 0;
  pthread_attr_getstack(&attributes, &stack, &size);
  pthread_attr_destroy(&attributes);
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> pages(size / page);
  if (::mincore(stack, pages.size() * page, pages.data()) != 0) return 0;
  const auto there =
      std::count_if(pages.begin(), pages.end(), [](unsigned char one) { return (one & 1U) != 0; });
  return static_cast<std::uint64_t>(there) * page;
}

// Of a line "Private_Dirty:     1234 kB": the number.
std::uint64_t number_behind(const std::string& line) {
  const std::size_t at = line.find_first_of("0123456789");
  return at == std::string::npos ? 0 : std::strtoull(line.c_str() + at, nullptr, 10);
}

Time of(const timeval& value) {
  return value.tv_sec * kSecond + value.tv_usec * 1000;
}

}  // namespace

ThreadCost cost_of_this_thread() {
  ThreadCost cost;
  cost.memory = stack_in_memory();
  rusage usage{};
  if (::getrusage(RUSAGE_THREAD, &usage) != 0) return cost;
  cost.switches = static_cast<std::uint64_t>(usage.ru_nvcsw);
  cost.preempted = static_cast<std::uint64_t>(usage.ru_nivcsw);
  cost.processor = of(usage.ru_utime) + of(usage.ru_stime);
  return cost;
}

ThreadCost cost_of_process(int pid) {
  ThreadCost cost;
  const std::string of = "/proc/" + std::to_string(pid);
  std::string line;
  for (std::ifstream memory(of + "/smaps_rollup"); std::getline(memory, line);)
    if (line.starts_with("Private_")) cost.memory += number_behind(line) * 1024;
  for (std::ifstream status(of + "/status"); std::getline(status, line);) {
    if (line.starts_with("voluntary_")) cost.switches = number_behind(line);
    if (line.starts_with("nonvoluntary_")) cost.preempted = number_behind(line);
  }
  if (std::ifstream schedule(of + "/schedstat"); std::getline(schedule, line))
    cost.processor = static_cast<Time>(number_behind(line));
  return cost;
}

}  // namespace sockscope
