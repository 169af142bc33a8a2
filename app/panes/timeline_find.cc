// The search field of the timeline, where its hits are, and the way from one to the next.
#include <algorithm>
#include <cmath>

#include "panes/icons.h"
#include "panes/timeline_tools.h"
#include "panes/window_layout.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {
namespace find {

constexpr std::size_t kEventsAFrame = 50'000;

std::string count_words(const ui::Ui& ui, const TimelineTools& tools) {
  const TimelineSearch& search = tools.search;
  const std::string more = search.too_many() ? "+" : "";
  if (search.query().no_unit) return std::string(ui.tr("A length has a unit: recv > 100ms"));
  if (search.query().empty()) return std::string(ui.tr("ECONNREFUSED · recv > 100ms · 9999"));
  if (tools.hit) return ui.say("{0} of {1}", *tools.hit + 1, std::to_string(search.hits().size()) + more);
  if (!search.hits().empty()) return ui.say("{0} found", std::to_string(search.hits().size()) + more);
  return {};
}

Selection selection_of(const SearchHit& hit) {
  switch (hit.kind) {
    case SearchHit::Kind::call:
      return {Selection::Kind::call, hit.id, hit.seq};
    case SearchHit::Kind::socket:
      return {Selection::Kind::socket, hit.id, 0};
    case SearchHit::Kind::packet:
      return {Selection::Kind::packet, hit.id, 0};
    case SearchHit::Kind::thread:
      break;
  }
  return {Selection::Kind::thread, hit.id, 0};
}

// The thread or socket in whose lane the selection is, as a row has it.
std::pair<TimelineRow::Kind, std::uint32_t> lane_of(const Scene& scene, const Selection& selection) {
  if (selection.kind == Selection::Kind::socket) return {TimelineRow::Kind::socket, selection.id};
  if (selection.kind == Selection::Kind::thread) return {TimelineRow::Kind::thread, selection.id};
  if (selection.kind != Selection::Kind::call || selection.seq >= scene.trace.size())
    return {TimelineRow::Kind::thread, 0};
  const auto* entered = std::get_if<event::CallEntered>(&scene.trace[selection.seq].body);
  return {TimelineRow::Kind::thread, entered == nullptr ? 0 : entered->thread};
}

// Icons that are pressed: the hit before and after, and the way out.
bool small_button(ui::Ui& ui, const char* key, Rect box, std::string_view tip) {
  const bool pressed = ui.area(key, box.min, box.max);
  ui.tooltip(tip);
  if (ImGui::IsItemHovered())
    ImGui::GetWindowDrawList()->AddRectFilled(box.min, box.max, ui.theme.hover, ui.px(4));
  return pressed;
}

}  // namespace find

void open_search(ui::Ui& ui, View& view) {
  view.show_new_socket = view.show_states = view.show_ladder = view.show_narration = false;
  if (view.maximised != Pane::none) view.maximised = Pane::timeline;
  // In one column the timeline is behind a tab.
  if (window_layout(view, ImGui::GetIO().DisplaySize, ui.scale).place(Pane::timeline).width() == 0)
    view.right_tab = Pane::timeline;
  view.focus = Pane::timeline;
  TimelineTools& tools = tools_of(view);
  if (!tools.searching) tools.text.clear();
  tools.searching = true;
  ui.focus("timeline/find");
}

void search_on(ui::Ui& ui, View& view, const Scene& scene, const TimelineIndex& index) {
  TimelineTools& tools = tools_of(view);
  if (!tools.searching) return;
  if (tools.text != tools.search.asked()) {
    tools.search.ask(tools.text);
    tools.hit.reset();
  }
  const std::size_t before = tools.search.hits().size();
  if (tools.search.advance(scene.trace, index, scene.now, find::kEventsAFrame)) ui.wake(0);
  // What came between moves the place in the list.
  if (tools.hit && tools.search.hits().size() < before) tools.hit.reset();
}

void go_to_hit(View& view, const Scene& scene, bool next) {
  TimelineTools& tools = tools_of(view);
  const std::vector<SearchHit>& hits = tools.search.hits();
  if (hits.empty()) return;
  std::size_t to = 0;
  if (tools.hit && *tools.hit < hits.size() && hits[*tools.hit].at == scene.cursor) {
    to = next ? (*tools.hit + 1) % hits.size() : (*tools.hit + hits.size() - 1) % hits.size();
  } else if (next) {
    to = tools.search.from(scene.cursor + 1) % hits.size();
  } else {
    to = (tools.search.from(scene.cursor) + hits.size() - 1) % hits.size();
  }
  tools.hit = to;
  tools.reveal = true;
  view.selection = find::selection_of(hits[to]);
  go_to_time(view, scene, hits[to].at);
}

