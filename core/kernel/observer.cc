#include "kernel/observer.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "calls/birth.h"
#include "calls/proc.h"
#include "calls/tcp_info.h"
#include "kernel/processor_time.h"
#include "kernel/tell_row.h"
#include "net/names.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

constexpr Time kBetweenTimers = 500 * kMillisecond;
// A round through all sockets that takes longer than this is worth saying.
constexpr Time kThin = 100 * kMillisecond;

constexpr Time kSoonest = 2 * kMillisecond;

// Somebody else's connection in an accept queue wakes nobody here, so it never stops altogether.
Time pace(Time quiet) {
  if (quiet < kSecond) return 10 * kMillisecond;
  if (quiet < 60 * kSecond) return 250 * kMillisecond;
  return kSecond;
}

// A state in which the kernel counts down to something by itself.
bool counts_down(TcpState state) {
  return state == TcpState::SYN_SENT || state == TcpState::FIN_WAIT1 || state == TcpState::CLOSING ||
         state == TcpState::LAST_ACK;
}

}  // namespace

Observer::Observer(Sockets& sockets, const Hosts& hosts, Inbox& inbox)
    : sockets_(sockets),
      inbox_(inbox),
      lane_(inbox.lane()),
      diags_(hosts),
      watch_(sockets, lane_),
      queues_(sockets, lane_, watch_) {
  if (sleeping_in(static_cast<std::int32_t>(::gettid())) == kUnreadable) {
    notice(
        "proc",
        "/proc cannot be read here: whether a thread is blocked in its call cannot be proved, and so is not "
        "said. A play goes on when its time to settle is over.");
  }
  if (const int error = diags_.error(); error != 0)
    refused(error);
  else
    wake_fd_ = diags_.of({})->destroyed_fd();
}

Observer::~Observer() {
  inbox_.give_back(lane_);
}

void Observer::notice(std::string_view code, const std::string& text) {
  lane_.put(now(), event::Notice{code, std::string_view(text)});
}

// Nothing that was not told is guessed: what is unknown from here on is said once.
std::size_t Observer::refused(int error) {
  diags_.lose({});
  wake_fd_ = -1;
  notice(
      "sock-diag",
      fmt::format("The kernel's list of sockets cannot be asked here (sock_diag: {} ({}), {}). Who of other "
                  "programs waits in an accept queue, what becomes of a connection after close, and "
                  "timers are not known.",
                  errno_name(error), error, errno_text(error)));
  return 1;
}

std::size_t Observer::unix_refused(int error) {
  unix_told_ = false;
  notice(
      "sock-diag",
      fmt::format("The kernel does not tell of AF_UNIX sockets here (unix_diag: {} ({}), {}). How many wait "
                  "in such an accept queue is counted from the calls of this program.",
                  errno_name(error), error, errno_text(error)));
  return 1;
}

std::size_t Observer::failed(const SocketEntry& entry, int error) {
  if (entry.host.empty()) return refused(error);
  diags_.lose(entry.host);  // that the host is gone is told by who keeps it
  return 0;
}

void Observer::begin_round() {
  round_ = sockets_.open();
  next_ = 0;
  round_begun_ = now();
  all_timers_ = round_begun_ - timers_asked_ >= kBetweenTimers;
  if (all_timers_) timers_asked_ = round_begun_;
}

std::size_t Observer::end_round() {
  complete_ = round_begun_;
  const Time length = std::max(now() - round_begun_, watch_.lag());
  if (thinned_ == 0 ? length < kThin : length < 4 * thinned_ && length >= kThin / 2) return 0;
  const bool again = length < kThin / 2;
  thinned_ = again ? 0 : length;
  if (again) {
    notice("sampling", "The kernel is asked about every socket at the usual pace again.");
  } else {
    notice("sampling",
           fmt::format("{} sockets are watched: each is looked at every {} ms only, so that looking takes "
                       "no more than 5 % of a processor. What came and went in between is not seen.",
                       round_.size() + watch_.size(), length / kMillisecond));
  }
  return 1;
}

bool Observer::hear() {
  Diag* diag = diags_.of({});
  if (diag == nullptr) return false;
  bool ours = false;
  for (const std::uint64_t cookie : diag->destroyed()) {
    const bool known = sockets_.knows(cookie);
    if (known) watch_.hint(cookie);
    ours = ours || known;
  }
  if (ours) watch_.nudge();  // its other end is ours too, more often than not
  return ours;
}

