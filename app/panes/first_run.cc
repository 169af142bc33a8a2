// The first screen: three ways in, and one quiet line about this machine.
#include <algorithm>

#include "panes/clock_wake.h"
#include "panes/file_rows.h"
#include "panes/files_card.h"
#include "panes/first_run_art.h"
#include "panes/forms.h"
#include "panes/frame.h"
#include "panes/icons.h"
#include "panes/kernel_words.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {

namespace first_run {

struct Card {
  const char* key;
  const char* digit;
  const char* title;
  const char* text;
  const char* button;
  void (*picture)(ui::Ui&, Rect);
};
constexpr std::string_view kWhyHeld = "06-restart";
constexpr Card kCards[] = {
    {"lesson", "1", "Take the first lesson",
     "A server and a client, call by call: make their sockets, connect them, send “hello” and close.",
     "Start the first lesson", draw_two_hosts},
    {"tutorial", "2", "Run the tutorial's server",
     "TCPServer sends back what you say in upper case. Two clients talk to it. Then change one word, and "
     "each client "
     "has a thread.",
     "Run it on port 9999", draw_two_clients},
    {"socket", "3", "Make a socket of your own",
     "Choose a family, a type and a protocol. Every choice may be tried: if the kernel refuses, you see why.",
     "New socket", draw_grid},
};

void choose(const Scene& scene, View& view, Requests& requests, int card) {
  view.first_run = false;
  if (card == 0) {
    requests.push_back(request::OpenLesson{scene.lessons.empty() ? std::string{} : scene.lessons.front().id});
    view.right_tab = Pane::lesson;
  } else if (card == 1) {
    requests.push_back(request::StartTutorialServer{"iterative"});
  } else {
    open_new_socket(view);
  }
  view.focus_prompt = true;
}

float pad_of(const ui::Ui& ui, Rect box) {
  return std::min(ui.px(24), box.width() * 0.06f);
}

// How high the picture is; 0: it has no room.
float art_of(const ui::Ui& ui, Rect box) {
  const float art = std::min(ui.px(191), box.height() - ui.px(212));
  return art >= ui.px(100) ? art : 0;
}

float text_top(const ui::Ui& ui, Rect box) {
  const float art = art_of(ui, box);
  return box.min.y + (art > 0 ? art + ui.px(14) : ui.px(10)) + ui.px(34);
}

// A card of `box`: its picture above, its words below; true when its button was pressed.
bool draw_card(ui::Ui& ui, const Card& card, Rect box, bool primary) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(box.min, box.max, ui.theme.pane, ui.px(6));
  list->AddRect(box.min, box.max, ui.theme.line2, ui.px(6), 0, ui.theme.hairline);
  const float pad = pad_of(ui, box), art = art_of(ui, box);
  if (art > 0) {
    list->AddRectFilled(box.min, {box.max.x, box.min.y + art}, ui.theme.paper, ui.px(6),
                        ImDrawFlags_RoundCornersTop);
    list->AddRect(box.min, box.max, ui.theme.line2, ui.px(6), 0, ui.theme.hairline);
    list->AddLine({box.min.x, box.min.y + art}, {box.max.x, box.min.y + art}, ui.theme.line,
                  ui.theme.hairline);
    card.picture(ui, {box.min, {box.max.x, box.min.y + art}});
  }
  const float y = text_top(ui, box);
  const float wide = box.width() - 2 * pad;
  const std::string_view title = ui.tr(card.title);
  ImFont* font = ui.measure(ui.fonts.title, title).x <= wide ? ui.fonts.title : ui.fonts.name;
  text_in(ui, rect(box.min.x + pad, y - ui.px(34), wide, ui.px(30)), ui.theme.ink, font, title);
  const float buttons = box.max.y - ui.px(44);
  list->PushClipRect({box.min.x, y}, {box.max.x, buttons - ui.px(4)}, true);
  ui.paragraph({box.min.x + pad, y}, ui.theme.ink2, ui.fonts.body, ui.tr(card.text), wide);
  list->PopClipRect();
  icon::key_cap(ui, rect(box.max.x - pad - ui.px(24), buttons + ui.px(2), ui.px(24), ui.px(24)), card.digit);
  ImVec2 at{box.min.x + pad, buttons};
  // A low card has no room for a button below its title.
  if (buttons < y) at.x = box.max.x - pad - ui.px(36) - button_size(ui, card.button).x;
  return button_at(ui, at, card.key, card.button, primary);
}

