// The step at hand of a lesson: its parts so far, and one thing to do next.
#include <algorithm>
#include <memory>
#include <numeric>

#include "panes/frame.h"
#include "panes/lesson_draw.h"
#include "panes/lesson_text.h"
#include "ui/compat.h"

namespace sockscope {

const LessonPart* asked_in(const LessonShown& walk) {
  const auto question = std::find_if(walk.parts.rbegin(), walk.parts.rend(), [](const LessonPart& part) {
    return part.kind == LessonPart::Kind::question;
  });
  return question == walk.parts.rend() ? nullptr : &*question;
}

namespace lesson {

using Do = request::Walk::Do;
using Now = LessonShown::Now;

class StepText {
 public:
  StepText(ui::Ui& ui, const WalkLook& look, Requests& requests, float left, float right, float top)
      : ui_(ui), look_(look), requests_(requests), left_(left), right_(right), y_(top) {}

  float end() const { return y_; }
  void gloss(const std::vector<LessonTerm>& terms) {
    if (look_.term != nullptr) glossed_ = std::make_unique<Glossed>(Glossed{terms, *look_.term});
  }
  void gap(float by) { y_ += ui_.px(by); }
  void ask(Do what, std::size_t number = 0) { requests_.push_back(request::Walk{what, number}); }

  // A dot a step: a disc is done, a ring with a point is here, a ring is to come.
  void dots(const LessonShown& walk) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float radius = ui_.px(5);
    float x = left_ + radius;
    for (std::size_t i = 0; i < walk.done.size(); ++i, x += ui_.px(20)) {
      const ImVec2 at{x, y_ + ui_.px(9)};
      const bool here = i == walk.step;
      const ImU32 colour = here ? ui_.theme.accent.fill : walk.done[i] ? ui_.theme.ok.fill : ui_.theme.ink3;
      if (walk.done[i] && !here)
        list->AddCircleFilled(at, radius, colour);
      else
        list->AddCircle(at, radius, colour, 0, ui_.px(1.5f));
      if (here) list->AddCircleFilled(at, ui_.px(2.5f), colour);
      const Rect box = rect(x - ui_.px(10), y_, ui_.px(20), ui_.px(18));
      if (ui_.area(("step-" + std::to_string(i + 1)).c_str(), box.min, box.max)) ask(Do::go, i);
    }
    const std::size_t before = walk.opening ? 1 : 0, number = walk.step + 1 - before;
    const std::size_t steps = walk.done.size() - before;
    const Rect room{{x + ui_.px(4), y_}, {right_, y_ + ui_.px(18)}};
    if (number > 0)
      text_in(ui_, room, ui_.theme.ink2, ui_.fonts.small,
              fitting(ui_, ui_.fonts.small, room.width(),
                      {ui_.say("Step {0} of {1}", number, steps), fmt::format("{} / {}", number, steps)}));
    gap(28);
  }

  // What is shown did not happen on this machine.
  void badge(std::string_view said) {
    const float wide = std::min(ui_.measure(ui_.fonts.label, said).x + ui_.px(20), right_ - left_);
    const Rect box = rect(left_, y_, wide, ui_.px(26));
    ImGui::GetWindowDrawList()->AddRectFilled(box.min, box.max, ui_.theme.warn.tint, ui_.px(3));
    ImGui::GetWindowDrawList()->AddRect(box.min, box.max, ui_.theme.warn.fill, ui_.px(3));
    text_in(ui_, rect(left_ + ui_.px(10), y_, wide - ui_.px(20), ui_.px(26)), ui_.theme.warn.text,
            ui_.fonts.label, said);
    gap(36);
  }

  void line(std::string_view said, ImU32 colour, ImFont* font, float indent = 0) {
    const float x = left_ + ui_.px(indent);
    y_ += ui_.paragraph({x, y_}, colour, font, said, right_ - x).y;
    gap(4);
  }

