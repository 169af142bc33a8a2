#include "server/load_lines.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <system_error>

namespace sockscope {

std::optional<std::string> LoadLines::other_line(std::string_view text) {
  if (!text.starts_with('=')) return std::nullopt;
  return figures(text.substr(1)) ? std::string() : "not five numbers";
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

}  // namespace sockscope
