#pragma once
// The parts of the forms pane: who draws what, top to bottom. Each takes the width it is given and says the
// height it used.

#include "panes/frame.h"

namespace sockscope {

struct FormPen {
  ui::Ui& ui;
  const Scene& scene;
  View& view;
  Requests& requests;
};

// A small thing to choose, as wide as its text, in mono.
float chip_width(const ui::Ui& ui, std::string_view text);
bool chip(ui::Ui& ui, const std::string& key, Rect box, std::string_view text, bool chosen);

// Things from the left, in lines of `pitch`.
class ChipFlow {
 public:
  ChipFlow(Rect area, float pitch, float gap) : area_(area), at_(area.min), pitch_(pitch), gap_(gap) {}
  // Where a thing of this width goes; on the next line when it does not fit.
  Rect place(float width, float height);
  void next_line();
  float used() const { return at_.y + pitch_ - area_.min.y; }
  ImVec2 at() const { return at_; }
  float left() const { return area_.max.x - at_.x; }

 private:
  Rect area_;
  ImVec2 at_;
  float pitch_, gap_;
};

// The calls that can be chosen: the module's, or those of the socket the form is about. In a low pane,
// `compact`, only those of one group, and the groups stand in the header.
float draw_call_picker(FormPen& pen, Rect area, bool compact);
float draw_group_picker(FormPen& pen, Rect row);  // returns the width it used
// Which sockets there are to choose a call of: a row in the pane's header.
void draw_receiver(FormPen& pen, Rect row);

// socket()'s form without its line: the grid, the protocols of the chosen cell, and why it works or not.
float draw_socket_form(FormPen& pen, Rect area);
// Any other call's form: what it does, its fields, what it would come to.
float draw_call_form(FormPen& pen, Rect area);
// One parameter's row; returns the height it used.
float draw_field(FormPen& pen, std::size_t field, Rect row);

// The rows getaddrinfo gave last, when the form is about it.
float draw_addresses(FormPen& pen, Rect area);

// Opens the forms at a call; `socket` 0: the module's.
void open_form(const Scene& scene, View& view, Call call, SocketId socket = 0);
void open_new_socket(View& view);
// At the call such a socket is likely to make next.
void open_calls(const Scene& scene, View& view, SocketId socket);

}  // namespace sockscope
