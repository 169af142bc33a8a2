#include "panes/timeline_search.h"

#include <algorithm>

namespace sockscope {
namespace {

bool moved(const SearchTerm& term, const Blob& bytes) {
  return bytes.view().find(term.word) != std::string_view::npos;
}

bool at_port(const SearchTerm& term, const Address& address) {
  return term.port >= 0 && is_internet(address.family) && address.port == term.port;
}
bool at_port(const SearchTerm& term, const Boxed<Address>& address) {
  return address.there() != nullptr && at_port(term, *address.there());
}

constexpr std::size_t kMostRemembered = 1 << 20;

// `look_up` for an id whose answer is not in `known`, which then has it.
template <typename LookUp>
std::uint32_t remembered(std::vector<std::uint64_t>& known, std::uint64_t not_asked, std::uint32_t id,
                         const LookUp& look_up) {
  if (id >= kMostRemembered) return look_up();
  if (id >= known.size()) known.resize(id + 1, not_asked);
  if (known[id] == not_asked) known[id] = look_up();
  return static_cast<std::uint32_t>(known[id]);
}

}  // namespace

void TimelineSearch::ask(std::string_view text) {
  text_ = text;
  query_ = read_query(text);
  restart();
}

void TimelineSearch::restart() {
  next_ = 0;
  hits_.clear();
  open_.clear();
}

bool TimelineSearch::advance(const Trace& trace, const TimelineIndex& index, Time now, std::size_t events) {
  if (trace_ != &trace || trace.start() != start_ || next_ > trace.size()) {
    restart();
    trace_ = &trace;
    start_ = trace.start();
  }
  if (query_.empty() || too_many()) return false;
  index_ = &index;
  thread_terms_.clear();
  socket_terms_.clear();
  const std::size_t known = std::min(trace.size(), index.folded());
  const std::size_t end = std::min(known, next_ + events);
  for (; next_ < end && !too_many(); ++next_) look(trace[next_], static_cast<std::uint32_t>(next_));
  if (next_ == known) open_calls(now);
  index_ = nullptr;
  return next_ < known && !too_many();
}

double TimelineSearch::progress() const {
  if (trace_ == nullptr || trace_->empty()) return 1;
  return std::min(1.0, static_cast<double>(next_) / static_cast<double>(trace_->size()));
}

std::size_t TimelineSearch::from(Time t) const {
  const auto found = std::lower_bound(hits_.begin(), hits_.end(), t,
                                      [](const SearchHit& hit, Time time) { return hit.at < time; });
  return static_cast<std::size_t>(found - hits_.begin());
}

void TimelineSearch::found(SearchHit hit) {
  if (hits_.empty() || hits_.back().at <= hit.at) {
    hits_.push_back(hit);
    return;
  }
  const auto after = std::upper_bound(hits_.begin(), hits_.end(), hit.at,
                                      [](Time t, const SearchHit& other) { return t < other.at; });
  hits_.insert(after, hit);
}

void TimelineSearch::look(const Event& event, std::uint32_t seq) {
  std::visit([&](const auto& body) { on(body, event.at, seq); }, event.body);
}

bool TimelineSearch::socket_fits(const SearchTerm& term, SocketId id) const {
  if (id == 0 || term.compare != SearchTerm::Compare::none) return false;
  if (term.socket == id) return true;
  const SocketState* socket = index_->state().socket(id);
  if (socket == nullptr) return false;
  if (at_port(term, socket->local) || at_port(term, socket->peer)) return true;
  if (name_fits(term, socket->called)) return true;
  const SocketLane* lane = index_->socket(id);
  return lane != nullptr && name_fits(term, lane->name);
}

bool TimelineSearch::fits(const SearchTerm& term, const CallFacts& call) const {
  const event::CallEntered& entered = *call.entered;
  if (term.compare != SearchTerm::Compare::none) return call.took >= 0 && length_fits(term, call.took);
  if (term.quoted)
    return moved(term, entered.args.data) || (call.returned != nullptr && moved(term, call.returned->data));
  if (term.calls[static_cast<std::size_t>(entered.name)]) return true;
  if (term.blocked && call.blocked) return true;
  if (call.returned != nullptr && call.returned->error != 0) {
    if (term.failed) return true;
    if (std::find(term.errors.begin(), term.errors.end(), call.returned->error) != term.errors.end())
      return true;
  }
  if (at_port(term, entered.args.address) ||
      (call.returned != nullptr && at_port(term, call.returned->address)))
    return true;
  return false;
}

bool TimelineSearch::thread_fits(const SearchTerm& term, ThreadId id) const {
  const ThreadLane* thread = index_->thread(id);
  return thread != nullptr &&
         (name_fits(term, thread->name) || name_fits(term, thread->host) || name_fits(term, thread->server));
}

std::uint32_t TimelineSearch::thread_terms(ThreadId id) const {
  return remembered(thread_terms_, kNotAsked, id, [&] {
    std::uint32_t fit = 0;
    for (std::size_t i = 0; i < query_.terms.size(); ++i)
      if (thread_fits(query_.terms[i], id)) fit |= 1u << i;
    return fit;
  });
}

std::uint32_t TimelineSearch::socket_terms(SocketId id) const {
  return remembered(socket_terms_, kNotAsked, id, [&] {
    std::uint32_t fit = 0;
    for (std::size_t i = 0; i < query_.terms.size(); ++i)
      if (socket_fits(query_.terms[i], id)) fit |= 1u << i;
    return fit;
  });
}

bool TimelineSearch::fits(const CallFacts& call) const {
  std::uint32_t fit = thread_terms(call.entered->thread) | socket_terms(call.entered->socket);
  if (call.returned != nullptr && call.returned->makes != 0) fit |= socket_terms(call.returned->makes);
  for (std::size_t i = 0; i < query_.terms.size(); ++i)
    if ((fit >> i & 1) == 0 && !fits(query_.terms[i], call)) return false;
  return true;
}

void TimelineSearch::on(const event::CallEntered& e, Time at, std::uint32_t seq) {
  OpenCall& open = open_[e.call];
  open = {seq, fits(CallFacts{&e}), false};
  if (open.found) found({at, seq, e.call, SearchHit::Kind::call});
}

void TimelineSearch::on(const event::CallReturned& e, Time at, std::uint32_t) {
  const auto open = open_.find(e.call);
  if (open == open_.end()) return;
  const OpenCall was = open->second;
  open_.erase(open);
  if (was.found) return;
  const Event& entered = (*trace_)[was.seq];
  if (fits({std::get_if<event::CallEntered>(&entered.body), &e, at - entered.at, was.blocked}))
    found({at, was.seq, e.call, SearchHit::Kind::call});
}

void TimelineSearch::on(const event::CallBlocked& e, Time at, std::uint32_t) {
  const auto open = open_.find(e.call);
  if (open == open_.end() || open->second.found) return;
  OpenCall& call = open->second;
  call.blocked = true;
  const Event& entered = (*trace_)[call.seq];
  call.found = fits({std::get_if<event::CallEntered>(&entered.body), nullptr, -1, true});
  if (call.found) found({at, call.seq, e.call, SearchHit::Kind::call});
}

// A call that has not come back may have lasted long enough already.
void TimelineSearch::open_calls(Time now) {
  Time longest = 0;
  for (const SearchTerm& term : query_.terms) {
    if (term.compare == SearchTerm::Compare::more) longest = std::max(longest, term.length + 1);
  }
  if (longest == 0) return;
  for (auto& [id, call] : open_) {
    const Event& entered = (*trace_)[call.seq];
    if (call.found || now - entered.at < longest) continue;
    call.found =
        fits({std::get_if<event::CallEntered>(&entered.body), nullptr, now - entered.at, call.blocked});
    if (call.found) found({entered.at + longest, call.seq, id, SearchHit::Kind::call});
  }
}

void TimelineSearch::on(const event::StateChanged& e, Time at, std::uint32_t seq) {
  const bool all = std::all_of(query_.terms.begin(), query_.terms.end(), [&](const SearchTerm& term) {
    if (term.compare != SearchTerm::Compare::none || term.quoted) return false;
    return term.states[static_cast<std::size_t>(e.to)] || socket_fits(term, e.socket);
  });
  if (all) found({at, seq, e.socket, SearchHit::Kind::socket});
}

void TimelineSearch::on(const event::ThreadStarted& e, Time at, std::uint32_t seq) {
  const bool all = std::all_of(query_.terms.begin(), query_.terms.end(), [&](const SearchTerm& term) {
    return term.compare == SearchTerm::Compare::none &&
           (name_fits(term, e.name) || name_fits(term, e.host) || name_fits(term, e.server));
  });
  if (all) found({at, seq, e.thread, SearchHit::Kind::thread});
}

bool TimelineSearch::fits(const SearchTerm& term, const PacketState& packet) const {
  if (term.compare != SearchTerm::Compare::none || term.quoted) return false;
  if (term.dropped) return packet.place == PacketPlace::dropped;
  if (term.again) return packet.again;
  const Packet& header = packet.header;
  if (packet.known) {
    if (term.flags != 0 && header.protocol == Packet::Protocol::tcp &&
        (header.flags & term.flags) == term.flags)
      return true;
    if (!term.protocol.empty() && name_of(header.protocol) == term.protocol) return true;
    if (at_port(term, header.source) || at_port(term, header.destination)) return true;
  }
  for (const HostId id : {packet.from, packet.to}) {
    const HostState* host = index_->state().host(id);
    if (host != nullptr && name_fits(term, host->name)) return true;
  }
  return false;
}

void TimelineSearch::look_at_packet(PacketId id, Time at, std::uint32_t seq) {
  const PacketState* packet = index_->state().packets().find(id);
  if (packet == nullptr) return;
  if (std::all_of(query_.terms.begin(), query_.terms.end(),
                  [&](const SearchTerm& term) { return fits(term, *packet); }))
    found({at, seq, id, SearchHit::Kind::packet});
}

// Asked for dropped ones, a packet is found when it is dropped, else when it is sent.
void TimelineSearch::on(const event::PacketSent& e, Time at, std::uint32_t seq) {
  const bool dropped = std::any_of(query_.terms.begin(), query_.terms.end(),
                                   [](const SearchTerm& term) { return term.dropped; });
  if (!dropped) look_at_packet(e.packet, at, seq);
}

void TimelineSearch::on(const event::PacketDropped& e, Time at, std::uint32_t seq) {
  const bool dropped = std::any_of(query_.terms.begin(), query_.terms.end(),
                                   [](const SearchTerm& term) { return term.dropped; });
  if (dropped) look_at_packet(e.packet, at, seq);
}

}  // namespace sockscope
