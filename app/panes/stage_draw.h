#pragma once
// The Stage's things, one function a thing. Each draws on the current window's list inside its rectangle, and
// for what can be picked says so by one area with a key of its own.

#include "panes/panes.h"
#include "panes/stage_actions.h"
#include "panes/stage_layout.h"

namespace sockscope {

struct StagePen {
  ui::Ui& ui;
  const Scene& scene;
  View& view;
  ImDrawList* list;
  Time now;  // the moment clocks on the Stage show
  Requests& requests;

  const State& state() const { return scene.state; }
  bool is_selected(Selection::Kind kind, std::uint32_t id) const {
    return view.selection.kind == kind && view.selection.id == id;
  }
};

// "connect → None", "recv → 6 B", "connect → ECONNREFUSED"; empty if it called nothing yet.
std::string last_result(const Scene& scene, const ThreadState& thread);
// Its variable, else "#3".
std::string short_label(const State& state, SocketId id);
// ":9999", a Unix socket's name; empty if it has none.
std::string port_text(const Address& address);

void draw_thread(StagePen& pen, Rect box, ThreadId id, RowForm form);
void draw_socket(StagePen& pen, Rect box, SocketId id, RowForm form);
void draw_chip(StagePen& pen, Rect box, const StageRow& row);
void draw_counts(StagePen& pen, Rect box, const std::vector<StageRow>& rows);
// How many more are in TIME_WAIT, and when the last of them is forgotten; 0: not known.
void draw_past(StagePen& pen, Rect box, std::size_t count, Time ends);
void draw_socket_glyph(StagePen& pen, ImVec2 centre, float radius, const SocketState& socket);
ImU32 state_colour(const StagePen& pen, const SocketState& socket);  // of a line or an edge

void draw_block(StagePen& pen, const StageBlock& block);  // the listening socket's card and its queue
void draw_seats(StagePen& pen, const StageBlock& block);
void draw_lines(StagePen& pen, const StageLayout& layout);  // who is connected to whom; under the cards
// Picks the thing; the console's prompt follows.
void pick(StagePen& pen, Selection selection);
// An area that stands for a thing: a press picks it, the right button opens its menu too.
void pick_area(StagePen& pen, const std::string& key, ImVec2 min, ImVec2 max, const Selection& selection);
// Asks for what the action does; the prompt goes where its line goes.
void run_action(View& view, Requests& requests, const StageAction& action);

// stage_drag.cc. Of the last area: from this live socket an arrow can be drawn; dropped on a listening one it
// writes the line connect() on the thread the socket belongs to. Dropped elsewhere it does nothing.
void drag_socket(StagePen& pen, const SocketState& socket);
void drop_on_listener(StagePen& pen, const SocketState& listener);
// What is in hand, at the mouse.
void drag_caption(ui::Ui& ui, const std::string& words);
// Of the last area: a file let go over it is sent by this live socket.
void take_dropped_file(StagePen& pen, const SocketState& socket);

// Whether it has the states of TCP; what the trace has not told of is taken for TCP.
bool is_tcp(const SocketState& socket);
// TCP's state; of others LISTEN, or what they are: "AF_INET DGRAM".
std::string state_text(const SocketState& socket);

}  // namespace sockscope
