// Python's socket.sendfile (Lib/socket.py): sendfile(2) until the file ends; where the kernel cannot do that,
// read(2) and send(2).

#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "calls/execute.h"

namespace sockscope {
namespace {

constexpr std::int64_t kBlock = 1 << 30;   // of one sendfile(2), bpo-38319
constexpr std::size_t kReadAtOnce = 8192;  // of the other way
constexpr std::int64_t kWhole = -1;        // count was not given

class FileSender {
 public:
  explicit FileSender(Run& run)
      : run_(run),
        socket_(run.socket.get()),
        file_(run.request.file),
        offset_(run.request.numbers[0]),
        count_(run.request.numbers[1]) {}

  Outcome send() {
    // What Python asks is `type & SOCK_STREAM`: SOCK_SEQPACKET and SOCK_RAW pass.
    if (socket_ == nullptr || (socket_->type & SOCK_STREAM) == 0)
      return python_refuses(run_, Raised::value_error);
    if (count_ != kWhole && count_ <= 0) return python_refuses(run_, Raised::value_error);
    const std::optional<Outcome> done = by_sendfile();
    const Outcome outcome = done ? *done : by_send();
    if (total_ > 0) ::lseek(file_, began_ + total_, SEEK_SET);
    return outcome;
  }

 private:
  // Nothing: the file or the socket is not of a kind that sendfile(2) knows.
  std::optional<Outcome> by_sendfile() {
    struct stat status {};
    // The packets of a raw socket are looked into before they go.
    if (::fstat(file_, &status) != 0 || socket_->type == SOCK_RAW) return std::nullopt;
    if (status.st_size == 0) return Outcome{};
    const std::int64_t timeout = timeout_of(socket_);
    if (timeout == 0 || socket_->fd.load() < 0) return python_refuses(run_, Raised::value_error);
    began_ = offset_;
    std::int64_t block = std::min(count_ == kWhole ? std::int64_t{status.st_size} : count_, kBlock);
    for (;;) {
      if (run_.caller.asked_back()) return came_back();
      if (timeout > 0) {  // for each part, not for the whole
        if (const Outcome waited = wait(deadline_of(socket_)); waited.error != 0) return waited;
      }
      if (count_ != kWhole) block = std::min(count_ - total_, kBlock);
      if (block <= 0) break;
      const Outcome sent = send_part(block, status.st_size);
      if (sent.error == EAGAIN) {
        if (timeout > 0) continue;
        if (const Outcome waited = wait(-1); waited.error != 0) return waited;
        continue;
      }
      if (sent.error != 0) return total_ == 0 && !sent.interrupted ? std::nullopt : std::optional(sent);
      if (sent.result == 0) break;
      total_ += sent.result;
    }
    return Outcome{total_, 0, false, false};
  }

  Outcome wait(Time deadline) { return wait_for(run_.caller, socket_, POLLOUT, deadline); }

  // One sendfile(2), traced inside the call.
  Outcome send_part(std::int64_t block, std::int64_t size) {
    const std::int64_t at = began_ + total_;
    CallScope scope(run_.caller, Call::os_sendfile, socket_->id, [&] {
      Args args;
      args.numbers = {at, block};
      args.data = preview(at, std::min(block, size - at));
      args.text = std::string_view(run_.request.text);
      return args;
    });
    const Outcome sent = call_when_ready(run_.caller, socket_, POLLOUT, -1, SYS_sendfile, [&](int fd) {
      off_t from = at;
      return ::sendfile(fd, file_, &from, static_cast<std::size_t>(block));
    });
    scope.returned(sent);
    return sent;
  }

  Blob preview(std::int64_t at, std::int64_t total) const {
    std::array<char, kPreview> bytes;
    if (at < 0 || total <= 0) return {};
    const ssize_t got =
        ::pread(file_, bytes.data(), std::min(bytes.size(), static_cast<std::size_t>(total)), at);
    if (got <= 0) return {};
    return {std::string_view(bytes.data(), static_cast<std::size_t>(got)), static_cast<std::uint64_t>(total)};
  }

  Outcome by_send() {
    total_ = 0;
    if (timeout_of(socket_) == 0) return python_refuses(run_, Raised::value_error);
    began_ = offset_;
    if (offset_ != 0 && ::lseek(file_, offset_, SEEK_SET) < 0) return failed(errno);
    std::array<char, kReadAtOnce> bytes;
    for (;;) {
      const std::int64_t most = static_cast<std::int64_t>(bytes.size());
      const std::int64_t block = count_ == kWhole ? most : std::min(count_ - total_, most);
      if (block <= 0) break;
      const ssize_t got = ::read(file_, bytes.data(), static_cast<std::size_t>(block));
      if (got < 0) return failed(errno);
      if (got == 0) break;
      const Outcome sent = send_read({bytes.data(), static_cast<std::size_t>(got)});
      if (sent.error != 0) return sent;
    }
    return Outcome{total_, 0, false, false};
  }

  Outcome send_read(std::string_view data) {
    while (!data.empty()) {
      const Outcome sent = send_inside(run_.caller, socket_, data, 0, deadline_of(socket_));
      if (sent.error != 0 && sent.error != EAGAIN) return sent;
      if (run_.caller.asked_back()) return came_back();
      if (sent.error == EAGAIN) continue;  // SO_SNDTIMEO ran out: Python tries again
      total_ += sent.result;
      data.remove_prefix(static_cast<std::size_t>(sent.result));
    }
    return {};
  }

  Run& run_;
  const SocketEntry* socket_;
  int file_;
  std::int64_t offset_, count_;
  std::int64_t began_ = 0;  // where in the file the bytes sent began
  std::int64_t total_ = 0;
};

}  // namespace

Outcome execute_sendfile(Run& run) {
  return FileSender(run).send();
}

}  // namespace sockscope
