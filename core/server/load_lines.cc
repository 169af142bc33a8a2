#include "server/load_lines.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "trace/clock.h"

namespace sockscope {
namespace {

// Far above the longest line of a load.
constexpr std::size_t kLineRoom = std::size_t{256} << 10;

bool to_ours(const std::unordered_map<std::uint32_t, std::uint32_t>& known, std::uint32_t& id) {
  if (id == 0) return true;
  const auto found = known.find(id);
  if (found == known.end()) return false;
  id = found->second;
  return true;
}

}  // namespace

// One overload a kind that a load tells; false: it cannot be.
struct LoadLines::Ours {
  LoadLines& lines;

  bool operator()(event::ThreadStarted& e) const {
    if (lines.thread_ != 0) return false;
    e.thread = lines.thread_ = lines.engine_.reserve();
    return true;
  }
  bool operator()(event::ThreadEnded& e) const {
    e.thread = std::exchange(lines.thread_, 0);
    return e.thread != 0;
  }
  bool operator()(event::CallEntered& e) const {
    if (!to_ours(lines.sockets_, e.socket)) return false;
    e.call = lines.calls_[e.call] = lines.engine_.room().next_call();
    e.thread = lines.thread_;
    return e.thread != 0;
  }
  bool operator()(event::CallReturned& e) const {
    const auto call = lines.calls_.find(e.call);
    if (call == lines.calls_.end() || !to_ours(lines.sockets_, e.makes)) return false;
    e.call = call->second;
    e.thread = lines.thread_;
    lines.calls_.erase(call);
    return e.also_makes == 0 && e.thread != 0;
  }
  bool operator()(event::SocketOpened& e) const {
    if (e.from != 0 || lines.sockets_.contains(e.socket)) return false;
    e.socket = lines.sockets_[e.socket] = lines.engine_.room().sockets().reserve();
    lines.opened(e);
    return true;
  }
  bool operator()(event::SocketClosed& e) const {
    const SocketId its = e.socket;
    if (its == 0 || !to_ours(lines.sockets_, e.socket)) return false;
    lines.sockets_.erase(its);
    lines.closed(e.socket);
    return true;
  }
  bool operator()(event::SocketNamed& e) const {
    if (!to_ours(lines.sockets_, e.socket)) return false;
    if (const auto open = lines.open_.find(e.socket); open != lines.open_.end()) {
      open->second.local = e.local;
      open->second.peer = e.peer;
    }
    return true;
  }
  bool operator()(event::StateChanged& e) const { return to_ours(lines.sockets_, e.socket); }
  bool operator()(event::QueuesSampled& e) const { return to_ours(lines.sockets_, e.socket); }
  bool operator()(event::Notice&) const { return true; }
  template <typename Other>
  bool operator()(Other&) const {
    return false;
  }
};

LoadLines::LoadLines(Engine& engine, LoadCounts& counts, const std::string& host)
    : engine_(engine),
      counts_(counts),
      host_(network_of(host)),
      lane_(engine.inbox().lane()),
      buffer_(kLineRoom + LineReader::kPadding) {}

LoadLines::~LoadLines() {
  engine_.inbox().give_back(lane_);
}

void LoadLines::put(Body body) {
  if (engine_.room().tracing()) lane_.put(std::move(body));
}

ssize_t LoadLines::pull(int fd) {
  ssize_t got = 0;
  do got = ::read(fd, buffer_.data() + filled_, kLineRoom - filled_);
  while (got < 0 && errno == EINTR);
  if (got <= 0) return got;
  filled_ += static_cast<std::size_t>(got);
  take_lines();
  return got;
}

void LoadLines::take_lines() {
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

void LoadLines::line(std::string_view text) {
  if (text.starts_with('=')) {
    if (!figures(text.substr(1))) lose("not five numbers");
    return;
  }
  auto read = reader_.event(text, 0);
  if (!read) return lose(read.error());
  if (!std::visit(Ours{*this}, read->event.body)) return lose("an event that a load does not tell here");
  if (engine_.room().tracing()) lane_.put(read->event.at, std::move(read->event.body));
}

void LoadLines::opened(const event::SocketOpened& e) {
  if (!engine_.room().tracing() || !is_internet(e.family) || e.type != SOCK_STREAM || e.cookie == 0) return;
  auto entry = std::make_shared<SocketEntry>();
  entry->id = e.socket;
  entry->family = e.family;
  entry->type = e.type;
  entry->protocol = e.protocol;
  entry->cookie = e.cookie;
  entry->host = host_;
  open_[e.socket] = {std::move(entry), {}, {}};
}

void LoadLines::closed(SocketId socket) {
  const auto open = open_.find(socket);
  if (open == open_.end()) return;
  if (open->second.peer.known()) engine_.room().sockets().leave(std::move(open->second));
  open_.erase(open);
}

bool LoadLines::figures(std::string_view text) {
  std::array<unsigned, 5> numbers{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (unsigned& number : numbers) {
    if (at != end && *at == ' ') ++at;
    const auto [stopped, error] = std::from_chars(at, end, number);
    if (error != std::errc{}) return false;
    at = stopped;
  }
  if (at != end) return false;
  counts_.set({numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]});
  return true;
}

void LoadLines::append_figures(std::string& out, const Load::Figures& f) {
  fmt::format_to(std::back_inserter(out), "={} {} {} {} {}\n", f.answered, f.waiting, f.refused, f.errors,
                 f.settled);
}

void LoadLines::lose(std::string why) {
  if (lost_++ == 0) why_lost_ = std::move(why);
}

void LoadLines::end() {
  if (filled_ > 0 && !skipping_) lose("it was cut off");
  filled_ = 0;
  std::vector<SocketId> left;
  for (const auto& [its, ours] : sockets_) left.push_back(ours);
  std::sort(left.begin(), left.end());
  for (const SocketId socket : left) {
    put(event::SocketClosed{socket});
    closed(socket);
  }
  sockets_.clear();
  if (thread_ != 0) put(event::ThreadEnded{std::exchange(thread_, 0)});
}

}  // namespace sockscope