  void text(std::string_view markdown) {
    y_ = draw_markdown(ui_, markdown, left_, right_, y_, glossed_.get());
    gap(10);
  }

  void lines(const std::vector<std::string>& all) {
    y_ = draw_code(ui_, all, left_, right_, y_);
    gap(10);
  }

  // `hand`: the place of its count of hands.
  bool option(const std::string& key, std::string_view said, bool mono,
              std::optional<std::size_t> hand = std::nullopt) {
    ImFont* font = mono ? ui_.fonts.mono_small : ui_.fonts.body;
    const bool counts = hand && look_.presenting != nullptr && *hand < look_.presenting->hands.size();
    const float x = left_ + ui_.px(counts ? 32 : 12), end = right_ - ui_.px(counts ? 42 : 12);
    const float pitch = ui_.line_height(font), pad = ui_.px(counts ? 6 : 12);
    const float text = static_cast<float>(ui_.wrap(font, said, end - x).size()) * pitch;
    const float high = std::max(ui_.px(28), text + pad);
    const Rect box{{left_, y_}, {right_, y_ + high}};
    const bool pressed = ui_.area(key.c_str(), box.min, box.max);
    const bool over = ImGui::IsItemHovered();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(box.min, box.max, over ? ui_.theme.hover : ui_.theme.raised, ui_.px(4));
    if (counts) hands(box, *hand);
    list->AddRect(box.min, box.max, ui_.theme.line2, ui_.px(4), 0, ui_.theme.hairline);
    // In the middle: a line is as high as its letters and what lies between two lines.
    const float between = (pitch - ui_.measure(font, said).y) / 2;
    ui_.paragraph({x, y_ + (high - text) / 2 + between}, ui_.theme.ink, font, said, end - x);
    y_ = box.max.y;
    gap(counts ? 3 : 6);
    return pressed;
  }

  // The number to press, and how many hands there were for it: a bar under the choice.
  void hands(Rect box, std::size_t hand) {
    const auto& counts = look_.presenting->hands;
    const int all = std::accumulate(counts.begin(), counts.end(), 0), here = counts[hand];
    const float part = all == 0 ? 0 : static_cast<float>(here) / static_cast<float>(all);
    if (here > 0)
      ImGui::GetWindowDrawList()->AddRectFilled(box.min, {box.min.x + box.width() * part, box.max.y},
                                                ui_.theme.accent.tint, ui_.px(4));
    const Rect inside{{box.min.x + ui_.px(12), box.min.y}, {box.max.x - ui_.px(10), box.max.y}};
    text_in(ui_, inside, ui_.theme.ink2, ui_.fonts.name, std::to_string(hand + 1));
    if (all > 0)
      text_in(ui_, inside, ui_.theme.accent.text, ui_.fonts.name, std::to_string(here), Align::right);
  }

  // In the place of the answer and all that follows from it.
  void hidden() {
    const Rect box = rect(left_, y_, right_ - left_, ui_.px(64));
    ImGui::GetWindowDrawList()->AddRectFilled(box.min, box.max, ui_.theme.sunk, ui_.px(4));
    text_in(ui_, box, ui_.theme.ink2, ui_.fonts.big, "?", Align::centre);
    y_ = box.max.y;
    gap(8);
    line(ui_.tr("P shows the answer."), ui_.theme.ink2, ui_.fonts.label);
  }

  void order(const LessonPart& part) {
    line(ui_.tr("Press the lines one after the other. Any order really runs."), ui_.theme.ink2,
         ui_.fonts.label);
    for (std::size_t i = 0; i < part.lines.size(); ++i) {
      const bool pressed = i < part.pressed.size() && part.pressed[i];
      if (option("order-" + std::to_string(i + 1), (pressed ? "✓ " : "") + part.lines[i], true))
        ask(Do::press, i);
    }
    gap(6);
  }

