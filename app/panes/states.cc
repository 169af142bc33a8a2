// The state diagram: RFC 9293's figure, and the two ends of a connection where they stand in it.
#include <algorithm>

#include "panes/clock_wake.h"
#include "panes/keys.h"
#include "panes/stage_draw.h"
#include "panes/states_paint.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

// What the two ends are, and where each stands, beside its mark; under one another where they do not fit in a
// line.
float draw_beliefs(ui::Ui& ui, const DiagramCast& cast, Rect where, ImFont* font) {
  const float high = ui.measure(font, "X").y * 1.3f, mark = ui.px(20), apart = ui.px(28);
  float wide = 0;
  for (const DiagramEnd& end : cast.ends)
    wide += mark + ui.measure(font, belief_words(ui, cast, end)).x + apart;
  const bool stacked = wide - apart > where.width();
  ImVec2 at = where.min;
  for (std::size_t i = 0; i < cast.ends.size(); ++i) {
    const DiagramEnd& end = cast.ends[i];
    paint_mark(ui, {at.x + ui.px(7), at.y + high / 2}, ui.px(6), i, end.known);
    const Rect line{{at.x + mark, at.y}, {where.max.x, at.y + high}};
    at.x += mark + text_in(ui, line, ui.theme.ink, font, belief_words(ui, cast, end)).x + apart;
    if (stacked) at = {where.min.x, at.y + high};
  }
  return stacked ? at.y - where.min.y : high;
}

// The last step and why, as one paragraph of at most two lines.
std::vector<std::string> story_lines(const ui::Ui& ui, const Scene& scene, const DiagramCast& cast,
                                     float width, ImFont* font) {
  std::string text;
  for (const std::string& one : story_words(ui, scene, cast)) text += (text.empty() ? "" : " ") + one;
  constexpr std::size_t kMostLines = 2;
  std::vector<std::string> lines;
  if (text.empty()) return lines;
  for (const std::string_view line : ui.wrap(font, text, width)) {
    if (lines.size() < kMostLines) lines.emplace_back(line);
  }
  return lines;
}

// Where it would leave the figure no room, the figure stands alone: the cause is on its way too.
void draw_story(ui::Ui& ui, const Scene& scene, const DiagramCast& cast, Rect& room, ImFont* font) {
  const auto lines = story_lines(ui, scene, cast, room.width(), font);
  const float line = ui.line_height(font), high = line * static_cast<float>(lines.size());
  const float width = room.width(), height = room.height() - ui.px(8);
  if (!diagram_look(ui, {width, height - high}) && diagram_look(ui, {width, height})) return;
  for (const std::string& one : lines) {
    ui.text(room.min, ui.theme.ink2, font, one, width);
    room.min.y += line;
  }
}

void draw_figure(ui::Ui& ui, View& view, const DiagramCast& cast, Rect where) {
  const auto look = diagram_look(ui, {where.width(), where.height()});
  if (!look) {
    const Rect line{where.min, {where.max.x, where.min.y + ui.line_height(ui.fonts.body)}};
    if (where.height() >= line.height()) {
      text_in(ui, line, ui.theme.ink3, ui.fonts.body, ui.tr("The diagram needs more room (F11)."));
    }
    return;
  }
  DiagramFrame frame{ui, view, cast, *look, state_diagram(where, look->box, look->upright), where};
  paint_ways(frame);
  paint_states(frame);
  paint_labels(frame);
}

std::string states_subtitle(const ui::Ui& ui, const DiagramCast& cast) {
  if (cast.ends.empty()) return ui.say("as RFC 9293 draws it");
  return cast.chosen ? ui.say("of what is selected") : ui.say("of the connection that moved last");
}

// What the ends are, as a sentence, when there is nothing to tell of them.
std::string nothing_words(const ui::Ui& ui, const Scene& scene, const DiagramCast& cast) {
  if (cast.stateless == nullptr) return ui.say("No TCP socket has moved yet.");
  return ui.say("{0} ({1}) has no connection states.", scene.state.label(cast.stateless->id),
                state_text(*cast.stateless));
}

// TIME_WAIT's countdown goes on though nothing happens.
void wake_for_countdown(ui::Ui& ui, const Scene& scene, const View& view, const DiagramCast& cast) {
  for (const DiagramEnd& end : cast.ends) {
    if (end.socket == nullptr || end.socket->timer != Timer::time_wait) continue;
    if (end.socket->timer_ends > cast.now && scene.live && view.follow) ui.wake(1);
  }
}

}  // namespace

void draw_states(ui::Ui& ui, const Scene& scene, View& view, Requests&, Rect where) {
  if (!view.states) view.states = std::make_shared<StatesWalk>();
  view.states->extend(scene.trace);
  const DiagramCast cast = diagram_cast(ui, scene, view, *view.states);
  wake_for_countdown(ui, scene, view, cast);
  const Rect inside =
      pane_frame(ui, view, Pane::states, ui.tr("State diagram"), states_subtitle(ui, cast), where);
  const ui::Scope scope(ui, "states");
  if (view.show_states) {
    ImVec2 corner{where.max.x - ui.px(48),
                  where.min.y + (ui.px(kPaneHeader) - ui.line_height(ui.fonts.label)) / 2};
    if (link_at(ui, corner, "timeline", "Timeline", true)) toggle_states(view);
  }
  const bool large = inside.width() > ui.px(1400) && inside.height() > ui.px(600);
  Rect room{{inside.min.x + ui.px(16), inside.min.y}, {inside.max.x - ui.px(16), inside.max.y - ui.px(14)}};
  if (cast.ends.empty()) {
    const Rect line{room.min, {room.max.x, room.min.y + ui.line_height(ui.fonts.name)}};
    text_in(ui, line, ui.theme.ink2, ui.fonts.name, nothing_words(ui, scene, cast));
    room.min.y = line.max.y;
  } else {
    room.min.y += draw_beliefs(ui, cast, room, large ? ui.fonts.title : ui.fonts.name);
    draw_story(ui, scene, cast, room, large ? ui.fonts.name : ui.fonts.body);
  }
  room.min.y += ui.px(8);
  if (room.height() > 0 && room.width() > 0) draw_figure(ui, view, cast, room);
}

}  // namespace sockscope
