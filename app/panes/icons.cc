#include "panes/icons.h"

#include <algorithm>
#include <cmath>

#include "panes/frame.h"

namespace sockscope::icon {

inline constexpr float kPi = 3.14159265f;

void corners(ImDrawList* list, Rect box, ImU32 colour, float weight, bool inward) {
  const float arm = box.width() * 0.36f;
  const ImVec2 points[] = {box.min, {box.max.x, box.min.y}, box.max, {box.min.x, box.max.y}};
  const float sx[] = {1, -1, -1, 1}, sy[] = {1, 1, -1, -1};
  for (int i = 0; i < 4; ++i) {
    // Two opposite corners are enough to be read as "larger"; all four turned inward as "smaller".
    if (!inward && i % 2 == 0) continue;
    const ImVec2 tip = inward ? ImVec2{points[i].x + sx[i] * arm, points[i].y + sy[i] * arm} : points[i];
    const float dx = (inward ? -sx[i] : sx[i]) * arm, dy = (inward ? -sy[i] : sy[i]) * arm;
    list->AddLine(tip, {tip.x + dx, tip.y}, colour, weight);
    list->AddLine(tip, {tip.x, tip.y + dy}, colour, weight);
  }
}

void desk(ImDrawList* list, Rect box, ImU32 colour, float weight) {
  const float w = box.width(), h = box.height();
  list->AddRect({box.min.x, box.min.y + h * 0.1f}, {box.max.x, box.min.y + h * 0.72f}, colour, w * 0.1f, 0,
                weight);
  const float x = box.min.x + w / 2;
  list->AddLine({x, box.min.y + h * 0.72f}, {x, box.min.y + h * 0.92f}, colour, weight);
  list->AddLine({x - w * 0.26f, box.min.y + h * 0.92f}, {x + w * 0.26f, box.min.y + h * 0.92f}, colour,
                weight);
}

void mark(ImDrawList* list, ImVec2 centre, float radius, ImU32 left, ImU32 right) {
  const float gap = radius * 0.12f, half_turn = kPi / 2;
  list->PathArcTo({centre.x - gap, centre.y}, radius, half_turn, 3 * half_turn, 16);
  list->PathFillConvex(left);
  list->PathArcTo({centre.x + gap, centre.y}, radius, -half_turn, half_turn, 16);
  list->PathFillConvex(right);
}

void move(ImDrawList* list, Rect box, ImU32 colour, Move what) {
  const float w = box.width(), x0 = box.min.x, x1 = box.max.x, y0 = box.min.y, y1 = box.max.y;
  const float y = (y0 + y1) / 2, bar = w * 0.2f;
  if (what == Move::pause) {
    list->AddRectFilled({x0 + w * 0.1f, y0}, {x0 + w * 0.1f + bar * 1.3f, y1}, colour);
    list->AddRectFilled({x1 - w * 0.1f - bar * 1.3f, y0}, {x1 - w * 0.1f, y1}, colour);
  } else if (what == Move::run) {
    list->AddTriangleFilled({x0 + w * 0.1f, y0}, {x1, y}, {x0 + w * 0.1f, y1}, colour);
  } else if (what == Move::back) {
    list->AddRectFilled({x0, y0}, {x0 + bar, y1}, colour);
    list->AddTriangleFilled({x1, y1}, {x0 + bar, y}, {x1, y0}, colour);
  } else {
    list->AddRectFilled({x1 - bar, y0}, {x1, y1}, colour);
    list->AddTriangleFilled({x0, y0}, {x1 - bar, y}, {x0, y1}, colour);
  }
}

void sun(ImDrawList* list, ImVec2 centre, float radius, ImU32 colour, float weight) {
  list->AddCircleFilled(centre, radius * 0.5f, colour);
  for (int i = 0; i < 8; ++i) {
    const float angle = static_cast<float>(i) * kPi / 4, c = std::cos(angle), s = std::sin(angle);
    list->AddLine({centre.x + c * radius * 0.72f, centre.y + s * radius * 0.72f},
                  {centre.x + c * radius, centre.y + s * radius}, colour, weight);
  }
}

void moon(ImDrawList* list, ImVec2 centre, float radius, ImU32 colour, ImU32 ground) {
  list->AddCircleFilled(centre, radius * 0.85f, colour);
  list->AddCircleFilled({centre.x + radius * 0.42f, centre.y - radius * 0.3f}, radius * 0.72f, ground);
}

void half(ImDrawList* list, ImVec2 centre, float radius, ImU32 colour, float weight) {
  list->AddCircle(centre, radius * 0.85f, colour, 0, weight);
  list->PathArcTo(centre, radius * 0.85f, -kPi / 2, kPi / 2, 16);
  list->PathFillConvex(colour);
}

void arrow(ImDrawList* list, ImVec2 from, ImVec2 to, ImU32 colour, float weight, float head) {
  const float dx = to.x - from.x, dy = to.y - from.y, length = std::max(1.0f, std::hypot(dx, dy));
  const float ux = dx / length, uy = dy / length;
  const ImVec2 neck{to.x - ux * head, to.y - uy * head};
  list->AddLine(from, neck, colour, weight);
  list->AddTriangleFilled(to, {neck.x - uy * head * 0.45f, neck.y + ux * head * 0.45f},
                          {neck.x + uy * head * 0.45f, neck.y - ux * head * 0.45f}, colour);
}

void key_cap(ui::Ui& ui, Rect box, std::string_view text) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(3));
  list->AddRect(box.min, box.max, ui.theme.line2, ui.px(3), 0, ui.theme.hairline);
  list->AddLine({box.min.x + ui.px(2), box.max.y}, {box.max.x - ui.px(2), box.max.y}, ui.theme.line2,
                ui.px(2));
  text_in(ui, box, ui.theme.ink2, ui.fonts.mono_small, text, Align::centre);
}

}  // namespace sockscope::icon