  void question(const LessonPart& part) {
    line(without_marks(part.text), ui_.theme.ink, ui_.fonts.name);
    gap(4);
    for (std::size_t i = 0; i < part.choices.size(); ++i)
      if (option("choice-" + std::to_string(i + 1), without_marks(part.choices[i].text), false, i))
        ask(Do::choose, i);
    if (option("unknown", ui_.tr("I don't know"), false, part.choices.size()))
      ask(Do::choose, part.choices.size());
    gap(6);
  }

  void verdict(const LessonPart& part) {
    for (const LessonChoice& choice : part.choices) {
      if (choice.guessed && !choice.right) {
        line(ui_.say("× Your guess: {0}", without_marks(choice.text)), ui_.theme.bad.text, ui_.fonts.body);
        if (part.seen && !part.text.empty())
          line(without_marks(part.text), ui_.theme.ink, ui_.fonts.body, 14);
      }
    }
    for (const LessonChoice& choice : part.choices) {
      if (!choice.right) continue;
      if (part.seen)
        line(choice.guessed ? ui_.say("✓ As you guessed: {0}", without_marks(choice.text))
                            : ui_.say("✓ What happened: {0}", without_marks(choice.text)),
             ui_.theme.ok.text, ui_.fonts.name);
      else
        line(ui_.say("Not seen in this run: {0}", without_marks(choice.text)), ui_.theme.warn.text,
             ui_.fonts.body);
    }
    gap(8);
  }

  void marks(const std::vector<LessonMark>& all) {
    for (const LessonMark& mark : all) {
      const bool words = !mark.words.empty(), met = mark.met && !look_.hides_answer;
      const ImU32 colour = met ? ui_.theme.ok.text : ui_.theme.ink2;
      ui_.text({left_, y_}, colour, ui_.fonts.name, met ? "✓" : "○", ui_.px(20));
      line(words ? without_marks(mark.words) : mark.condition, met ? ui_.theme.ink : ui_.theme.ink2,
           words ? ui_.fonts.body : ui_.fonts.mono_small, 22);
    }
    gap(8);
  }

  // The steps before it were done when the lesson was open last.
  void resume(const LessonShown& walk) {
    if (walk.resume == 0) return;
    const std::string said = ui_.say("Go on at step {0}", walk.resume + (walk.opening ? 0 : 1));
    ImGui::SetCursorScreenPos({left_, y_});
    const ImVec2 size{std::min(ui_.measure(ui_.fonts.body, said).x + ui_.px(24), right_ - left_), ui_.px(28)};
    if (ui_.button_text("resume", said, true, size)) ask(Do::go, walk.resume);
    gap(36);
  }

  bool button(const char* key, std::string_view english, bool primary) {
    ImVec2 at{left_, y_};
    const bool pressed = button_at(ui_, at, key, english, primary);
    gap(36);
    return pressed;
  }

