#include "ui/bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace sockscope::ui {
namespace {

constexpr std::size_t kColours = 8;

void cell_mark(ImDrawList* list, Ui& ui, ImVec2 min, ImVec2 max, char byte) {
  const ImU32 ink = ui.theme.byte_text;
  const float weight = ui.px(1.2f), middle = (min.y + max.y) / 2;
  if (byte == ' ') {  // ␣
    const float low = middle + ui.px(5), high = middle + ui.px(2), left = min.x + ui.px(2.5f),
                right = max.x - ui.px(2.5f);
    const ImVec2 box[4] = {{left, high}, {left, low}, {right, low}, {right, high}};
    list->AddPolyline(box, 4, ink, 0, weight);
    return;
  }
  // ↵
  const float left = min.x + ui.px(2), right = max.x - ui.px(3), low = middle + ui.px(2), tip = ui.px(3);
  const ImVec2 stem[3] = {{right, middle - ui.px(4)}, {right, low}, {left, low}};
  list->AddPolyline(stem, 3, ink, 0, weight);
  list->AddTriangleFilled({left - ui.px(0.5f), low}, {left + tip, low - tip}, {left + tip, low + tip}, ink);
}

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// How many bytes the character that begins with `lead` has; 0: it begins none.
std::size_t character_bytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80                   ? 1
         : byte >= 0xC2 && byte < 0xE0 ? 2
         : byte >= 0xE0 && byte < 0xF0 ? 3
         : byte >= 0xF0 && byte < 0xF5 ? 4
                                       : 0;
}

// A zigzag in the pane's colour where the other half is missing.
void torn_edge(ImDrawList* list, const Ui& ui, float x, float top, float bottom) {
  const float deep = ui.px(3), step = (bottom - top) / 6;
  for (int i = 0; i < 3; ++i) {
    const float y = top + static_cast<float>(2 * i) * step;
    list->AddTriangleFilled({x - deep, y}, {x + deep, y + step}, {x - deep, y + 2 * step}, ui.theme.pane);
  }
}

// Which send the next byte is of.
class Runs {
 public:
  explicit Runs(std::span<const SendRun> runs) : runs_(runs) {}
  std::uint32_t next() {
    while (at_ + 1 < runs_.size() && used_ >= runs_[at_].bytes) {
      ++at_;
      used_ = 0;
    }
    ++used_;
    return runs_.empty() ? 0 : runs_[at_].send;
  }

 private:
  std::span<const SendRun> runs_;
  std::size_t at_ = 0;
  std::uint64_t used_ = 0;
};

bool has_mark(char byte) {
  return byte == ' ' || byte == '\n';
}
bool is_printable(char byte) {
  return byte > ' ' && byte < 0x7F;
}
std::string shown_byte(char byte) {
  return is_printable(byte) ? std::string(1, byte) : fmt::format("{:02x}", static_cast<unsigned char>(byte));
}

float cell_width(const Ui& ui, char byte) {
  if (has_mark(byte) || is_printable(byte)) return ui.px(12);
  return std::max(ui.px(18), ui.measure(ui.fonts.mono_small, shown_byte(byte)).x + ui.px(2));
}

std::string how_many_more(std::size_t bytes) {
  return fmt::format("+{}", bytes);
}

float byte_cell(ImDrawList* list, Ui& ui, ImVec2 at, char byte, std::uint32_t send) {
  const float height = ui.px(20);
  const std::string shown = shown_byte(byte);
  const ImVec2 extent = ui.measure(ui.fonts.mono_small, shown);
  const float width = cell_width(ui, byte);
  const ImVec2 max{at.x + width, at.y + height};
  const ImU32 ground = byte_fill(ui.theme, send);
  list->AddRectFilled(at, max, ground);
  if (has_mark(byte)) {
    cell_mark(list, ui, at, max, byte);
  } else {
    ui.text({at.x + (width - extent.x) / 2, at.y + (height - extent.y) / 2},
            send == 0 ? ui.theme.ink : ui.theme.byte_text, ui.fonts.mono_small, shown);
  }
  if (send > 0 && (send - 1) / kColours % 2 == 1) {  // the colours' second round
    const float middle = at.x + width / 2, low = max.y + ui.px(2);
    list->AddRectFilled({middle - ui.px(2), low}, {middle + ui.px(2), low + ui.px(3)}, ground);
  }
  return width;
}