void draw_search(ui::Ui& ui, View& view, const Scene& scene, Rect where) {
  TimelineTools& tools = tools_of(view);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float side = ui.px(24), top = (where.min.y + where.max.y - side) / 2;
  const float buttons = 3 * side + ui.px(4);
  const float room = where.width() - buttons - ui.px(12);
  const float wide = std::clamp(room * 0.55f, std::min(ui.px(120), room), ui.px(300));
  const float tall = ImGui::GetFontSize() + ui.px(12);
  const Rect field = rect(where.min.x, (where.min.y + where.max.y - tall) / 2, wide, tall);
  list->AddRectFilled(field.min, field.max, ui.theme.sunk, ui.px(4));
  if (!ui::typing()) list->AddRect(field.min, field.max, ui.theme.line2, ui.px(4), 0, ui.theme.hairline);
  ImGui::SetCursorScreenPos(field.min);
  const auto keys = [&](ui::PromptKey key, std::string*) {
    if (key != ui::PromptKey::tab) go_to_hit(view, scene, key == ui::PromptKey::down);
    return false;
  };
  if (ui.prompt("find", &tools.text, "Find a call, socket or packet", wide, keys, ui.px(8)))
    go_to_hit(view, scene, !ImGui::GetIO().KeyShift);

  float x = field.max.x + ui.px(6);
  const auto box = [&] { return rect(x, top, side, side); };
  const float middle = (where.min.y + where.max.y) / 2;
  const auto chevron = [&](float at, float up) {
    const float r = ui.px(4.5f);
    list->AddLine({at - r, middle + up * r * 0.5f}, {at, middle - up * r * 0.5f}, ui.theme.ink2, ui.px(1.5f));
    list->AddLine({at, middle - up * r * 0.5f}, {at + r, middle + up * r * 0.5f}, ui.theme.ink2, ui.px(1.5f));
  };
  if (find::small_button(ui, "hit-before", box(), ui.tr("The hit before (Shift + F3)")))
    go_to_hit(view, scene, false);
  chevron(x + side / 2, 1);
  x += side;
  if (find::small_button(ui, "hit-next", box(), ui.tr("The next hit (F3)"))) go_to_hit(view, scene, true);
  chevron(x + side / 2, -1);
  x += side;
  if (find::small_button(ui, "find-close", box(), ui.tr("Ends the search (Esc)"))) leave_tools(view);
  ui::cross(list, {x + side / 2, middle}, ui.px(4), ui.theme.ink2, ui.px(1.5f));
  x += side + ui.px(6);

  const Rect rest{{x, where.min.y}, where.max};
  const bool more = tools.search.progress() < 1 && !tools.search.query().empty() && !tools.search.too_many();
  const bool none = !more && !tools.search.query().empty() && tools.search.hits().empty();
  std::string words = find::count_words(ui, tools);
  if (more)
    words += (words.empty() ? "" : " · ") +
             ui.say("{0} % searched", static_cast<int>(tools.search.progress() * 100));
  if (none)
    words = fitting(ui, ui.fonts.label, rest.width(),
                    {std::string(ui.tr("No call, socket or packet has this.")), std::string(ui.tr("None"))});
  text_in(ui, rest, tools.search.query().no_unit ? ui.theme.warn.text : ui.theme.ink2, ui.fonts.label, words);
}

// A tick on the axis for each column that has one, the one Enter went to last over all lanes.
void paint_hits(TimelineFrame& frame) {
  const TimelineTools& tools = tools_of(frame.view);
  if (!tools.searching || tools.search.hits().empty()) return;
  const TimelineSearch& search = tools.search;
  const ui::Theme& theme = frame.ui.theme;
  const float pitch = frame.ui.px(3), tall = frame.ui.px(7), wide = frame.ui.px(2);
  for (std::size_t i = search.from(frame.window.from); i < search.hits().size();) {
    const float x = frame.window.x_of(search.hits()[i].at);
    if (x > frame.plot.width()) break;
    frame.list()->AddRectFilled({frame.x(x) - wide / 2, frame.axis_y - tall},
                                {frame.x(x) + wide / 2, frame.axis_y}, theme.accent.fill);
    const std::size_t beyond = search.from(frame.window.time_of(x + pitch));
    i = std::max(i + 1, beyond);
  }
  if (!tools.hit || *tools.hit >= search.hits().size()) return;
  const float x = frame.window.x_of(search.hits()[*tools.hit].at);
  if (x < 0 || x > frame.plot.width()) return;
  const float half = frame.ui.px(5);
  frame.list()->AddTriangleFilled({frame.x(x) - half, frame.axis_y + frame.ui.px(1)},
                                  {frame.x(x) + half, frame.axis_y + frame.ui.px(1)},
                                  {frame.x(x), frame.axis_y + frame.ui.px(8)}, theme.accent.fill);
}

void reveal_selected(TimelineFrame& frame) {
  TimelineTools& tools = tools_of(frame.view);
  if (!tools.reveal) return;
  tools.reveal = false;
  const auto [kind, id] = find::lane_of(frame.scene, frame.view.selection);
  for (const TimelineRow& row : frame.lanes.rows) {
    if (row.kind != kind || row.id != id) continue;
    const float scale = frame.ui.scale, high = frame.plot.height();
    const float shown = frame.view.lane_scroll * scale;
    if (row.y < shown) frame.view.lane_scroll = row.y / scale;
    if (row.y + row.height + frame.ui.px(16) > shown + high)
      frame.view.lane_scroll = (row.y + row.height + frame.ui.px(16) - high) / scale;
    return;
  }
  // Its lane is folded away: the next frame shows it.
  const ThreadLane* lane = kind == TimelineRow::Kind::thread ? frame.lanes.index.thread(id) : nullptr;
  if (kind == TimelineRow::Kind::socket) {
    const SocketLane* socket = frame.lanes.index.socket(id);
    lane = socket == nullptr ? nullptr : frame.lanes.index.thread(socket->thread);
  }
  if (lane == nullptr || !unfold_lane(frame.view, frame.lanes.index, *lane)) return;
  tools.reveal = true;
  frame.ui.wake(0);
}

}  // namespace sockscope
