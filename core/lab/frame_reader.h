#pragma once
// Frames as they come out of a packet(7) end, with the kernel's time of each. Of this room only.

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "trace/event.h"

namespace sockscope {

struct Frame {
  std::string_view bytes;  // valid until the next read
  Time at = 0;
  bool outgoing = false;  // of an AF_PACKET end: the interface itself sent it
};

class FrameReader {
 public:
  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kLongest = 66'000;  // the loopback interface carries 64 KiB at once

  FrameReader();
  // Asks for the kernel's time of each frame, and for as much room as it gives.
  static void prepare(int fd);
  // What is there now, at most kBatch, oldest first; empty: nothing. Never blocks.
  const std::vector<Frame>& read(int fd);
  // How many frames the kernel had no room for since the last ask.
  static std::uint32_t not_seen(int fd);

 private:
  std::vector<char> room_;
  std::array<mmsghdr, kBatch> messages_{};
  std::array<iovec, kBatch> parts_{};
  std::array<sockaddr_storage, kBatch> from_{};
  struct alignas(cmsghdr) Beside {
    std::array<char, 64> bytes;
  };
  std::array<Beside, kBatch> beside_{};
  std::vector<Frame> frames_;
  std::optional<Time> ahead_;  // of the wall clock, at the last read
  Time stepped_until_ = 0;     // it was set: till then what comes may have waited
};

}  // namespace sockscope
