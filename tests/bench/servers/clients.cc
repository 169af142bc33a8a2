#include "servers/clients.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace sockscope::bench {
namespace {

constexpr std::string_view kMessage = "hello, this is a message of 32 B";
constexpr std::size_t kConnectingAtOnce = 512;  // the servers' accept queues hold more
constexpr Time kPatience = 10 * kSecond;        // for answers that are under way at the end

int make_epoll() {
  const int made = epoll_create1(EPOLL_CLOEXEC);
  if (made < 0) std::abort();
  return made;
}

}  // namespace

Clients::Clients(std::uint16_t port) : port_(port), epoll_(make_epoll()) {}

Clients::~Clients() {
  for (Talk& talk : talks_) shut(talk);
  ::close(epoll_);
}

void Clients::step(Talk& talk, Stage stage) {
  if (talk.stage == Stage::idle && stage != Stage::idle) ++under_way_;
  if (talk.stage != Stage::idle && stage == Stage::idle) --under_way_;
  talk.stage = stage;
}

void Clients::shut(Talk& talk) {
  if (talk.fd >= 0) ::close(talk.fd);
  step(talk, Stage::idle);
  talk.fd = -1;
}

void Clients::lose(Talk& talk) {
  shut(talk);
  ++lost_;
}

// It asks as soon as it is connected.
void Clients::open(Talk& talk) {
  step(talk, Stage::connecting);
  talk.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected = ::connect(talk.fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  if (!connected && errno != EINPROGRESS) return lose(talk);
  epoll_event wanted{};
  wanted.events = EPOLLET | EPOLLIN | (connected ? 0U : static_cast<unsigned>(EPOLLOUT));
  wanted.data.u64 = static_cast<std::uint64_t>(&talk - talks_.data());
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, talk.fd, &wanted) != 0) return lose(talk);
  if (connected) ask(talk);
}

void Clients::ask(Talk& talk) {
  talk.got = 0;
  step(talk, Stage::asked);
  const ssize_t sent = ::send(talk.fd, kMessage.data(), kMessage.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(kMessage.size())) lose(talk);
}

bool Clients::answered(Talk& talk) {
  std::array<char, kMessage.size()> buffer;
  while (talk.got < kMessage.size()) {
    const ssize_t got = ::recv(talk.fd, buffer.data(), kMessage.size() - talk.got, 0);
    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0) {
      lose(talk);
      return false;
    }
    talk.got += static_cast<std::size_t>(got);
  }
  step(talk, Stage::idle);
  return true;
}

// Until nothing is under way. `next(talk, goes_on)` is called for each answer and may ask again while
// `goes_on`.
template <typename Next>
Clients::Rate Clients::drive(Time begun, Time most, Next next) {
  Rate rate;
  Time last = begun;
  std::array<epoll_event, 256> events;
  while (under_way_ > 0 && now() < begun + most + kPatience) {
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
    for (int i = 0; i < count; ++i) {
      Talk& talk = talks_[events[static_cast<std::size_t>(i)].data.u64];
      if (talk.stage == Stage::connecting) ask(talk);
      if (talk.stage != Stage::asked || !answered(talk)) continue;
      ++rate.done;
      last = now();
      next(talk, last < begun + most);
    }
  }
  for (Talk& talk : talks_)
    if (talk.stage != Stage::idle) lose(talk);
  rate.lost = std::exchange(lost_, 0);
  if (last > begun) rate.a_second = static_cast<double>(rate.done) * 1e9 / static_cast<double>(last - begun);
  return rate;
}

Clients::Rate Clients::hold(std::size_t count, Time most) {
  talks_.resize(count);
  std::size_t opened = 0;
  const Time begun = now();
  while (opened < std::min(count, kConnectingAtOnce)) open(talks_[opened++]);
  return drive(begun, most, [&](Talk&, bool goes_on) {
    if (goes_on && opened < count) open(talks_[opened++]);
  });
}

Clients::Rate Clients::messages(std::size_t total, Time most) {
  std::size_t asked = 0;
  const Time begun = now();
  for (Talk& talk : talks_) {
    if (talk.fd < 0 || asked == total) continue;
    ++asked;
    ask(talk);
  }
  return drive(begun, most, [&](Talk& talk, bool goes_on) {
    if (!goes_on || asked == total) return;
    ++asked;
    ask(talk);
  });
}

Clients::Rate Clients::connections(std::size_t at_once, std::size_t total, Time most) {
  for (Talk& talk : talks_) shut(talk);
  talks_.assign(at_once, {});
  std::size_t opened = 0;
  const Time begun = now();
  for (Talk& talk : talks_) {
    if (opened == total) break;
    ++opened;
    open(talk);
  }
  return drive(begun, most, [&](Talk& talk, bool goes_on) {
    shut(talk);
    if (!goes_on || opened == total) return;
    ++opened;
    open(talk);
  });
}

}  // namespace sockscope::bench
