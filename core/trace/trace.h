#pragma once
// What happened: append-only, in time order, owned by one thread.

#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "trace/clock.h"
#include "trace/event.h"

namespace sockscope {

class Trace {
 public:
  struct Limits {
    std::size_t events = 20'000'000;
    std::size_t bytes = std::size_t{2} << 30;
  };
  Trace() = default;
  explicit Trace(Limits limits) : limits_(limits) {}

  // Appends everything that happened at or before `horizon`, in time order (equal times keep their order),
  // and keeps the rest for the next commit. An event older than the last one appended is appended and is
  // late. Returns how many were appended, a Notice of ours included. Past the limits the oldest previews are
  // dropped and a Notice (code "limit") says so; no event is ever dropped.
  std::size_t commit(std::vector<Event> arrived, Time horizon = std::numeric_limits<Time>::max());
  // Loading: appended as it stands, never sorted. The limits hold here too.
  void append(Event event, bool late);

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Event& operator[](std::size_t seq) const { return chunks_[seq / kChunk].events[seq % kChunk]; }
  const Event& back() const { return (*this)[size_ - 1]; }
  bool late(std::size_t seq) const;
  std::size_t pending() const { return pending_.size(); }
  Time start() const { return size_ == 0 ? 0 : (*this)[0].at; }
  Time end() const { return size_ == 0 ? 0 : last_; }  // greatest time appended
  // How many events have at <= t, taking late ones where they stand: the cursor for a time.
  std::size_t upto(Time t) const;
  std::size_t bytes() const;  // held in memory, previews included

  // Where a recording's header puts time zero, and that moment in nanoseconds since 1970; {0, 0} when the
  // trace was not loaded.
  struct Origin {
    Time start = 0, wall = 0;
    bool known() const { return start != 0 || wall != 0; }
    friend bool operator==(const Origin&, const Origin&) = default;
  };
  const Origin& origin() const { return origin_; }
  void set_origin(Origin origin) { origin_ = origin; }

 private:
  static constexpr std::size_t kChunk = 1024;
  struct Chunk {
    std::unique_ptr<Event[]> events;
    Time last = 0;       // greatest time of the trace up to and with this chunk
    bool sorted = true;  // no event of it is older than one before it
  };
  void push(Event event, bool late);
  bool past_limits() const;
  void keep_within_limits();
  std::size_t drop_previews();

  Limits limits_{};
  Origin origin_{};
  std::vector<Chunk> chunks_;
  std::size_t size_ = 0;
  std::size_t blob_bytes_ = 0;
  std::size_t trimmed_ = 0;   // previews before this seq were dropped
  bool all_trimmed_ = false;  // and it was said that no preview is kept any more
  Time last_ = 0;
  std::vector<Event> pending_;
  std::vector<std::size_t> late_;  // rare, sorted
};

// Heap bytes of an event's blobs.
std::size_t heap_bytes(const Event& event);

}  // namespace sockscope
