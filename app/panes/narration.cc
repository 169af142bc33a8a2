#include <algorithm>

#include "panes/frame.h"
#include "panes/narration_lines.h"
#include "panes/scroll.h"
#include "ui/compat.h"

namespace sockscope {
namespace {

constexpr std::size_t kEventsPerFrame = 20'000;

std::size_t upto_cursor(const NarrationLines& narration, std::uint64_t cursor_seq) {
  const auto end = std::partition_point(narration.lines.begin(), narration.lines.end(),
                                        [&](const NarrationLine& line) { return line.seq < cursor_seq; });
  return static_cast<std::size_t>(end - narration.lines.begin());
}

void copy_all(const NarrationLines& narration, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += narration.lines[i].text + "\n";
  ImGui::SetClipboardText(text.c_str());
}

void draw_sentences(ui::Ui& ui, const Scene& scene, View& view, const NarrationLines& narration,
                    std::size_t count) {
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(count), ui.px(21));
  const float left = ImGui::GetCursorScreenPos().x;
  const float width = ImGui::GetContentRegionAvail().x;
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const NarrationLine& line = narration.lines[static_cast<std::size_t>(i)];
      const ImVec2 at{left, ImGui::GetCursorScreenPos().y};
      const std::string key = fmt::format("line-{}", line.seq);
      if (ui.area(key.c_str(), at, {at.x + width, at.y + ui.px(21)})) {
        view.follow = false;
        view.cursor = line.at;
      }
      if (ImGui::IsItemHovered()) {
        ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + ui.px(21)}, ui.theme.hover);
      }
      // The time is the kernel's, the sentence is ours.
      const std::size_t time = std::min(line.text.find("  "), line.text.size());
      const Rect row{{at.x + ui.px(16), at.y}, {at.x + width - ui.px(16), at.y + ui.px(21)}};
      text_in(ui, row, ui.theme.ink2, ui.fonts.mono, std::string_view(line.text).substr(0, time));
      text_in(ui, {{row.min.x + ui.px(96), row.min.y}, row.max}, ui.theme.ink, ui.fonts.body,
              std::string_view(line.text).substr(std::min(time + 2, line.text.size())));
      ImGui::SetCursorScreenPos({left, at.y + ui.px(21)});
    }
  }
  clipper.End();
  // The newest is kept in sight, unless the reader has scrolled up.
  if (view.narration_seq != scene.cursor_seq) {
    view.narration_seq = scene.cursor_seq;
    ImGui::SetScrollY(static_cast<float>(count) * ui.px(21));
  }
}

}  // namespace

bool NarrationLines::extend(const Trace& trace, std::string_view to_language, const Translate& tr,
                            std::size_t events) {
  if (of != &trace || before.next() > trace.size() || start != trace.start() || language != to_language) {
    *this = NarrationLines();
    of = &trace;
    start = trace.start();
    language = to_language;
  }
  const std::size_t end = std::min<std::size_t>(trace.size(), before.next() + events);
  for (std::size_t seq = before.next(); seq < end; ++seq) {
    std::string text = narrate_line(trace[seq], before, start, tr);
    before.apply(trace[seq], seq);
    if (text.empty()) continue;
    lines.push_back({seq, trace[seq].at, std::move(text)});
    if (lines.size() <= kMost) continue;
    lines.pop_front();
    dropped = true;
  }
  return end == trace.size();
}

void draw_narration(ui::Ui& ui, const Scene& scene, View& view, Requests&, Rect where) {
  if (!view.narration) view.narration = std::make_shared<NarrationLines>();
  NarrationLines& narration = *view.narration;
  const bool all = narration.extend(
      scene.trace, code_of(ui.tr.language()),
      [&](std::string_view english) { return std::string(ui.tr(english)); }, kEventsPerFrame);
  if (!all) ui.wake(0);
  const std::size_t count = upto_cursor(narration, scene.cursor_seq);
  const std::string subtitle = !all                ? ui.say("reading the trace…")
                               : narration.dropped ? ui.say("the last {0} sentences", NarrationLines::kMost)
                                                   : ui.say("what happened, as sentences");
  const Rect inside = pane_frame(ui, view, Pane::narration, ui.tr("Sentences"), subtitle, where);
  const ui::Scope scope(ui, "narration");
  if (count == 0) {
    text_in(ui, inside, ui.theme.ink3, ui.fonts.body, ui.tr("It starts with your first call."),
            Align::centre);
    return;
  }
  ImVec2 corner{where.max.x - ui.px(52),
                where.min.y + (ui.px(kPaneHeader) - ui.measure(ui.fonts.label, "x").y) / 2};
  if (link_at(ui, corner, "copy", "Copy", true)) copy_all(narration, count);
  ImGui::SetCursorScreenPos(inside.min);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
  if (ui::begin_child("sentences", {inside.width(), inside.height()})) {
    scroll_by_keys(ui, view, Pane::narration);
    draw_sentences(ui, scene, view, narration, count);
  }
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
}

}  // namespace sockscope
