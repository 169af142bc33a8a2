#pragma once
// One line of a recording, both ways. Private to trace/; write_event() is in trace/recording.h.

#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "trace/trace.h"

namespace sockscope {

struct Header {
  int version = 0;
  Trace::Origin origin;
};
void write_header(std::string& out, const Trace::Origin& origin);

struct EventLine {
  Event event;
  bool late = false;
};

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
