#include "panes/packet_draw.h"

#include <algorithm>
#include <cmath>

#include "ui/draw.h"

namespace sockscope {

void draw_packet_arrow(ImDrawList* list, const ui::Ui& ui, ImVec2 begin, ImVec2 end, const PacketLook& look,
                       bool dropped) {
  if (look.again)
    ui::dashed_line(list, begin, end, look.colour, ui.px(look.weight), ui.px(5), ui.px(3));
  else
    list->AddLine(begin, end, look.colour, ui.px(look.weight));
  if (dropped) {
    ui::cross(list, end, ui.px(5), ui.theme.bad.fill, ui.px(2));
    return;
  }
  const float length = std::max(1.0f, std::hypot(end.x - begin.x, end.y - begin.y)), head = ui.px(look.head);
  const ImVec2 along{(end.x - begin.x) / length, (end.y - begin.y) / length};
  const auto behind = [&](float by) { return ImVec2{end.x - along.x * by, end.y - along.y * by}; };
  const ImVec2 back = behind(head);
  list->AddTriangleFilled(end, {back.x - along.y * head * 0.5f, back.y + along.x * head * 0.5f},
                          {back.x + along.y * head * 0.5f, back.y - along.x * head * 0.5f}, look.colour);
  if (length < ui.px(26)) return;
  const ImVec2 mark = behind(ui.px(18));
  const float half = ui.px(4);
  if (look.fin)
    list->AddRectFilled({mark.x - half, mark.y - half}, {mark.x + half, mark.y + half}, look.colour);
  if (look.rst) ui::cross(list, mark, ui.px(5), look.colour, ui.px(2));
}

}  // namespace sockscope
