#include <algorithm>

#include "panes/details.h"
#include "ui/draw.h"

namespace sockscope {

void DetailsPage::title(std::string_view name, std::string_view state, ImU32 state_colour,
                        std::string_view right, float indent) {
  const float high = ui_.measure(ui_.fonts.title, name).y;
  const float right_width = ui_.measure(ui_.fonts.mono, right).x;
  const float room = std::max(ui_.px(40), width_ - indent - right_width - ui_.px(12));
  float x = at_.x + indent;
  x += ui_.text({x, at_.y}, ui_.theme.ink, ui_.fonts.title, name, room).x + ui_.px(10);
  const float left = at_.x + indent + room - x;
  const float state_high = ui_.measure(ui_.fonts.mono, state).y;
  if (!state.empty() && left > ui_.px(24)) {
    ui_.text({x, at_.y + (high - state_high) * 0.7f}, state_colour, ui_.fonts.mono, state, left);
  }
  if (!right.empty()) {
    ui_.text({at_.x + width_ - right_width, at_.y + (high - state_high) * 0.7f}, ui_.theme.ink3,
             ui_.fonts.mono, right, right_width + 1);
  }
  at_.y += high + ui_.px(8);
}

void DetailsPage::sentence(std::string_view text) {
  if (text.empty()) return;
  const float most = std::min(width_, ui_.px(64 * 8));  // 64 letters a line are read easily
  at_.y += ui_.paragraph(at_, ui_.theme.ink2, ui_.fonts.body, text, most).y + ui_.px(4);
}

void DetailsPage::mono(std::string_view text, ImU32 colour) {
  at_.y += ui_.paragraph(at_, colour, ui_.fonts.mono, text, width_).y + ui_.px(4);
}

void DetailsPage::fact(std::string_view what, std::string_view value, std::string_view how, float column) {
  const bool three = width_ >= ui_.px(380) && !how.empty();
  const float least = std::min(ui_.px(130), width_ * 0.34f);
  const float first = std::clamp(column, least, std::max(least, width_ * 0.42f));
  const float how_width = three ? std::min(ui_.measure(ui_.fonts.label, how).x + 1, width_ * 0.46f) : 0;
  const float room = width_ - first - (three ? how_width + ui_.px(12) : 0);
  ui_.text(at_, ui_.theme.ink2, ui_.fonts.label, what, first - ui_.px(8));
  ui_.text({at_.x + first, at_.y}, ui_.theme.ink, ui_.fonts.mono, value, room);
  if (three) ui_.text({at_.x + width_ - how_width, at_.y}, ui_.theme.ink3, ui_.fonts.label, how, how_width);
  at_.y += std::max(ui_.px(20), ui_.measure(ui_.fonts.label, what).y + ui_.px(3));
}

void DetailsPage::heading(std::string_view text) {
  gap(10);
  ImGui::GetWindowDrawList()->AddLine(at_, {at_.x + width_, at_.y}, ui_.theme.line, ui_.theme.hairline);
  gap(8);
  at_.y += ui_.text(at_, ui_.theme.ink, ui_.fonts.name, text, width_).y + ui_.px(6);
}

void DetailsPage::line(std::string_view text, ImU32 colour, ImFont* font, std::string_view right) {
  const float right_width = right.empty() ? 0 : ui_.measure(ui_.fonts.label, right).x + ui_.px(12);
  const float room = std::max(ui_.px(80), width_ - right_width);
  if (!right.empty()) {
    ui_.text({at_.x + width_ - right_width + ui_.px(12), at_.y}, ui_.theme.ink2, ui_.fonts.label, right);
  }
  at_.y += ui_.paragraph(at_, colour, font, text, room).y + ui_.px(2);
}

void DetailsPage::footer(std::string_view words, std::string_view man) {
  gap(8);
  const float man_width = man.empty() ? 0 : ui_.measure(ui_.fonts.mono, man).x + ui_.px(16);
  const float used = words.empty() ? 0
                                   : ui_.paragraph(at_, ui_.theme.ink2, ui_.fonts.label, words,
                                                   std::max(ui_.px(80), width_ - man_width))
                                         .y;
  if (!man.empty()) {
    ui_.text({at_.x + width_ - man_width + ui_.px(16), at_.y}, ui_.theme.accent.text, ui_.fonts.mono, man);
  }
  at_.y += std::max(used, ui_.measure(ui_.fonts.mono, "x").y) + ui_.px(4);
}

void DetailsPage::failure(std::string_view words, std::string_view python) {
  const ImVec2 from = at_;
  const float indent = ui_.px(30);
  const float inner = width_ - indent - ui_.px(8);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float pad = ui_.px(10);
  // Heights first: the ground lies under the text.
  const auto lines = [&](ImFont* font, std::string_view text) {
    return static_cast<float>(ui_.wrap(font, text, inner).size()) * ui_.line_height(font);
  };
  const float high = lines(ui_.fonts.name, words) + lines(ui_.fonts.mono, python) + 2 * pad + ui_.px(2);
  list->AddRectFilled({from.x - ui_.px(20), from.y}, {from.x + width_ + ui_.px(20), from.y + high},
                      ui_.theme.bad.tint);
  list->AddRectFilled({from.x - ui_.px(20), from.y}, {from.x - ui_.px(16), from.y + high},
                      ui_.theme.bad.fill);
  const ImVec2 centre{from.x + ui_.px(9), from.y + pad + ui_.px(9)};
  list->AddCircleFilled(centre, ui_.px(9), ui_.theme.bad.fill);
  ui::cross(list, centre, ui_.px(4), ui_.theme.bad.tint, ui_.px(2));
  ImVec2 at{from.x + indent, from.y + pad};
  at.y += ui_.paragraph(at, ui_.theme.ink, ui_.fonts.name, words, inner).y + ui_.px(2);
  at.y += ui_.paragraph(at, ui_.theme.bad.text, ui_.fonts.mono, python, inner).y;
  at_.y = std::max(at.y + pad, from.y + high) + ui_.px(10);
}

}  // namespace sockscope
