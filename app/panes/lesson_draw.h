#pragma once
// A lesson's text and its step at hand, drawn from a top to where they end.

#include <string_view>

#include "panes/lesson_text.h"
#include "panes/panes.h"

namespace sockscope::lesson {

// Each returns where it ends, in pixels.
float draw_markdown(ui::Ui& ui, std::string_view markdown, float left, float right, float top);
float draw_walk(ui::Ui& ui, const LessonShown& walk, Requests& requests, float left, float right, float top);

}  // namespace sockscope::lesson
