#include "lab/frame_reader.h"

#include <linux/if_packet.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "trace/clock.h"

namespace sockscope {
namespace {

constexpr Time kSlew = 10 * kMillisecond;  // between two reads no clock is slewed by as much

constexpr Time kWaited = 100 * kMillisecond;

Time realtime() {
  timespec clock{};
  clock_gettime(CLOCK_REALTIME, &clock);
  return Time{clock.tv_sec} * kSecond + clock.tv_nsec;
}

// How far the wall clock is ahead of ours. Again where the processor was taken away in between.
Time ahead_of(Time& clock) {
  Time wall = realtime();
  for (int tries = 0; tries < 3; ++tries) {
    const Time after = now();
    if (after - clock < kMillisecond) break;
    clock = after;
    wall = realtime();
  }
  return wall - clock;
}

// SO_TIMESTAMPNS; 0: there is none.
Time stamp_of(const msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(const_cast<msghdr*>(&message), part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
    return Time{stamp.tv_sec} * kSecond + stamp.tv_nsec;
  }
  return 0;
}

bool went_out(const sockaddr_storage& from) {
  sockaddr_ll link{};
  if (from.ss_family != AF_PACKET) return false;
  std::memcpy(&link, &from, sizeof link);
  return link.sll_pkttype == PACKET_OUTGOING;
}

}  // namespace

FrameReader::FrameReader() : room_(kBatch * kLongest) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    parts_[i] = {room_.data() + i * kLongest, kLongest};
    messages_[i].msg_hdr.msg_iov = &parts_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
    messages_[i].msg_hdr.msg_name = &from_[i];
    messages_[i].msg_hdr.msg_control = &beside_[i];
  }
}

void FrameReader::prepare(int fd) {
  const int on = 1, room = 8 << 20;
  ::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
}

const std::vector<Frame>& FrameReader::read(int fd) {
  frames_.clear();
  for (mmsghdr& message : messages_) {
    message.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
    message.msg_hdr.msg_controllen = sizeof(Beside);
  }
  const int count = ::recvmmsg(fd, messages_.data(), kBatch, MSG_DONTWAIT, nullptr);
  Time clock = now();
  const Time ahead = ahead_of(clock);
  // The wall clock was set meanwhile: what the stamps of what waited then mean is not known.
  if (ahead_ && std::abs(ahead - *ahead_) > kSlew) stepped_until_ = clock + kWaited;
  ahead_ = ahead;
  const bool stepped = clock < stepped_until_;
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (messages_[at].msg_len == 0) continue;
    const Time stamp = stamp_of(messages_[at].msg_hdr);
    frames_.push_back({{room_.data() + at * kLongest, messages_[at].msg_len},
                       stamp == 0 || stepped ? clock : std::min(stamp - ahead, clock),
                       went_out(from_[at])});
  }
  return frames_;
}

std::uint32_t FrameReader::not_seen(int fd) {
  tpacket_stats stats{};
  socklen_t size = sizeof stats;
  return ::getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0 ? stats.tp_drops : 0;
}

}  // namespace sockscope
