#include "trace/state.h"

#include <algorithm>
#include <variant>

#include "trace/fold.h"

namespace sockscope {
namespace {

template <class All>
const typename All::value_type* by_id(const All& all, std::uint32_t id) {
  if (id == 0 || id > all.size() || all[id - 1].id == 0) return nullptr;
  return &all[id - 1];
}

// The latest of that name: a name may be used again after its thread or server has ended.
template <class All>
const typename All::value_type* by_name(const All& all, std::string_view name) {
  const auto found = std::find_if(all.rbegin(), all.rend(), [&](const typename All::value_type& entry) {
    return entry.id != 0 && entry.name == name;
  });
  return found == all.rend() ? nullptr : &*found;
}

}  // namespace

void State::apply(const Event& event, std::uint64_t seq) {
  std::visit(Fold{*this, event.at, seq}, event.body);
  at_ = next_ == 0 ? event.at : std::max(at_, event.at);
  next_ = seq + 1;
}

const SocketState* State::socket(SocketId id) const {
  return by_id(sockets_, id);
}
const ThreadState* State::thread(ThreadId id) const {
  return by_id(threads_, id);
}
const ThreadState* State::thread(std::string_view name) const {
  return by_name(threads_, name);
}
const ServerState* State::server(ServerId id) const {
  return by_id(servers_, id);
}
const ServerState* State::server(std::string_view name) const {
  return by_name(servers_, name);
}
const LoadState* State::load(std::string_view name) const {
  return by_name(loads_, name);
}

const HostState* State::host(HostId id) const {
  return by_id(hosts_, id);
}
const HostState* State::host(std::string_view name) const {
  return by_name(hosts_, name);
}
const WireState* State::wire(HostId from, HostId to) const {
  const auto found = std::find_if(wires_.begin(), wires_.end(), [&](const WireState& wire) {
    return wire.is.from == from && wire.is.to == to;
  });
  return found == wires_.end() ? nullptr : &*found;
}

const BoundName* State::name(std::string_view name) const {
  const auto found = name_at_.find(name);
  return found == name_at_.end() ? nullptr : &names_[found->second];
}

std::string_view State::called(SocketId id) const {
  const SocketState* found = socket(id);
  if (found == nullptr) return {};
  if (!found->names.empty()) return found->names.back();
  if (!found->called.empty()) return found->called;
  for (const ServerState& server : servers_) {
    if (server.listener == id) return server.name;
  }
  return {};
}

std::size_t State::bytes_beside(const State& other) const {
  const auto held = [](const auto&... all) {
    constexpr std::size_t kNode = 4 * sizeof(void*);  // of a map, beside what it holds
    return ((all.size() * (kNode + sizeof(*all.begin()))) + ...);
  };
  std::size_t ends = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i)
    if (i >= other.ends_.size() || &ends_[i] != &other.ends_[i]) ends += held(ends_[i]);
  return ends + sockets_.bytes_beside(other.sockets_) + threads_.bytes_beside(other.threads_) +
         connecting_.bytes_beside(other.connecting_) + flows_.bytes_beside(other.flows_) +
         packets_.bytes_beside(other.packets_) + ends_.bytes_beside(other.ends_) +
         held(servers_, loads_, hosts_, wires_, packet_pairs_, names_, printed_, notices_, listening_,
              name_at_, bound_, unix_, streams_, untaken_, spans_, datagrams_, sending_);
}

std::string State::label(SocketId id) const {
  const std::string_view name = called(id);
  return name.empty() ? "socket #" + std::to_string(id) : std::string(name);
}

}  // namespace sockscope
