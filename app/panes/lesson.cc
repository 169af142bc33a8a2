// The lesson: the list of lessons, or the open one's text with its plays.
#include <algorithm>

#include "panes/frame.h"
#include "panes/lesson_draw.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {

namespace lesson {

// A disc with a tick: done; a ring half full: begun.
void done_mark(const ui::Ui& ui, ImVec2 centre, LessonItem::Done done) {
  constexpr float kQuarter = 1.5707963f;
  if (done == LessonItem::Done::none) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float radius = ui.px(7);
  if (done == LessonItem::Done::all) {
    list->AddCircleFilled(centre, radius, ui.theme.ok.fill);
    ui::tick(list, centre, ui.px(3.5f), ui.theme.on_accent, ui.px(1.6f));
    return;
  }
  list->AddCircle(centre, radius - ui.px(0.75f), ui.theme.accent.fill, 0, ui.px(1.5f));
  list->PathArcTo(centre, radius - ui.px(2.5f), kQuarter, 3 * kQuarter);
  list->PathFillConvex(ui.theme.accent.fill);
}

std::string lessons_done(const ui::Ui& ui, const std::vector<LessonItem>& lessons) {
  const auto all = std::count_if(lessons.begin(), lessons.end(),
                                 [](const LessonItem& lesson) { return lesson.questions == 0; });
  const auto done = std::count_if(lessons.begin(), lessons.end(), [](const LessonItem& lesson) {
    return lesson.done == LessonItem::Done::all;
  });
  return done == 0 ? ui.say("{0} to choose from", all) : ui.say("{0} of {1} done", done, all);
}

// "before 4 of 10, after 9 of 10", or when to answer it.
std::string quiz_said(const ui::Ui& ui, const LessonItem& quiz) {
  std::string before, after;
  if (quiz.before) before = ui.say("before {0} of {1}", *quiz.before, quiz.questions);
  if (quiz.after) after = ui.say("after {0} of {1}", *quiz.after, quiz.questions);
  if (quiz.before && quiz.after) return ui.say("{0}, {1}", before, after);
  if (quiz.before || quiz.after) return before + after;
  return std::string(ui.tr("before the lessons, and after them"));
}

void row_of_list(ui::Ui& ui, const LessonItem& lesson, Requests& requests, float left, float right) {
  const ImVec2 at{left, ImGui::GetCursorScreenPos().y};
  const Rect box = rect(at.x - ui.px(8), at.y, right - left + ui.px(16), ui.px(30));
  if (ui.area(lesson.id.c_str(), box.min, box.max)) requests.push_back(request::OpenLesson{lesson.id});
  if (ImGui::IsItemHovered()) {
    ImGui::GetWindowDrawList()->AddRectFilled(box.min, box.max, ui.theme.hover, ui.px(4));
  }
  const std::size_t dash = std::min(lesson.id.find('-'), lesson.id.size());
  const bool quiz = lesson.questions > 0;
  text_in(ui, rect(at.x, at.y, ui.px(30), box.height()), ui.theme.ink2, ui.fonts.mono_small,
          quiz ? "?" : std::string_view(lesson.id).substr(0, dash));
  Rect title{{at.x + ui.px(34), box.min.y}, {right - ui.px(22), box.max.y}};
  title.min.x += text_in(ui, title, ui.theme.ink, ui.fonts.body, lesson.title).x + ui.px(10);
  title.max.x = right;
  if (quiz) text_in(ui, title, ui.theme.ink2, ui.fonts.label, quiz_said(ui, lesson), Align::right);
  done_mark(ui, {right - ui.px(8), (box.min.y + box.max.y) / 2}, lesson.done);
  ImGui::SetCursorScreenPos({at.x, box.max.y + ui.px(2)});
}

void list_of_lessons(ui::Ui& ui, const Scene& scene, Requests& requests, float left, float right) {
  if (scene.lessons.empty()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float used =
        ui.paragraph({left, at.y}, ui.theme.ink2, ui.fonts.body,
                     ui.tr("No lessons were found beside the program. Everything else works."), right - left)
            .y;
    ImGui::Dummy({1, used});
    return;
  }
  // The questions come first: they are asked before the lessons.
  for (const bool quiz : {true, false})
    for (const LessonItem& lesson : scene.lessons)
      if ((lesson.questions > 0) == quiz) row_of_list(ui, lesson, requests, left, right);
  ImGui::Dummy({1, 1});
}

// Below what is drawn so far: errors, or notes. Returns where they end.
float draw_lint(ui::Ui& ui, const Scene& scene, bool errors, float left, float right, float y) {
  for (const LessonFinding& finding : scene.lesson_lint) {
    if (finding.error != errors) continue;
    const ImU32 colour = errors ? ui.theme.bad.text : ui.theme.ink2;
    y += ui.paragraph({left, y}, colour, ui.fonts.label, (errors ? "× " : "") + finding.text, right - left).y;
    y += ui.px(6);
  }
  return y;
}

void open_lesson(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, float left, float right) {
  const float above = ImGui::GetCursorScreenPos().y;
  const float top = draw_lint(ui, scene, true, left, right, above);
  if (scene.walk) {
    WalkLook look;
    look.term = &view.term;
    float end = draw_walk(ui, *scene.walk, look, requests, left, right, top);
    ImGui::SetCursorScreenPos({left, end + ui.px(8)});
    if (ui.link("all", "All lessons")) requests.push_back(request::OpenLesson{});
    end = draw_lint(ui, scene, false, left, right, end + ui.px(44));
    ImGui::SetCursorScreenPos({left, above});
    ImGui::Dummy({1, end - above});
    return;
  }
  const float y = draw_markdown(ui, scene.lesson_markdown, left, right, top) + ui.px(14);
  const auto item = std::find_if(scene.lessons.begin(), scene.lessons.end(),
                                 [&](const LessonItem& lesson) { return lesson.id == scene.lesson_id; });
  ImVec2 at{left, y};
  if (item != scene.lessons.end()) {
    for (std::size_t i = 0; i < item->plays.size(); ++i) {
      const std::string& play = item->plays[i];
      ImGui::SetCursorScreenPos({left, at.y});
      const std::string text = ui.say("Show me {0}", play);
      const ImVec2 size{std::min(ui.measure(ui.fonts.body, text).x + ui.px(24), right - left), ui.px(28)};
      if (ui.button_text(("show-" + play).c_str(), text, i == 0, size)) {
        requests.push_back(request::OpenPlay{scene.lesson_id, play});
      }
      at.y += ui.px(34);
    }
  }
  ImGui::SetCursorScreenPos({left, at.y});
  if (ui.link("all", "All lessons")) requests.push_back(request::OpenLesson{});
  const float end = draw_lint(ui, scene, false, left, right, at.y + ui.px(36));
  ImGui::SetCursorScreenPos({left, above});
  ImGui::Dummy({1, end - above});
}

}  // namespace lesson

