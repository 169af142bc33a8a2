// The buttons in the timeline's header, and the field of the search.
#include "panes/icons.h"
#include "panes/keys.h"
#include "panes/timeline_tools.h"
#include "ui/draw.h"

namespace sockscope {
namespace timeline_header {

constexpr float kSearchRoom = 400;  // with less, the other buttons make place for it
// With less room right of the title, a button is left out: the first of them goes first.
constexpr float kLadderRoom = 430, kStatesRoom = 330, kBookmarksRoom = 230, kMomentsRoom = 90;

void follow(ui::Ui& ui, View& view, Rect where, ImVec2& at) {
  const float box = ui.measure(ui.fonts.label, ui.tr("Follow")).x + ui.px(34);
  at.x -= box;
  ImGui::SetCursorScreenPos({at.x, where.min.y + (ui.px(kPaneHeader) - ImGui::GetFrameHeight()) / 2});
  ui.checkbox("follow", "Follow", &view.follow);
  ui.tooltip(ui.tr("The cursor stays at now, and the timeline with it."));
  at.x -= ui.px(16);
}

void links(ui::Ui& ui, View& view, const Scene& scene, ImVec2& at, float title) {
  const auto room = [&](float wanted) { return at.x - title > ui.px(wanted); };
  TimelineTools& tools = tools_of(view);
  if (view.span > 0) {
    if (link_at(ui, at, "fit", "Show all", true)) view.span = 0;
    ui.tooltip(ui.tr("Show the whole trace (F)"));
  }
  if (!scene.end.packets().empty() && room(kLadderRoom)) {
    if (link_at(ui, at, "ladder", "Packet ladder", true)) toggle_ladder(view);
    ui.tooltip(ui.tr("The packets of one connection, as a ladder between its two ends"));
  }
  if (room(kStatesRoom)) {
    if (link_at(ui, at, "states", "State diagram", true)) toggle_states(view);
    ui.tooltip(ui.tr("The connection's two ends in TCP's state diagram (Ctrl + D)"));
  }
  if (!tools.bookmarks.empty() && room(kBookmarksRoom)) {
    const std::string words = ui.say("Bookmarks: {0}", tools.bookmarks.size());
    at.x -= ui.measure(ui.fonts.body, words).x;
    ImGui::SetCursorScreenPos(at);
    if (ui.link_text("bookmarks", words)) tools.listing = !tools.listing;
    ui.tooltip(ui.tr("Lists the places you marked (B at the cursor; Shift + B goes to the next)"));
    at.x -= ui.px(20);
  }
  if (tools.searching) return;
  if (link_at(ui, at, "search", "Find", true)) open_search(ui, view);
  ui.tooltip(ui.tr("Find a call, socket or packet (/ or Ctrl + F)"));
}

// The selection's moment before and after the cursor.
void moments(ui::Ui& ui, View& view, const Scene& scene, const TimelineIndex& index, ImVec2& at, Rect where) {
  if (view.selection.kind == Selection::Kind::none) return;
  const float side = ui.px(26), y = (where.min.y + where.min.y + ui.px(kPaneHeader) - side) / 2;
  for (const bool next : {true, false}) {
    at.x -= side;
    const Rect box = rect(at.x, y, side, side);
    if (ui.area(next ? "moment-next" : "moment-before", box.min, box.max))
      go_to_time(view, scene, neighbour_moment(index, scene.trace, view.selection, scene.cursor, next));
    const bool over = ImGui::IsItemHovered();
    ui.tooltip(next ? ui.tr("What is selected: its next moment ( ] )")
                    : ui.tr("What is selected: its moment before ( [ )"));
    icon::move(ImGui::GetWindowDrawList(), shrink(box, ui.px(8)), over ? ui.theme.ink : ui.theme.ink2,
               next ? icon::Move::step : icon::Move::back);
  }
  at.x -= ui.px(16);
}

}  // namespace timeline_header

void draw_timeline_header(ui::Ui& ui, View& view, const Scene& scene, const TimelineIndex& index,
                          Rect where) {
  ImVec2 at{where.max.x - ui.px(48), where.min.y + (ui.px(kPaneHeader) - ui.line_height(ui.fonts.label)) / 2};
  const float title = where.min.x + ui.px(32) + ui.measure(ui.fonts.name, ui.tr("Timeline")).x;
  const bool searching = tools_of(view).searching;
  if (scene.live && (!searching || at.x - title > ui.px(timeline_header::kSearchRoom + 60)))
    timeline_header::follow(ui, view, where, at);
  if (!searching) {
    timeline_header::links(ui, view, scene, at, title);
    if (at.x - title > ui.px(timeline_header::kMomentsRoom))
      timeline_header::moments(ui, view, scene, index, at, where);
    return;
  }
  const float all = at.x;
  if (all - title > ui.px(2 * timeline_header::kSearchRoom))
    timeline_header::links(ui, view, scene, at, title);
  draw_search(ui, view, scene, {{title, where.min.y}, {at.x - ui.px(8), where.min.y + ui.px(kPaneHeader)}});
}

}  // namespace sockscope
