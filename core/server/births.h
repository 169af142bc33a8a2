#pragma once
// A word that a process shares with the children it forks: which of them it has told of. A child waits until
// it has been. No descriptor: a server without any can still fork. futex(2).

#include <atomic>
#include <cstdint>

namespace sockscope {

class Births {
 public:
  Births();  // ok() is false where there is no memory
  ~Births();
  Births(const Births&) = delete;
  Births& operator=(const Births&) = delete;
  bool ok() const { return told_ != nullptr; }
  void tell(std::uint32_t last);      // all up to this one have been told; the parent
  void wait_for(std::uint32_t mine);  // until it has been; a child. A dead parent kills it, not this wait

 private:
  std::atomic<std::uint32_t>* told_ = nullptr;
};

}  // namespace sockscope
