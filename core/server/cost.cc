#include "server/cost.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
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

}  // namespace sockscope
