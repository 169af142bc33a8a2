#include "panes/lesson_draw.h"

#include <algorithm>
#include <utility>

#include "net/text.h"
#include "panes/frame.h"
#include "ui/compat.h"
#include "ui/draw.h"
#include "ui/line_break.h"

namespace sockscope {

namespace lesson {

bool word_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Where `said` stands in `text` and is no part of a longer Latin word.
std::size_t find_whole(std::string_view text, std::string_view said) {
  for (auto at = text.find(said); at != text.npos; at = text.find(said, at + 1)) {
    const std::size_t end = at + said.size();
    const bool goes_on = (at > 0 && word_part(text[at - 1]) && word_part(said.front())) ||
                         (end < text.size() && word_part(text[end]) && word_part(said.back()));
    if (!goes_on) return at;
  }
  return text.npos;
}

// Where text goes on: runs of different fonts share lines.
struct Writer {
  ui::Ui& ui;
  float left, right;
  ImVec2 at;
  float pitch;
  const LessonTerm* term = nullptr;  // being written
  Glossed* glossed = nullptr;

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
    if (term != nullptr) underline(rect(at.x, at.y, drawn, ui.measure(font, text).y));
    at.x += drawn;
  }

  // Dots under the word; only its first piece is reached by keyboard.
  void underline(Rect word) {
    ui::dashed_line(ImGui::GetWindowDrawList(), {word.min.x, word.max.y + ui.px(2)},
                    {word.max.x, word.max.y + ui.px(2)}, ui.theme.ink3, ui.px(1.5f), ui.px(2), ui.px(2));
    if (!glossed->drawn.insert(term->word).second) return;
    if (ui.area(("term-" + term->word).c_str(), word.min, {word.max.x, word.max.y + ui.px(4)}))
      glossed->open = glossed->open == term->word ? std::string() : term->word;
    if (glossed->open != term->word) ui.tooltip(term->meaning);
  }

  // A run with the first places of the glossary's words in it.
  void glossed_run(std::string_view text, ImFont* font, ImU32 colour) {
    while (glossed != nullptr && !text.empty()) {
      std::size_t first = text.npos;
      for (const LessonTerm& each : glossed->terms) {
        if (glossed->drawn.contains(each.word)) continue;
        const std::size_t place = find_whole(text, each.said);
        if (place < first) first = place, term = &each;
      }
      if (first == text.npos) break;
      const LessonTerm* found = std::exchange(term, nullptr);
      run(text.substr(0, first), font, colour, false);
      term = found;
      run(text.substr(first, found->said.size()), font, colour, false);
      term = nullptr;
      text.remove_prefix(first + found->said.size());
    }
    run(text, font, colour, false);
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
  std::string all;
  for (const TextRun& run : block.runs) all += run.text;
  while (!all.empty() && all.back() == '\n') all.pop_back();
  std::vector<std::string> lines;
  for (std::size_t from = 0; from <= all.size();) {
    const std::size_t end = std::min(all.find('\n', from), all.size());
    lines.push_back(all.substr(from, end - from));
    from = end + 1;
  }
  writer.at = {writer.left, draw_code(ui, lines, writer.left, writer.right, writer.at.y)};
}

// Draws one block from `top`; returns where it ends.
float draw_block(ui::Ui& ui, const TextBlock& block, float left, float right, float top, Glossed* glossed) {
  const bool zh = ui.tr.language() == ui::Language::zh;
  const bool heading = block.kind == TextBlock::Kind::heading;
  ImFont* plain = heading ? (block.level <= 1 ? ui.fonts.title : ui.fonts.name) : ui.fonts.body;
  const float pitch = ui.measure(plain, "x").y * (zh ? 1.6f : 1.45f);
  Writer writer{ui, left, right, {left, top}, pitch, nullptr, heading ? nullptr : glossed};
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
    run.code ? writer.run(run.text, font, ui.theme.ink, true)
             : writer.glossed_run(run.text, font, ui.theme.ink);
  }
  return writer.at.y + pitch;
}

float draw_code(ui::Ui& ui, const std::vector<std::string>& lines, float left, float right, float top) {
  ImFont* font = ui.fonts.mono_small;
  const float pitch = ui.px(20), pad = ui.px(10), width = right - left - 2 * pad;
  struct Piece {
    std::string_view text;
    float indent;
  };
  std::vector<Piece> pieces;
  for (const std::string& line : lines) {
    if (ui.measure(font, line).x <= width) {
      pieces.push_back({line, 0});
      continue;
    }
    // What goes on stands under the code, not under the prompt.
    const std::size_t prompt = line.find(">>> ");
    const float under = prompt == line.npos ? ui.px(24) : ui.measure(font, line.substr(0, prompt + 4)).x;
    const float indent = std::min(under, width / 3);
    const std::string_view first = ui.wrap(font, line, width).front();
    pieces.push_back({first, 0});
    std::string_view rest = std::string_view(line).substr(first.size());
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    for (const std::string_view more : ui.wrap(font, rest, width - indent)) pieces.push_back({more, indent});
  }
  const float high = static_cast<float>(std::max<std::size_t>(pieces.size(), 1)) * pitch + ui.px(12);
  ImGui::GetWindowDrawList()->AddRectFilled({left, top}, {right, top + high}, ui.theme.sunk, ui.px(4));
  float y = top + ui.px(6);
  for (const Piece& piece : pieces) {
    text_in(ui, rect(left + pad + piece.indent, y, width - piece.indent, pitch), ui.theme.ink, font,
            piece.text);
    y += pitch;
  }
  return top + high;
}

// The meaning of the word that was pressed.
float draw_card(ui::Ui& ui, const LessonTerm& term, float left, float right, float top) {
  const float pad = ui.px(10), x = left + pad, width = right - left - 2 * pad;
  const float lines = static_cast<float>(ui.wrap(ui.fonts.body, term.meaning, width).size());
  const float high = ui.line_height(ui.fonts.name) + lines * ui.line_height(ui.fonts.body) + 2 * pad;
  ImGui::GetWindowDrawList()->AddRectFilled({left, top}, {right, top + high}, ui.theme.accent.tint, ui.px(4));
  float y = top + pad;
  y += ui.paragraph({x, y}, ui.theme.accent.text, ui.fonts.name, term.word, width).y;
  ui.paragraph({x, y}, ui.theme.ink, ui.fonts.body, term.meaning, width);
  return top + high;
}

float draw_markdown(ui::Ui& ui, std::string_view markdown, float left, float right, float top,
                    Glossed* glossed) {
  bool first = true;
  for (const TextBlock& block : lesson_blocks(markdown)) {
    if (!first) top += block_gap(ui, block);
    first = false;
    const std::set<std::string> before = glossed == nullptr ? std::set<std::string>() : glossed->drawn;
    top = draw_block(ui, block, left, right, top, glossed);
    if (glossed == nullptr) continue;
    for (const LessonTerm& term : glossed->terms)
      if (term.word == glossed->open && glossed->drawn.contains(term.word) && !before.contains(term.word))
        top = draw_card(ui, term, left, right, top + ui.px(4));
  }
  return top;
}

}  // namespace lesson

}  // namespace sockscope
