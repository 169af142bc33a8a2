#include "panes/window_layout.h"

#include <algorithm>
#include <cmath>

#include "panes/frame.h"

namespace sockscope {

namespace places {

constexpr float kBar = 44, kTabs = 32, kPresenterBar = 34, kLastCall = 66;
constexpr float kStageBesideLesson = 0.54f;  // of the projector's width

void put(WindowLayout& out, Pane pane, Rect where) {
  out.places[static_cast<std::size_t>(pane)] = where;
  out.shown.push_back(pane);
}

// How much the columns' heights, given for a window 1000 high, grow.
float growth(ImVec2 size, float scale) {
  return size.y / (1000 * scale);
}

template <typename AnyView>
auto& lesson_height_of(AnyView& view) {
  return view.walking ? view.walk_lesson_height : view.lesson_height;
}
template <typename AnyView>
auto& code_height_of(AnyView& view) {
  return view.walking ? view.walk_code_height : view.code_height;
}

// A form, the state diagram, the ladder or the sentences, which may lie over the Timeline; none: it is seen.
Pane over_timeline(const View& view) {
  if (view.show_new_socket) return Pane::new_socket;
  if (view.show_states) return Pane::states;
  if (view.show_ladder) return Pane::ladder;
  return view.show_narration ? Pane::narration : Pane::none;
}
Pane lower_left(const View& view) {
  const Pane over = over_timeline(view);
  if (over != Pane::none) return over;
  return view.detail == Detail::full ? Pane::timeline : Pane::none;
}

struct Frame {
  const View& view;
  ImVec2 size;
  float scale;
  WindowLayout out{};

  float px(float at_one) const { return at_one * scale; }

  float console_top() {
    const float least = px(84), most = std::max(least, size.y * 0.6f);
    const float high = std::clamp(std::round(px(view.console_height)), least, most);
    const float y = size.y - high;
    put(out, Pane::console, {{0, y + 1}, size});
    out.splitters.push_back({Splitter::Which::console_height, rect(0, y, size.x, 1), false});
    return y;
  }

  // Stage over the Timeline's place, between `top` and `bottom`.
  void left_column(float right, float top, float bottom) {
    const Pane lower = lower_left(view);
    if (lower == Pane::none) return put(out, Pane::stage, {{0, top}, {right, bottom}});
    // A form needs more room than the timeline whose place it has; in a low window so does the state diagram.
    const bool low = size.y < px(860);
    const float part = view.show_new_socket ? (low ? 0.6f : 0.66f) : view.show_states && low ? 0.6f : 1.0f;
    const float wanted = std::round(view.stage_height * part * scale * growth(size, scale));
    const float least = std::min(px(140), (bottom - top) * 0.4f);
    const float y = top + std::clamp(wanted, least, std::max(least, bottom - top - px(100)));
    put(out, Pane::stage, {{0, top}, {right, y}});
    put(out, lower, {{0, y + 1}, {right, bottom}});
    out.splitters.push_back({Splitter::Which::stage_height, rect(0, y, right, 1), false});
  }

  void right_column(float left, float top, float bottom) {
    if (view.detail == Detail::simple) return put(out, Pane::lesson, {{left, top}, {size.x, bottom}});
    const float grow = scale * growth(size, scale), high = bottom - top, least = px(kPaneHeader);
    const float lesson =
        std::clamp(std::round(lesson_height_of(view) * grow), least, std::max(least, high - px(160)));
    const float code =
        std::clamp(std::round(code_height_of(view) * grow), least, std::max(least, high - lesson - px(80)));
    const float a = top + lesson, b = a + code;
    put(out, Pane::lesson, {{left, top}, {size.x, a}});
    put(out, Pane::code, {{left, a + 1}, {size.x, b}});
    put(out, Pane::details, {{left, b + 1}, {size.x, bottom}});
    out.splitters.push_back({Splitter::Which::lesson_height, rect(left, a, size.x - left, 1), false});
    out.splitters.push_back({Splitter::Which::code_height, rect(left, b, size.x - left, 1), false});
  }

  void tabbed(Rect where, std::vector<Pane> panes) {
    out.tabs = {where.min, {where.max.x, where.min.y + px(kTabs)}};
    const bool known = std::find(panes.begin(), panes.end(), view.right_tab) != panes.end();
    put(out, known ? view.right_tab : panes.front(), {{where.min.x, out.tabs.max.y}, where.max});
    out.tab_panes = std::move(panes);
  }