std::size_t Observer::poll() {
  const Time spent = processor_time();
  polled_ = now();
  const Time end = polled_ + kMostOfAPoll;
  std::size_t put = 0;
  auto left = sockets_.take_left();
  for (LeftBehind& one : left.sockets) watch_.add(std::move(one));
  if (left.dropped > 0) {
    notice("sampling",
           fmt::format("{} closed connections were not watched on: too many at once.", left.dropped));
    ++put;
  }
  hear();
  if (moved_) watch_.nudge();
  put += watch_.poll(diags_, polled_ + kMostOfAPoll / 2);  // the rest is for what is open
  if (next_ >= round_.size()) begin_round();
  // At least one a poll, however long the watch list took.
  do {
    if (next_ >= round_.size()) break;
    put += look(round_[next_++]);
  } while (now() < end);
  if (next_ >= round_.size()) put += end_round();
  moved_ = put > 0;
  cost_ = processor_time() - spent;
  return put;
}

std::size_t Observer::look(const SocketHandle& entry) {
  if (is_internet(entry->family) && entry->type == SOCK_STREAM) return look_tcp(entry);
  if (entry->type == SOCK_DGRAM && is_internet(entry->family)) return look_datagrams(entry);
  if (entry->type != SOCK_STREAM && entry->type != SOCK_SEQPACKET && entry->type != SOCK_DGRAM) return 0;
  if (entry->family == AF_UNIX && entry->listening.load()) {
    Diag* diag = diags_.of(entry->host);
    if (diag == nullptr || !unix_told_) return 0;
    const auto put = queues_.look_unix(*diag, entry);
    return put ? *put : unix_refused(put.error());
  }
  std::size_t put = 0;
  sockets_.with_fd(*entry, [&](int fd) { put = tell_queues(*entry, fd, std::nullopt, lane_); });
  return put;
}

std::size_t Observer::look_tcp(const SocketHandle& entry) {
  std::size_t put = 0;
  bool listens = false;
  int error = 0;
  Diag* diag = diags_.of(entry->host);
  // A close cannot take the descriptor away meanwhile, nor a call tell a later state before us.
  sockets_.with_fd(*entry, [&](int fd) {
    put = tell_state(*entry, fd, How::sample, lane_);
    const SocketEntry::Told& told = entry->told;
    listens = told.state == TcpState::LISTEN;
    if (diag == nullptr || listens || told.state == TcpState::CLOSED || told.state == TcpState::not_known)
      return;
    // While bytes move, each segment starts its timer anew: nothing to tell.
    const bool waits = told.queues.send_queue > 0 && put == 0;
    if (!all_timers_ && !waits && !counts_down(told.state) && told.timer.timer == Timer::none) return;
    const Address peer = name_of_peer(fd);
    const auto row = diag->connection(name_of_socket(fd), peer.known() ? peer : told.target, entry->cookie);
    if (!row) error = row.error();
    if (row && *row && (*row)->state == told.state) put += tell_timer(*entry, **row, lane_);
  });
  if (error != 0) return put + failed(*entry, error);
  if (!listens || diag == nullptr) return put;
  const auto more = queues_.look_tcp(*diag, entry);
  return put + (more ? *more : failed(*entry, more.error()));
}

// The kernel counts the memory that waiting datagrams take, as ss does.
std::size_t Observer::look_datagrams(const SocketHandle& entry) {
  std::size_t put = 0;
  sockets_.with_fd(*entry, [&](int fd) {
    const MemoryFacts memory = memory_of(fd);
    event::QueuesSampled sampled;
    sampled.socket = entry->id;
    sampled.recv_queue = memory.received;
    sampled.send_queue = memory.sending;
    sampled.recv_buffer = memory.recv_buffer;
    sampled.send_buffer = memory.send_buffer;
    sampled.drops = memory.drops;
    Diag* diag = diags_.of(entry->host);
    if (memory.received > 0 && diag != nullptr) {  // some of it may be read already and not given back yet
      const auto rows = diag->on_port(entry->family, IPPROTO_UDP, name_of_socket(fd).port);
      if (rows) {
        for (const DiagRow& row : *rows)
          if (row.cookie == entry->cookie) sampled.recv_queue = row.recv_queue;
      }
    }
    put = tell_queues(*entry, sampled, lane_);
  });
  return put;
}

// Until the last poll's cost is small enough a part of the time.
Time Observer::rest() const {
  const auto count = static_cast<double>(round_.size() + watch_.size());
  const double share = 0.018 + 0.027 * std::clamp((count - 100) / 900, 0.0, 1.0);
  return static_cast<Time>(static_cast<double>(cost_) / share);
}

bool Observer::may_poll(Time quiet) const {
  // Where nothing is open a poll costs nothing and says that this is all there is.
  const bool moving = quiet < kSecond || next_ < round_.size() || round_.empty();
  return moving && now() >= polled_ + std::max(rest(), kSoonest);
}

Time Observer::next_due(Time quiet) const {
  if (next_ < round_.size()) return polled_ + std::max(rest(), kSoonest);
  if (sockets_.any_open()) return polled_ + std::max(rest(), pace(quiet));
  const Time watched = watch_.next_due();
  return watched < 0 ? -1 : std::max(watched, polled_ + rest());
}

}  // namespace sockscope
