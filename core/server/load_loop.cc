#include "server/load_loop.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "calls/descriptor_limit.h"
#include "calls/tcp_info.h"
#include "server/load_clients.h"
#include "server/load_lines.h"

namespace sockscope {
namespace {

constexpr ThreadId kOnlyThread = 1;
constexpr std::uint32_t kControl = UINT32_MAX;
constexpr std::uint64_t kOwnDescriptors = 16;  // standard ones, epoll, the inbox; and some to spare
constexpr unsigned kBegunATurn = 16;
constexpr unsigned kDueATurn = 64;
// AF_UNIX: connect does not wait in a queue that is full, it says EAGAIN.
constexpr Time kBetweenKnocks = 5 * kMillisecond;
constexpr Time kLongestWait = 3600 * kSecond;
constexpr Time kBetweenFlushes = kMillisecond;  // well within what a trace holds back (kCommitHold)
// One address has some 28,000 ports, and a connection that it closed first keeps one for a minute.
constexpr int kOneSource = 5'000;
constexpr std::uint32_t kSources = 8;  // 127.0.0.1 to 127.0.0.8

// What may be under way at once: of an arrival over a time as many as come.
unsigned at_once(const LoadOptions& options) {
  return options.arrival == LoadArrival::all_at_once ? kAtOnce : unsigned{kMostLoadClients};
}

bool has_many_sources(const LoadOptions& options) {
  return options.clients > kOneSource && options.to.family == AF_INET && options.host == kThisMachine;
}

}  // namespace

LoadLoop::LoadLoop(const LoadOptions& options, bool tracing, int control, int out)
    : options_(options),
      to_(options.to),
      message_(options_),
      begins_(load_begins(options_)),
      started_(now()),
      control_(control),
      out_(out),
      room_(inbox_),
      caller_(room_, kOnlyThread, network_of(options.host)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      clients_(static_cast<std::size_t>(options.clients), Client{LoadTalk(options_, message_)}),
      room_to_read_(LoadTalk(options_, message_).room()) {
  room_.set_tracing(tracing);
  // Where it is on a host, the whole process is.
  room_.hosts().set_make_socket([](const std::string&, int family, int type, int protocol) {
    const int made = ::socket(family, type | SOCK_CLOEXEC, protocol);
    return made < 0 ? -errno : made;
  });
}

LoadLoop::~LoadLoop() {
  ::close(epoll_);
}

int LoadLoop::run() {
  epoll_event control{EPOLLIN, {}};
  control.data.u32 = kControl;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, control_, &control) != 0) return 2;
  const std::string name = options_.name + ".load";
  caller_.put(event::ThreadStarted{kOnlyThread, 0, caller_.tid(), ThreadRole::load, std::string_view(name),
                                   std::string_view(options_.host), std::string_view(options_.name)});
  find_unix_name();
  fit_to_limit();
  while (!stopping_ && !done()) turn();
  for (Client& client : clients_) {
    if (client.socket) close(client);
    flush_if_due();
  }
  caller_.put(event::ThreadEnded{kOnlyThread});
  flush();
  return 0;
}

// A path of the engine's private directory, in which ours was made: by a second link to the socket it is in
// ours too, where the address rule permits it.
void LoadLoop::find_unix_name() {
  namespace fs = std::filesystem;
  const std::string_view path = to_.path;
  if (to_.family != AF_UNIX || path.empty() || path.front() == '\0') return;
  caller_.enter_directory();
  const fs::path ours(room_.directory());
  const fs::path name = fs::path(std::string(path)).filename();
  std::error_code not_there;  // connect says so
  fs::create_hard_link(ours.parent_path() / path, ours / name, not_there);
  to_.path = Blob(name.string());
}

void LoadLoop::fit_to_limit() {
  const std::uint64_t limit = raise_descriptor_limit();
  const auto most = static_cast<unsigned>(std::clamp<std::uint64_t>(
      limit > kOwnDescriptors ? limit - kOwnDescriptors : 1, 1, std::uint64_t{kMostLoadClients}));
  pace_.limit(std::min(at_once(options_), most));
  const auto asked = static_cast<unsigned>(options_.clients);
  const std::string limited = fmt::format("this process may have {} descriptors (ulimit -Hn)", limit);
  if (keeps_open(options_) && asked > most) {
    const unsigned left = asked - most;
    clients_.resize(most, clients_.front());
    figures_.errors += left;
    figures_.settled += left;
    notice("descriptor-limit", fmt::format("{}: {} of {}'s {} clients do not start, and count as errors",
                                           limited, left, options_.name, asked));
  } else if (pace_.at_once() < std::min(at_once(options_), asked)) {
    notice("descriptor-limit", fmt::format("{}: {} has at most {} clients under way at once", limited,
                                           options_.name, pace_.at_once()));
  }
}

