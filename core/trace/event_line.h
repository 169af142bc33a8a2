#pragma once
// One event as one line of text, both ways: a line of a recording, and what a child process tells of its own.

#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "trace/event.h"

namespace sockscope {

// One event's line, without the newline, appended to `out`. Times are told from `start` on. Texts and
// previews beyond 32 KiB are cut, so that every line can be loaded again; their total length is kept.
void write_event(std::string& out, const Event& event, bool late, Time start);

struct EventLine {
  Event event;
  bool late = false;
};

struct Header;  // trace/header_line.h

// Parses lines. Errors say what is wrong with the line, without its place.
class LineReader {
 public:
  // Readable bytes the caller leaves after a line; their content does not matter.
  static constexpr std::size_t kPadding = 64;
  LineReader();
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  tl::expected<Header, std::string> header(std::string_view line);
  tl::expected<EventLine, std::string> event(std::string_view line, Time start);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sockscope
