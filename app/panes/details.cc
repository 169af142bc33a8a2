#include "panes/details.h"

#include <algorithm>

#include "panes/clock_wake.h"
#include "panes/details_call.h"
#include "panes/details_desk.h"
#include "panes/forms.h"
#include "panes/scroll.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

// How far a call's return is looked for when no lane knows it: the inner calls of a sendall are near.
constexpr std::size_t kInnerReach = 4096;

void nothing_selected(DetailsPage& page) {
  page.sentence(page.ui().tr("Select a thread, socket or packet."));
}

// A line that raised without a call behind it: TypeError, NameError, OverflowError.
const ThreadState* raised_last(const Scene& scene) {
  const ThreadState* latest = nullptr;
  std::uint64_t newest_return = 0;
  for (const ThreadState& thread : scene.state.threads()) {
    if (thread.role != ThreadRole::play) continue;
    if (thread.has_returned) newest_return = std::max(newest_return, thread.last_return);
    if (thread.line_running || thread.line_id == 0) continue;
    if (latest == nullptr || thread.line_end_seq > latest->line_end_seq) latest = &thread;
  }
  if (latest == nullptr || latest->line_exception.empty() || latest->line_error != 0) return nullptr;
  // Python's own timeout, sendfile's ValueError: no errno, and yet a call failed. It says more.
  const bool call_failed =
      latest->has_returned && latest->last_return > latest->line_seq && latest->last_error != 0;
  return !call_failed && latest->line_end_seq > newest_return ? latest : nullptr;
}

void what_went_wrong(DetailsPage& page, const Scene& scene, View& view, Requests& requests,
                     const ThreadState& thread) {
  const auto* line = std::get_if<event::LineStarted>(&scene.trace[thread.line_seq].body);
  const std::string source(line == nullptr ? std::string_view() : line->text.view());
  const Desk& desk = desk_at(page.ui(), scene, view, thread.line_end_seq);
  if (desk.said) return desk_details(page, view, requests, *desk.said, source, {});
  const auto* ended = std::get_if<event::LineEnded>(&scene.trace[thread.line_end_seq].body);
  const std::string text(ended == nullptr ? std::string_view() : ended->text.view());
  page.failure(page.ui().tr("Python refused the line before any call reached the kernel."),
               text.empty() ? thread.line_exception : thread.line_exception + ": " + text);
  page.mono(source, page.ui().theme.ink);
}

// Its last call came back because somebody asked it to: at the end of a play, all that are blocked do.
bool interrupted(const Scene& scene, const ThreadState& thread) {
  const auto* returned = std::get_if<event::CallReturned>(&scene.trace[thread.last_return].body);
  return returned != nullptr && returned->interrupted;
}

bool selected(DetailsPage& page, const Scene& scene, View& view, Requests& requests,
              const TimelineIndex& index) {
  const Selection selection = view.selection;
  switch (selection.kind) {
    case Selection::Kind::socket:
      if (const SocketState* socket = scene.state.socket(selection.id)) {
        socket_details(page, scene, *socket);
        if (socket->timer != Timer::none) {
          wake_for_timer(page.ui(), scene, view, *socket, scene.cursor);
        }
        return true;
      }
      break;
    case Selection::Kind::thread:
      if (const ThreadState* thread = scene.state.thread(selection.id)) {
        thread_details(page, scene, *thread);
        return true;
      }
      break;
    case Selection::Kind::server:
      if (const ServerState* server = scene.state.server(selection.id)) {
        server_details(page, scene, view, *server);
        return true;
      }
      break;
    case Selection::Kind::call:
      if (const auto call = call_at(scene, index, selection.seq)) {
        call_details(page, scene, view, requests, *call);
        return true;
      }
      break;
    case Selection::Kind::packet:
      if (const PacketState* packet = scene.state.packets().find(selection.id)) {
        packet_details(page, scene, *packet);
        return true;
      }
      break;
    case Selection::Kind::host:
      if (const HostState* host = scene.state.host(selection.id)) {
        host_details(page, scene, *host);
        return true;
      }
      break;
    case Selection::Kind::wire:
      if (wire_details(page, scene, selection.id, static_cast<HostId>(selection.seq))) return true;
      break;
    case Selection::Kind::none:
      return false;
  }
  page.sentence(page.ui().tr("At the cursor this is not there yet."));
  return true;
}

void page_of(DetailsPage& page, const Scene& scene, View& view, Requests& requests) {
  const TimelineIndex& index = lanes_of(view, scene).index;
  if (selected(page, scene, view, requests, index)) return;
  if (const ThreadState* thread = raised_last(scene)) {
    what_went_wrong(page, scene, view, requests, *thread);
  } else if (const auto seq = last_failure(scene, index)) {
    call_details(page, scene, view, requests, *call_at(scene, index, *seq));
  } else {
    nothing_selected(page);
  }
}

