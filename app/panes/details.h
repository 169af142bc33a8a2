#pragma once
// The Details pane's page: what is selected, in words and facts. Each kind of thing has a file.

#include <optional>
#include <string>
#include <string_view>

#include "panes/frame.h"
#include "panes/timeline.h"

namespace sockscope {

// A column of text that grows downwards inside a child window.
class DetailsPage {
 public:
  DetailsPage(ui::Ui& ui, ImVec2 at, float width) : ui_(ui), at_(at), top_(at.y), width_(width) {}

  // A glyph of 9 px radius may be drawn at the left by the caller: `indent` leaves room for it.
  void title(std::string_view name, std::string_view state, ImU32 state_colour, std::string_view right,
             float indent = 0);
  void sentence(std::string_view text);
  void mono(std::string_view text, ImU32 colour);
  // What, value, and how it is known; the last goes under a narrow pane's edge.
  void fact(std::string_view what, std::string_view value, std::string_view how = {}, float column = 0);
  void gap(float at_scale_one) { at_.y += ui_.px(at_scale_one); }
  // A part of the page begins.
  void heading(std::string_view text);
  // One thing in its own font, with a short word at the right; wrapped before the word.
  void line(std::string_view text, ImU32 colour, ImFont* font, std::string_view right = {});
  // What follows stands further in; back with the same, negative.
  void indent(float at_scale_one) {
    at_.x += ui_.px(at_scale_one);
    width_ -= ui_.px(at_scale_one);
  }
  // Last line: what ends it at the left, the manual page at the right.
  void footer(std::string_view words, std::string_view man);
  // "Nobody listens at …", then exactly what Python prints, on the ground of what went wrong.
  void failure(std::string_view words, std::string_view python);

  ui::Ui& ui() { return ui_; }
  ImVec2 at() const { return at_; }
  float width() const { return width_; }
  float used() const { return at_.y - top_; }

 private:
  ui::Ui& ui_;
  ImVec2 at_;
  float top_, width_;
};

// A call of the trace and, when it had come back by the cursor, how.
struct CallAt {
  const event::CallEntered* entered = nullptr;
  const event::CallReturned* returned = nullptr;
  std::uint64_t returned_seq = 0;
  Time entered_at = 0, returned_at = 0;
  Time blocked_since = -1;
};
std::optional<CallAt> call_at(const Scene& scene, const TimelineIndex& index, std::uint64_t seq);
// The call that came back last, if it failed and nobody asked it to come back.
std::optional<std::uint64_t> last_failure(const Scene& scene, const TimelineIndex& index);

void socket_details(DetailsPage& page, const Scene& scene, const SocketState& socket);
// Of a socket's page: where its two ends differ, and why; everything the kernel says of it.
void socket_beliefs(DetailsPage& page, const Scene& scene, const SocketState& socket);
void socket_facts(DetailsPage& page, const Scene& scene, const SocketState& socket);
void thread_details(DetailsPage& page, const Scene& scene, const ThreadState& thread);
void server_details(DetailsPage& page, const Scene& scene, View& view, const ServerState& server);
// Of a server's page: who of its load was answered, and how long they waited; nothing where it has none.
void load_details(DetailsPage& page, const Scene& scene, View& view, const ServerState& server);
void packet_details(DetailsPage& page, const Scene& scene, const PacketState& packet);
void host_details(DetailsPage& page, const Scene& scene, const HostState& host);
// False: there is none between these two hosts.
bool wire_details(DetailsPage& page, const Scene& scene, HostId a, HostId b);
void call_details(DetailsPage& page, const Scene& scene, View& view, Requests& requests, const CallAt& call);

// How something is known, as the last column says it: "call", "sample", "packet", "derived".
std::string how_words(const ui::Ui& ui, How how);
// Seconds since the trace's start, as a clock shows them.
std::string since_start(const Scene& scene, Time at);

}  // namespace sockscope
