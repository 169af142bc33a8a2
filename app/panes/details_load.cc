#include <algorithm>

#include "explain/waits.h"
#include "panes/details.h"
#include "panes/race.h"

namespace sockscope {
namespace {

constexpr float kBarsHigh = 44;

void draw_waits(DetailsPage& page, const Waits& waits) {
  ui::Ui& ui = page.ui();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 at = page.at();
  const float high = ui.px(kBarsHigh), bottom = at.y + high;
  const float pitch = page.width() / static_cast<float>(Waits::kBars);
  for (std::size_t i = 0; i < Waits::kBars; ++i) {
    const float x = at.x + pitch * static_cast<float>(i);
    list->AddRectFilled({x, bottom}, {x + pitch - ui.px(1), bottom + ui.px(1)}, ui.theme.line2);
    if (waits.bars[i] == 0) continue;
    const float share = static_cast<float>(waits.bars[i]) / static_cast<float>(waits.highest);
    list->AddRectFilled({x, bottom - std::max(ui.px(2), high * share)}, {x + pitch - ui.px(1), bottom},
                        ui.theme.accent.fill);
  }
  page.gap(kBarsHigh + 4);
  const std::string end = ui::duration_text(waits.bar * static_cast<Time>(Waits::kBars));
  const float y = page.at().y;
  ui.text({at.x, y}, ui.theme.ink3, ui.fonts.label, "0");
  ui.text({at.x + page.width() - ui.measure(ui.fonts.label, end).x, y}, ui.theme.ink3, ui.fonts.label, end);
  const std::string high_text =
      ui.say("at most {0} in a bar of {1}", waits.highest, ui::duration_text(waits.bar));
  const float wide = ui.measure(ui.fonts.label, high_text).x;
  if (wide < page.width() - ui.px(120))
    ui.text({at.x + (page.width() - wide) / 2, y}, ui.theme.ink3, ui.fonts.label, high_text);
  page.gap(20);
}

}  // namespace

void load_details(DetailsPage& page, const Scene& scene, View& view, const ServerState& server) {
  const ui::Ui& ui = page.ui();
  for (const RaceLane* lane : race_of(view, scene).lanes()) {
    if (lane->server != server.id) continue;
    const Waits waits = waits_of(*lane, scene.cursor);
    page.heading(ui.tr("Its load"));
    page.fact(ui.tr("clients"), std::to_string(lane->clients));
    page.fact(ui.tr("answered"), std::to_string(waits.answered));
    page.fact(ui.tr("they wait"), std::to_string(waits.waiting));
    page.fact(ui.tr("refused"), std::to_string(waits.refused), "ECONNREFUSED");
    if (waits.answered == 0) return;
    page.heading(ui.tr("How long its clients waited"));
    page.sentence(
        ui.say("From connect to the last answer: half of the {0} waited no longer than {1}, 9 of 10 no "
               "longer than {2}, the slowest {3}.",
               waits.answered, ui::duration_text(waits.half), ui::duration_text(waits.most),
               ui::duration_text(waits.longest)));
    draw_waits(page, waits);
  }
}

}  // namespace sockscope
