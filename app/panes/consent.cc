#include "panes/consent.h"

#include <algorithm>

#include "explain/leaving.h"
#include "panes/frame.h"

namespace sockscope {

namespace consent {

struct Words {
  const char *title, *says, *end;
};
constexpr Words kAsks{"Reach other machines?",
                      "Until now every socket of this run stays on this computer. If you allow it, connect "
                      "and sendto go where you "
                      "say, and a socket bound to 0.0.0.0 or :: can be reached by other machines at:",
                      "For this run only. Names are still not looked up on the network. A machine of "
                      "somebody else's is no playground: "
                      "ask before you call it."};
constexpr Words kIsSo{"This run may reach other machines",
                      "You allowed it. A socket bound to 0.0.0.0 or :: can be reached by other machines at:",
                      "Sockets that are open stay as they are when you take it back."};
constexpr const char* kNoAddress = "none: this computer has no address but loopback";

float draw_addresses(ui::Ui& ui, const Scene& scene, ImVec2 at, float wide) {
  constexpr std::size_t kMost = 6;
  const float from = at.y;
  if (scene.reachable.empty())
    at.y += ui.paragraph(at, ui.theme.ink, ui.fonts.name, ui.tr(kNoAddress), wide).y;
  for (std::size_t i = 0; i < std::min(kMost, scene.reachable.size()); ++i) {
    ui.text(at, ui.theme.bad.text, ui.fonts.mono, scene.reachable[i], wide);
    at.y += ui.line_height(ui.fonts.mono);
  }
  if (scene.reachable.size() > kMost) {
    ui.text(at, ui.theme.ink2, ui.fonts.body, ui.say("and {0} more", scene.reachable.size() - kMost), wide);
    at.y += ui.line_height(ui.fonts.body);
  }
  return at.y - from;
}

}  // namespace consent

std::string place_when_leaving(const ui::Ui& ui, const State& state) {
  const std::string_view address = first_reachable(notice_of_leaving(state));
  return std::string(address.empty() ? ui.tr("the network") : address);
}

void draw_consent(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, ImVec2 size) {
  const bool is_so = may_leave(scene.end);
  const consent::Words& words = is_so ? consent::kIsSo : consent::kAsks;
  const ui::Scope scope(ui, "consent");
  ImDrawList* back = ImGui::GetWindowDrawList();
  back->AddRectFilled({0, 0}, size, faded(ui.theme.ink, 0.35f));
  const float wide = std::min(ui.px(560), size.x - ui.px(24)), in = ui.px(24);
  const float high = std::min(ui.px(310), size.y - ui.px(24));
  const Rect box = rect((size.x - wide) / 2, (size.y - high) / 2, wide, high);
  back->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(6));
  back->AddRect(box.min, box.max, ui.theme.bad.fill, ui.px(6), 0, ui.px(1.5f));
  const float room = wide - 2 * in;
  text_in(ui, rect(box.min.x + in, box.min.y + ui.px(12), room, ui.px(36)), ui.theme.ink, ui.fonts.title,
          ui.tr(words.title));
  ImGui::SetCursorScreenPos({box.min.x + in, box.min.y + ui.px(56)});
  ui::begin_child("text", {room, high - ui.px(56) - ui.px(64)});
  ImVec2 at = ImGui::GetCursorScreenPos();
  const float from = at.y;
  at.y += ui.paragraph(at, ui.theme.ink, ui.fonts.body, ui.tr(words.says), room - in).y + ui.px(10);
  at.y += consent::draw_addresses(ui, scene, at, room - in) + ui.px(10);
  at.y += ui.paragraph(at, ui.theme.ink2, ui.fonts.body, ui.tr(words.end), room - in).y;
  ImGui::Dummy({1, at.y - from});
  ImGui::EndChild();
  ImVec2 button{box.max.x - in, box.max.y - ui.px(44)};
  if (button_at(ui, button, "stay", is_so ? "Take it back" : "Stay on this computer", true, true)) {
    if (is_so) requests.push_back(request::Consent{false});
    view.show_consent = false;
  }
  button.x -= ui.px(8);
  if (button_at(ui, button, "allow", is_so ? "Close" : "Allow for this run", false, true)) {
    if (!is_so) requests.push_back(request::Consent{true});
    view.show_consent = false;
  }
}

}  // namespace sockscope
