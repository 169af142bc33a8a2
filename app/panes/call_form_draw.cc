// Any call's form: what it does, a row for each parameter, what it would come to now.
#include <algorithm>

#include "panes/call_advice.h"
#include "panes/call_form.h"
#include "panes/forms.h"
#include "ui/compat.h"

namespace sockscope {

namespace form_body {

// What it does, and its manual page at the right.
float head(FormPen& pen, Rect area, const CallInfo& call) {
  ui::Ui& ui = pen.ui;
  const float man = ui.measure(ui.fonts.mono_small, call.man).x;
  const float line = ui.line_height(ui.fonts.body);
  text_in(ui, rect(area.min.x, area.min.y, area.width(), line), ui.theme.ink2, ui.fonts.mono_small, call.man,
          Align::right);
  const float wide = area.width() - man - ui.px(24);
  return ui.paragraph({area.min.x, area.min.y + ui.px(3)}, ui.theme.ink, ui.fonts.body, ui.tr(call.does),
                      wide)
             .y +
         ui.px(8);
}

float advised(FormPen& pen, ImVec2 at, float width) {
  ui::Ui& ui = pen.ui;
  const Advice said = advice(ui.tr, pen.scene.end, pen.view.draft);
  if (said.words.empty()) return 0;
  const float high = ui.line_height(ui.fonts.label) *
                     static_cast<float>(ui.wrap(ui.fonts.label, said.words, width - ui.px(24)).size());
  ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + ui.px(3), at.y + high},
                                            said.error == 0 ? ui.theme.busy : ui.theme.warn.fill);
  ui.paragraph({at.x + ui.px(12), at.y}, said.error == 0 ? ui.theme.ink2 : ui.theme.ink, ui.fonts.label,
               said.words, width - ui.px(24));
  return high + ui.px(8);
}

}  // namespace form_body

float draw_call_form(FormPen& pen, Rect area) {
  ui::Ui& ui = pen.ui;
  if (area.height() < ui.px(20)) return 0;
  float used = 0;
  ImGui::SetCursorScreenPos(area.min);
  // A form with many fields scrolls in a low pane.
  float& known = pen.view.form_height;
  const float high = known > 0 ? std::min(known + ui.px(10), area.height()) : area.height();
  if (ui::begin_child("fields", {area.width(), high})) {
    const CallInfo& call = info(pen.view.draft.call);
    const ImVec2 top = ImGui::GetCursorScreenPos();
    const float width = area.width() - ui.px(14);
    float y = top.y + form_body::head(pen, rect(top.x, top.y, width, area.height()), call);
    y += form_body::advised(pen, {top.x, y}, width);
    const bool lookup = pen.view.draft.call == Call::getaddrinfo, low = area.height() < ui.px(330);
    if (lookup && low) y += draw_addresses(pen, rect(top.x, y, width, area.height())) + ui.px(4);
    for (std::size_t i = 0; i < call.params.size() && i < pen.view.draft.fields.size(); ++i) {
      y += draw_field(pen, i, rect(top.x, y, width, 0));
    }
    if (lookup && !low) {
      y += draw_addresses(pen, rect(top.x, y + ui.px(6), width, area.height()));
    }
    ImGui::SetCursorScreenPos(top);
    used = y + ui.px(4) - top.y;
    ImGui::Dummy({width, used});
  }
  ImGui::EndChild();
  if (known != used) ui.wake(0.02f);  // its place follows in the next frame
  known = used;
  return used;
}

}  // namespace sockscope