void tank_count(Ui& ui, ImVec2 min, ImVec2 max, std::uint32_t send, std::uint64_t bytes) {
  const std::string count = ui.say("{0} B", bytes);
  const ImVec2 extent = ui.measure(ui.fonts.mono_small, count);
  if (extent.x + ui.px(6) > max.x - min.x || extent.y > max.y - min.y + ui.px(2)) return;
  ui.text({(min.x + max.x - extent.x) / 2, (min.y + max.y - extent.y) / 2},
          send == 0 ? ui.theme.ink : ui.theme.byte_text, ui.fonts.mono_small, count);
}

}  // namespace

ImU32 byte_fill(const Theme& theme, std::uint32_t send) {
  return send == 0 ? theme.sunk : theme.byte_fill[(send - 1) % kColours];
}
ImU32 byte_line(const Theme& theme, std::uint32_t send) {
  return send == 0 ? theme.line2 : theme.byte_line[(send - 1) % kColours];
}

bool torn_at_start(std::string_view bytes) {
  return !bytes.empty() && continues(bytes.front());
}

bool torn_at_end(std::string_view bytes) {
  std::size_t tail = 0;
  while (tail < bytes.size() && tail < 3 && continues(bytes[bytes.size() - 1 - tail])) ++tail;
  if (tail == bytes.size()) return false;
  return character_bytes(bytes[bytes.size() - 1 - tail]) > tail + 1;
}

std::size_t byte_cells_within(const Ui& ui, std::string_view bytes, float width) {
  float used = 0;
  std::size_t fit = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    used += cell_width(ui, bytes[i]) + ui.px(1);
    const std::size_t rest = bytes.size() - i - 1;
    const float more = rest == 0 ? 0 : ui.px(4) + ui.measure(ui.fonts.mono_small, how_many_more(rest)).x;
    if (used + more <= width) fit = i + 1;
    if (used > width) break;
  }
  return fit;
}

float byte_cells(ImDrawList* list, Ui& ui, ImVec2 at, std::string_view bytes, std::span<const SendRun> runs,
                 std::size_t most) {
  if (bytes.empty()) return 0;
  const float height = ui.px(20);
  Runs of(runs);
  float x = at.x;
  for (std::size_t i = 0; i < bytes.size() && i < most; ++i) {
    x += byte_cell(list, ui, {x, at.y}, bytes[i], of.next()) + ui.px(1);
  }
  if (torn_at_start(bytes)) torn_edge(list, ui, at.x, at.y, at.y + height);
  if (bytes.size() <= most) {
    if (torn_at_end(bytes)) torn_edge(list, ui, x - ui.px(1), at.y, at.y + height);
    return x - at.x;
  }
  const std::string more = how_many_more(bytes.size() - most);
  const ImVec2 extent = ui.measure(ui.fonts.mono_small, more);
  ui.text({x + ui.px(3), at.y + (height - extent.y) / 2}, ui.theme.ink2, ui.fonts.mono_small, more);
  return x + ui.px(4) + extent.x - at.x;
}

void byte_tank(ImDrawList* list, Ui& ui, ImVec2 min, ImVec2 max, std::span<const SendRun> runs,
               std::uint64_t unknown, std::uint64_t capacity) {
  std::uint64_t all = unknown;
  for (const SendRun& run : runs) all += run.bytes;
  const auto whole = static_cast<float>(std::max<std::uint64_t>({capacity, all, 1}));
  list->AddRectFilled(min, max, ui.theme.sunk);
  float x = max.x;
  const auto pour = [&](std::uint32_t send, std::uint64_t bytes) {
    if (bytes == 0 || x <= min.x) return;
    const float width = std::max(ui.px(3), (max.x - min.x) * static_cast<float>(bytes) / whole);
    const float from = std::max(min.x, x - width);
    list->AddRectFilled({from, min.y}, {x, max.y}, send == 0 ? ui.theme.line2 : byte_fill(ui.theme, send));
    list->AddLine({from, min.y}, {from, max.y}, ui.theme.pane, ui.px(1));
    tank_count(ui, {from, min.y}, {x, max.y}, send, bytes);
    x = from;
  };
  for (const SendRun& run : runs) pour(run.send, run.bytes);
  pour(0, unknown);
  list->AddRect(min, max, ui.theme.line2, 0, 0, ui.theme.hairline);
}

}  // namespace sockscope::ui
