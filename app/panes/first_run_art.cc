#include "panes/first_run_art.h"

#include <algorithm>
#include <string_view>

#include "panes/frame.h"
#include "panes/icons.h"
#include "ui/draw.h"

namespace sockscope {

namespace art {

void host(ui::Ui& ui, Rect box, std::string_view name, std::string_view socket, std::string_view call) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(6));
  list->AddRect(box.min, box.max, ui.theme.line2, ui.px(6), 0, ui.theme.hairline);
  const float title = ui.px(32);
  float left = box.min.x + ui.px(10);
  if (ui.measure(ui.fonts.label, name).x <= box.width() - ui.px(36)) {
    icon::desk(list, rect(left, box.min.y + ui.px(9), ui.px(14), ui.px(14)), ui.theme.ink2, ui.px(1.2f));
    left += ui.px(22);
  }
  text_in(ui, {{left, box.min.y}, {box.max.x - ui.px(4), box.min.y + title}}, ui.theme.ink, ui.fonts.label,
          name);
  list->AddLine({box.min.x, box.min.y + title}, {box.max.x, box.min.y + title}, ui.theme.line,
                ui.theme.hairline);
  const float inset = std::min(ui.px(10), box.width() * 0.06f);
  const Rect card{{box.min.x + inset, box.min.y + title + ui.px(12)},
                  {box.max.x - inset, box.max.y - ui.px(12)}};
  const bool fits = ui.measure(ui.fonts.name, socket).x <= card.width() - ui.px(32);
  ui::card(list, ui, card.min, card.max, false, false);
  ui::state_glyph(list, ui, {card.min.x + ui.px(15), card.min.y + ui.px(17)}, ui.px(6),
                  TcpState::ESTABLISHED);
  text_in(ui,
          {{card.min.x + ui.px(28), card.min.y + ui.px(6)}, {card.max.x - ui.px(4), card.min.y + ui.px(28)}},
          ui.theme.ink, fits ? ui.fonts.name : ui.fonts.label, socket);
  text_in(ui,
          {{card.min.x + ui.px(9), card.min.y + ui.px(32)}, {card.max.x - ui.px(4), card.min.y + ui.px(50)}},
          ui.theme.ink2, ui.fonts.mono_small, call);
}

// Bytes of equal cells from `x`, as wide as `cell` each.
void bytes(ui::Ui& ui, ImVec2 at, float cell, float high, unsigned send, std::string_view text) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Rect box = rect(at.x + static_cast<float>(i) * cell, at.y, cell - 1, high);
    list->AddRectFilled(box.min, box.max, ui.theme.byte_fill[send % 8]);
    const std::string_view shown = text[i] == ' ' ? "␣" : text.substr(i, 1);
    if (cell >= ui.px(8)) text_in(ui, box, ui.theme.byte_text, ui.fonts.mono_small, shown, Align::centre);
  }
}

}  // namespace art

void draw_two_hosts(ui::Ui& ui, Rect area) {
  const float wide = std::min(ui.px(110), area.width() * 0.31f),
              high = std::min(ui.px(132), area.height() - ui.px(24));
  const float y = area.min.y + (area.height() - high) / 2, pad = std::min(ui.px(26), area.width() * 0.05f);
  const Rect a = rect(area.min.x + pad, y, wide, high), b = rect(area.max.x - pad - wide, y, wide, high);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float wire = y + high / 2 + ui.px(4);
  art::host(ui, a, ui.tr("client"), "c", "send");
  art::host(ui, b, ui.tr("server"), "conn", "recv");
  // One send is one packet here: five cells that travel together.
  constexpr std::string_view kHello = "hello";
  const float room = b.min.x - a.max.x - ui.px(16);
  const float cell = std::min(ui.px(12), room / static_cast<float>(kHello.size()));
  const float used = cell * static_cast<float>(kHello.size());
  const float from = (a.max.x + b.min.x - used) / 2;
  list->AddLine({a.max.x, wire}, {from, wire}, ui.theme.ink2, ui.px(2));
  list->AddLine({from + used, wire}, {b.min.x, wire}, ui.theme.ink2, ui.px(2));
  art::bytes(ui, {from, wire - ui.px(10)}, cell, ui.px(20), 0, kHello);
}