void LoadLoop::notice(std::string_view code, const std::string& text) {
  caller_.put(event::Notice{code, std::string_view(text)});
}

bool LoadLoop::may_begin() const {
  return begun_ < clients_.size() && pace_.has_room() && started_ + begins_[begun_] <= now();
}

bool LoadLoop::done() const {
  return !keeps_open(options_) && figures_.settled >= static_cast<unsigned>(options_.clients);
}

void LoadLoop::begin_some() {
  for (unsigned i = 0; i < kBegunATurn && may_begin(); ++i) begin(begun_++);
}

// epoll_wait's argument: until the next client is due; −1: none is.
int LoadLoop::milliseconds_to_wait() const {
  if (done()) return 0;
  Time next = dues_.empty() ? -1 : dues_.begin()->first;
  if (begun_ < clients_.size() && pace_.has_room()) {
    const Time begins = started_ + begins_[begun_];
    next = next < 0 ? begins : std::min(next, begins);
  }
  if (next < 0) return -1;
  const Time left = std::clamp<Time>(next - now(), 0, kLongestWait);
  return static_cast<int>((left + kMillisecond - 1) / kMillisecond);
}

// One turn: some begin, then those that can go on do.
void LoadLoop::turn() {
  begin_some();
  flush();
  std::array<epoll_event, 64> ready{};
  const int count =
      ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), milliseconds_to_wait());
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = ready[static_cast<std::size_t>(i)];
    if (event.data.u32 == kControl) {
      stopping_ = true;
      return;
    }
    go_on(clients_[event.data.u32], event.events);
    flush_if_due();
  }
  for (unsigned i = 0; i < kDueATurn && !dues_.empty() && dues_.begin()->first <= now(); ++i) {
    Client& client = clients_[dues_.begin()->second];
    set_due(client, -1);
    go_on(client, 0);
    flush_if_due();
  }
}

void LoadLoop::begin(std::uint32_t number) {
  Client& client = clients_[number];
  pace_.begins();
  const Reply made = call(Call::socket, client, {options_.to.family, SOCK_STREAM | SOCK_NONBLOCK, 0, -1});
  if (!made.ok()) return fail(client, figures_.errors);
  client.socket = room_.sockets().find(made.socket);
  if (has_many_sources(options_)) {
    Address source = loopback(0);
    source.ip[3] = static_cast<std::uint8_t>(1 + number % kSources);
    if (!call(Call::bind, client, {}, source).ok()) return fail(client, figures_.errors);
  }
  reach(client);
}

void LoadLoop::go_on(Client& client, std::uint32_t ready) {
  if (client.step == Step::connecting) return reach(client);
  if (client.step == Step::talking) talk(client, ready);
}

// A second connect tells how the one under way has ended.
void LoadLoop::reach(Client& client) {
  const Reply reply = call(Call::connect, client, {}, to_);
  if (reply.error == EINPROGRESS || reply.error == EALREADY) {
    // By loopback a SYN is answered within the call, unless it was dropped. A wire takes its time.
    const bool dropped = options_.host == kThisMachine && client.watched == 0 &&
                         tcp_state_of(client.socket->fd) == TcpState::SYN_SENT;
    if (dropped && !options_.stay) client.unanswered = pace_.unanswered(now());
    return watch(client, EPOLLOUT);
  }
  if (reply.error == EAGAIN) return set_due(client, now() + kBetweenKnocks);
  pace_.ended(client.unanswered, now());
  if (!reply.ok()) return fail(client, reply.error == ECONNREFUSED ? figures_.refused : figures_.errors);
  client.step = Step::talking;
  watch(client, 0);
  if (options_.stay) settle();
  client.talk.begin(now());
  talk(client, 0);
}

// `ready`: what epoll(7) says of it.
void LoadLoop::talk(Client& client, std::uint32_t ready) {
  const bool readable = (ready & ~std::uint32_t{EPOLLOUT}) != 0;
  if (readable && client.talk.wants(now()).reads) hear(client);
  if (client.step != Step::talking || !client.socket) return;
  // Where it was told to wait for room, there must be some.
  const bool has_room = (client.watched & EPOLLOUT) == 0 || (ready & ~std::uint32_t{EPOLLIN}) != 0;
  if (has_room && client.talk.wants(now()).sends) say(client);
  if (client.step == Step::talking && client.socket) wait_for(client, client.talk.wants(now()));
}

