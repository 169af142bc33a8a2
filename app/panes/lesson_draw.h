#pragma once
// A lesson's text and its step at hand, drawn from a top to where they end.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "panes/lesson_text.h"
#include "panes/panes.h"

namespace sockscope {

// The question at hand; nullptr: none.
const LessonPart* asked_in(const LessonShown& walk);

namespace lesson {

// Which of a step: all of it; on the projector what is told, and what is to be done, stand apart.
enum class WalkHalf { all, told, todo };
struct WalkLook {
  WalkHalf half = WalkHalf::all;
  bool hides_answer = false;    // what was so, and all that follows from it
  float* answer_at = nullptr;   // told where what was so begins, in pixels
  std::string* term = nullptr;  // of the glossary, whose card is open; null: words are not explained
  const Presenting* presenting = nullptr;  // choices have numbers, and hands are counted beside them
};

// Words of the glossary in the texts drawn one after the other: the first place of each is underlined, says
// its meaning at hover or focus, and opens its card when pressed.
struct Glossed {
  const std::vector<LessonTerm>& terms;
  std::string& open;
  std::set<std::string> drawn = {};
};

// Each returns where it ends, in pixels. `glossed` may be null.
float draw_markdown(ui::Ui& ui, std::string_view markdown, float left, float right, float top,
                    Glossed* glossed = nullptr);
// Lines of code on a ground of their own; what is too long goes on in the next line.
float draw_code(ui::Ui& ui, const std::vector<std::string>& lines, float left, float right, float top);
float draw_walk(ui::Ui& ui, const LessonShown& walk, const WalkLook& look, Requests& requests, float left,
                float right, float top);
// The step on the projector: its text, and below it, always in sight, what is to be done.
void draw_presented(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where);

}  // namespace lesson

}  // namespace sockscope
