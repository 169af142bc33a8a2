// What the forms share: chips, lines of them, the choice of a call.
#include <algorithm>

#include "panes/call_form.h"
#include "panes/forms.h"

namespace sockscope {

namespace form_parts {

constexpr float kChip = 24, kLine = 28;

// Sockets with a name that a call can be made on.
std::vector<const SocketState*> receivers(const State& state) {
  std::vector<const SocketState*> out;
  for (const SocketState& socket : state.sockets()) {
    if (socket.id != 0 && socket.open && !socket.names.empty()) out.push_back(&socket);
  }
  return out;
}

// The call such a socket is likely to make next.
Call next_call(const SocketState& socket) {
  const bool message = socket.type == SOCK_DGRAM || socket.type == SOCK_RAW;
  if (socket.backlog >= 0) return Call::accept;
  if (socket.peer.known()) return Call::send;
  if (message) return socket.local.known() && socket.local.port != 0 ? Call::recvfrom : Call::sendto;
  return socket.local.known() && socket.local.port != 0 ? Call::listen : Call::bind;
}

}  // namespace form_parts

float chip_width(const ui::Ui& ui, std::string_view text) {
  return ui.measure(ui.fonts.mono_small, text).x + ui.px(14);
}

bool chip(ui::Ui& ui, const std::string& key, Rect box, std::string_view text, bool chosen) {
  const bool pressed = ui.area(key.c_str(), box.min, box.max);
  const bool over = ImGui::IsItemHovered();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 ground = chosen ? ui.theme.accent.tint : over ? ui.theme.hover : ui.theme.sunk;
  list->AddRectFilled(box.min, box.max, ground, ui.px(3));
  if (chosen) list->AddRect(box.min, box.max, ui.theme.accent.fill, ui.px(3), 0, ui.px(1.5f));
  text_in(ui, {{box.min.x + ui.px(4), box.min.y}, {box.max.x - ui.px(4), box.max.y}},
          chosen ? ui.theme.accent.text : ui.theme.ink, ui.fonts.mono_small, text, Align::centre);
  return pressed;
}

Rect ChipFlow::place(float width, float height) {
  if (at_.x > area_.min.x && at_.x + width > area_.max.x) next_line();
  const Rect box = rect(at_.x, at_.y + (pitch_ - height) / 2, std::min(width, area_.max.x - at_.x), height);
  at_.x += width + gap_;
  return box;
}

void ChipFlow::next_line() {
  at_ = {area_.min.x, at_.y + pitch_};
}

float draw_call_picker(FormPen& pen, Rect area, bool compact) {
  ui::Ui& ui = pen.ui;
  const CallDraft& draft = pen.view.draft;
  ChipFlow flow(area, ui.px(form_parts::kLine), ui.px(4));
  for (const CallGroup group : groups_of(draft.socket != 0)) {
    if (compact && group != group_of(info(draft.call))) continue;
    const auto calls = calls_of(group);
    const std::string_view name = ui.tr(name_of(group));
    const float wide = ui.measure(ui.fonts.small, name).x;
    if (!calls.empty() && wide + ui.px(4) + chip_width(ui, calls.front()->python) > flow.left()) {
      flow.next_line();
    }
    if (!compact) {
      text_in(ui, flow.place(wide + ui.px(4), ui.px(form_parts::kChip)), ui.theme.ink2, ui.fonts.small, name);
    }
    for (const CallInfo* call : calls) {
      const Rect box = flow.place(chip_width(ui, call->python), ui.px(form_parts::kChip));
      if (chip(ui, "call-" + std::string(call->python), box, call->python, draft.call == call->call)) {
        open_form(pen.scene, pen.view, call->call, draft.socket);
      }
      ui.tooltip(ui.tr(call->does));
    }
    flow.place(ui.px(10), ui.px(form_parts::kChip));
  }
  return flow.used();
}

float draw_group_picker(FormPen& pen, Rect row) {
  ui::Ui& ui = pen.ui;
  const CallDraft& draft = pen.view.draft;
  const float from = row.min.x;
  for (const CallGroup group : groups_of(draft.socket != 0)) {
    const std::string_view name = ui.tr(name_of(group));
    const float wide = chip_width(ui, name);
    if (row.min.x + wide > row.max.x) break;
    const Rect box = rect(row.min.x, row.min.y + (row.height() - ui.px(24)) / 2, wide, ui.px(24));
    const bool chosen = group == group_of(info(draft.call));
    if (chip(ui, "group-" + std::string(name_of(group)), box, name, chosen) && !chosen) {
      open_form(pen.scene, pen.view, calls_of(group).front()->call, draft.socket);
    }
    row.min.x += wide + ui.px(4);
  }
  return row.min.x - from;
}

void draw_receiver(FormPen& pen, Rect row) {
  ui::Ui& ui = pen.ui;
  View& view = pen.view;
  const auto sockets = form_parts::receivers(pen.scene.end);
  std::vector<std::string> names{std::string(ui.tr("the socket module"))};
  int chosen = 0;
  for (const SocketState* socket : sockets) {
    names.push_back(socket->names.back());
    if (socket->id == view.draft.socket) chosen = static_cast<int>(names.size()) - 1;
  }
  const std::string_view word = ui.tr("calls of");
  row.min.x += text_in(ui, row, ui.theme.ink2, ui.fonts.label, word).x + ui.px(8);
  ImGui::SetCursorScreenPos({row.min.x, row.min.y + ui.px(3)});
  const float wide = std::min(ui.px(190), row.max.x - row.min.x);
  if (wide < ui.px(60) || !ui.combo("receiver", &chosen, names, wide)) return;
  if (chosen == 0) return open_form(pen.scene, view, Call::socket);
  const SocketState& socket = *sockets[static_cast<std::size_t>(chosen) - 1];
  open_form(pen.scene, view, form_parts::next_call(socket), socket.id);
}

void open_form(const Scene& scene, View& view, Call call, SocketId socket) {
  view.show_new_socket = true;
  view.draft = draft_of(scene, call, socket);
  view.form_height = 0;
}

void open_new_socket(View& view) {
  view.show_new_socket = true;
  if (view.draft.call != Call::socket) view.draft = {};
}

void open_calls(const Scene& scene, View& view, SocketId socket) {
  const SocketState* of = scene.end.socket(socket);
  open_form(scene, view, of == nullptr ? Call::bind : form_parts::next_call(*of), socket);
}

}  // namespace sockscope