void permits(ui::Ui& ui, Rect line) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine(line.min, {line.max.x, line.min.y}, ui.theme.line, ui.theme.hairline);
  line.min.y += ui.px(8);
  line.min.x += text_in(ui, line, ui.theme.ink2, ui.fonts.label, ui.tr("This machine permits")).x + ui.px(18);
  const ImVec2 centre{line.min.x + ui.px(7), (line.min.y + line.max.y) / 2};
  list->AddCircleFilled(centre, ui.px(7), ui.theme.ok.fill);
  ui::tick(list, centre, ui.px(3.5f), ui.theme.on_accent, ui.px(1.6f));
  line.min.x += ui.px(22);
  text_in(ui, line, ui.theme.ink2, ui.fonts.label,
          ui.tr("sockets on loopback: others logged in here can reach them too"));
}

// On the tutorial's card, when its port is taken: until when or by whom, and that it does not matter.
void held_port(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect card) {
  if (!scene.held_port) return;
  const HeldPort& held = *scene.held_port;
  if (held.left > 0) wake_for_seconds(ui, held.left);
  const std::string words =
      held.left > 0 ? ui.say("Port {0} rests in TIME_WAIT and is free in {1}. Until then a free one is used.",
                             held.port, seconds_left_text(held.left))
      : held.who.empty() ? ui.say("Another program has port {0}: a free one is used.", held.port)
                         : ui.say("{1} has port {0}: a free one is used.", held.port, held.who);
  const auto why = std::find_if(scene.lessons.begin(), scene.lessons.end(),
                                [](const LessonItem& lesson) { return lesson.id == kWhyHeld; });
  const std::string_view link = ui.tr("Why?");
  const bool has_link = held.left > 0 && why != scene.lessons.end();
  const float pad = pad_of(ui, card), x = card.min.x + pad;
  const float end = card.max.x - pad - (has_link ? ui.measure(ui.fonts.label, link).x + ui.px(10) : 0);
  const auto lines = ui.wrap(ui.fonts.label, words, end - x);
  const float high = ui.line_height(ui.fonts.label) * static_cast<float>(lines.size());
  const auto above = ui.wrap(ui.fonts.body, ui.tr(kCards[1].text), card.width() - 2 * pad).size();
  const float y = card.max.y - ui.px(52) - high;
  if (y < text_top(ui, card) + ui.line_height(ui.fonts.body) * static_cast<float>(above)) return;
  ui.paragraph({x, y}, ui.theme.warn.text, ui.fonts.label, words, end - x);
  if (!has_link || lines.empty()) return;
  const float last = ui.measure(ui.fonts.label, lines.back()).x;
  ImGui::SetCursorScreenPos(
      {x + last + ui.px(8), y + ui.line_height(ui.fonts.label) * static_cast<float>(lines.size() - 1)});
  if (!ui.link("why-held", "Why?")) return;
  view.first_run = false;
  requests.push_back(request::OpenLesson{why->id});
}

// What was open last, as far as there is room for it.
void opened_last(ui::Ui& ui, const Scene& scene, Requests& requests, ImVec2 at, float end) {
  constexpr std::size_t kMost = 3;
  const std::string_view words = ui.tr("Opened last:");
  float after = at.x + ui.px(24) + ui.measure(ui.fonts.label, words).x + ui.px(10);
  std::size_t shown = 0;
  for (std::size_t i = 0; i < scene.recent.size() && shown < kMost; ++i) {
    if (!scene.recent[i].there) continue;
    const std::string name = shown_name(last_part(scene.recent[i].path));
    const float wide = ui.measure(ui.fonts.label, name).x;
    if (after + wide > end) continue;
    if (shown++ == 0) ui.text({at.x + ui.px(24), at.y}, ui.theme.ink2, ui.fonts.label, words);
    ImGui::SetCursorScreenPos({after, at.y});
    if (ui.link_text(("recent-" + std::to_string(i)).c_str(), name))
      requests.push_back(request::Go{scene.recent[i].path});
    after += wide + ui.px(16);
  }
}

