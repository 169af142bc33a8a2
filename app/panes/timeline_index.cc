#include "panes/timeline_index.h"

#include <algorithm>
#include <variant>

#include "panes/queue_seats.h"

namespace sockscope {
namespace {

// A recording may nest calls without end; ours nest twice. What is deeper is not followed.
constexpr std::size_t kDeepest = 8;

// The kernel takes bytes in these; a sendall is made of sends, a sendfile of os_sendfiles.
bool takes_bytes(Call call) {
  return call == Call::send || call == Call::sendto || call == Call::sendmsg || call == Call::os_sendfile;
}

}  // namespace

void TimelineIndex::extend(const Trace& trace) {
  if (trace_ != &trace || trace.size() < folded() || trace.start() != start_) {
    const std::uint64_t version = version_ + 1;
    *this = TimelineIndex();
    version_ = version;
    trace_ = &trace;
    start_ = trace.start();
  }
  for (std::size_t seq = folded(); seq < trace.size(); ++seq) {
    state_.apply(trace[seq], seq);
    density_.add(trace[seq].at, severity_of(trace[seq].body));
    note(trace[seq], static_cast<std::uint32_t>(seq));
  }
}

const ThreadLane* TimelineIndex::thread(ThreadId id) const {
  const auto found = thread_at_.find(id);
  return found == thread_at_.end() ? nullptr : &threads_[found->second];
}

const SocketLane* TimelineIndex::socket(SocketId id) const {
  const auto found = socket_at_.find(id);
  return found == socket_at_.end() ? nullptr : &sockets_[found->second];
}

void TimelineIndex::note(const Event& event, std::uint32_t seq) {
  std::visit([&](const auto& body) { on(body, event.at, seq); }, event.body);
}

ThreadLane& TimelineIndex::thread_lane(ThreadId id, Time at) {
  const auto [found, fresh] = thread_at_.try_emplace(id, threads_.size());
  if (fresh) {
    ++version_;
    ThreadLane lane;
    lane.id = id;
    lane.started = at;
    threads_.push_back(std::move(lane));
  }
  return threads_[found->second];
}

SocketLane& TimelineIndex::socket_lane(SocketId id, Time at) {
  const auto [found, fresh] = socket_at_.try_emplace(id, sockets_.size());
  if (fresh) {
    ++version_;
    SocketLane lane;
    lane.id = id;
    lane.opened = at;
    sockets_.push_back(std::move(lane));
  }
  return sockets_[found->second];
}

LaneGroup& TimelineIndex::group(std::string_view name) {
  const auto found =
      std::find_if(groups_.begin(), groups_.end(), [&](const LaneGroup& g) { return g.name == name; });
  if (found != groups_.end()) return *found;
  ++version_;
  groups_.emplace_back().name = name;
  return groups_.back();
}

LaneGroup& TimelineIndex::host(std::string_view name) {
  const auto found =
      std::find_if(hosts_.begin(), hosts_.end(), [&](const LaneGroup& g) { return g.name == name; });
  if (found != hosts_.end()) return *found;
  ++version_;
  hosts_.emplace_back().name = name;
  return hosts_.back();
}

void TimelineIndex::count(LaneGroup& group, Time at, std::uint32_t seq) {
  group.alive.open(at, seq, 0, group.living);
}

// Where its lanes are folded away, what failed is still told.
void TimelineIndex::fail(const ThreadLane& lane, Time at, std::uint32_t seq) {
  if (!lane.host.empty()) host(lane.host).failures.point(at, seq, 0, SpanFlag::failed);
  if (lane.server.empty()) return;
  LaneGroup& its = group(lane.server);
  (lane.role == ThreadRole::accept ? its.accept_failures : its.failures).point(at, seq, 0, SpanFlag::failed);
}

std::uint64_t TimelineIndex::calls_between(Time from, Time to) const {
  const auto begun = [](const Spans& calls, Time t) {
    const std::size_t last = calls.at(t);
    return last == calls.size() ? 0 : last + 1;
  };
  std::uint64_t count = 0;
  for (const ThreadLane& lane : threads_) count += begun(lane.calls, to) - begun(lane.calls, from - 1);
  return count;
}

std::uint64_t TimelineIndex::bytes_between(Time from, Time to) const {
  const auto taken = [&](Time t) {
    const auto after = std::upper_bound(taken_.begin(), taken_.end(), t,
                                        [](Time time, const Taken& one) { return time < one.at; });
    return after == taken_.begin() ? 0 : (after - 1)->bytes;
  };
  return taken(to) - taken(from - 1);
}

void TimelineIndex::on(const event::ThreadStarted& e, Time at, std::uint32_t seq) {
  ThreadLane& lane = thread_lane(e.thread, at);
  lane.parent = e.parent;
  lane.role = e.role;
  lane.name = e.name.view();
  const bool again = !lane.host.empty(), grouped = !lane.server.empty();
  lane.server = e.server.view();
  lane.host = e.host.empty() ? "localhost" : e.host.view();
  ++version_;
  if (!again) {
    LaneGroup& its = host(lane.host);
    its.threads.push_back(e.thread);
    ++its.living;
    count(its, at, seq);
  }
  if (lane.server.empty() || grouped) return;
  LaneGroup& its = group(lane.server);
  if (its.host.empty()) its.host = lane.host;
  its.threads.push_back(e.thread);
  if (e.role == ThreadRole::accept) return;
  ++its.living;
  count(its, at, seq);
}

void TimelineIndex::on(const event::ThreadEnded& e, Time at, std::uint32_t seq) {
  ThreadLane& lane = thread_lane(e.thread, at);
  if (lane.ended >= 0) return;
  lane.ended = at;
  lane.calls.close(at);
  if (!lane.host.empty()) {
    LaneGroup& on = host(lane.host);
    if (on.living > 0) --on.living;
    count(on, at, seq);
  }
  if (lane.server.empty() || lane.role == ThreadRole::accept) return;
  LaneGroup& its = group(lane.server);
  if (its.living > 0) --its.living;
  count(its, at, seq);
}

void TimelineIndex::on(const event::HostStarted& e, Time, std::uint32_t) {
  if (!e.name.empty()) host(e.name.view());
}

void TimelineIndex::on(const event::NameBound& e, Time at, std::uint32_t) {
  if (e.kind != NameKind::socket || e.id == 0) return;
  SocketLane& lane = socket_lane(e.id, at);
  if (lane.name.empty()) lane.name = e.name.view();
}

void TimelineIndex::on(const event::CallEntered& e, Time at, std::uint32_t seq) {
  ThreadLane& lane = thread_lane(e.thread, at);
  std::vector<CallId>& inside = inside_[e.thread];
  if (inside.empty()) {
    if (lane.calls.empty()) ++version_;  // a thread without calls has no row
    lane.calls.open(at, seq, static_cast<std::uint8_t>(e.name));
  } else {
    lane.inner.point(at, seq, static_cast<std::uint8_t>(e.name));
  }
  if (inside.size() < kDeepest) inside.push_back(e.call);
  if (takes_bytes(e.name)) sends_.insert(e.call);
}

void TimelineIndex::on(const event::CallReturned& e, Time at, std::uint32_t seq) {
  ThreadLane& lane = thread_lane(e.thread, at);
  if (sends_.erase(e.call) != 0 && e.error == 0 && e.result > 0) {
    const Taken before = taken_.empty() ? Taken{at, 0} : taken_.back();
    taken_.push_back({std::max(at, before.at), before.bytes + static_cast<std::uint64_t>(e.result)});
  }
  if (e.error != 0) fail(lane, at, seq);
  std::vector<CallId>& inside = inside_[e.thread];
  const auto found = std::find(inside.begin(), inside.end(), e.call);
  if (found == inside.end()) return;
  if (found == inside.begin()) lane.calls.close(at, seq, e.error != 0 ? SpanFlag::failed : SpanFlag::none);
  inside.erase(found, inside.end());

  const ThreadState* thread = state_.thread(e.thread);
  const SocketId used = thread == nullptr ? 0 : thread->last_socket;
  for (const SocketId made : {e.makes, e.also_makes}) {
    if (made != 0) hand(made, e.thread, at);
  }
  for (const SocketId id : {used, e.makes, e.also_makes}) {
    look(id, at, seq);
    if (const SocketState* socket = state_.socket(id)) look(socket->peer_id, at, seq);
  }
}

void TimelineIndex::on(const event::CallBlocked& e, Time at, std::uint32_t) {
  const auto inside = inside_.find(e.thread);
  if (inside == inside_.end() || inside->second.empty()) return;
  ThreadLane& lane = thread_lane(e.thread, at);
  if (lane.calls.is_open()) lane.calls.block(e.since);
}

void TimelineIndex::on(const event::SocketOpened& e, Time at, std::uint32_t seq) {
  SocketLane& lane = socket_lane(e.socket, at);
  lane.from = of_listener(e.how) ? e.from : 0;
  lane.closed = -1;
  look(e.socket, at, seq);
  look(e.from, at, seq);
}

void TimelineIndex::on(const event::SocketClosed& e, Time at, std::uint32_t seq) {
  socket_lane(e.socket, at).closed = at;
  look(e.socket, at, seq);
}

void TimelineIndex::on(const event::StateChanged& e, Time at, std::uint32_t seq) {
  look(e.socket, at, seq);
}

void TimelineIndex::on(const event::ListenerSampled& e, Time at, std::uint32_t seq) {
  look(e.socket, at, seq);
}

void TimelineIndex::on(const event::QueuesSampled& e, Time at, std::uint32_t seq) {
  if (e.drops != 0) look(e.socket, at, seq);
}

void TimelineIndex::on(const event::ServerStarted& e, Time, std::uint32_t) {
  LaneGroup& its = group(e.name.view());
  its.id = e.server;
  its.listener = e.listener;
  ++version_;
}

void TimelineIndex::on(const event::ServerEnded&, Time, std::uint32_t) {
  ++version_;
}

void TimelineIndex::on(const event::LoadStarted& e, Time, std::uint32_t) {
  group(e.name.view()).id = e.load;
  ++version_;
}

void TimelineIndex::on(const event::ClientStarted& e, Time at, std::uint32_t) {
  hand(e.socket, e.thread, at);
}

void TimelineIndex::on(const event::Expectation& e, Time at, std::uint32_t seq) {
  marks_.point(at, seq, static_cast<std::uint8_t>(MarkKind::expectation),
               e.met ? SpanFlag::none : SpanFlag::failed);
}

void TimelineIndex::on(const event::Notice&, Time at, std::uint32_t seq) {
  marks_.point(at, seq, static_cast<std::uint8_t>(MarkKind::notice));
}

void TimelineIndex::hand(SocketId socket, ThreadId thread, Time at) {
  SocketLane& lane = socket_lane(socket, at);
  if (lane.from != 0 && lane.accepted < 0) lane.accepted = at;
  if (lane.thread == thread) return;
  if (lane.thread != 0) {
    std::vector<SocketId>& sockets = thread_lane(lane.thread, at).sockets;
    sockets.erase(std::remove(sockets.begin(), sockets.end(), socket), sockets.end());
  }
  lane.thread = thread;
  thread_lane(thread, at).sockets.push_back(socket);
  ++version_;
}

void TimelineIndex::look(SocketId id, Time at, std::uint32_t seq) {
  const SocketState* socket = id == 0 ? nullptr : state_.socket(id);
  if (socket == nullptr) return;
  SocketLane& lane = socket_lane(id, at);
  const auto kind = static_cast<std::uint8_t>(socket->state);
  const bool unseen = socket->state == TcpState::not_known || socket->state == TcpState::CLOSED;
  const bool over = unseen && !socket->open && lane.closed >= 0;
  const SpanFlag how = !unseen && socket->known == How::derived ? SpanFlag::derived : SpanFlag::none;
  if (over) {
    lane.states.close(at);
  } else if (!lane.states.is_open() || lane.states.back().kind != kind || lane.states.back().flags != how) {
    lane.states.open(at, seq, kind, 0, how);
  }
  if (socket->drops > lane.dropped) {
    lane.drops.point(at, seq, 0, SpanFlag::failed);
    density_.mark(at, Severity::bad);
    if (const ThreadLane* owner = thread(lane.thread)) fail(*owner, at, seq);
  }
  lane.dropped = socket->drops;
  if (socket->backlog >= 0 || socket->limit != 0) look_at_queue(*socket, lane, at, seq, over);
}

void TimelineIndex::look_at_queue(const SocketState& socket, SocketLane& lane, Time at, std::uint32_t seq,
                                  bool over) {
  if (!lane.listened) ++version_;
  lane.listened = true;
  const std::uint32_t taken = queue_taken(socket);
  lane.limit = queue_limit(socket);
  lane.longest = std::max(lane.longest, taken);
  const bool full = taken > lane.limit;
  if (over) {
    lane.queue.close(at);
  } else if (!lane.queue.is_open() || lane.queue.back().value != taken) {
    lane.queue.open(at, seq, 0, taken, full ? SpanFlag::full : SpanFlag::none);
  }
}

}  // namespace sockscope