void draw_lesson(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  const bool open = !scene.lesson_id.empty();
  const std::string sub = open ? scene.lesson_id : lesson::lessons_done(ui, scene.lessons);
  const Rect inner =
      pane_frame(ui, view, Pane::lesson, open ? ui.tr("Lesson") : ui.tr("Lessons"), sub, where);
  if (inner.height() < ui.px(12)) return;
  if (view.presenting.on && scene.walk) return lesson::draw_presented(ui, scene, view, requests, inner);
  const float pad = ui.px(20);
  ImGui::SetCursorScreenPos(inner.min);
  const std::string step = scene.walk ? std::to_string(scene.walk->step) : std::string();
  // A key of its own for each lesson and step: a new one starts at its top.
  ui::begin_child(("text " + scene.lesson_id + step).c_str(), {inner.width(), inner.height()});
  {
    const ui::Scope scope(ui, "lesson");
    ImGui::SetCursorScreenPos({inner.min.x + pad, ImGui::GetCursorScreenPos().y});
    const float right = inner.max.x - pad;
    if (open) {
      lesson::open_lesson(ui, scene, view, requests, inner.min.x + pad, right);
    } else {
      lesson::list_of_lessons(ui, scene, requests, inner.min.x + pad, right);
    }
  }
  ImGui::EndChild();
}

}  // namespace sockscope
