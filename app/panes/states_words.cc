#include "panes/states_words.h"

#include <algorithm>

#include "panes/frame.h"
#include "panes/stage_draw.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

SocketId socket_of_thread(const State& state, ThreadId id) {
  const ThreadState* thread = state.thread(id);
  if (thread == nullptr) return 0;
  for (auto call = thread->calls.rbegin(); call != thread->calls.rend(); ++call) {
    if (call->socket != 0) return call->socket;
  }
  return thread->last_socket;
}

// The socket the selection is about; 0: nothing is selected, or nothing that has one.
SocketId chosen_socket(const Scene& scene, const Selection& selection) {
  switch (selection.kind) {
    case Selection::Kind::socket:
      return selection.id;
    case Selection::Kind::thread:
      return socket_of_thread(scene.state, selection.id);
    case Selection::Kind::server: {
      const ServerState* server = scene.state.server(selection.id);
      return server == nullptr ? 0 : server->listener;
    }
    case Selection::Kind::call:
      if (selection.seq < scene.trace.size()) {
        const auto* entered = std::get_if<event::CallEntered>(&scene.trace[selection.seq].body);
        if (entered != nullptr) return entered->socket;
      }
      return 0;
    case Selection::Kind::packet: {
      const PacketState* packet = scene.state.packets().find(selection.id);
      if (packet == nullptr) return 0;
      return packet->sender != 0 ? packet->sender : packet->receiver;
    }
    case Selection::Kind::host:
    case Selection::Kind::wire:
    case Selection::Kind::none:
      break;
  }
  return 0;
}

bool was_connected(const std::vector<WalkStep>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const WalkStep& step) {
    return step.to != TcpState::CLOSED && step.to != TcpState::LISTEN && step.to != TcpState::SYN_SENT;
  });
}

DiagramEnd end_of(const Scene& scene, const StatesWalk& walk, const SocketState& socket) {
  DiagramEnd end;
  end.socket = &socket;
  end.name = scene.state.label(socket.id);
  end.steps = walk.steps(socket.id, scene.cursor_seq);
  end.known = socket.state != TcpState::not_known;
  end.at = end.known ? socket.state : end.steps.empty() ? TcpState::CLOSED : end.steps.back().to;
  end.ended = end.at == TcpState::CLOSED && was_connected(end.steps);
  return end;
}

// A client whose connection sits in an accept queue and has no socket of its own there: the listening socket.
const SocketState* queue_it_waits_in(const State& state, const StatesWalk& walk, const SocketState& client) {
  if (client.peer_id != 0 || !client.peer.known() || client.state != TcpState::ESTABLISHED) return nullptr;
  for (const SocketId id : walk.listened()) {
    const SocketState* listener = state.socket(id);
    if (listener == nullptr) continue;
    const auto& waiting = listener->waiting;
    if (std::find(waiting.begin(), waiting.end(), client.id) != waiting.end()) return listener;
  }
  return nullptr;
}

// The states a step passed and nobody saw, as a list of names.
std::string unseen_names(const WalkStep& step) {
  std::string names;
  const auto edges = edges_of(step);
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    names += (names.empty() ? "" : ", ") + std::string(name_of(state_edges()[edges[i]].to));
  }
  return names;
}

std::string cause_and_who(const ui::Ui& ui, const Scene& scene, const WalkStep& step) {
  const StepCause cause = cause_of(step);
  const ThreadState* thread = scene.state.thread(cause.thread);
  if (cause.kind != StepCause::Kind::call || thread == nullptr) return cause_words(ui, step);
  return ui.say("{0} by thread {1}", cause_words(ui, step), thread->name);
}

std::string step_words(const ui::Ui& ui, const Scene& scene, const DiagramEnd& end) {
  const WalkStep& step = end.steps.back();
  const std::string why = cause_and_who(ui, scene, step);
  if (step.tried) return ui.say("{0} tried to connect and is CLOSED again: {1}.", end.name, why);
  if (step.from == step.to) return ui.say("{0} begins in {1}.", end.name, name_of(step.to));
  return ui.say("{0} went from {1} to {2}: {3}.", end.name, name_of(step.from), name_of(step.to), why);
}

std::string first_words(const ui::Ui& ui, const DiagramCast& cast) {
  const std::vector<WalkStep> nobody;
  const bool two = cast.ends.size() > 1;
  switch (closed_first(cast.ends[0].steps, two ? cast.ends[1].steps : nobody)) {
    case ClosedFirst::one:
      return ui.say("{0} closed first.", cast.ends[0].name);
    case ClosedFirst::other:
      return two ? ui.say("{0} closed first.", cast.ends[1].name) : ui.say("The other end closed first.");
    case ClosedFirst::both:
      return ui.say("Both ends closed at the same time.");
    case ClosedFirst::nobody:
      break;
  }
  return {};
}

}  // namespace

