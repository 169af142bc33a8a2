#include "panes/details_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "net/catalogue.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

constexpr std::size_t kOpenCauses = 3;

State state_before(const Scene& scene, std::uint64_t seq) {
  if (scene.state.next() == seq) return scene.state;
  State state;
  for (std::uint64_t i = 0; i < seq; ++i) state.apply(scene.trace[i], i);
  return state;
}

// Who waits, how sure: a disc, half a disc, a ring with a bar, a dotted ring.
void verdict_glyph(const ui::Ui& ui, ImVec2 centre, Verdict verdict) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float radius = ui.px(7), weight = ui.px(1.5f);
  const ImU32 sure = ui.theme.accent.fill, faint = ui.theme.ink3;
  switch (verdict) {
    case Verdict::fits_every_fact:
      list->AddCircleFilled(centre, radius, sure);
      return;
    case Verdict::possible:
      list->AddCircle(centre, radius - weight / 2, sure, 0, weight);
      list->PathArcTo(centre, radius, 1.5708f, 4.7124f);
      list->PathFillConvex(sure);
      return;
    case Verdict::ruled_out:
      list->AddCircle(centre, radius - weight / 2, faint, 0, weight);
      list->AddLine({centre.x - radius * 0.5f, centre.y}, {centre.x + radius * 0.5f, centre.y}, faint,
                    weight);
      return;
    case Verdict::cannot_check:
      for (int i = 0; i < 8; ++i) {
        const float from = static_cast<float>(i) * 0.7854f;
        list->PathArcTo(centre, radius - weight / 2, from, from + 0.45f);
        list->PathStroke(faint, 0, weight);
      }
      return;
  }
}

std::string_view verdict_words(Verdict verdict) {
  switch (verdict) {
    case Verdict::fits_every_fact:
      return "fits every fact";
    case Verdict::possible:
      return "possible";
    case Verdict::ruled_out:
      return "ruled out";
    case Verdict::cannot_check:
      break;
  }
  return "cannot check";
}

// Buttons side by side, and under them the line that the first one writes.
void draw_tries(DetailsPage& page, View& view, Requests& requests, const Cause& cause, std::size_t number) {
  if (cause.tries.empty()) return;
  ui::Ui& ui = page.ui();
  float x = 0;
  for (std::size_t i = 0; i < cause.tries.size(); ++i) {
    const Try& one = cause.tries[i];
    const ImVec2 size{ui.measure(ui.fonts.body, one.label).x + ui.px(24), ui.px(28)};
    if (x > 0 && x + size.x > page.width()) {
      x = 0;
      page.gap(34);
    }
    ImGui::SetCursorScreenPos({page.at().x + x, page.at().y});
    const std::string& thread = one.thread.empty() ? view.thread : one.thread;
    if (ui.button_text(fmt::format("try-{}-{}", number, i).c_str(), one.label, number == 0 && i == 0, size)) {
      requests.push_back(request::RunLine{thread, one.line});
    }
    ui.tooltip(fmt::format("{}>>> {}", thread, one.line));
    x += size.x + ui.px(8);
  }
  page.gap(34);
  const Try& first = cause.tries.front();
  page.mono(fmt::format("{}>>> {}", first.thread.empty() ? view.thread : first.thread, first.line),
            ui.theme.ink2);
}

void draw_cause(DetailsPage& page, View& view, Requests& requests, const Cause& cause, std::size_t number) {
  ui::Ui& ui = page.ui();
  const bool out = cause.verdict == Verdict::ruled_out || cause.verdict == Verdict::cannot_check;
  verdict_glyph(ui, {page.at().x + ui.px(8), page.at().y + ui.px(10)}, cause.verdict);
  page.indent(26);
  page.line(cause.title, out ? ui.theme.ink2 : ui.theme.ink, out ? ui.fonts.body : ui.fonts.name,
            ui.tr(verdict_words(cause.verdict)));
  page.sentence(cause.why);
  draw_tries(page, view, requests, cause, number);
  page.indent(-26);
  page.gap(8);
}

}  // namespace

const Desk& desk_at(const ui::Ui& ui, const Scene& scene, View& view, std::uint64_t seq) {
  if (!view.desk) view.desk = std::make_shared<Desk>();
  Desk& desk = *view.desk;
  const ui::Language language = ui.tr.language();
  const bool same = desk.of == &scene.trace && desk.start == scene.trace.start() && desk.seq == seq &&
                    desk.language == language;
  if (same || seq >= scene.trace.size()) return desk;
  desk = {&scene.trace, scene.trace.start(), seq, language, {}, {}};
  State state = state_before(scene, seq);
  const Translate tr = [&](std::string_view english) { return std::string(ui.tr(english)); };
  const Body& body = scene.trace[seq].body;
  if (const auto* returned = std::get_if<event::CallReturned>(&body)) {
    desk.said = explain(scene.trace, state, seq, tr);
    const ThreadState* thread = state.thread(returned->thread);
    const SocketId on = thread == nullptr || thread->calls.empty() ? 0 : thread->calls.back().socket;
    state.apply(scene.trace[seq], seq);
    if (const SocketState* socket = state.socket(on)) desk.taken = socket->taken;
  } else if (std::holds_alternative<event::LineEnded>(body)) {
    desk.said = explain_line(scene.trace, state, seq, tr);
  }
  return desk;
}

void desk_details(DetailsPage& page, View& view, Requests& requests, const Explanation& said,
                  std::string_view source, std::string_view took) {
  ui::Ui& ui = page.ui();
  page.failure(said.plain, said.python);
  page.mono(source, ui.theme.ink);
  page.sentence(said.means);
  page.gap(4);
  if (!said.name.empty()) {
    page.fact("errno", fmt::format("{} {}", said.name, said.number),
              said.windows != 0 ? ui.say("{0} on Windows", said.windows) : std::string());
  }
  if (!took.empty()) page.fact(ui.tr("took"), took);
  if (!said.now.empty()) {
    page.heading(ui.tr("What is so now"));
    float column = 0;
    for (const Fact& fact : said.now)
      column = std::max(column, ui.measure(ui.fonts.label, fact.what).x + ui.px(10));
    for (const Fact& fact : said.now) page.fact(fact.what, fact.value, fact.known, column);
  }
  if (!said.causes.empty()) {
    page.heading(ui.tr("Causes, best first"));
    const std::size_t open = view.all_causes ? said.causes.size() : std::min(kOpenCauses, said.causes.size());
    for (std::size_t i = 0; i < open; ++i) draw_cause(page, view, requests, said.causes[i], i);
    if (open < said.causes.size()) {
      ImGui::SetCursorScreenPos(page.at());
      if (ui.link_text("more-causes", ui.say("{0} other causes were checked", said.causes.size() - open))) {
        view.all_causes = true;
      }
      page.gap(24);
    }
  }
  page.footer({}, said.man);
}

}  // namespace sockscope
