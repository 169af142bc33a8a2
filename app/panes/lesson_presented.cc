// A lesson's step on the projector: what is told scrolls, what is to be done stays in sight below it.
#include <algorithm>
#include <utility>

#include "panes/frame.h"
#include "panes/lesson_draw.h"
#include "ui/compat.h"

namespace sockscope {

namespace lesson {

constexpr float kMostTodo = 0.72f;  // of the pane's height, while there is more text than fits

// A window of its own that may scroll; returns how high what `draw` drew is.
template <typename Draw>
float half(const ui::Ui& ui, const std::string& key, Rect where, const Draw& draw) {
  ImGui::SetCursorScreenPos(where.min);
  ui::begin_child(key.c_str(), {where.width(), where.height()});
  const float top = ImGui::GetCursorScreenPos().y, pad = ui.px(20);
  const float end = draw(where.min.x + pad, where.max.x - pad, top);
  ImGui::SetCursorScreenPos({where.min.x + pad, top});
  ImGui::Dummy({1, end - top});
  ImGui::EndChild();
  return end - top;
}

void begin_question(Presenting& presenting, const LessonShown& walk) {
  const LessonPart* question = asked_in(walk);
  const std::string asked = question == nullptr ? std::string() : question->text;
  if (presenting.asked == asked) return;
  presenting.asked = asked;
  presenting.hands = {};
}

void draw_presented(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  const LessonShown& walk = *scene.walk;
  Presenting& presenting = view.presenting;
  begin_question(presenting, walk);
  const ui::Scope scope(ui, "lesson");
  const float all = where.height(), told = presenting.told_height, todo = presenting.todo_height;
  // Both as they were drawn last; the first time they are not known.
  const float most = told + todo <= all ? todo : std::max(all * kMostTodo, all - told);
  const float low = todo > 0 ? std::min(todo, most) : all / 2;
  const float y = told + low <= all && todo > 0 ? where.min.y + told : where.max.y - low;
  const std::string key = scene.lesson_id + std::to_string(walk.step);
  const bool same_step = std::exchange(presenting.step, key) == key;
  const auto drawn = [&](WalkHalf part) {
    return [&, part](float left, float right, float top) {
      float answer = 0;
      const WalkLook look{part, presenting.hides_answer, &answer, &view.term, &presenting};
      const float pad = part == WalkHalf::told ? 0 : ui.px(6);
      const float end = draw_walk(ui, walk, look, requests, left, right, top + pad);
      const float gap = ui.px(part == WalkHalf::told ? 4 : 12);
      // What came last is seen: the answer, else the end.
      if (part == WalkHalf::told && same_step && told > 0 && end + gap - top > told + 1)
        ImGui::SetScrollY((answer > 0 ? answer : end + gap) - top);
      return end + gap;
    };
  };
  const Rect above{where.min, {where.max.x, y}}, below{{where.min.x, y}, where.max};
  const float told_now = half(ui, "told " + key, above, drawn(WalkHalf::told));
  const float todo_now = half(ui, "todo " + key, below, drawn(WalkHalf::todo));
  if (told_now > above.height() + 1)
    ImGui::GetWindowDrawList()->AddLine(below.min, {below.max.x, below.min.y}, ui.theme.line2, ui.px(1));
  if (told_now != told || todo_now != todo) ui.wake(0);
  presenting.told_height = told_now;
  presenting.todo_height = todo_now;
}

}  // namespace lesson

}  // namespace sockscope
