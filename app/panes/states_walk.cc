#include "panes/states_walk.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <variant>

namespace sockscope {
namespace {

constexpr std::size_t kDeepestCalls = 8;  // ours nest twice; a recording may nest without end

bool opens(Call name) {
  return name == Call::connect || name == Call::connect_ex || name == Call::listen;
}
bool closes(const event::CallEntered& e) {
  return e.name == Call::close || (e.name == Call::shutdown && e.args.numbers[0] != SHUT_RD);
}
bool ends_a_connection(std::int32_t error) {
  return error == ECONNREFUSED || error == ECONNRESET || error == ECONNABORTED || error == ETIMEDOUT ||
         error == EHOSTUNREACH || error == ENETUNREACH;
}
bool receives(Call name) {
  return name == Call::recv || name == Call::recv_into || name == Call::recvfrom || name == Call::recvmsg;
}

StepCause cause_of_call(const WalkCall& call) {
  return {StepCause::Kind::call, call.name, call.thread, kStateEdges, 0};
}

// CLOSED by no way of the figure, or before there was a connection.
StepCause cause_of_end(const WalkStep& step) {
  const bool timeout = step.error == ETIMEDOUT || step.error == EHOSTUNREACH || step.error == ENETUNREACH;
  if (timeout) return {StepCause::Kind::timed_out, Call::none, 0, kStateEdges, step.error};
  if (step.error != 0) return {StepCause::Kind::reset, Call::none, 0, kStateEdges, step.error};
  if (step.close.name != Call::none && step.close.seq > step.open.seq) return cause_of_call(step.close);
  return {StepCause::Kind::not_known};
}

// What did not come back before `end` had not come back yet.
void forget_return(WalkCall& call, std::uint64_t end) {
  if (call.returned < end) return;
  call.returned = 0;
  call.error = 0;
}

bool went_to(const std::vector<WalkStep>& steps, std::initializer_list<TcpState> states) {
  return std::any_of(steps.begin(), steps.end(), [&](const WalkStep& step) {
    return std::find(states.begin(), states.end(), step.to) != states.end();
  });
}

}  // namespace

std::vector<std::size_t> edges_of(const WalkStep& step) {
  if (step.tried) {
    return {*edge_between(TcpState::CLOSED, TcpState::SYN_SENT),
            *edge_between(TcpState::SYN_SENT, TcpState::CLOSED)};
  }
  if (step.to == TcpState::CLOSED && !edge_between(step.from, step.to)) {
    const bool before_fin =
        step.from == TcpState::SYN_RECV || (step.from == TcpState::ESTABLISHED && !step.eof);
    if (step.error != 0 || before_fin) return {};
  }
  return way_between(step.from, step.to);
}

StepCause cause_of(const WalkStep& step) {
  if (step.tried) return cause_of_end(step);
  if (step.from == step.to) return {StepCause::Kind::appeared};
  const std::vector<std::size_t> edges = edges_of(step);
  if (edges.empty() || (step.from == TcpState::SYN_SENT && step.to == TcpState::CLOSED)) {
    return cause_of_end(step);
  }
  std::optional<std::size_t> last;
  for (const std::size_t i : edges) {
    const StateEdge& edge = state_edges()[i];
    if (by_call(edge.by)) {
      const WalkCall& call = edge.by == Trigger::close ? step.close : step.open;
      const bool in_vain =
          edge.by == Trigger::close && call.error != 0;  // a failed connect may still connect
      if (call.name != Call::none && !in_vain) return cause_of_call(call);
    } else if (edge.by == Trigger::segment || edges.size() == 1) {
      last = i;
    }
  }
  if (!last) return {StepCause::Kind::not_known};
  const bool timer = state_edges()[*last].by == Trigger::timer;
  return {timer ? StepCause::Kind::timer : StepCause::Kind::segment, Call::none, 0, *last, 0};
}

ClosedFirst closed_first(const std::vector<WalkStep>& one, const std::vector<WalkStep>& other) {
  using enum TcpState;
  const auto active = [](const auto& steps) {
    return went_to(steps, {FIN_WAIT1, FIN_WAIT2, CLOSING, TIME_WAIT});
  };
  const auto passive = [](const auto& steps) { return went_to(steps, {CLOSE_WAIT, LAST_ACK}); };
  if (went_to(one, {CLOSING}) || went_to(other, {CLOSING}) || (active(one) && active(other))) {
    return ClosedFirst::both;
  }
  if (active(one) || passive(other)) return ClosedFirst::one;
  if (active(other) || passive(one)) return ClosedFirst::other;
  return ClosedFirst::nobody;
}

void StatesWalk::extend(const Trace& trace) {
  if (trace_ != &trace || trace.size() < read_ || trace.start() != start_) {
    *this = StatesWalk();
    trace_ = &trace;
    start_ = trace.start();
  }
  for (; read_ < trace.size(); ++read_) {
    const Event& event = trace[read_];
    std::visit([&](const auto& body) { on(body, event.at, read_); }, event.body);
  }
}

SocketId StatesWalk::root(SocketId id) const {
  const auto found = tracks_.find(id);
  return found != tracks_.end() && found->second.same_as != 0 ? found->second.same_as : id;
}

void StatesWalk::on(const event::SocketOpened& e, Time, std::uint64_t) {
  const bool same = e.how == SocketHow::dup || e.how == SocketHow::adopted;
  const SocketId first = same && e.from != e.socket ? root(e.from) : 0;
  Track& track = tracks_[e.socket];
  track.same_as = first;
  track.tcp = e.family == 0 || (e.type == SOCK_STREAM && (e.family == AF_INET || e.family == AF_INET6));
  track.from_listener = of_listener(e.how);
}

void StatesWalk::on(const event::CallEntered& e, Time, std::uint64_t seq) {
  if (e.socket == 0) return;
  const SocketId socket = root(e.socket);
  auto& inside = inside_[e.thread];
  if (inside.size() < kDeepestCalls) inside.push_back({e.call, socket, e.name});
  if (e.name == Call::listen && !std::exchange(tracks_[socket].listened, true)) listened_.push_back(socket);
  if (opens(e.name)) {
    tracks_[socket].open = {e.name, e.thread, e.call, seq, 0, 0};
    tracks_[socket].error = 0;
    tracks_[socket].told = 0;
  } else if (closes(e)) {
    tracks_[socket].close = {e.name, e.thread, e.call, seq, 0, 0};
  }
}

void StatesWalk::on(const event::CallReturned& e, Time at, std::uint64_t seq) {
  const auto thread = inside_.find(e.thread);
  if (thread == inside_.end()) return;
  auto& inside = thread->second;
  const auto found =
      std::find_if(inside.begin(), inside.end(), [&](const Inside& one) { return one.call == e.call; });
  if (found == inside.end()) return;
  const Inside back = *found;
  inside.erase(found, inside.end());
  Track& track = tracks_[back.socket];
  // The kernel's word on the state comes just before the return of the call that changed it.
  const auto came_back = [&](WalkCall& call) {
    if (call.call != e.call) return;
    call.returned = seq;
    call.error = e.error;
  };
  came_back(track.open);
  came_back(track.close);
  if (!track.steps.empty()) {
    came_back(track.steps.back().open);
    came_back(track.steps.back().close);
  }
  if (ends_a_connection(e.error) && !e.timed_out && !e.interrupted) failed(back.socket, e.error, at, seq);
  if (receives(back.name) && e.error == 0 && e.result == 0 && e.data.total() == 0) track.eof = true;
}

void StatesWalk::failed(SocketId socket, std::int32_t error, Time at, std::uint64_t seq) {
  Track& track = tracks_[socket];
  if (!track.tcp) return;
  track.error = error;
  track.told = seq;
  const bool stepped = !track.steps.empty() && track.steps.back().seq > track.open.seq;
  if (stepped && track.steps.back().to == TcpState::CLOSED) {
    WalkStep& last = track.steps.back();
    if (last.error != 0) return;
    last.error = error;
    last.told = seq;
    return;
  }
  const bool was_closed = track.state == TcpState::CLOSED || track.state == TcpState::not_known;
  if (!stepped && was_closed && track.open.returned == seq) {
    WalkStep tried;
    tried.from = tried.to = TcpState::CLOSED;
    tried.tried = true;
    tried.at = at;
    tried.seq = seq;
    push(socket, track, tried);
  }
}

void StatesWalk::push(SocketId socket, Track& track, WalkStep step) {
  step.eof = track.eof;
  step.open = track.open;
  step.close = track.close;
  step.error = track.error;
  step.told = track.told;
  const bool listens = step.to == TcpState::LISTEN || step.from == TcpState::LISTEN;
  const bool moved = step.from != step.to || step.to != TcpState::CLOSED || step.tried;
  if (moved) (listens && !track.from_listener ? listeners_ : connections_).push_back({step.seq, socket});
  track.state = step.to;
  track.steps.push_back(step);
  if (step.to == TcpState::ESTABLISHED) track.eof = false;
}

void StatesWalk::on(const event::StateChanged& e, Time at, std::uint64_t seq) {
  const SocketId socket = root(e.socket);
  Track& track = tracks_[socket];
  if (!track.tcp || e.to == TcpState::not_known || e.to == track.state) return;
  WalkStep next;
  next.from = track.state != TcpState::not_known ? track.state : e.from;
  if (next.from == TcpState::not_known) next.from = track.from_listener ? TcpState::LISTEN : e.to;
  next.to = e.to;
  next.known = e.how;
  next.at = at;
  next.seq = seq;
  push(socket, track, next);
}

std::vector<WalkStep> StatesWalk::steps(SocketId socket, std::uint64_t end) const {
  const auto found = tracks_.find(root(socket));
  if (found == tracks_.end()) return {};
  const std::vector<WalkStep>& all = found->second.steps;
  const auto last =
      std::partition_point(all.begin(), all.end(), [&](const WalkStep& step) { return step.seq < end; });
  const auto count = std::min(static_cast<std::ptrdiff_t>(kMost), last - all.begin());
  std::vector<WalkStep> out(last - count, last);
  for (WalkStep& step : out) {
    forget_return(step.open, end);
    forget_return(step.close, end);
    if (step.told < end) continue;
    step.told = 0;
    step.error = 0;
  }
  return out;
}

SocketId StatesWalk::latest(std::uint64_t end) const {
  for (const auto* moves : {&connections_, &listeners_}) {
    const auto last =
        std::partition_point(moves->begin(), moves->end(), [&](const Move& move) { return move.seq < end; });
    if (last != moves->begin()) return std::prev(last)->socket;
  }
  return 0;
}

}  // namespace sockscope
