#pragma once
// What the console shows of a trace: the lines that were run, what expectations saw and what handlers
// printed. An index of the trace, kept up to date as it grows, so that no frame walks the whole of it.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "trace/trace.h"

namespace sockscope {

class ConsoleLog {
 public:
  static constexpr std::uint64_t kNotYet = ~std::uint64_t{0};
  struct Entry {
    std::uint64_t seq = 0;        // of its LineStarted, Expectation or HandlerPrinted
    std::uint64_t end = kNotYet;  // of its LineEnded
  };

  // Reads what is new. Starts over when `trace` is another one (it starts at another time or is shorter).
  void follow(const Trace& trace);
  // Oldest first.
  const std::vector<Entry>& entries() const { return entries_; }
  // How many entries began before `seq`.
  std::size_t before(std::uint64_t seq) const;

 private:
  Time start_ = 0;
  std::uint64_t next_ = 0;
  std::vector<Entry> entries_;
  std::unordered_map<LineId, std::size_t> running_;
};

}  // namespace sockscope