 private:
  ui::Ui& ui_;
  const WalkLook& look_;
  Requests& requests_;
  std::unique_ptr<Glossed> glossed_;
  float left_, right_, y_;
};

void draw_part(StepText& step, ui::Ui& ui, const LessonPart& part) {
  switch (part.kind) {
    case LessonPart::Kind::text:
      return step.text(part.text);
    case LessonPart::Kind::hint:
      step.line(ui.tr("Hint"), ui.theme.ink2, ui.fonts.label);
      return step.text(part.text);
    case LessonPart::Kind::so_far:
      step.line(ui.tr("From what you did"), ui.theme.ink2, ui.fonts.label);
      step.line(part.text, ui.theme.ink, ui.fonts.body);
      return step.gap(10);
    case LessonPart::Kind::lines:
      return step.lines(part.lines);
    case LessonPart::Kind::order:
      return step.order(part);
    case LessonPart::Kind::question:
      return step.question(part);
    case LessonPart::Kind::verdict:
      return step.verdict(part);
    case LessonPart::Kind::marks:
      return step.marks(part.marks);
  }
}

// One primary button, by what is to be done now; the rest are links.
void draw_next(StepText& step, ui::Ui& ui, const LessonShown& walk, const WalkLook& look,
               Requests& requests) {
  step.resume(walk);
  switch (walk.now) {
    case Now::recall:
      if (step.button("next", walk.met ? "Begin the lesson" : "Skip these questions", walk.met))
        step.ask(Do::next);
      break;
    case Now::guess:
      step.line(ui.tr("Guess first. Then it runs."), ui.theme.accent.text, ui.fonts.name);
      break;
    case Now::reason:
      step.line(ui.tr("Why? Choose a reason."), ui.theme.accent.text, ui.fonts.name);
      break;
    case Now::running:
      step.line(ui.tr("It runs. Watch the Stage."), ui.theme.accent.text, ui.fonts.name);
      break;
    case Now::show:
      if (step.button("show", "Show me", walk.resume == 0)) step.ask(Do::show);
      break;
    case Now::type:
      if (walk.met) {
        if (step.button("next", "Go on", true)) step.ask(Do::next);
        break;
      }
      step.line(look.presenting == nullptr ? ui.tr("Your turn: type at the prompt below, or click.")
                                           : ui.tr("Your turn. F11 goes to the prompt, and back."),
                ui.theme.accent.text, ui.fonts.name);
      if (walk.last_left) step.line(ui.tr("The last line is yours."), ui.theme.ink, ui.fonts.body);
      if (walk.may_show &&
          step.button("show", walk.last_left ? "Show me the last line too" : "Show me all but the last line",
                      false))
        step.ask(Do::show);
      break;
    case Now::next_step:
      if (step.button("next", "Next step", walk.resume == 0)) step.ask(Do::next);
      break;
    case Now::finished:
      step.line(ui.tr("This was the last step."), ui.theme.ok.text, ui.fonts.name);
      if (!walk.next_lesson.empty() && step.button("next-lesson", "Next lesson", true))
        requests.push_back(request::OpenLesson{walk.next_lesson});
      break;
  }
  if (walk.hints_left > 0 && step.button("hint", "Give me a hint", false)) step.ask(Do::hint);
  if (!walk.golden && (walk.now == Now::show || (walk.now == Now::type && !walk.met)) &&
      step.button("skip", "I ran it myself: go on", false))
    step.ask(Do::next);
  if (walk.may_again && step.button("again", "Try again from here", false)) step.ask(Do::again);
}

void draw_head(StepText& step, ui::Ui& ui, const LessonShown& walk) {
  step.dots(walk);
  if (walk.golden) step.badge(ui.tr("A real run from another computer"));
  const std::string& title = walk.step_title.empty() ? walk.title : walk.step_title;
  const bool recall = walk.now == Now::recall;
  step.line(recall ? ui.tr("First, from earlier lessons") : title, ui.theme.ink, ui.fonts.title);
  step.gap(6);
}

float draw_walk(ui::Ui& ui, const LessonShown& walk, const WalkLook& look, Requests& requests, float left,
                float right, float top) {
  StepText step(ui, look, requests, left, right, top);
  step.gloss(walk.terms);
  if (look.half != WalkHalf::todo) draw_head(step, ui, walk);
  const auto hides = [&](const LessonPart& part) {
    return look.hides_answer && part.kind == LessonPart::Kind::verdict;
  };
  for (const LessonPart& part : walk.parts) {
    if (part.kind == LessonPart::Kind::verdict && look.answer_at != nullptr) *look.answer_at = step.end();
    const bool todo = &part == asked_in(walk) || part.kind == LessonPart::Kind::order;
    if (hides(part)) {
      if (look.half != WalkHalf::told) step.hidden();
      return step.end();
    }
    if (look.half == WalkHalf::all || todo == (look.half == WalkHalf::todo)) draw_part(step, ui, part);
  }
  if (look.half != WalkHalf::told) draw_next(step, ui, walk, look, requests);
  return step.end();
}

}  // namespace lesson

}  // namespace sockscope
