#include "trace/inbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "trace/order.h"

namespace sockscope {

// Slots below `filled` are the reader's, the others the writer's. `filled`, `next` and the inbox's `armed_`
// are sequentially consistent: the writer stores filled and then loads armed_, the reader stores armed_ and
// then loads filled, so at least one of them sees the other.
struct Inbox::Lane::Chunk {
  static constexpr std::size_t kEvents = 128;
  std::atomic<std::size_t> filled{0};
  std::atomic<Chunk*> next{nullptr};
  alignas(Event) std::byte room[kEvents * sizeof(Event)];
  Event* slot(std::size_t i) { return reinterpret_cast<Event*>(room + i * sizeof(Event)); }
};

Inbox::Lane::Lane(Inbox& inbox) : inbox_(inbox), tail_(new Chunk), head_(tail_) {}

Inbox::Lane::~Lane() {
  while (head_ != nullptr) {
    const std::size_t filled = head_->filled.load();
    for (; read_ < filled; ++read_) head_->slot(read_)->~Event();
    read_ = 0;
    delete std::exchange(head_, head_->next.load());
  }
  delete spare_.load();
}

void* Inbox::Lane::claim() {
  if (tail_->filled.load(std::memory_order_relaxed) == Chunk::kEvents) grow();
  return tail_->slot(tail_->filled.load(std::memory_order_relaxed));
}

void Inbox::Lane::grow() {
  Chunk* fresh = spare_.exchange(nullptr, std::memory_order_acquire);
  if (fresh == nullptr) fresh = new Chunk;
  tail_->next.store(fresh);
  tail_ = fresh;
}

void Inbox::Lane::publish() {
  tail_->filled.store(tail_->filled.load(std::memory_order_relaxed) + 1);
  if (inbox_.armed_.load()) inbox_.wake();
}

bool Inbox::Lane::drained() const {
  return read_ == head_->filled.load() && head_->next.load() == nullptr;
}

void Inbox::Lane::take(std::vector<Event>& out) {
  for (;;) {
    const std::size_t filled = head_->filled.load();
    for (; read_ < filled; ++read_) {
      Event* event = head_->slot(read_);
      out.push_back(std::move(*event));
      event->~Event();
    }
    Chunk* next = filled == Chunk::kEvents ? head_->next.load() : nullptr;
    if (next == nullptr) return;
    Chunk* emptied = std::exchange(head_, next);
    read_ = 0;
    emptied->filled.store(0);
    emptied->next.store(nullptr);
    delete spare_.exchange(emptied, std::memory_order_acq_rel);
  }
}

Inbox::Inbox() : wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Inbox::~Inbox() {
  ::close(wake_fd_);
}

Inbox::Lane& Inbox::lane() {
  const std::lock_guard guard(mutex_);
  for (auto it = free_.begin(); it != free_.end(); ++it) {
    if (!(*it)->drained()) continue;
    Lane& lane = **it;
    free_.erase(it);
    return lane;
  }
  lanes_.push_back(std::unique_ptr<Lane>(new Lane(*this)));
  return *lanes_.back();
}

void Inbox::give_back(Lane& lane) {
  const std::lock_guard guard(mutex_);
  free_.push_back(&lane);
}

std::vector<Event> Inbox::take() {
  std::vector<Event> out;
  {
    const std::lock_guard guard(mutex_);
    std::size_t waiting = 0;
    for (const auto& lane : lanes_) {
      waiting -= lane->read_;
      for (const Lane::Chunk* chunk = lane->head_; chunk != nullptr; chunk = chunk->next.load())
        waiting += chunk->filled.load();
    }
    out.reserve(waiting);
    for (const auto& lane : lanes_) lane->take(out);
  }
  sort_by_time(out);
  return out;
}

void Inbox::drain() const {
  std::uint64_t count = 0;
  while (::read(wake_fd_, &count, sizeof count) < 0 && errno == EINTR) {
  }
}

void Inbox::arm() {
  drain();
  armed_.store(true);
}

void Inbox::disarm() {
  if (!armed_.exchange(false)) drain();
}

void Inbox::wake() {
  if (!armed_.exchange(false)) return;
  const std::uint64_t one = 1;
  // A full counter (EAGAIN) is readable already.
  while (::write(wake_fd_, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

}  // namespace sockscope