void draw_two_clients(ui::Ui& ui, Rect area) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float label = area.min.x + std::min(ui.px(28), area.width() * 0.05f),
              left = area.min.x + std::min(ui.px(96), area.width() * 0.22f);
  const float right = area.max.x - ui.px(24), wide = right - left;
  const float pitch = std::min(ui.px(45), area.height() / 4.2f), bar = std::min(ui.px(24), pitch - ui.px(8));
  const float top = area.min.y + (area.height() - 2 * pitch - bar) / 2;
  const auto line = [&](int at) { return top + static_cast<float>(at) * pitch; };
  const auto name = [&](int at, std::string_view text) {
    text_in(ui, {{label, line(at)}, {left - ui.px(4), line(at) + bar}}, ui.theme.ink, ui.fonts.label, text);
  };
  name(0, "main");
  name(1, "ann");
  name(2, "bob");
  const float first = left + wide * 0.28f, ann_end = left + wide * 0.54f, bob_end = left + wide * 0.8f;
  ui::hatch(list, ui, {left, line(0)}, {right, line(0) + bar}, false);
  list->AddRectFilled({first, line(0)}, {ann_end, line(0) + bar}, ui.theme.busy_tint);
  list->AddRectFilled({ann_end, line(0)}, {bob_end, line(0) + bar}, ui.theme.busy_tint);
  const auto in_bar = [&](float from, float to, std::string_view text, ImU32 ground) {
    const float used = ui.measure(ui.fonts.mono_small, text).x + ui.px(10);
    if (to - from < used) return;
    list->AddRectFilled({from + ui.px(6), line(0) + ui.px(3)},
                        {from + ui.px(6) + used, line(0) + bar - ui.px(3)}, ground);
    text_in(ui, {{from + ui.px(11), line(0)}, {to, line(0) + bar}}, ui.theme.ink, ui.fonts.mono_small, text);
  };
  in_bar(left, first, "accept", ui.theme.hatch_ground);
  in_bar(first, ann_end, "ann", ui.theme.busy_tint);
  in_bar(ann_end, bob_end, "bob", ui.theme.busy_tint);
  const auto client = [&](int at, float from, float served, float to, unsigned send, std::string_view said,
                          std::string_view answer) {
    const ImU32 green = ui.theme.state_fill[static_cast<std::size_t>(TcpState::ESTABLISHED)];
    if (served > from) ui::hatch(list, ui, {from, line(at)}, {served, line(at) + bar}, false);
    list->AddRectFilled({served, line(at)}, {to, line(at) + bar}, green);
    const float cell = ui.px(13);
    art::bytes(ui,
               {from - cell * static_cast<float>(said.size()) - ui.px(8), line(at) + (bar - ui.px(20)) / 2},
               cell, ui.px(20), send, said);
    if (to + ui.px(8) + cell * 2 <= area.max.x - ui.px(4)) {
      art::bytes(ui, {to + ui.px(8), line(at) + (bar - ui.px(20)) / 2}, cell, ui.px(20), send, answer);
    }
  };
  client(1, first, first, ann_end, 0, "yo", "YO");
  client(2, first + wide * 0.08f, ann_end, bob_end, 1, "hi", "HI");
  for (const float x : {first, ann_end}) {
    list->AddLine({x, line(0)}, {x, line(0) + bar}, ui.theme.ink, ui.px(4));
  }
}

void draw_grid(ui::Ui& ui, Rect area) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  constexpr std::string_view kFamilies[] = {"AF_INET", "AF_INET6", "AF_UNIX"},
                             kTypes[] = {"STREAM", "DGRAM", "RAW"};
  constexpr std::string_view kCells[3][3] = {{"TCP", "UDP", ""}, {"TCP", "UDP", ""}, {"works", "works", ""}};
  const float left = area.min.x + std::min(ui.px(148), area.width() * 0.34f),
              right = area.max.x - std::min(ui.px(20), area.width() * 0.04f);
  const float label = std::min(ui.px(26), area.width() * 0.05f);
  const float pitch_x = (right - left) / 3, head = ui.px(24);
  const float pitch_y = std::min(ui.px(44), (area.height() - head - ui.px(24)) / 3);
  const float top = area.min.y + (area.height() - head - 3 * pitch_y) / 2;
  for (int column = 0; column < 3; ++column) {
    text_in(ui, rect(left + static_cast<float>(column) * pitch_x, top, pitch_x - ui.px(8), head - ui.px(4)),
            ui.theme.ink2, ui.fonts.mono_small, kTypes[column], Align::centre);
  }
  for (int row = 0; row < 3; ++row) {
    const float y = top + head + static_cast<float>(row) * pitch_y;
    text_in(ui, {{area.min.x + label, y}, {left - ui.px(4), y + pitch_y - ui.px(6)}}, ui.theme.ink,
            ui.fonts.mono_small, kFamilies[row]);
    for (int column = 0; column < 3; ++column) {
      const Rect box =
          rect(left + static_cast<float>(column) * pitch_x, y, pitch_x - ui.px(8), pitch_y - ui.px(6));
      const bool works = !kCells[row][column].empty(), tried = row == 0 && column == 2;
      list->AddRectFilled(box.min, box.max, works ? ui.theme.ok.tint : ui.theme.sunk, ui.px(3));
      if (row == 0 && column == 0) {
        const Rect ring = shrink(box, -ui.px(2));
        list->AddRect(ring.min, ring.max, ui.theme.accent.fill, ui.px(4), 0, ui.px(2));
      }
      const std::string_view text = works ? kCells[row][column] : tried ? "try it" : "";
      text_in(ui, box, works ? ui.theme.ok.text : ui.theme.accent.text, ui.fonts.mono_small, ui.tr(text),
              Align::centre);
    }
  }
}

}  // namespace sockscope
