#pragma once
// The one door between threads. Each producer writes its own lane: a list of chunks with one writer and one
// reader, so a writer never waits for the reader or for another writer.

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "trace/clock.h"
#include "trace/event.h"

namespace sockscope {

class Inbox {
 public:
  // One producer's way in. Used by one thread at a time; lives as long as the inbox.
  class Lane {
   public:
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;
    // `kind` is one of event::…, or a whole Body.
    template <class Kind>
    void put(Time at, Kind&& kind) {
      new (claim()) Event{at, std::forward<Kind>(kind)};
      publish();
    }
    template <class Kind>
    void put(Kind&& kind) {  // stamped now
      put(now(), std::forward<Kind>(kind));
    }

   private:
    friend class Inbox;
    struct Chunk;
    explicit Lane(Inbox& inbox);
    void* claim();   // room for one event
    void publish();  // what claim() gave is filled
    void grow();
    bool drained() const;  // the reader's side, under the inbox's mutex
    void take(std::vector<Event>& out);
    Inbox& inbox_;
    Chunk* tail_;                         // writer's
    Chunk* head_;                         // reader's
    std::size_t read_ = 0;                // of head_
    std::atomic<Chunk*> spare_{nullptr};  // one emptied chunk on its way back to the writer
  };

  Inbox();  // throws std::system_error if the eventfd cannot be made
  ~Inbox();
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  // A new lane for the calling thread. Any thread. Reuses a lane that was given back and is empty.
  Lane& lane();
  void give_back(Lane& lane);  // its thread will not write to it any more

  // Everything put so far, sorted by time, equal times in the order of their lanes and puts. One reader
  // thread.
  std::vector<Event> take();

  // Becomes readable after the first put that follows arm(). The reader: arm(), then if take() is empty,
  // poll(wake_fd()), then take(). No put is missed.
  int wake_fd() const { return wake_fd_; }
  void arm();
  // Not readable until it is armed again (a put that is just waking may make it so once more): for a reader
  // that looks again soon whatever comes, so that no writer pays for waking it.
  void disarm();

 private:
  void wake();
  void drain() const;
  int wake_fd_;
  std::atomic<bool> armed_{false};
  std::mutex mutex_;  // lanes_, free_, and the reader's side of every lane
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<Lane*> free_;
};

}  // namespace sockscope
