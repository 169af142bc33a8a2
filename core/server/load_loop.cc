#include "server/load_loop.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "calls/descriptor_limit.h"
#include "calls/tcp_info.h"
#include "server/load_lines.h"

namespace sockscope {
namespace {

constexpr ThreadId kOnlyThread = 1;
constexpr std::uint32_t kControl = UINT32_MAX;
constexpr std::uint64_t kOwnDescriptors = 16;  // standard ones, epoll, the inbox; and some to spare
constexpr unsigned kBegunATurn = 16;
constexpr Time kBetweenFlushes = kMillisecond;  // well within what a trace holds back (kCommitHold)
// One address has some 28,000 ports, and a connection that it closed first keeps one for a minute.
constexpr int kOneSource = 5'000;
constexpr std::uint32_t kSources = 8;  // 127.0.0.1 to 127.0.0.8

bool has_many_sources(const LoadOptions& options) {
  return options.clients > kOneSource && options.to.family == AF_INET && options.host == kThisMachine;
}

}  // namespace

LoadLoop::LoadLoop(const LoadOptions& options, bool tracing, int control, int out)
    : options_(options),
      control_(control),
      out_(out),
      room_(inbox_),
      caller_(room_, kOnlyThread, network_of(options.host)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      clients_(static_cast<std::size_t>(options.clients)) {
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

void LoadLoop::fit_to_limit() {
  const std::uint64_t limit = raise_descriptor_limit();
  const auto most = static_cast<unsigned>(std::clamp<std::uint64_t>(
      limit > kOwnDescriptors ? limit - kOwnDescriptors : 1, 1, std::uint64_t{kMostLoadClients}));
  pace_.limit(std::min<unsigned>(kAtOnce, most));
  const auto asked = static_cast<unsigned>(options_.clients);
  const std::string limited = fmt::format("this process may have {} descriptors (ulimit -Hn)", limit);
  if (options_.stay && asked > most) {
    const unsigned left = asked - most;
    clients_.resize(most);
    figures_.errors += left;
    figures_.settled += left;
    notice("descriptor-limit", fmt::format("{}: {} of {}'s {} clients do not start, and count as errors",
                                           limited, left, options_.name, asked));
  } else if (pace_.at_once() < std::min<unsigned>(kAtOnce, asked)) {
    notice("descriptor-limit", fmt::format("{}: {} has at most {} clients under way at once", limited,
                                           options_.name, pace_.at_once()));
  }
}

void LoadLoop::notice(std::string_view code, const std::string& text) {
  caller_.put(event::Notice{code, std::string_view(text)});
}

bool LoadLoop::may_begin() const {
  return begun_ < clients_.size() && pace_.has_room();
}

bool LoadLoop::done() const {
  return !options_.stay && figures_.settled >= static_cast<unsigned>(options_.clients);
}

// One turn: some begin, then those that can go on do.
void LoadLoop::turn() {
  for (unsigned i = 0; i < kBegunATurn && may_begin(); ++i) begin(begun_++);
  flush();
  std::array<epoll_event, 64> ready{};
  const int count =
      ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), may_begin() || done() ? 0 : -1);
  for (int i = 0; i < count; ++i) {
    const std::uint32_t number = ready[static_cast<std::size_t>(i)].data.u32;
    if (number == kControl) {
      stopping_ = true;
      return;
    }
    go_on(clients_[number]);
    flush_if_due();
  }
}

void LoadLoop::begin(std::uint32_t number) {
  Client& client = clients_[number];
  client.left = options_.messages;
  pace_.begins();
  const Reply made = call(Call::socket, client);
  if (!made.ok()) return fail(client, figures_.errors);
  client.socket = room_.sockets().find(made.socket);
  if (has_many_sources(options_)) {
    Address source = loopback(0);
    source.ip[3] = static_cast<std::uint8_t>(1 + number % kSources);
    if (!call(Call::bind, client, source).ok()) return fail(client, figures_.errors);
  }
  reach(client);
}

void LoadLoop::go_on(Client& client) {
  if (client.step == Step::connecting) return reach(client);
  if (client.step == Step::sending) return say(client);
  if (client.step == Step::hearing) hear(client);
}

// A second connect tells how the one under way has ended.
void LoadLoop::reach(Client& client) {
  const Reply reply = call(Call::connect, client, options_.to);
  if (reply.error == EINPROGRESS || reply.error == EALREADY) {
    // By loopback a SYN is answered within the call, unless it was dropped. A wire takes its time.
    const bool dropped = options_.host == kThisMachine && !client.watched &&
                         tcp_state_of(client.socket->fd) == TcpState::SYN_SENT;
    if (dropped && !options_.stay) client.unanswered = pace_.unanswered(now());
    return watch(client, EPOLLOUT);
  }
  pace_.ended(client.unanswered, now());
  if (!reply.ok()) return fail(client, reply.error == ECONNREFUSED ? figures_.refused : figures_.errors);
  client.step = Step::sending;
  if (options_.stay) settle();
  say(client);
}

void LoadLoop::say(Client& client) {
  int error = 0;
  const std::string_view rest = std::string_view(options_.text).substr(client.sent);
  const std::int64_t sent = call_send(caller_, client.socket, rest, error);
  if (sent < 0 && error != EAGAIN) return fail(client, figures_.errors);
  if (sent > 0) client.sent += static_cast<std::size_t>(sent);
  if (client.sent < options_.text.size()) return watch(client, EPOLLOUT);
  client.step = Step::hearing;
  ++figures_.waiting;
  watch(client, EPOLLIN);
}

void LoadLoop::hear(Client& client) {
  std::array<char, 1024> buffer;
  int error = 0;
  const std::int64_t got = call_recv(caller_, client.socket, buffer.data(), buffer.size(), 0, error);
  if (got < 0 && error == EAGAIN) return;
  --figures_.waiting;
  if (got <= 0) return fail(client, figures_.errors);
  if (--client.left > 0) {
    client.step = Step::sending;
    client.sent = 0;
    return say(client);
  }
  ++figures_.answered;
  pace_.answered();
  finish(client);
}

void LoadLoop::settle() {
  ++figures_.settled;
  pace_.ends();
}

void LoadLoop::fail(Client& client, unsigned& count) {
  ++count;
  finish(client);
}

// A client that stays has settled when it was connected, and keeps its connection whatever came of it.
void LoadLoop::finish(Client& client) {
  if (options_.stay && client.step != Step::connecting) {
    client.step = Step::staying;
    return unwatch(client);
  }
  if (client.socket) close(client);
  settle();
}

void LoadLoop::close(Client& client) {
  call(Call::close, client);
  client.socket.reset();
}

Reply LoadLoop::call(Call name, const Client& client, const Address& address) {
  Request request;
  request.call = name;
  request.socket = client.socket ? client.socket->id : 0;
  request.address = address;
  if (name == Call::socket) request.numbers = {options_.to.family, SOCK_STREAM | SOCK_NONBLOCK, 0, -1};
  return perform(caller_, request);
}

void LoadLoop::watch(Client& client, std::uint32_t events) {
  epoll_event wanted{events, {}};
  wanted.data.u32 = static_cast<std::uint32_t>(&client - clients_.data());
  ::epoll_ctl(epoll_, client.watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, client.socket->fd.load(), &wanted);
  client.watched = true;
}

void LoadLoop::unwatch(Client& client) {
  if (client.watched) ::epoll_ctl(epoll_, EPOLL_CTL_DEL, client.socket->fd.load(), nullptr);
  client.watched = false;
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