// Where cards stand: side by side, or one under the other in a narrow window.
std::vector<Rect> places(const ui::Ui& ui, Rect area) {
  std::vector<Rect> out;
  const float gap = std::min(ui.px(50), area.width() * 0.03f);
  if (area.width() >= ui.px(760)) {
    const float wide = std::min(ui.px(440), (area.width() - 2 * gap) / 3);
    const float left = area.min.x + (area.width() - 3 * wide - 2 * gap) / 2;
    const float high = std::min(ui.px(404), area.height());
    for (int i = 0; i < 3; ++i)
      out.push_back(rect(left + static_cast<float>(i) * (wide + gap), area.min.y, wide, high));
    return out;
  }
  const float high = (area.height() - 2 * ui.px(10)) / 3;
  for (int i = 0; i < 3; ++i) {
    out.push_back(
        rect(area.min.x, area.min.y + static_cast<float>(i) * (high + ui.px(10)), area.width(), high));
  }
  return out;
}

}  // namespace first_run

void draw_first_run(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  const ui::Scope scope(ui, "first-run");
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(where.min, where.max, ui.theme.paper);
  const float high = where.height(), pad = std::min(ui.px(90), where.width() * 0.056f);
  const float left = where.min.x + pad, wide = where.width() - 2 * pad;
  const bool roomy = high >= ui.px(760);
  float y = where.min.y + (roomy ? ui.px(56) + (high - ui.px(760)) * 0.32f : ui.px(16));
  const std::string_view heading = ui.tr("Make a socket. See what the kernel does with it.");
  text_in(ui, rect(left, y, wide, ui.px(42)), ui.theme.ink,
          ui.measure(ui.fonts.big, heading).x <= wide ? ui.fonts.big : ui.fonts.title, heading,
          Align::centre);
  y += ui.px(48);
  text_in(ui, rect(left, y, wide, ui.px(26)), ui.theme.ink2, ui.fonts.body,
          ui.tr("Every call is real. Nothing leaves this computer unless you ask."), Align::centre);
  y += roomy ? ui.px(86) : ui.px(36);
  const float bottom = where.max.y - ui.px(roomy ? 120 : 84);
  const std::vector<Rect> cards = first_run::places(ui, {{left, y}, {left + wide, bottom}});
  for (int i = 0; i < 3; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const ui::Key digit = i == 0 ? ui::Key::n1 : i == 1 ? ui::Key::n2 : ui::Key::n3;
    const bool pressed = first_run::draw_card(ui, first_run::kCards[at], cards[at], i == 0);
    if (i == 1) first_run::held_port(ui, scene, view, requests, cards[at]);
    if (pressed || (!ui::typing() && ui::plain_pressed(digit))) first_run::choose(scene, view, requests, i);
  }
  const float edge = cards.front().min.x;
  ImVec2 at{edge, cards.back().max.y + ui.px(roomy ? 32 : 10)};
  if (link_at(ui, at, "all-lessons", "All lessons")) {
    view.first_run = false;
    requests.push_back(request::OpenLesson{});
  }
  if (link_at(ui, at, "prompt", "Straight to the prompt")) {
    view.first_run = false;
    view.focus_prompt = true;
  }
  if (link_at(ui, at, "open", "Open a file")) open_files(ui, view, requests, false);
  ImVec2 right{cards.back().max.x, at.y};
  const bool zh = view.language == ui::Language::zh;
  const std::string_view other = zh ? "English" : "中文界面";
  right.x -= ui.measure(ui.fonts.body, other).x;
  first_run::opened_last(ui, scene, requests, at, right.x - ui.px(24));
  ImGui::SetCursorScreenPos(right);
  if (ui.link_text("language", other)) view.language = zh ? ui::Language::en : ui::Language::zh;
  first_run::permits(ui, rect(edge, at.y + ui.px(roomy ? 44 : 28), cards.back().max.x - edge, ui.px(40)));
}

}  // namespace sockscope