std::string subtitle(const ui::Ui& ui, const Scene& scene, const View& view) {
  switch (view.selection.kind) {
    case Selection::Kind::socket:
      return ui.say("socket at {0}", since_start(scene, scene.cursor));
    case Selection::Kind::thread:
      return ui.say("thread at {0}", since_start(scene, scene.cursor));
    case Selection::Kind::server:
      return ui.say("server at {0}", since_start(scene, scene.cursor));
    case Selection::Kind::packet:
      return ui.say("packet");
    case Selection::Kind::host:
      return ui.say("host");
    case Selection::Kind::wire:
      return ui.say("wire");
    case Selection::Kind::call:
      return ui.say("call");
    case Selection::Kind::none:
      break;
  }
  return {};
}

// The calls of the selected socket, in the header; of a getaddrinfo its table.
void calls_link(ui::Ui& ui, const Scene& scene, View& view, Rect where) {
  if (view.selection.kind == Selection::Kind::call && view.selection.seq < scene.trace.size()) {
    const auto* entered = std::get_if<event::CallEntered>(&scene.trace[view.selection.seq].body);
    if (entered == nullptr || entered->name != Call::getaddrinfo) return;
    ImVec2 at{where.max.x - ui.px(56), where.min.y + ui.px(9)};
    if (link_at(ui, at, "table", "As a table", true)) open_form(scene, view, Call::getaddrinfo);
    return;
  }
  if (view.selection.kind != Selection::Kind::socket) return;
  const SocketState* socket = scene.end.socket(view.selection.id);
  if (socket == nullptr || socket->names.empty()) return;
  ImVec2 at{where.max.x - ui.px(56), where.min.y + ui.px(9)};
  if (link_at(ui, at, "calls", "All calls", true)) open_calls(scene, view, socket->id);
}

}  // namespace

std::string since_start(const Scene& scene, Time at) {
  return fmt::format("{:.3f} s", static_cast<double>(at - scene.start) / 1e9);
}

std::string how_words(const ui::Ui& ui, How how) {
  switch (how) {
    case How::call:
      return ui.say("from the call");
    case How::sample:
      return ui.say("asked the kernel");
    case How::packet:
      return ui.say("from a packet");
    case How::derived:
      return ui.say("derived");
  }
  return {};
}

std::optional<CallAt> call_at(const Scene& scene, const TimelineIndex& index, std::uint64_t seq) {
  if (seq >= scene.trace.size()) return std::nullopt;
  CallAt call;
  call.entered = std::get_if<event::CallEntered>(&scene.trace[seq].body);
  if (call.entered == nullptr || seq >= scene.cursor_seq) return std::nullopt;
  call.entered_at = scene.trace[seq].at;
  std::size_t end = std::min<std::size_t>(seq + kInnerReach, scene.cursor_seq);
  std::size_t from = seq + 1;
  if (const ThreadLane* lane = index.thread(call.entered->thread)) {
    const std::size_t span = lane->calls.find(static_cast<std::uint32_t>(seq));
    if (span < lane->calls.size()) {
      from = lane->calls[span].value == 0 ? end : lane->calls[span].value;
      end = std::min<std::size_t>(from + 1, scene.cursor_seq);
      if (has(lane->calls[span].flags, SpanFlag::blocked)) {
        call.blocked_since = lane->calls.blocked_since(span, scene.cursor);
      }
    }
  }
  for (std::size_t i = from; i < end; ++i) {
    const auto* returned = std::get_if<event::CallReturned>(&scene.trace[i].body);
    if (returned == nullptr || returned->call != call.entered->call) continue;
    call.returned = returned;
    call.returned_seq = i;
    call.returned_at = scene.trace[i].at;
    break;
  }
  return call;
}

std::optional<std::uint64_t> last_failure(const Scene& scene, const TimelineIndex& index) {
  const ThreadState* latest = nullptr;
  for (const ThreadState& thread : scene.state.threads()) {
    if (!thread.has_returned || thread.role != ThreadRole::play) continue;  // servers fail unseen
    if (interrupted(scene, thread)) continue;
    if (latest == nullptr || thread.last_return > latest->last_return) latest = &thread;
  }
  if (latest == nullptr || latest->last_error == 0) return std::nullopt;
  const ThreadLane* lane = index.thread(latest->id);
  if (lane == nullptr) return std::nullopt;
  // The outermost call it came back from.
  const std::size_t span = lane->calls.before(static_cast<std::uint32_t>(latest->last_return));
  if (span == lane->calls.size()) return std::nullopt;
  return lane->calls[span].seq;
}

void draw_details(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  const Rect inside = pane_frame(ui, view, Pane::details, ui.tr("Details"), subtitle(ui, scene, view), where);
  const ui::Scope scope(ui, "details");
  calls_link(ui, scene, view, where);
  wake_for_blocked(ui, scene, view);
  ImGui::SetCursorScreenPos(inside.min);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  if (ui::begin_child("page", {inside.width(), inside.height()})) {
    scroll_by_keys(ui, view, Pane::details);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    DetailsPage page(ui, {at.x + ui.px(20), at.y + ui.px(8)}, inside.width() - ui.px(40));
    page_of(page, scene, view, requests);
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({inside.width() - ui.px(16), page.used() + ui.px(16)});
  }
  ImGui::EndChild();
  ImGui::PopStyleVar();
}

}  // namespace sockscope
