#include "server/births.h"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <new>

namespace sockscope {

using Word = std::atomic<std::uint32_t>;
static_assert(sizeof(Word) == 4 && Word::is_always_lock_free);

Births::Births() {
  void* page = ::mmap(nullptr, sizeof(Word), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page != MAP_FAILED) told_ = new (page) Word(0);
}

Births::~Births() {
  if (told_ != nullptr) ::munmap(told_, sizeof(Word));
}

void Births::tell(std::uint32_t last) {
  told_->store(last);
  ::syscall(SYS_futex, told_, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void Births::wait_for(std::uint32_t mine) {
  for (std::uint32_t seen = told_->load(); seen < mine; seen = told_->load())
    ::syscall(SYS_futex, told_, FUTEX_WAIT, seen, nullptr, nullptr, 0);
}

}  // namespace sockscope
