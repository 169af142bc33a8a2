#include "server/child_lines.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "trace/clock.h"

namespace sockscope {
namespace {

// Far above the longest line of a child.
constexpr std::size_t kLineRoom = std::size_t{256} << 10;

template <typename Map>
std::vector<typename Map::key_type> keys_of(const Map& map) {
  std::vector<typename Map::key_type> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

// One overload a kind that every child may tell; false: it cannot be.
struct ChildLines::Ours {
  ChildLines& lines;

  bool operator()(event::ThreadStarted& e) const {
    if (lines.threads_.contains(e.thread) || !lines.thread_of_ours(e.parent)) return false;
    const ThreadId ours = lines.engine_.reserve();
    lines.threads_[e.thread].id = ours;
    e.thread = ours;
    if (e.parent == 0) e.parent = lines.parent_;
    return true;
  }
  bool operator()(event::ThreadEnded& e) const {
    const ThreadId its = e.thread;
    if (its == 0 || !lines.thread_of_ours(e.thread)) return false;
    lines.threads_.erase(its);
    return true;
  }
  bool operator()(event::CallEntered& e) const {
    const auto thread = lines.threads_.find(e.thread);
    if (thread == lines.threads_.end() || !lines.socket_of_ours(e.socket)) return false;
    e.thread = thread->second.id;
    e.call = thread->second.calls[e.call] = lines.engine_.room().next_call();
    return true;
  }
  bool operator()(event::CallReturned& e) const {
    const auto thread = lines.threads_.find(e.thread);
    if (thread == lines.threads_.end()) return false;
    auto& calls = thread->second.calls;
    const auto call = calls.find(e.call);
    if (call == calls.end() || e.also_makes != 0 || !lines.socket_of_ours(e.makes)) return false;
    e.thread = thread->second.id;
    e.call = call->second;
    calls.erase(call);
    return true;
  }
  bool operator()(event::SocketOpened& e) const {
    if (e.socket == 0 || lines.sockets_.contains(e.socket) || !lines.socket_of_ours(e.from)) return false;
    e.socket = lines.sockets_[e.socket] = lines.engine_.room().sockets().reserve();
    lines.opened(e);
    return true;
  }
  bool operator()(event::SocketClosed& e) const {
    const SocketId its = e.socket;
    if (!lines.sockets_.contains(its) || !lines.socket_of_ours(e.socket)) return false;
    lines.sockets_.erase(its);
    lines.closed(e.socket);
    return true;
  }
  bool operator()(event::SocketNamed& e) const {
    if (!lines.socket_of_ours(e.socket)) return false;
    if (const auto open = lines.open_.find(e.socket); open != lines.open_.end()) {
      open->second.local = e.local;
      open->second.peer = e.peer;
    }
    return true;
  }
  bool operator()(event::StateChanged& e) const { return lines.socket_of_ours(e.socket); }
  bool operator()(event::QueuesSampled& e) const { return lines.socket_of_ours(e.socket); }
  bool operator()(event::Notice&) const { return true; }
  template <typename Other>
  bool operator()(Other&) const {
    return false;
  }
};

ChildLines::ChildLines(Engine& engine, const std::string& host, ThreadId parent)
    : engine_(engine),
      host_(network_of(host)),
      parent_(parent),
      lane_(engine.inbox().lane()),
      buffer_(kLineRoom + LineReader::kPadding) {}

ChildLines::~ChildLines() {
  engine_.inbox().give_back(lane_);
}

void ChildLines::put(Body body) {
  if (engine_.room().tracing()) lane_.put(std::move(body));
}

bool ChildLines::socket_of_ours(SocketId& id) const {
  if (id == 0) return true;
  for (const auto* known : {&sockets_, &lent_}) {
    const auto found = known->find(id);
    if (found == known->end()) continue;
    id = found->second;
    return true;
  }
  return false;
}

bool ChildLines::thread_of_ours(ThreadId& id) const {
  if (id == 0) return true;
  const auto found = threads_.find(id);
  if (found == threads_.end()) return false;
  id = found->second.id;
  return true;
}

ssize_t ChildLines::pull(int fd) {
  ssize_t got = 0;
  do got = ::read(fd, buffer_.data() + filled_, kLineRoom - filled_);
  while (got < 0 && errno == EINTR);
  if (got <= 0) return got;
  filled_ += static_cast<std::size_t>(got);
  take_lines();
  return got;
}

void ChildLines::take_lines() {
  std::size_t from = 0;
  while (from < filled_) {
    const char* begin = buffer_.data() + from;
    const auto* newline = static_cast<const char*>(std::memchr(begin, '\n', filled_ - from));
    if (newline == nullptr) break;
    const auto length = static_cast<std::size_t>(newline - begin);
    if (!std::exchange(skipping_, false)) line({begin, length});
    from += length + 1;
  }
  filled_ -= from;
  std::memmove(buffer_.data(), buffer_.data() + from, filled_);
  if (filled_ < kLineRoom) return;
  filled_ = 0;
  if (!std::exchange(skipping_, true)) lose("it is too long");
}

void ChildLines::line(std::string_view text) {
  if (auto why = other_line(text)) {
    if (!why->empty()) lose(std::move(*why));
    return;
  }
  auto read = reader_.event(text, 0);
  if (!read) return lose(read.error());
  event(std::move(read->event));
}

void ChildLines::event(Event its) {
  if (!std::visit(Ours{*this}, its.body) && !own_event(its.body))
    return lose("an event that it does not tell here");
  took(its.body);
  if (engine_.room().tracing()) lane_.put(its.at, std::move(its.body));
}

void ChildLines::opened(const event::SocketOpened& e) {
  if (!engine_.room().tracing() || !is_internet(e.family) || e.type != SOCK_STREAM || e.cookie == 0) return;
  // Another descriptor of the same socket, by another of its processes: that one is its last.
  if (e.how == SocketHow::dup) {
    auto first = open_.extract(e.from);
    if (first.empty()) return;
    first.key() = e.socket;
    open_.insert(std::move(first));
    return;
  }
  auto entry = std::make_shared<SocketEntry>();
  entry->id = e.socket;
  entry->family = e.family;
  entry->type = e.type;
  entry->protocol = e.protocol;
  entry->cookie = e.cookie;
  entry->host = host_;
  open_[e.socket] = {std::move(entry), {}, {}};
}

void ChildLines::closed(SocketId socket) {
  const auto open = open_.find(socket);
  if (open == open_.end()) return;
  if (open->second.peer.known()) engine_.room().sockets().leave(std::move(open->second));
  open_.erase(open);
}

void ChildLines::lose(std::string why) {
  if (lost_++ == 0) why_lost_ = std::move(why);
}

void ChildLines::close_socket(SocketId its) {
  const auto socket = sockets_.find(its);
  if (socket == sockets_.end()) return;
  put(event::SocketClosed{socket->second});
  closed(socket->second);
  sockets_.erase(socket);
}

void ChildLines::end_thread(ThreadId its) {
  const auto thread = threads_.find(its);
  if (thread == threads_.end()) return;
  const event::ThreadEnded ended{thread->second.id};
  threads_.erase(thread);
  took(ended);
  put(ended);
}

void ChildLines::end() {
  if (filled_ > 0 && !skipping_) lose("it was cut off");
  filled_ = 0;
  for (const SocketId its : keys_of(sockets_)) close_socket(its);
  for (const ThreadId its : keys_of(threads_)) end_thread(its);
}

}  // namespace sockscope
