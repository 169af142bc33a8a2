#include <array>
#include <charconv>
#include <cmath>

#include "cli/command.h"
#include "trace/clock.h"

namespace sockscope::cli {
namespace {

template <typename T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::pair<int, int>> parse_size(const std::string& text) {
  const std::string_view whole = text;
  const auto x = whole.find('x');
  if (x == std::string_view::npos) return std::nullopt;
  const auto width = number<int>(whole.substr(0, x));
  const auto height = number<int>(whole.substr(x + 1));
  if (!width || !height) return std::nullopt;
  return std::pair{*width, *height};
}

std::optional<Time> parse_duration(const std::string& text) {
  struct Unit {
    std::string_view name;
    double nanoseconds;
  };
  constexpr std::array<Unit, 4> kUnits{{{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"", 1e9}}};
  const std::string_view whole = text;
  for (const Unit& unit : kUnits) {
    if (!whole.ends_with(unit.name)) continue;
    const auto value = number<double>(whole.substr(0, whole.size() - unit.name.size()));
    if (!value || !std::isfinite(*value) || *value < 0) return std::nullopt;
    const double nanoseconds = *value * unit.nanoseconds;
    if (nanoseconds > 3600e9) return std::nullopt;
    return static_cast<Time>(std::llround(nanoseconds));
  }
  return std::nullopt;
}

}  // namespace sockscope::cli
