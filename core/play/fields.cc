#include "play/fields.h"

#include <array>

namespace sockscope::play {
namespace {

using namespace std::string_view_literals;

Value number(std::uint64_t n) {
  return Value(static_cast<std::int64_t>(n));
}
Value number_or_none(std::int64_t n, bool known) {
  return known ? Value(n) : Value();
}
Value text_or_none(std::string_view s) {
  return s.empty() ? Value() : text(s);
}

Value names_of(const SocketState& socket) {
  List names;
  for (const std::string& name : socket.names) names.items.push_back(text(name));
  return names;
}

}  // namespace

std::optional<Value> field(const SocketState& s, std::string_view name) {
  if (name == "id") return number(s.id);
  if (name == "names") return names_of(s);
  if (name == "family") return s.family;
  if (name == "type") return s.type;
  if (name == "protocol" || name == "proto") return s.protocol;
  if (name == "state") return text(name_of(s.state));
  if (name == "local") return of_address(s.local);
  if (name == "peer") return of_address(s.peer);
  if (name == "peer_id") return number_or_none(s.peer_id, s.peer_id != 0);
  if (name == "accept_queue") return number(s.accept_queue);
  if (name == "backlog") return number_or_none(s.backlog, s.backlog >= 0);
  if (name == "syn_queue") return number(s.syn_queue);
  if (name == "recv_queue") return number(s.recv_queue);
  if (name == "send_queue") return number(s.send_queue);
  if (name == "open") return s.open;
  if (name == "host") return text(s.host.empty() ? "localhost"sv : std::string_view(s.host));
  if (name == "fd") return number_or_none(s.fd, s.open && s.fd >= 0);
  if (name == "timeout") return s.deadline_ns < 0 ? Value() : Value(static_cast<double>(s.deadline_ns) / 1e9);
  return std::nullopt;
}

std::optional<Value> field(const ThreadState& t, std::string_view name) {
  static constexpr std::array kRoles = {"play"sv, "accept"sv, "client"sv, "load"sv};
  if (name == "name") return text(t.name);
  if (name == "host") return text(t.host);
  if (name == "server") return text_or_none(t.server);
  if (name == "role") return text(kRoles[static_cast<std::size_t>(t.role)]);
  if (name == "alive") return t.alive;
  if (name == "blocked_in")
    return t.blocked && !t.calls.empty() ? text(info(t.calls.front().name).python) : Value();
  return std::nullopt;
}

std::optional<Value> field(const CallRecord& c, const State& state, std::string_view name) {
  const bool back = c.returned >= 0;
  if (name == "name") return text(info(c.name).python);
  if (name == "thread") {
    const ThreadState* thread = state.thread(c.thread);
    return thread == nullptr ? Value() : text(thread->name);
  }
  if (name == "socket") return c.socket == 0 ? Value() : Value(SocketValue{c.socket, nullptr});
  if (name == "result") return c.result;
  if (name == "error") return number_or_none(c.error, back);
  if (name == "blocked") return c.blocked;
  if (name == "duration") return static_cast<double>((back ? c.returned : state.at()) - c.entered) / 1e9;
  return std::nullopt;
}

namespace {

Value host_value(const State& state, HostId id) {
  const HostState* host = state.host(id);
  return host == nullptr ? Value() : text(host->name);
}

Value wire_value(const PacketState& p, const State& state) {
  const HostState* from = state.host(p.from);
  const HostState* to = state.host(p.to);
  if (from == nullptr || to == nullptr || p.from == p.to) return {};
  return text(from->name + "->" + to->name);
}

}  // namespace

std::optional<Value> field(const PacketState& p, const State& state, const Trace& trace,
                           std::string_view name) {
  const bool tcp = p.known && p.header.protocol == Packet::Protocol::tcp;
  if (name == "from") return host_value(state, p.from);
  if (name == "to") return host_value(state, p.to);
  if (name == "source") return p.known ? of_address(p.header.source) : Value();
  if (name == "destination") return p.known ? of_address(p.header.destination) : Value();
  if (name == "protocol") return p.known ? text(name_of(p.header.protocol)) : Value();
  if (name == "flags") return tcp ? text(flags_text(p.header.flags)) : Value();
  if (name == "seq") return number_or_none(p.seq, tcp);
  if (name == "ack") return number_or_none(p.ack, tcp && (p.header.flags & kAck) != 0);
  if (name == "length") return p.known ? number(p.header.payload) : Value();
  if (name == "time") return static_cast<double>(p.sent - trace.start()) / 1e9;
  if (name == "data") {
    for (std::size_t i = trace.size(); i-- > 0;)
      if (const auto* sent = std::get_if<event::PacketSent>(&trace[i].body); sent && sent->packet == p.id)
        return Value(Bytes{std::string(sent->frame.view().substr(
            std::min<std::size_t>(p.header.payload_at, sent->frame.view().size()), p.header.payload))});
    return Value();
  }
  if (name == "again") return p.again;
  if (name == "needless") return p.needless;
  if (name == "duplicate_ack") return p.duplicate_ack;
  if (name == "zero_window") return p.zero_window;
  if (name == "wire") return wire_value(p, state);
  if (name == "held") return p.place == PacketPlace::held;
  if (name == "in_flight") return p.place == PacketPlace::under_way;
  if (name == "delivered") return p.place == PacketPlace::arrived;
  if (name == "dropped") return p.place == PacketPlace::dropped;
  return std::nullopt;
}

std::optional<Value> field(const Load::Figures& l, std::string_view name) {
  if (name == "answered") return number(l.answered);
  if (name == "waiting") return number(l.waiting);
  if (name == "refused") return number(l.refused);
  if (name == "errors") return number(l.errors);
  return std::nullopt;
}

}  // namespace sockscope::play
