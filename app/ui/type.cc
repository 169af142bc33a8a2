// Text of Ui: measured, cut, broken into lines, drawn.
#include <algorithm>
#include <cmath>

#include "net/text.h"
#include "ui/compat.h"
#include "ui/line_break.h"
#include "ui/ui.h"

namespace sockscope::ui {
namespace {

struct Face {
  ImFont* font;
  float size;
};

Face face_of(ImFont* font) {
  return font != nullptr ? Face{font, font_size(font)} : Face{ImGui::GetFont(), ImGui::GetFontSize()};
}

float width_of(const Face& face, std::string_view what) {
  return face.font->CalcTextSizeA(face.size, FLT_MAX, 0, what.data(), what.data() + what.size()).x;
}

// Three bytes from U+2E80 on: Chinese characters and full-width marks, between which a line may break.
bool is_wide(std::string_view one) {
  return one.size() == 3 && static_cast<unsigned char>(one[0]) >= 0xE2 && one >= "\xE2\xBA\x80";
}

// Marks that may not begin a line.
bool closes(std::string_view one) {
  for (const std::string_view mark : {"，", "。", "、", "；", "：", "？", "！", "）", "」", "』", "》", "”",
                                      "’",  "…",  ",",  ".",  ";",  ":",  "?",  "!",  ")",  "]",  "}"}) {
    if (one == mark) return true;
  }
  return false;
}
bool opens(std::string_view one) {
  return one == "（" || one == "「" || one == "『" || one == "《" || one == "“";
}

// The longest beginning that fits, at whole characters.
std::size_t fitting(const Face& face, std::string_view what, float width) {
  std::size_t best = 0;
  float used = 0;
  for (std::size_t at = 0; at < what.size();) {
    const std::string_view one = first_character(what.substr(at));
    used += width_of(face, one);
    if (used > width) break;
    at += one.size();
    best = at;
  }
  return best;
}

// Where the line that begins at 0 ends and the next begins.
struct Break {
  std::size_t end, next;
};

Break next_line(const Face& face, std::string_view text, float width) {
  Break last{0, 0};
  float used = 0;
  std::string_view before;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view one = first_character(text.substr(at));
    if (one == "\n") return {at, at + 1};
    if (at > 0 && may_break(before, one)) last = {at, at};
    if (one == " ") last = {at, at + 1};
    used += width_of(face, one);
    if (used > width && one != " " && at > 0) return last.next > 0 ? last : Break{at, at};
    at += one.size();
    before = one;
  }
  return {text.size(), text.size()};
}

// Our Chinese has one weight: what should be bold is drawn a second time, a little to the right.
void draw_line(ImDrawList* list, const Face& face, ImVec2 at, ImU32 colour, std::string_view line,
               float bold) {
  list->AddText(face.font, face.size, at, colour, line.data(), line.data() + line.size());
  if (bold <= 0) return;
  float x = at.x + bold;
  for (std::size_t from = 0; from < line.size();) {
    const bool wide = is_wide(first_character(line.substr(from)));
    std::size_t end = from;
    while (end < line.size() && is_wide(first_character(line.substr(end))) == wide)
      end += first_character(line.substr(end)).size();
    const std::string_view run = line.substr(from, end - from);
    if (wide) list->AddText(face.font, face.size, {x, at.y}, colour, run.data(), run.data() + run.size());
    x += width_of(face, run);
    from = end;
  }
}

}  // namespace

bool may_break(std::string_view before, std::string_view one) {
  if (closes(one) || opens(before)) return false;
  return one == " " || is_wide(one) || is_wide(before);
}

ImVec2 Ui::measure(ImFont* font, std::string_view what) const {
  const Face face = face_of(font);
  return {std::ceil(width_of(face, what)), face.size};
}

// The size a face is named by. ImGui's own size is the height from its highest to its lowest point.
float Ui::em(ImFont* font) const {
  const struct {
    const ImFont* font;
    float size;
  } sizes[] = {{fonts.small, 12}, {fonts.label, 13},    {fonts.body, 14},
               {fonts.name, 15},  {fonts.title, 20},    {fonts.big, 28},
               {fonts.mono, 13},  {fonts.mono_big, 28}, {fonts.mono_small, 12}};
  for (const auto& known : sizes) {
    if (font != nullptr && known.font == font) return px(known.size);
  }
  return face_of(font).size;
}

float Ui::emboldened(const ImFont* font) const {
  const bool bold = font != nullptr && (font == fonts.name || font == fonts.title || font == fonts.big);
  return bold && tr.language() == Language::zh ? px(0.5f) : 0;
}

float Ui::line_height(ImFont* font) const {
  return std::round(em(font) * (tr.language() == Language::zh ? 1.6f : 1.45f));
}

void Ui::say_place(std::string_view line, ImVec2 at, ImVec2 size) {
  if (record == nullptr || !record->on) return;
  const ImDrawList* list = ImGui::GetWindowDrawList();
  record->drawn.push_back({std::string(line),
                           at,
                           {at.x + size.x, at.y + size.y},
                           list->GetClipRectMin(),
                           list->GetClipRectMax()});
}

ImVec2 Ui::text(ImVec2 at, ImU32 colour, ImFont* font, std::string_view what, float width) {
  say_drawn(what);
  const Face face = face_of(font);
  ImDrawList* list = ImGui::GetWindowDrawList();
  // Whole pixels: glyphs are baked at their size and blur in between.
  const ImVec2 place{std::round(at.x), std::round(at.y)};
  const float whole = width_of(face, what);
  if (width <= 0 || whole <= width) {
    draw_line(list, face, place, colour, what, emboldened(font));
    say_place(what, place, {whole, face.size});
    return {std::ceil(whole), face.size};
  }
  if (record != nullptr && record->on) record->cut.emplace_back(what);
  constexpr std::string_view kEllipsis = "…";
  const std::string_view kept = what.substr(0, fitting(face, what, width - width_of(face, kEllipsis)));
  draw_line(list, face, place, colour, kept, emboldened(font));
  const float end = width_of(face, kept);
  list->AddText(face.font, face.size, {place.x + end, place.y}, colour, kEllipsis.data(),
                kEllipsis.data() + kEllipsis.size());
  say_place(what, place, {end + width_of(face, kEllipsis), face.size});
  return {std::min(std::ceil(end + width_of(face, kEllipsis)), width), face.size};
}

std::vector<std::string_view> Ui::wrap(ImFont* font, std::string_view what, float width) const {
  const Face face = face_of(font);
  std::vector<std::string_view> lines;
  while (!what.empty()) {
    const Break at = next_line(face, what, width);
    lines.push_back(what.substr(0, at.end));
    what.remove_prefix(at.next);
  }
  return lines;
}

ImVec2 Ui::paragraph(ImVec2 at, ImU32 colour, ImFont* font, std::string_view what, float width) {
  say_drawn(what);
  const Face face = face_of(font);
  const float pitch = line_height(font);
  ImDrawList* list = ImGui::GetWindowDrawList();
  ImVec2 extent{0, 0};
  for (const std::string_view line : wrap(font, what, width)) {
    draw_line(list, face, {std::round(at.x), std::round(at.y + extent.y)}, colour, line, emboldened(font));
    say_place(line, {at.x, at.y + extent.y}, {width_of(face, line), face.size});
    extent.x = std::max(extent.x, width_of(face, line));
    extent.y += pitch;
  }
  return extent;
}

}  // namespace sockscope::ui
