#pragma once
// A queue of records in memory that processes share: any number of them put, one thread of one takes. A
// record counts once it is whole, and a process killed while it puts one leaves the others free to go on.
// memfd_create(2), pthread_mutexattr_setrobust(3). Of this room only.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "net/descriptor.h"

namespace sockscope {

class ToldRing {
 public:
  static constexpr std::size_t kRoom = std::size_t{256} << 10;  // of all that is not taken yet
  static constexpr std::size_t kLongest = kRoom / 2;            // record

  ToldRing();                        // in new memory; ok() is false, with errno, where there is none
  explicit ToldRing(Descriptor fd);  // the memory another process made, by its descriptor
  ~ToldRing();
  ToldRing(const ToldRing&) = delete;
  ToldRing& operator=(const ToldRing&) = delete;
  bool ok() const { return shared_ != nullptr; }
  int fd() const { return fd_.get(); }  // to be handed to a process

  // Waits while there is no room: who puts dies with who takes. What is longer than kLongest is cut there.
  // Whether the one that takes said that it would wait, and is to be woken.
  [[nodiscard]] bool put(std::string_view record);

  // For the one that takes. The records are good during the call.
  void take(const std::function<void(std::string_view)>& each);
  bool empty() const;
  void will_wait();  // and must look at empty() after that, before it waits

 private:
  struct Shared;
  void map(bool fresh);
  void copy_in(std::size_t at, std::string_view bytes);

  Descriptor fd_;
  Shared* shared_ = nullptr;
  std::string taken_;
};

}  // namespace sockscope
