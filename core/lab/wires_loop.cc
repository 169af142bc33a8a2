#include "lab/wires_loop.h"

#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>

#include "trace/clock.h"

namespace sockscope {
namespace {

constexpr std::uint64_t kTimerKey = 0, kWakeKey = 1, kHostKey = 16;
constexpr Time kLongestStall = kSecond;        // for a host's end that has no room
constexpr std::size_t kMostUnderWay = 10'000;  // held ones too
constexpr std::size_t kMacAt = 0, kMacBytes = 6;

void watch(int epoll, int fd, std::uint64_t key) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = key;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

Descriptor made(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return Descriptor(fd);
}

// Whose hardware address a frame is for; 0: everybody's (broadcast, multicast), or nobody's.
HostId host_of(std::string_view frame) {
  constexpr std::array<char, 5> kOurs{0x02, 0, 0, 0, 0};
  if (frame.size() < kMacBytes || !std::equal(kOurs.begin(), kOurs.end(), frame.begin() + kMacAt)) return 0;
  return static_cast<unsigned char>(frame[kMacBytes - 1]);
}

}  // namespace

Wires::Loop::Loop(Inbox& inbox)
    : inbox_(inbox),
      lane_(inbox.lane()),
      epoll_(made(::epoll_create1(EPOLL_CLOEXEC), "epoll")),
      timer_(made(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd")),
      wake_(made(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
  watch(epoll_.get(), timer_.get(), kTimerKey);
  watch(epoll_.get(), wake_.get(), kWakeKey);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);  // signals are for other threads
  try {
    thread_ = std::thread([this] { run(); });
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    inbox_.give_back(lane_);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Wires::Loop::~Loop() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  thread_.join();
  inbox_.give_back(lane_);
}

void Wires::Loop::add_host(HostId host, Descriptor wire, Descriptor loopback) {
  std::lock_guard lock(mutex_);
  FrameReader::prepare(wire.get());
  watch(epoll_.get(), wire.get(), kHostKey + 2 * std::uint64_t{host});
  if (loopback) {
    FrameReader::prepare(loopback.get());
    watch(epoll_.get(), loopback.get(), kHostKey + 2 * std::uint64_t{host} + 1);
  }
  hosts_.insert_or_assign(host, Host{std::move(wire), std::move(loopback), {}});
}

void Wires::Loop::end_hosts() {
  std::lock_guard lock(mutex_);
  const Time clock = now();
  while (!under_way_.empty()) drop(under_way_.begin()->first, Loss::gone, clock);
  hosts_.clear();
}

WirePath* Wires::Loop::path(HostId from, HostId to) {
  const auto found = paths_.find({from, to});
  return found == paths_.end() ? nullptr : &found->second;
}

void Wires::Loop::set(HostId from, HostId to, const WireSettings& settings) {
  std::lock_guard lock(mutex_);
  const auto [at, added] = paths_.try_emplace({from, to}, std::uint64_t{from} << 32 | to);
  const bool lets_go = at->second.settings().hold && !settings.hold;
  at->second.set(settings);
  const Time clock = now();
  lane_.put(clock, event::WireChanged{from, to, settings.joined, settings.hold, settings.arp, settings.seed,
                                      settings.loss, settings.duplicate, settings.reorder, settings.delay,
                                      settings.jitter, settings.rate});
  if (!lets_go) return;
  for (auto& [packet, under_way] : under_way_)
    if (under_way.place == Place::held && under_way.from == from && under_way.to == to)
      release(packet, under_way, clock);
  set_timer();
}

std::optional<WireSettings> Wires::Loop::settings(HostId from, HostId to) const {
  std::lock_guard lock(mutex_);
  const auto found = paths_.find({from, to});
  if (found == paths_.end()) return std::nullopt;
  return found->second.settings();
}

bool Wires::Loop::let(PacketId packet, Go go) {
  std::lock_guard lock(mutex_);
  const auto found = under_way_.find(packet);
  if (found == under_way_.end() || found->second.place != Place::held) return false;
  const Time clock = now();
  if (go == Go::drop) {
    drop(packet, Loss::dropped, clock);
    return true;
  }
  const UnderWay copy = found->second;
  release(packet, found->second, clock);
  if (go == Go::twice) double_held(copy, packet, clock);
  set_timer();
  return true;
}

bool Wires::Loop::held(PacketId packet) const {
  std::lock_guard lock(mutex_);
  const auto found = under_way_.find(packet);
  return found != under_way_.end() && found->second.place == Place::held;
}

Wires::Figures Wires::Loop::figures() const {
  std::lock_guard lock(mutex_);
  return figures_;
}

void Wires::Loop::run() {
  ::prctl(PR_SET_TIMERSLACK, 1);  // nanosecond: a wire is as exact as the machine allows
  std::array<epoll_event, 32> ready{};
  for (;;) {
    const int count = ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), -1);
    std::lock_guard lock(mutex_);
    if (ending_) return;
    for (int i = 0; i < count; ++i) {
      const std::uint64_t key = ready[static_cast<std::size_t>(i)].data.u64;
      std::uint64_t spent = 0;
      if (key == kTimerKey || key == kWakeKey) {
        [[maybe_unused]] const auto got =
            ::read(key == kTimerKey ? timer_.get() : wake_.get(), &spent, sizeof spent);
        continue;
      }
      const auto host = static_cast<HostId>((key - kHostKey) / 2);
      const auto found = hosts_.find(host);
      if (found == hosts_.end()) continue;
      const bool loopback = (key - kHostKey) % 2 == 1;
      read_from(host, loopback ? found->second.loopback : found->second.wire, loopback);
    }
    hand_over_waiting();
    const Time clock = now();
    while (!steps_.empty() && steps_.top().at <= clock) {
      const PacketId packet = steps_.top().packet;
      steps_.pop();
      step(packet, clock);
    }
    set_timer();
  }
}

void Wires::Loop::read_from(HostId host, const Descriptor& end, bool loopback) {
  for (const Frame& frame : reader_.read(end.get())) {
    ++figures_.seen;
    if (!loopback) {
      sent(host, frame);
    } else if (frame.outgoing) {  // the other copy of it is its arrival, in the same microsecond
      const PacketId packet = tell_sent(frame.at, host, host, 0, frame.at, frame.bytes);
      lane_.put(frame.at, event::PacketArrived{packet});
      ++figures_.delivered;
    }
  }
  if (const std::uint32_t count = FrameReader::not_seen(end.get()); count > 0) tell_not_seen(count);
}

void Wires::Loop::tell_not_seen(std::uint64_t count) {
  figures_.not_seen += count;
  const std::string text =
      fmt::format("{} packets were not seen: they came faster than they could be read", count);
  lane_.put(event::Notice{"packets-not-seen", std::string_view(text)});
}

void Wires::Loop::sent(HostId from, const Frame& frame) {
  const HostId to = host_of(frame.bytes);
  if (to != 0) {
    send_to(from, to, frame.at, frame.bytes);
    return;
  }
  for (const auto& [other, host] : hosts_)
    if (other != from && path(from, other) != nullptr) send_to(from, other, frame.at, frame.bytes);
}

PacketId Wires::Loop::tell_sent(Time at, HostId from, HostId to, PacketId copy_of, Time due,
                                std::string_view frame) {
  lane_.put(at, event::PacketSent{++last_, from, to, copy_of, static_cast<std::uint32_t>(frame.size()), due,
                                  Blob(frame.substr(0, kFrameKept), frame.size())});
  return last_;
}

void Wires::Loop::send_to(HostId from, HostId to, Time at, std::string_view bytes) {
  WirePath* way = path(from, to);
  const WirePath::Plan plan = way == nullptr ? WirePath::Plan{} : way->plan(at, bytes.size());
  std::optional<Loss> at_once;
  if (!hosts_.contains(to))
    at_once = Loss::gone;
  else if (way == nullptr || !way->settings().joined)
    at_once = Loss::cut;
  else if (plan.loss == Loss::full || under_way_.size() >= kMostUnderWay)
    at_once = Loss::full;
  if (at_once) {
    const PacketId packet = tell_sent(at, from, to, 0, 0, bytes);
    lane_.put(at, event::PacketDropped{packet, *at_once});
    ++figures_.dropped;
    return;
  }
  UnderWay under_way{from,        to,      std::string(bytes), Place::to_middle, plan.loss.has_value(),
                     plan.middle, plan.due};
  const PacketId first = tell_sent(at, from, to, 0, plan.due, bytes);
  if (plan.twice) {
    const PacketId second = tell_sent(at, from, to, first, plan.due, bytes);
    start(first, under_way);
    start(second, std::move(under_way));
  } else {
    start(first, std::move(under_way));
  }
}

void Wires::Loop::start(PacketId packet, UnderWay under_way) {
  steps_.push({under_way.middle, packet});
  under_way_.emplace(packet, std::move(under_way));
  figures_.most_under_way = std::max(figures_.most_under_way, under_way_.size());
}

void Wires::Loop::step(PacketId packet, Time clock) {
  const auto found = under_way_.find(packet);
  if (found == under_way_.end()) return;
  UnderWay& under_way = found->second;
  if (under_way.place == Place::to_middle)
    pass_middle(packet, under_way, clock);
  else if (under_way.place == Place::to_end)
    deliver(packet, under_way, clock);
}

void Wires::Loop::pass_middle(PacketId packet, UnderWay& under_way, Time clock) {
  const WirePath* way = path(under_way.from, under_way.to);
  const Time at = std::min(clock, std::max(under_way.middle, clock - kMillisecond));
  if (under_way.lost) {
    drop(packet, Loss::lost, at);
  } else if (!way->settings().joined) {
    drop(packet, Loss::cut, at);
  } else if (way->settings().hold) {
    under_way.place = Place::held;
    lane_.put(at, event::PacketHeld{packet});
  } else {
    under_way.place = Place::to_end;
    steps_.push({under_way.due, packet});  // not at once: what is due before it may still be in the queue
  }
}

void Wires::Loop::deliver(PacketId packet, UnderWay& under_way, Time clock) {
  const auto host = hosts_.find(under_way.to);
  if (host == hosts_.end())
    drop(packet, Loss::gone, clock);
  else if (!host->second.waiting.empty() || !hand_over(packet, under_way, host->second))
    host->second.waiting.push_back(packet);
}

// False: the host's end has no room now.
bool Wires::Loop::hand_over(PacketId packet, const UnderWay& under_way, const Host& host) {
  const Time at = now();  // before it is there: the answer may be seen at once
  if (::send(host.wire.get(), under_way.frame.data(), under_way.frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >=
      0) {
    lane_.put(at, event::PacketArrived{packet});
    ++figures_.delivered;
    under_way_.erase(packet);
    return true;
  }
  const bool no_room = errno == EAGAIN || errno == ENOBUFS;
  if (no_room && at - under_way.due < kLongestStall) return false;
  drop(packet, no_room ? Loss::full : Loss::gone, at);
  return true;
}

void Wires::Loop::hand_over_waiting() {
  for (auto& [number, host] : hosts_) {
    while (!host.waiting.empty()) {
      const auto found = under_way_.find(host.waiting.front());
      if (found != under_way_.end() && !hand_over(found->first, found->second, host)) break;
      host.waiting.pop_front();
    }
  }
}

void Wires::Loop::release(PacketId packet, UnderWay& under_way, Time clock) {
  under_way.place = Place::to_end;
  under_way.due = clock + (under_way.due - under_way.middle);
  if (WirePath* way = path(under_way.from, under_way.to)) under_way.due = way->behind(under_way.due);
  lane_.put(clock, event::PacketReleased{packet, under_way.due});
  steps_.push({under_way.due, packet});
}

void Wires::Loop::double_held(const UnderWay& under_way, PacketId packet, Time clock) {
  const Time due = clock + (under_way.due - under_way.middle);
  const PacketId copy = tell_sent(clock, under_way.from, under_way.to, packet, due, under_way.frame);
  lane_.put(clock, event::PacketHeld{copy});  // it begins where the other was held
  UnderWay second = under_way;
  release(copy, under_way_.emplace(copy, std::move(second)).first->second, clock);
}

void Wires::Loop::drop(PacketId packet, Loss why, Time clock) {
  lane_.put(clock, event::PacketDropped{packet, why});
  ++figures_.dropped;
  under_way_.erase(packet);
}

void Wires::Loop::set_timer() {
  itimerspec when{};
  const bool waiting = std::any_of(hosts_.begin(), hosts_.end(),
                                   [](const auto& host) { return !host.second.waiting.empty(); });
  if (!steps_.empty() || waiting) {
    Time at = waiting ? now() + kMillisecond : std::numeric_limits<Time>::max();
    if (!steps_.empty()) at = std::min(at, std::max<Time>(steps_.top().at, 1));
    when.it_value = {at / kSecond, at % kSecond};
  }
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
}

}  // namespace sockscope
