#include "trace/recording.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "trace/clock.h"
#include "trace/event_line.h"
#include "trace/header_line.h"

namespace sockscope {
namespace {

constexpr std::size_t kFlushAt = std::size_t{1} << 20;

std::string refusal(const std::string& path, int error) {
  return fmt::format("{}: cannot be written: {} ({}), {}; choose another place", path, errno_name(error),
                     error, errno_text(error));
}

// The wall clock at the monotonic time `at`.
Time wall_at(Time at) {
  timespec wall{};
  clock_gettime(CLOCK_REALTIME, &wall);
  return Time{wall.tv_sec} * kSecond + wall.tv_nsec - (now() - at);
}

}  // namespace

tl::expected<RecordingWriter, FileError> RecordingWriter::create(const std::string& path) {
  // Not waiting: a fifo nobody reads is refused (ENXIO), one that is read is then written as any file.
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0666);
  if (fd < 0) return tl::unexpected(FileError{refusal(path, errno)});
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) & ~O_NONBLOCK);
  return RecordingWriter(fd, path);
}

RecordingWriter::RecordingWriter(RecordingWriter&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      written_(other.written_),
      headed_(other.headed_),
      start_(other.start_),
      buffer_(std::move(other.buffer_)),
      error_(std::move(other.error_)) {}

RecordingWriter::~RecordingWriter() {
  if (fd_ < 0) return;
  if (!headed_ && error_.empty()) follow(Trace{});
  ::close(fd_);
}

void RecordingWriter::head(const Trace& trace) {
  Trace::Origin origin = trace.origin();
  if (!origin.known()) {
    origin.start = trace.empty() ? now() : trace.start();
    origin.wall = wall_at(origin.start);
  }
  start_ = origin.start;
  write_header(buffer_, origin);
  headed_ = true;
}

bool RecordingWriter::flush() {
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t n = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      error_ = refusal(path_, n < 0 ? errno : ENOSPC);
      return false;
    }
    done += static_cast<std::size_t>(n);
  }
  buffer_.clear();
  return true;
}

bool RecordingWriter::follow(const Trace& trace, std::size_t end) {
  if (!error_.empty()) return false;
  if (!headed_) head(trace);
  for (; written_ < std::min(end, trace.size()); ++written_) {
    write_event(buffer_, trace[written_], trace.late(written_), start_);
    buffer_ += '\n';
    if (buffer_.size() >= kFlushAt && !flush()) return false;
  }
  return flush();
}

tl::expected<void, FileError> save_recording(const Trace& trace, const std::string& path) {
  struct stat there {};
  const bool in_place = ::stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode);  // /dev/stdout
  const std::string target = in_place ? path : path + ".part";
  auto writer = RecordingWriter::create(target);
  if (!writer) return tl::unexpected(writer.error());
  if (!writer->follow(trace)) {
    if (!in_place) ::unlink(target.c_str());
    return tl::unexpected(FileError{writer->error()});
  }
  if (!in_place && std::rename(target.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(target.c_str());
    return tl::unexpected(FileError{refusal(path, error)});
  }
  return {};
}

}  // namespace sockscope
