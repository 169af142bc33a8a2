// The lesson: the list of lessons, or the open one's text with its plays.
#include <algorithm>

#include "panes/frame.h"
#include "panes/lesson_text.h"
#include "ui/compat.h"

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

  // Breaks between words, and between any two Chinese characters.
  void run(std::string_view text, ImFont* font, ImU32 colour, bool code) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size();) {
      if (text[i] == '\n') {
        word(text.substr(from, i - from), font, colour, code);
        newline();
        from = ++i;
        continue;
      }
      std::size_t next = i + 1;
      while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
      const bool wide = next - i >= 3;
      if (i > from && (text[i] == ' ' || wide)) {
        word(text.substr(from, i - from), font, colour, code);
        from = i;
      }
      i = next;
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

void list_of_lessons(ui::Ui& ui, const Scene& scene, Requests& requests, float left, float right) {
  if (scene.lessons.empty()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float used =
        ui.paragraph({left, at.y}, ui.theme.ink2, ui.fonts.body,
                     ui.tr("No lessons were found beside the program. Everything else works."), right - left)
            .y;
    ImGui::Dummy({1, used});
    return;
  }
  for (const LessonItem& lesson : scene.lessons) {
    const ImVec2 at{left, ImGui::GetCursorScreenPos().y};
    const Rect box = rect(at.x - ui.px(8), at.y, right - left + ui.px(16), ui.px(30));
    if (ui.area(lesson.id.c_str(), box.min, box.max)) requests.push_back(request::OpenLesson{lesson.id});
    if (ImGui::IsItemHovered()) {
      ImGui::GetWindowDrawList()->AddRectFilled(box.min, box.max, ui.theme.hover, ui.px(4));
    }
    const std::size_t dash = std::min(lesson.id.find('-'), lesson.id.size());
    text_in(ui, rect(at.x, at.y, ui.px(30), box.height()), ui.theme.ink2, ui.fonts.mono_small,
            std::string_view(lesson.id).substr(0, dash));
    text_in(ui, {{at.x + ui.px(34), box.min.y}, {right, box.max.y}}, ui.theme.ink, ui.fonts.body,
            lesson.title);
    ImGui::SetCursorScreenPos({at.x, box.max.y + ui.px(2)});
  }
  ImGui::Dummy({1, 1});
}

void open_lesson(ui::Ui& ui, const Scene& scene, Requests& requests, float left, float right) {
  const float top = ImGui::GetCursorScreenPos().y;
  float y = top;
  bool first = true;
  for (const TextBlock& block : lesson_blocks(scene.lesson_markdown)) {
    if (!first) y += block_gap(ui, block);
    first = false;
    y = draw_block(ui, block, left, right, y);
  }
  y += ui.px(14);
  const auto item = std::find_if(scene.lessons.begin(), scene.lessons.end(),
                                 [&](const LessonItem& lesson) { return lesson.id == scene.lesson_id; });
  ImVec2 at{left, y};
  if (item != scene.lessons.end()) {
    for (std::size_t i = 0; i < item->plays.size(); ++i) {
      const std::string& play = item->plays[i];
      ImGui::SetCursorScreenPos({left, at.y});
      const std::string text = ui.say("Show me {0}", play);
      const ImVec2 size{std::min(ui.measure(ui.fonts.body, text).x + ui.px(24), right - left), ui.px(28)};
      if (ui.button_text(("show-" + play).c_str(), text, i == 0, size)) {
        requests.push_back(request::OpenPlay{scene.lesson_id, play});
      }
      at.y += ui.px(34);
    }
  }
  ImGui::SetCursorScreenPos({left, at.y});
  if (ui.link("all", "All lessons")) requests.push_back(request::OpenLesson{});
  ImGui::SetCursorScreenPos({left, top});
  ImGui::Dummy({1, at.y - top + ui.px(36)});
}

}  // namespace lesson

void draw_lesson(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  const bool open = !scene.lesson_id.empty();
  const std::string sub = open ? scene.lesson_id : ui.say("{0} to choose from", scene.lessons.size());
  const Rect inner =
      pane_frame(ui, view, Pane::lesson, open ? ui.tr("Lesson") : ui.tr("Lessons"), sub, where);
  if (inner.height() < ui.px(12)) return;
  const float pad = ui.px(20);
  ImGui::SetCursorScreenPos(inner.min);
  // A key of its own for each lesson: a new one starts at its top.
  ui::begin_child(("text " + scene.lesson_id).c_str(), {inner.width(), inner.height()});
  {
    const ui::Scope scope(ui, "lesson");
    ImGui::SetCursorScreenPos({inner.min.x + pad, ImGui::GetCursorScreenPos().y});
    const float right = inner.max.x - pad;
    if (open) {
      lesson::open_lesson(ui, scene, requests, inner.min.x + pad, right);
    } else {
      lesson::list_of_lessons(ui, scene, requests, inner.min.x + pad, right);
    }
  }
  ImGui::EndChild();
}

}  // namespace sockscope