DiagramCast diagram_cast(const ui::Ui& ui, const Scene& scene, const View& view, const StatesWalk& walk) {
  DiagramCast cast;
  cast.now = view.follow && scene.live ? std::max(scene.now, scene.cursor) : scene.cursor;
  SocketId id = chosen_socket(scene, view.selection);
  cast.chosen = id != 0;
  if (id == 0) id = walk.latest(scene.cursor_seq);
  const SocketState* socket = scene.state.socket(id);
  if (socket != nullptr && socket->same_as != 0) socket = scene.state.socket(socket->same_as);
  if (socket == nullptr) return cast;
  if (!is_tcp(*socket)) {
    cast.stateless = socket;
    return cast;
  }
  const SocketState* peer = scene.state.socket(socket->peer_id);
  // The end that asked for the connection comes first, whichever is selected.
  if (peer != nullptr && socket->from != 0 && peer->from == 0) std::swap(socket, peer);
  cast.ends.push_back(end_of(scene, walk, *socket));
  if (peer != nullptr) {
    cast.ends.push_back(end_of(scene, walk, *peer));
  } else if (const SocketState* listener = queue_it_waits_in(scene.state, walk, *socket)) {
    DiagramEnd& waits = cast.ends.emplace_back();
    waits.at = TcpState::ESTABLISHED;  // connect() succeeded, so the kernel has the other end
    waits.name = ui.say("{0}'s accept queue", scene.state.label(listener->id));
  }
  return cast;
}

int last_mover(const DiagramCast& cast) {
  int mover = -1;
  std::uint64_t latest = 0;
  for (std::size_t i = 0; i < cast.ends.size(); ++i) {
    if (cast.ends[i].steps.empty()) continue;
    const WalkStep& step = cast.ends[i].steps.back();
    if (mover >= 0 && step.seq < latest) continue;
    mover = static_cast<int>(i);
    latest = step.seq;
  }
  return mover;
}

std::string belief_words(const ui::Ui& ui, const DiagramCast& cast, const DiagramEnd& end) {
  if (end.socket == nullptr) return ui.say("{0}: not accepted yet", end.name);
  const std::string_view state = name_of(end.at);
  if (!end.known) {
    if (end.steps.empty()) return ui.say("{0}: no state is known", end.name);
    return end.socket->open ? ui.say("{0}: not known, last {1}", end.name, state)
                            : ui.say("{0}: not known since close(), last {1}", end.name, state);
  }
  if (end.socket->queued()) return ui.say("{0}: {1}, not accepted yet", end.name, state);
  const Time left = end.socket->timer_ends - cast.now;
  if (end.at == TcpState::TIME_WAIT && end.socket->timer == Timer::time_wait && left > 0) {
    return ui.say("{0}: {1}, {2} s left", end.name, state, (left + 999'999'999) / 1'000'000'000);
  }
  if (end.socket->known == How::derived) return ui.say("{0}: {1} (derived)", end.name, state);
  return fmt::format("{}: {}", end.name, state);
}

std::string cause_words(const ui::Ui& ui, const WalkStep& step) {
  const StepCause cause = cause_of(step);
  switch (cause.kind) {
    case StepCause::Kind::call:
      return fmt::format("{}()", info(cause.call).python);
    case StepCause::Kind::segment:
    case StepCause::Kind::timer:
      return std::string(ui.tr(state_edges()[cause.edge].words));
    case StepCause::Kind::reset:
      return ui.say("RST arrived, {0}", errno_name(cause.error));
    case StepCause::Kind::timed_out:
      return ui.say("no answer came, {0}", errno_name(cause.error));
    case StepCause::Kind::appeared:
    case StepCause::Kind::not_known:
      break;
  }
  return std::string(ui.tr("the cause is not known"));
}

std::vector<std::string> story_words(const ui::Ui& ui, const Scene& scene, const DiagramCast& cast) {
  std::vector<std::string> story;
  const int mover = last_mover(cast);
  if (mover >= 0) {
    const DiagramEnd& end = cast.ends[static_cast<std::size_t>(mover)];
    story.push_back(step_words(ui, scene, end));
    const std::string unseen = unseen_names(end.steps.back());
    if (!unseen.empty()) story.push_back(ui.say("Passed too fast to be seen: {0}.", unseen));
    if (end.steps.back().known == How::derived) {
      story.push_back(ui.say("Nobody saw this: it follows from what is known."));
    }
  }
  if (const std::string first = cast.ends.empty() ? "" : first_words(ui, cast); !first.empty()) {
    story.push_back(first);
  }
  return story;
}

}  // namespace sockscope
