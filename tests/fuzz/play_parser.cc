// Any text as a play, and as one typed line: it parses, or it is refused with a place that lies in it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "play/play.h"

namespace sockscope {
namespace {

void require(bool so) {
  if (!so) std::abort();
}

void check_refusal(const PlayError& error) {
  require(!error.message.empty());
  require(error.column >= 1 && static_cast<std::size_t>(error.column) <= error.text.size() + 1);
  const std::string shown = error.to_string();
  require(shown.back() == '^');
  // The caret stands under the line, never beyond it.
  const std::size_t caret = shown.rfind('\n');
  const std::size_t line = shown.rfind('\n', caret - 1);
  require(line != shown.npos);
  require(shown.find_first_not_of(' ', caret + 1) == shown.size() - 1);
  require(shown.size() < error.message.size() + error.file.size() + 1000);
}

void check_lines(const Play& play, std::string_view text) {
  require(play.lines.size() <= kMostPlayLines);
  for (const PlayLine& line : play.lines) {
    require(line.statement != nullptr || line.directive != nullptr);
    require(!line.thread.empty() && line.number >= 1);
    require(text.find(line.text) != text.npos && line.text.ends_with(line.said));
  }
}

}  // namespace
}  // namespace sockscope

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sockscope;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto play = parse_play(text, "any.play"))
    check_lines(*play, text);
  else
    check_refusal(play.error());
  if (const auto line = parse_line(text, "main"); !line) check_refusal(line.error());
  return 0;
}
