#pragma once
// A trace as JSON Lines (docs/recording.md): a header, then one event a line in commit order. Written as it
// happens, so a crash loses at most one torn line. Loading never sorts.

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "trace/event_line.h"
#include "trace/trace.h"

namespace sockscope {

inline constexpr int kRecordingVersion = 1;
inline constexpr std::size_t kLongestLine = std::size_t{1} << 20;

// What is wrong with a file, as one line a person can act on: "r.jsonl:3: not JSON: …; …".
struct FileError {
  std::string message;
};

class RecordingWriter {
 public:
  // Creates or truncates `path` (open(2)). Fails if it cannot be written.
  static tl::expected<RecordingWriter, FileError> create(const std::string& path);
  RecordingWriter(RecordingWriter&& other) noexcept;
  RecordingWriter& operator=(RecordingWriter&&) = delete;
  ~RecordingWriter();  // closes; a recording of nothing gets its header

  // Appends the events of `trace` not written yet and hands them to the kernel (write(2)). False when the
  // disk refuses: error() says why, nothing more is written, the trace in memory is whole.
  bool follow(const Trace& trace) { return follow(trace, trace.size()); }
  // The same, but no event from number `end` on.
  bool follow(const Trace& trace, std::size_t end);
  const std::string& error() const { return error_; }

 private:
  RecordingWriter(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  void head(const Trace& trace);
  bool flush();
  int fd_;
  std::string path_;
  std::size_t written_ = 0;  // events
  bool headed_ = false;
  Time start_ = 0;  // the header's
  std::string buffer_, error_;
};

// The whole file as a trace. A torn last line is dropped with a Notice event at the end; unknown kinds are
// kept. Any other damage is an error naming file and line.
tl::expected<Trace, FileError> load_recording(const std::string& path);
tl::expected<Trace, FileError> parse_recording(std::string_view text, const std::string& name);
// Whether `text` begins as a recording does: how a FILE argument is told from a play (no play line begins
// with a brace, so a damaged header is still told as one).
bool looks_like_recording(std::string_view text);
// Saves a whole trace. A file of that name is replaced at once when all is written, or left as it was.
tl::expected<void, FileError> save_recording(const Trace& trace, const std::string& path);

}  // namespace sockscope
