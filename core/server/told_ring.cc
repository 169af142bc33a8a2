#include "server/told_ring.h"

#include <pthread.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

namespace sockscope {
namespace {

using Length = std::uint32_t;  // before each record
constexpr timespec kUntilRoom{0, 100'000};

}  // namespace

// Bytes are counted from the beginning of time; a byte's place is its count modulo the room. `put` and
// `waits` are sequentially consistent: who puts stores put and then loads waits, who takes stores waits and
// then loads put, so at least one of them sees the other.
struct ToldRing::Shared {
  pthread_mutex_t putting;
  std::atomic<std::uint64_t> put{0}, taken{0};
  std::atomic<bool> waits{false};
  char room[kRoom];
};

namespace {

// Nothing of a record is seen before it is whole, so there is nothing to repair after a process that died.
class Putting {
 public:
  explicit Putting(pthread_mutex_t& mutex) : mutex_(mutex) {
    if (pthread_mutex_lock(&mutex_) == EOWNERDEAD) pthread_mutex_consistent(&mutex_);
  }
  ~Putting() { pthread_mutex_unlock(&mutex_); }
  Putting(const Putting&) = delete;
  Putting& operator=(const Putting&) = delete;

 private:
  pthread_mutex_t& mutex_;
};

void make_putting(pthread_mutex_t& mutex) {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &kind);
  pthread_mutexattr_destroy(&kind);
}

}  // namespace

ToldRing::ToldRing() : fd_(::memfd_create("sockscope-told", MFD_CLOEXEC)) {
  if (fd_ && ::ftruncate(fd_.get(), sizeof(Shared)) == 0) map(true);
}

ToldRing::ToldRing(Descriptor fd) : fd_(std::move(fd)) {
  map(false);
}

void ToldRing::map(bool fresh) {
  void* at = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
  if (at == MAP_FAILED) return;
  shared_ = fresh ? new (at) Shared : static_cast<Shared*>(at);
  if (fresh) make_putting(shared_->putting);
}

ToldRing::~ToldRing() {
  if (shared_ != nullptr) ::munmap(shared_, sizeof(Shared));
}

void ToldRing::copy_in(std::size_t at, std::string_view bytes) {
  const std::size_t to_end = std::min(bytes.size(), kRoom - at % kRoom);
  std::memcpy(shared_->room + at % kRoom, bytes.data(), to_end);
  std::memcpy(shared_->room, bytes.data() + to_end, bytes.size() - to_end);
}

bool ToldRing::put(std::string_view record) {
  record = record.substr(0, kLongest);
  const auto length = static_cast<Length>(record.size());
  const std::size_t needs = sizeof length + record.size();
  {
    const Putting putting(shared_->putting);
    const std::uint64_t at = shared_->put.load(std::memory_order_relaxed);
    // Who takes does not wait meanwhile: it saw the last that was put, or was woken for it.
    while (at + needs - shared_->taken.load(std::memory_order_acquire) > kRoom)
      ::nanosleep(&kUntilRoom, nullptr);
    copy_in(at, {reinterpret_cast<const char*>(&length), sizeof length});
    copy_in(at + sizeof length, record);
    shared_->put.store(at + needs);
  }
  return shared_->waits.load() && shared_->waits.exchange(false);
}

void ToldRing::take(const std::function<void(std::string_view)>& each) {
  const std::uint64_t from = shared_->taken.load(std::memory_order_relaxed);
  const auto size = static_cast<std::size_t>(shared_->put.load() - from);
  const std::size_t begin = from % kRoom, to_end = std::min(size, kRoom - begin);
  taken_.assign(shared_->room + begin, to_end);
  taken_.append(shared_->room, size - to_end);
  shared_->taken.store(from + size, std::memory_order_release);
  for (std::string_view rest = taken_; rest.size() >= sizeof(Length);) {
    Length length = 0;
    std::memcpy(&length, rest.data(), sizeof length);
    rest.remove_prefix(sizeof length);
    each(rest.substr(0, length));
    rest.remove_prefix(std::min<std::size_t>(length, rest.size()));
  }
}

bool ToldRing::empty() const {
  return shared_->put.load() == shared_->taken.load(std::memory_order_relaxed);
}

void ToldRing::will_wait() {
  shared_->waits.store(true);
}

}  // namespace sockscope
