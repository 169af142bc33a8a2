// Loading: line by line through one buffer, so that memory is the trace's and a file without newlines ends it
// early.

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "trace/event_line.h"
#include "trace/header_line.h"
#include "trace/load_watch.h"
#include "trace/recording.h"

namespace sockscope {
namespace {

using Loaded = tl::expected<void, FileError>;

class Loader {
 public:
  explicit Loader(std::string name) : name_(std::move(name)) {}

  // `whole`: a newline follows it in the file.
  Loaded line(std::string_view text, bool whole) {
    ++number_;
    if (number_ == 1) return header(text);
    auto read = reader_.event(text, start_);
    if (read) {
      trace_.append(std::move(read->event), read->late);
      return {};
    }
    if (!whole) return torn();
    return fail(read.error() + "; mend or remove this line");
  }

  Loaded fail(std::string_view what) const {
    return tl::unexpected(FileError{fmt::format("{}:{}: {}", name_, number_, what)});
  }
  Loaded too_long() {
    ++number_;
    return fail(
        fmt::format("a line longer than {} bytes; this is not a recording of sockscope", kLongestLine));
  }
  tl::expected<Trace, FileError> finish() {
    if (number_ > 0) return std::move(trace_);
    return tl::unexpected(FileError{fmt::format(
        "{}:1: the file is empty; make a recording with sockscope play FILE --record {}", name_, name_)});
  }

 private:
  Loaded header(std::string_view text) {
    const auto header = reader_.header(text);
    if (!header) return fail(header.error() + "; open a file made with --record");
    if (header->version != kRecordingVersion) {
      return fail(
          fmt::format("a recording of version {}; this program reads version {}: use a newer sockscope",
                      header->version, kRecordingVersion));
    }
    start_ = header->origin.start;
    trace_.set_origin(header->origin);
    return {};
  }
  Loaded torn() {
    const Time at = trace_.empty() ? start_ : trace_.end();
    const std::string text =
        fmt::format("The last line of the recording was cut off and left out (line {}).", number_);
    trace_.append(Event{at, event::Notice{"torn", Blob(text)}}, false);
    return {};
  }

  std::string name_;
  std::size_t number_ = 0;
  Time start_ = 0;
  LineReader reader_;
  Trace trace_;
};

// Gives up to `size` bytes; 0 at the end, −1 with errno on failure.
using Source = std::function<ssize_t(char* to, std::size_t size)>;

constexpr std::size_t kRoom = 2 * kLongestLine;

// `room`: of the buffer; kRoom, or enough for the whole source and one byte.
tl::expected<Trace, FileError> load(const Source& source, std::size_t room, const std::string& name) {
  Loader loader(name);
  const auto buffer = std::make_unique_for_overwrite<char[]>(room + LineReader::kPadding);
  std::size_t filled = 0;
  for (bool end = false; !end;) {
    const ssize_t got = source(buffer.get() + filled, room - filled);
    if (got < 0) {
      return tl::unexpected(FileError{
          fmt::format("{}: cannot be read: {} ({}), {}", name, errno_name(errno), errno, errno_text(errno))});
    }
    end = got == 0;
    filled += static_cast<std::size_t>(got);
    const char* from = buffer.get();
    const char* const to = from + filled;
    while (from != to) {
      const auto* newline =
          static_cast<const char*>(std::memchr(from, '\n', static_cast<std::size_t>(to - from)));
      const auto length = static_cast<std::size_t>((newline != nullptr ? newline : to) - from);
      if (length > kLongestLine) return loader.too_long().map([] { return Trace{}; });
      if (newline == nullptr && !end) break;
      if (auto done = loader.line({from, length}, newline != nullptr); !done)
        return tl::unexpected(done.error());
      from += length + (newline != nullptr ? 1 : 0);
    }
    filled = static_cast<std::size_t>(to - from);
    std::memmove(buffer.get(), from, filled);
  }
  return loader.finish();
}

}  // namespace

tl::expected<Trace, FileError> load_recording(const std::string& path) {
  LoadWatch nobody;
  return load_recording(path, nobody);
}

tl::expected<Trace, FileError> load_recording(const std::string& path, LoadWatch& watch) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return tl::unexpected(FileError{
        fmt::format("{}: cannot be opened: {} ({}), {}", path, errno_name(errno), errno, errno_text(errno))});
  }
  auto loaded = load(
      [&](char* to, std::size_t size) {
        ssize_t got = 0;
        do got = ::read(fd, to, size);
        while (got < 0 && errno == EINTR);
        if (got > 0) watch.bytes += static_cast<std::size_t>(got);
        if (!watch.stop) return got;
        errno = ECANCELED;
        return ssize_t{-1};
      },
      kRoom, path);
  ::close(fd);
  return loaded;
}

tl::expected<Trace, FileError> parse_recording(std::string_view text, const std::string& name) {
  return load(
      [&](char* to, std::size_t size) {
        const std::size_t n = text.copy(to, size);
        text.remove_prefix(n);
        return static_cast<ssize_t>(n);
      },
      std::min(text.size() + 1, kRoom), name);
}

bool looks_like_recording(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

}  // namespace sockscope
