#include "panes/lesson_draw.h"

#include <algorithm>

#include "net/text.h"
#include "panes/frame.h"
#include "ui/compat.h"
#include "ui/line_break.h"

namespace sockscope {

namespace lesson {

// Where text goes on: runs of different fonts share lines.
struct Writer {
  ui::Ui& ui;
  float left, right;
  ImVec2 at;
  float pitch;

  void newline() { at = {left, at.y + pitch}; }

  void word(std::string_view text, ImFont* font, ImU32 colour, bool code) {
    const float wide = ui.measure(font, text).x;
    if (at.x > left && at.x + wide > right) {
      newline();
      while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    }
    if (text.empty()) return;
    const float drawn = ui.measure(font, text).x;
    if (code) {
      const float high = ui.measure(font, text).y;
      ImGui::GetWindowDrawList()->AddRectFilled(
          {at.x - ui.px(1), at.y - ui.px(1)},
          {std::min(at.x + drawn, right) + ui.px(1), at.y + high + ui.px(2)}, ui.theme.sunk, ui.px(2));
    }
    ui.text(at, colour, font, text, right - at.x);
    at.x += drawn;
  }

  // Breaks between words, and between two Chinese characters; a mark stays with what it closes or opens.
  void run(std::string_view text, ImFont* font, ImU32 colour, bool code) {
    std::size_t from = 0;
    std::string_view before;
    for (std::size_t i = 0; i < text.size();) {
      const std::string_view one = first_character(text.substr(i));
      if (one == "\n") {
        word(text.substr(from, i - from), font, colour, code);
        newline();
        from = ++i;
        before = {};
        continue;
      }
      if (i > from && ui::may_break(before, one)) {
        word(text.substr(from, i - from), font, colour, code);
        from = i;
      }
      i += one.size();
      before = one;
    }
    word(text.substr(from), font, colour, code);
  }
};

float block_gap(const ui::Ui& ui, const TextBlock& block) {
  switch (block.kind) {
    case TextBlock::Kind::heading:
      return ui.px(14);
    case TextBlock::Kind::item:
      return ui.px(4);
    default:
      return ui.px(10);
  }
}

void code_block(ui::Ui& ui, Writer& writer, const TextBlock& block) {
  const float line = ui.px(20), top = writer.at.y;
  std::size_t lines = 0;
  std::string all;
  for (const TextRun& run : block.runs) all += run.text;
  while (!all.empty() && all.back() == '\n') all.pop_back();
  lines = static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n')) + 1;
  const float high = static_cast<float>(lines) * line + ui.px(12);
  ImGui::GetWindowDrawList()->AddRectFilled({writer.left, top}, {writer.right, top + high}, ui.theme.sunk,
                                            ui.px(4));
  std::size_t from = 0;
  for (std::size_t i = 0; i < lines; ++i) {
    const std::size_t end = std::min(all.find('\n', from), all.size());
    text_in(ui,
            rect(writer.left + ui.px(10), top + ui.px(6) + static_cast<float>(i) * line,
                 writer.right - writer.left - ui.px(20), line),
            ui.theme.ink, ui.fonts.mono_small, std::string_view(all).substr(from, end - from));
    from = std::min(end + 1, all.size());
  }
  writer.at = {writer.left, top + high};
}

// Draws one block from `top`; returns where it ends.
float draw_block(ui::Ui& ui, const TextBlock& block, float left, float right, float top) {
  const bool zh = ui.tr.language() == ui::Language::zh;
  const bool heading = block.kind == TextBlock::Kind::heading;
  ImFont* plain = heading ? (block.level <= 1 ? ui.fonts.title : ui.fonts.name) : ui.fonts.body;
  const float pitch = ui.measure(plain, "x").y * (zh ? 1.6f : 1.45f);
  Writer writer{ui, left, right, {left, top}, pitch};
  if (block.kind == TextBlock::Kind::rule) {
    ImGui::GetWindowDrawList()->AddLine({left, top}, {right, top}, ui.theme.line, ui.theme.hairline);
    return top + ui.px(2);
  }
  if (block.kind == TextBlock::Kind::code) {
    code_block(ui, writer, block);
    return writer.at.y;
  }
  if (block.kind == TextBlock::Kind::item) {
    const float indent = ui.px(20) * static_cast<float>(block.level);
    ui.text({left + indent - ui.px(18), top}, ui.theme.ink2, plain, block.mark, ui.px(18));
    writer.left = left + indent;
    writer.at.x = writer.left;
  }
  for (const TextRun& run : block.runs) {
    ImFont* font = run.code ? ui.fonts.mono : run.strong && !heading ? ui.fonts.name : plain;
    writer.run(run.text, font, ui.theme.ink, run.code);
  }
  return writer.at.y + pitch;
}

float draw_markdown(ui::Ui& ui, std::string_view markdown, float left, float right, float top) {
  bool first = true;
  for (const TextBlock& block : lesson_blocks(markdown)) {
    if (!first) top += block_gap(ui, block);
    first = false;
    top = draw_block(ui, block, left, right, top);
  }
  return top;
}

}  // namespace lesson

}  // namespace sockscope
