// Which hint is worth a line now, and the line.
#include "panes/hints.h"

#include <algorithm>

#include "panes/frame.h"
#include "panes/stage_model.h"

namespace sockscope {

namespace hinting {

constexpr double kShown = 25, kQuiet = 12;  // seconds
constexpr std::size_t kLong = 40;           // events in which there is something to look back at

constexpr std::array<const char*, kHints> kWords = {"Right-click anything here for what it can do.",  //
                                                    "Drag from a socket to a listening one to connect it.",
                                                    "Scroll in the Timeline to come nearer to a moment.",
                                                    "Drag a computer by its title to put it elsewhere.",
                                                    "Alt and Left step back through what happened.",
                                                    "F1 lists every key."};

bool can_connect(const State& state) {
  bool free = false, listens = false;
  for (const SocketState& socket : state.sockets()) {
    if (socket.id == 0 || !socket.open) continue;
    listens = listens || socket.backlog >= 0;
    free = free || (socket.backlog < 0 && socket.type == SOCK_STREAM && !socket.peer.known() &&
                    !socket.names.empty());
  }
  return free && listens;
}

bool shows_timeline(const View& view) {
  return view.detail == Detail::full && !view.show_new_socket && !view.show_states && !view.show_ladder &&
         !view.show_narration && view.maximised == Pane::none;
}

bool applies(const Scene& scene, const View& view, Hint hint) {
  const auto& sockets = scene.end.sockets();
  switch (hint) {
    case Hint::right_click:
      return scene.live && std::any_of(sockets.begin(), sockets.end(), on_stage);
    case Hint::drag_connect:
      return scene.live && can_connect(scene.end);
    case Hint::zoom:
      return scene.trace.size() > kLong && shows_timeline(view);
    case Hint::drag_desk:
      return std::count_if(scene.end.hosts().begin(), scene.end.hosts().end(),
                           [](const HostState& host) { return host.id != 0; }) > 1;
    case Hint::step_back:
      return scene.trace.size() > kLong;
    case Hint::keys:
      return !scene.trace.empty();
  }
  return false;
}

}  // namespace hinting

HintTurn turn_hint(const Scene& scene, const View& view, Hints& hints, double clock) {
  if (!hints.here || hints.off || view.presenting.on) {
    hints.now.reset();
    return {};
  }
  const auto left = [&](Hint hint) -> std::uint8_t& { return hints.left[static_cast<std::size_t>(hint)]; };
  if (hints.now) {
    const bool over = clock - hints.since >= hinting::kShown;
    if (left(*hints.now) > 0 && !over && hinting::applies(scene, view, *hints.now))
      return {hints.now, hints.since + hinting::kShown - clock};
    if (over && left(*hints.now) > 0) --left(*hints.now);
    hints.now.reset();
    hints.since = clock;
  }
  const double quiet = hints.since + hinting::kQuiet - clock;
  for (std::size_t i = 0; i < kHints; ++i) {
    const auto hint = static_cast<Hint>(i);
    if (left(hint) == 0 || !hinting::applies(scene, view, hint)) continue;
    if (quiet > 0) return {std::nullopt, quiet};
    hints.now = hint;
    hints.since = clock;
    return {hint, hinting::kShown};
  }
  return {};
}

void draw_hint(ui::Ui& ui, const Scene& scene, View& view, ImVec2 at, ImVec2 size) {
  const HintTurn turn = turn_hint(scene, view, view.hints, ImGui::GetTime());
  if (turn.next >= 0) ui.wake(static_cast<float>(turn.next) + 0.05f);
  if (!turn.hint) return;
  text_in(ui, rect(at.x, at.y, size.x, size.y), ui.theme.ink2, ui.fonts.small,
          ui.tr(hinting::kWords[static_cast<std::size_t>(*turn.hint)]));
}

}  // namespace sockscope