  void two_columns(float bottom) {
    const float top = px(kBar) + 1;
    const bool tabs = size.x < px(1180) && view.detail == Detail::full;
    const float most = std::max(px(360), size.x * 0.5f);
    const float left = std::round(size.x - std::clamp(px(view.right_width), px(360), most));
    left_column(left - 1, top, bottom);
    out.splitters.push_back({Splitter::Which::right_width, rect(left - 1, top, 1, bottom - top), true});
    if (tabs) {
      tabbed({{left, top}, {size.x, bottom}}, {Pane::lesson, Pane::code, Pane::details});
    } else {
      right_column(left, top, bottom);
    }
  }

  void one_column(float bottom) {
    const float top = px(kBar) + 1;
    if (view.show_new_socket) return put(out, Pane::new_socket, {{0, top}, {size.x, bottom}});
    const float y = std::round(top + (bottom - top) * 0.52f);
    put(out, Pane::stage, {{0, top}, {size.x, y}});
    if (const Pane over = over_timeline(view); over != Pane::none)
      return put(out, over, {{0, y + 1}, {size.x, bottom}});
    if (view.detail == Detail::simple) return put(out, Pane::lesson, {{0, y + 1}, {size.x, bottom}});
    tabbed({{0, y + 1}, {size.x, bottom}}, {Pane::timeline, Pane::lesson, Pane::code, Pane::details});
  }

  // The last call at the top: heads hide the bottom.
  void presenter() {
    const float top = out.bar.max.y + px(kLastCall);
    out.last_call = {{0, out.bar.max.y}, {size.x, top}};
    const float right = view.walking ? std::round(size.x * kStageBesideLesson) : size.x;
    if (view.walking) put(out, Pane::lesson, {{right + 1, top}, size});
    const Pane over = over_timeline(view), lower = over != Pane::none ? over : presented_lower(view);
    if (lower == Pane::none) return put(out, Pane::stage, {{0, top}, {right, size.y}});
    const float part = lower == Pane::timeline ? 0.57f : 0.5f;
    const float y = std::round(top + (size.y - top) * part);
    put(out, Pane::stage, {{0, top}, {right, y}});
    put(out, lower, {{0, y + 1}, {right, size.y}});
  }
};

}  // namespace places

Pane presented_lower(const View& view) {
  if (!view.presenting.lower) return view.walking ? Pane::none : Pane::timeline;
  const Pane chosen = *view.presenting.lower;
  return view.walking && chosen == Pane::lesson ? Pane::none : chosen;  // it is there already
}

WindowLayout window_layout(const View& view, ImVec2 size, float scale) {
  places::Frame frame{view, size, scale};
  const bool presenting = view.presenting.on;
  frame.out.bar = {{0, 0}, {size.x, scale * (presenting ? places::kPresenterBar : places::kBar)}};
  if (view.maximised != Pane::none) {
    places::put(frame.out, view.maximised, {{0, frame.out.bar.max.y + 1}, size});
    return std::move(frame.out);
  }
  if (presenting) {
    frame.presenter();
    return std::move(frame.out);
  }
  const float bottom = frame.console_top();
  if (size.x < scale * 900) {
    frame.one_column(bottom);
  } else {
    frame.two_columns(bottom);
  }
  // F6 ends at the console.
  std::rotate(frame.out.shown.begin(), frame.out.shown.begin() + 1, frame.out.shown.end());
  return std::move(frame.out);
}

void drag_splitter(View& view, Splitter::Which which, std::optional<float> by, ImVec2 size, float scale) {
  View at_first;
  at_first.walking = view.walking;
  float &lesson = places::lesson_height_of(view), &code = places::code_height_of(view);
  const float down = by.value_or(0) / (scale * places::growth(size, scale));
  const float straight = by.value_or(0) / scale;
  switch (which) {
    case Splitter::Which::right_width:
      view.right_width = by ? std::clamp(view.right_width - straight, 360.0f, 2000.0f) : at_first.right_width;
      break;
    case Splitter::Which::stage_height:
      view.stage_height = by ? std::clamp(view.stage_height + down, 100.0f, 800.0f) : at_first.stage_height;
      break;
    case Splitter::Which::lesson_height:
      lesson = by ? std::clamp(lesson + down, 40.0f, 800.0f) : places::lesson_height_of(at_first);
      break;
    case Splitter::Which::code_height:
      code = by ? std::clamp(code + down, 40.0f, 800.0f) : places::code_height_of(at_first);
      break;
    case Splitter::Which::console_height:
      view.console_height =
          by ? std::clamp(view.console_height - straight, 84.0f, 1200.0f) : at_first.console_height;
      break;
  }
}

}  // namespace sockscope
