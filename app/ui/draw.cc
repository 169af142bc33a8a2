#include "ui/draw.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "ui/compat.h"

namespace sockscope::ui {
namespace {

bool shows(ImDrawList* list, ImVec2 min, ImVec2 max) {
  const ImVec2 from = list->GetClipRectMin(), to = list->GetClipRectMax();
  return max.x > from.x && min.x < to.x && max.y > from.y && min.y < to.y;
}

}  // namespace

void dashed_line(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 colour, float weight, float on, float off) {
  const float dx = b.x - a.x, dy = b.y - a.y;
  const float length = std::sqrt(dx * dx + dy * dy);
  if (length <= 0 || on <= 0 || on + off <= 0) return;
  // Only what the clip rectangle can show: a line zoomed in on may be millions of pixels long.
  const ImVec2 from = list->GetClipRectMin(), to = list->GetClipRectMax();
  float t0 = 0, t1 = 1;
  const auto clip = [&](float start, float delta, float low, float high) {
    if (delta == 0) return start >= low && start <= high;
    const float u = (low - start) / delta, v = (high - start) / delta;
    t0 = std::max(t0, std::min(u, v));
    t1 = std::min(t1, std::max(u, v));
    return true;
  };
  if (!clip(a.x, dx, from.x - weight, to.x + weight) || !clip(a.y, dy, from.y - weight, to.y + weight) ||
      t0 >= t1) {
    return;
  }
  const float pitch = on + off;
  for (float at = std::floor(t0 * length / pitch) * pitch; at < t1 * length; at += pitch) {
    const float begin = at / length, end = std::min(at + on, length) / length;
    list->AddLine({a.x + dx * begin, a.y + dy * begin}, {a.x + dx * end, a.y + dy * end}, colour, weight);
  }
}

void dashed_rect(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 colour, float weight, float on, float off) {
  dashed_line(list, min, {max.x, min.y}, colour, weight, on, off);
  dashed_line(list, {max.x, min.y}, max, colour, weight, on, off);
  dashed_line(list, max, {min.x, max.y}, colour, weight, on, off);
  dashed_line(list, {min.x, max.y}, min, colour, weight, on, off);
}

void hatch(ImDrawList* list, const Ui& ui, ImVec2 min, ImVec2 max, bool warn) {
  if (max.x <= min.x || max.y <= min.y || !shows(list, min, max)) return;
  const ImU32 lines = warn ? ui.theme.warn_hatch : ui.theme.hatch;
  if (max.x - min.x < ui.px(12) || max.y - min.y < ui.px(12)) {
    list->AddRectFilled(min, max, lines);
    return;
  }
  list->AddRectFilled(min, max, warn ? ui.theme.warn_hatch_ground : ui.theme.hatch_ground);
  // Each line rises to the right from (x, bottom); cut by hand, as a clip rectangle would be a draw call a
  // bar.
  const float height = max.y - min.y, pitch = ui.px(6) * 1.41421356f;
  const ImVec2 from = list->GetClipRectMin(), to = list->GetClipRectMax();
  const float left = std::max(min.x, from.x), right = std::min(max.x, to.x);
  const float first = min.x + std::floor((left - height - min.x) / pitch) * pitch;
  for (float x = first; x < right; x += pitch) {
    const float x0 = std::max(x, min.x), x1 = std::min(x + height, max.x);
    if (x1 - x0 < 1) continue;
    list->AddLine({x0, max.y - (x0 - x)}, {x1, max.y - (x1 - x)}, lines, ui.px(1.2f));
  }
  list->AddRect(min, max, warn ? ui.theme.warn.fill : ui.theme.hatch, 0, 0, ui.theme.hairline);
}

void card(ImDrawList* list, const Ui& ui, ImVec2 min, ImVec2 max, bool selected, bool hovered) {
  const float radius = ui.px(4);
  const ImU32 ground = selected ? ui.theme.accent.tint : hovered ? ui.theme.hover : ui.theme.raised;
  list->AddRectFilled(min, max, ground, radius);
  list->AddRect(min, max, ui.theme.line2, radius, 0, ui.theme.hairline);
  if (!selected) return;
  const float gap = ui.px(4);
  list->AddRect({min.x - gap, min.y - gap}, {max.x + gap, max.y + gap}, ui.theme.accent.fill, radius + gap, 0,
                ui.px(2));
}

void cross(ImDrawList* list, ImVec2 centre, float radius, ImU32 colour, float weight) {
  list->AddLine({centre.x - radius, centre.y - radius}, {centre.x + radius, centre.y + radius}, colour,
                weight);
  list->AddLine({centre.x - radius, centre.y + radius}, {centre.x + radius, centre.y - radius}, colour,
                weight);
}

void tick(ImDrawList* list, ImVec2 centre, float radius, ImU32 colour, float weight) {
  const ImVec2 points[3] = {{centre.x - radius, centre.y},
                            {centre.x - radius * 0.25f, centre.y + radius * 0.7f},
                            {centre.x + radius, centre.y - radius * 0.7f}};
  list->AddPolyline(points, 3, colour, 0, weight);
}

std::string duration_text(std::int64_t nanoseconds) {
  constexpr std::int64_t kMost = INT64_MAX / 2;  // 146 years; so that rounding cannot overflow
  if (nanoseconds < 0) return "-" + duration_text(-std::max(nanoseconds, -kMost));
  nanoseconds = std::min(nanoseconds, kMost);
  // Rounded first, so that 999.6 µs is 1 ms and never 1000 µs.
  const auto rounded = [&](std::int64_t unit) { return (nanoseconds + unit / 2) / unit; };
  if (nanoseconds < 1'000) return fmt::format("{} ns", nanoseconds);
  if (rounded(1'000) < 1'000) return fmt::format("{} µs", rounded(1'000));
  if (rounded(100'000) < 100) {
    const std::int64_t tenths = rounded(100'000);
    return tenths % 10 == 0 ? fmt::format("{} ms", tenths / 10)
                            : fmt::format("{}.{} ms", tenths / 10, tenths % 10);
  }
  if (rounded(1'000'000) < 1'000) return fmt::format("{} ms", rounded(1'000'000));
  const std::int64_t ms = rounded(1'000'000);
  if (ms < 10'000) return fmt::format("{}.{:03} s", ms / 1000, ms % 1000);
  const std::int64_t hundredths = rounded(10'000'000);
  if (hundredths < 10'000) return fmt::format("{}.{:02} s", hundredths / 100, hundredths % 100);
  const std::int64_t seconds = rounded(1'000'000'000);
  if (seconds < 600) return fmt::format("{} s", seconds);
  return fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

}  // namespace sockscope::ui
