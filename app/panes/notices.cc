#include "panes/notices.h"

#include <algorithm>

#include "panes/frame.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {

namespace notices {

constexpr double kPasses = 4;  // seconds
constexpr float kPitch = 44;

bool has_notice(const Scene& scene, const View& view) {
  return !scene.notice.empty() && scene.notice != view.notice_closed;
}

}  // namespace notices

void draw_notice(ui::Ui& ui, const Scene& scene, View& view, ImVec2 size) {
  if (!notices::has_notice(scene, view)) return;
  const float wide = std::min(ui.measure(ui.fonts.label, scene.notice).x + ui.px(56), size.x - ui.px(32));
  if (wide < ui.px(60)) return;
  const float foot = view.first_run ? ui.px(16) : ui.px(view.console_height + 8);
  const Rect box = rect((size.x - wide) / 2, std::max(ui.px(52), size.y - foot - ui.px(32)), wide, ui.px(32));
  ImGui::SetCursorScreenPos(box.min);
  ui::begin_child("notice", {box.width(), box.height()}, ImGuiWindowFlags_NoScrollbar);
  if (ui.area("notice", box.min, box.max)) view.notice_closed = scene.notice;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(4));
  list->AddRect(box.min, box.max, ui.theme.accent.fill, ui.px(4), 0, ui.px(1));
  text_in(ui, {{box.min.x + ui.px(16), box.min.y}, {box.max.x - ui.px(32), box.max.y}}, ui.theme.ink,
          ui.fonts.label, scene.notice);
  ui::cross(list, {box.max.x - ui.px(18), (box.min.y + box.max.y) / 2}, ui.px(4), ui.theme.ink2, ui.px(1.5f));
  ImGui::EndChild();
}

void draw_loading(ui::Ui& ui, const Scene& scene, const View& view, Requests& requests, ImVec2 size) {
  if (!scene.loading) return;
  const int percent = static_cast<int>(scene.loading->done * 100);
  const std::string text = scene.loading->writes ? ui.say("Saving {0}: {1} %", scene.loading->file, percent)
                                                 : ui.say("Reading {0}: {1} %", scene.loading->file, percent);
  const std::string_view cancel = ui.tr("Cancel");
  const float button = ui.measure(ui.fonts.label, cancel).x + ui.px(24);
  const float wide = std::min(ui.measure(ui.fonts.label, text).x + button + ui.px(48), size.x - ui.px(32));
  if (wide < button + ui.px(60)) return;
  const float foot = view.first_run ? ui.px(60) : ui.px(view.console_height + 52);
  const Rect box = rect((size.x - wide) / 2, std::max(ui.px(52), size.y - foot - ui.px(40)), wide, ui.px(40));
  ImGui::SetCursorScreenPos(box.min);
  const ui::Scope scope(ui, "loading");
  ui::begin_child("card", {box.width(), box.height()}, ImGuiWindowFlags_NoScrollbar);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(4));
  list->AddRect(box.min, box.max, ui.theme.accent.fill, ui.px(4), 0, ui.px(1));
  const Rect press{{box.max.x - button - ui.px(8), box.min.y + ui.px(5)},
                   {box.max.x - ui.px(8), box.max.y - ui.px(9)}};
  if (ui.area("cancel", press.min, press.max)) requests.push_back(request::CancelLoading{});
  list->AddRectFilled(press.min, press.max, ImGui::IsItemHovered() ? ui.theme.hover : ui.theme.sunk,
                      ui.px(4));
  text_in(ui, press, ui.theme.ink, ui.fonts.label, cancel, Align::centre);
  text_in(ui, {{box.min.x + ui.px(12), box.min.y}, {press.min.x - ui.px(12), press.max.y}}, ui.theme.ink,
          ui.fonts.label, text);
  const float from = box.min.x + ui.px(4), to = box.max.x - ui.px(4), foot_y = box.max.y - ui.px(4);
  list->AddRectFilled({from, foot_y - ui.px(2)}, {to, foot_y}, ui.theme.line);
  list->AddRectFilled({from, foot_y - ui.px(2)}, {from + (to - from) * scene.loading->done, foot_y},
                      ui.theme.accent.fill);
  ImGui::EndChild();
}

void draw_passing(ui::Ui& ui, const Scene& scene, View& view, ImVec2 size) {
  Passing& passing = view.passing;
  if (passing.text.empty()) return;
  if (passing.since < 0) passing.since = ImGui::GetTime();
  const double left = passing.since + notices::kPasses - ImGui::GetTime();
  if (left <= 0) {
    passing = {};
    return;
  }
  ui.wake(static_cast<float>(left));
  const float wide = std::min(ui.measure(ui.fonts.label, passing.text).x + ui.px(48), size.x - ui.px(32));
  if (wide < ui.px(60)) return;
  const float below = scene.loading                      ? 2 * notices::kPitch + 8
                      : notices::has_notice(scene, view) ? notices::kPitch
                                                         : 0;
  const float foot = ui.px((view.first_run ? 16 : view.console_height + 8) + below);
  const Rect box = rect((size.x - wide) / 2, std::max(ui.px(52), size.y - foot - ui.px(32)), wide, ui.px(32));
  ImGui::SetCursorScreenPos(box.min);
  // Nothing to press: what is under it stays within reach.
  ui::begin_child("passing", {box.width(), box.height()},
                  ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoInputs);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(4));
  list->AddRect(box.min, box.max, ui.theme.ok.fill, ui.px(4), 0, ui.px(1));
  const float middle = (box.min.y + box.max.y) / 2;
  ui::tick(list, {box.min.x + ui.px(18), middle}, ui.px(4), ui.theme.ok.fill, ui.px(1.6f));
  text_in(ui, {{box.min.x + ui.px(30), box.min.y}, {box.max.x - ui.px(14), box.max.y}}, ui.theme.ink,
          ui.fonts.label, passing.text);
  ImGui::EndChild();
}

}  // namespace sockscope