void LoadLoop::say(Client& client) {
  int error = 0;
  const std::int64_t sent = call_send(caller_, client.socket, client.talk.next(), error);
  if (sent < 0) return error == EAGAIN ? void() : fail(client, figures_.errors);
  follow(client, client.talk.sent(static_cast<std::size_t>(sent), now()));
}

void LoadLoop::hear(Client& client) {
  int error = 0;
  const std::int64_t got =
      call_recv(caller_, client.socket, room_to_read_.data(), room_to_read_.size(), 0, error);
  if (got < 0) return error == EAGAIN ? void() : fail(client, figures_.errors);
  follow(client, got == 0 ? client.talk.heard_end(now())
                          : client.talk.heard({room_to_read_.data(), static_cast<std::size_t>(got)}, now()));
}

void LoadLoop::follow(Client& client, LoadTalk::Then then) {
  using Then = LoadTalk::Then;
  if (then == Then::half_close)
    then = call(Call::shutdown, client, {SHUT_WR}).ok() ? Then::more : Then::error;
  if (then == Then::error) return fail(client, figures_.errors);
  wait_for_answer(client, then == Then::more && client.talk.all_sent());
  if (then == Then::more || then == Then::whole) return;
  if (then == Then::over) {
    ++figures_.answered;
    pace_.answered();
    if (options_.end == LoadEnd::never && !options_.stay) return keep(client);
  }
  if (then == Then::reset) {
    Request request = linger_none();
    request.socket = client.socket->id;
    perform(caller_, request);
  }
  finish(client);
}

void LoadLoop::wait_for_answer(Client& client, bool waits) {
  if (std::exchange(client.waits, waits) == waits) return;
  figures_.waiting += waits ? 1U : -1U;
}

void LoadLoop::settle() {
  ++figures_.settled;
  pace_.ends();
}

void LoadLoop::fail(Client& client, unsigned& count) {
  ++count;
  wait_for_answer(client, false);
  finish(client);
}

// A client that stays has settled when it was connected, and keeps its connection whatever came of it.
void LoadLoop::finish(Client& client) {
  if (options_.stay && client.step != Step::connecting) {
    client.step = Step::staying;
    return watch(client, 0);
  }
  if (client.socket) close(client);
  settle();
}

void LoadLoop::keep(Client& client) {
  client.step = Step::staying;
  watch(client, 0);
  settle();
}

void LoadLoop::close(Client& client) {
  set_due(client, -1);
  call(Call::close, client);
  client.socket.reset();
}

Reply LoadLoop::call(Call name, const Client& client, const Numbers& numbers, const Address& address) {
  Request request;
  request.call = name;
  request.socket = client.socket ? client.socket->id : 0;
  request.numbers = numbers;
  request.address = address;
  return perform(caller_, request);
}

std::uint32_t LoadLoop::number_of(const Client& client) const {
  return static_cast<std::uint32_t>(&client - clients_.data());
}

void LoadLoop::wait_for(Client& client, const LoadTalk::Wants& wants) {
  watch(client, (wants.sends ? std::uint32_t{EPOLLOUT} : 0U) | (wants.reads ? std::uint32_t{EPOLLIN} : 0U));
  set_due(client, wants.until);
}

// Of a socket that is watched for nothing epoll would tell its end again and again: it is taken out.
void LoadLoop::watch(Client& client, std::uint32_t events) {
  if (client.watched == events) return;
  epoll_event wanted{events, {}};
  wanted.data.u32 = number_of(client);
  const int what = events == 0 ? EPOLL_CTL_DEL : client.watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  ::epoll_ctl(epoll_, what, client.socket->fd.load(), &wanted);
  client.watched = events;
}

void LoadLoop::set_due(Client& client, Time at) {
  if (client.due == at) return;
  if (client.due >= 0) dues_.erase({client.due, number_of(client)});
  if (at >= 0) dues_.emplace(at, number_of(client));
  client.due = at;
}

void LoadLoop::flush_if_due() {
  if (now() - flushed_ >= kBetweenFlushes) flush();
}

void LoadLoop::flush() {
  flushed_ = now();
  for (const Event& event : inbox_.take()) {
    write_event(buffer_, event, false, 0);
    buffer_ += '\n';
  }
  if (figures_ != told_) LoadLines::append_figures(buffer_, told_ = figures_);
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(out_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      stopping_ = true;
      break;
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

}  // namespace sockscope
