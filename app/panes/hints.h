#pragma once
// One quiet line at the foot of the Stage: something the person has not done yet and could do now. Each goes
// for good once it was done, or was shown often enough.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ui/ui.h"

namespace sockscope {

enum class Hint : std::uint8_t { right_click, drag_connect, zoom, drag_desk, step_back, keys };
inline constexpr std::size_t kHints = 6;
inline constexpr std::array<std::string_view, kHints> kHintNames = {"right-click", "drag-connect", "zoom",
                                                                    "drag-desk",   "step-back",    "keys"};

struct Hints {
  static constexpr std::uint8_t kTimes = 3;  // each is shown

  bool here = false;  // a window a person sits at; not a picture
  bool off = false;   // the person wants none
  // How often each may still be shown; 0: never again.
  std::array<std::uint8_t, kHints> left{kTimes, kTimes, kTimes, kTimes, kTimes, kTimes};
  std::optional<Hint> now;
  double since = 0;  // when it came, or the last one went; ImGui's clock

  // The person did it: it needs no telling.
  void done(Hint hint) { left[static_cast<std::size_t>(hint)] = 0; }
};

struct Scene;
struct View;

// Which hint to say at this moment of ImGui's clock, and in how many seconds that changes; < 0: not by
// itself.
struct HintTurn {
  std::optional<Hint> hint;
  double next = -1;
};
HintTurn turn_hint(const Scene& scene, const View& view, Hints& hints, double clock);
// The line, in the Stage's foot of this height.
void draw_hint(ui::Ui& ui, const Scene& scene, View& view, ImVec2 at, ImVec2 size);

}  // namespace sockscope
