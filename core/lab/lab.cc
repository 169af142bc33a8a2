#include "lab/lab.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <cerrno>

namespace sockscope {

WireSettings changed(WireSettings settings, const WireChange& change) {
  const auto set = [](auto& value, const auto& wanted) {
    if (wanted) value = *wanted;
  };
  set(settings.joined, change.joined);
  set(settings.hold, change.hold);
  set(settings.arp, change.arp);
  set(settings.seed, change.seed);
  set(settings.loss, change.loss);
  set(settings.duplicate, change.duplicate);
  set(settings.reorder, change.reorder);
  set(settings.delay, change.delay);
  set(settings.jitter, change.jitter);
  set(settings.rate, change.rate);
  return settings;
}

Address usual_address(unsigned number) {
  return inet(0x0a000000 + number, 0);
}

Address usual_address6(unsigned number) {
  Address address = *numeric_address("fd00::", 0);
  address.ip[15] = static_cast<std::uint8_t>(number);
  return address;
}

Lab::Lab(Inbox& inbox, std::string executable)
    : executable_(std::move(executable)), inbox_(inbox), lane_(inbox.lane()) {}

Lab::~Lab() {
  wires_.reset();
  inbox_.give_back(lane_);
}

tl::expected<void, LabError> Lab::start() {
  if (keeper_ != nullptr) return {};
  auto started = Keeper::start(executable_);
  if (!started)
    return tl::unexpected(LabError{3, "hosts are not possible here: " + describe(started.error())});
  wires_ = std::make_unique<Wires>(inbox_);
  std::lock_guard lock(mutex_);
  keeper_ = std::move(*started);
  return {};
}

tl::expected<void, LabError> Lab::free_address(const Address& address) const {
  for (const auto& [name, host] : hosts_)
    if (host.address == address || host.address6 == address)
      return tl::unexpected(
          LabError{2, fmt::format("{} is the address of host {}; give another one", host_of(address), name)});
  return {};
}

tl::expected<void, LabError> Lab::add_host(const std::string& name, const std::optional<Address>& address) {
  if (hosts_.contains(name))
    return tl::unexpected(LabError{2, fmt::format("host {} is there already", name)});
  if (hosts_.size() >= kMostHosts)
    return tl::unexpected(LabError{2, fmt::format("there are {} hosts; that is the most", kMostHosts)});
  const auto number = static_cast<unsigned>(hosts_.size() + 1);
  Host host{number, usual_address(number), usual_address6(number)};
  if (address) (address->family == AF_INET6 ? host.address6 : host.address) = *address;
  for (const Address& its : {host.address, host.address6})
    if (auto taken = free_address(its); !taken) return taken;
  if (auto started = start(); !started) return started;
  if (gone_) return tl::unexpected(LabError{3, "the hosts of this run are gone; start it again"});
  auto ends = keeper_->add_host(number, host.address, host.address6);
  if (!ends)
    return tl::unexpected(LabError{ends.error().error == EINVAL || ends.error().step == "an address" ? 2 : 3,
                                   fmt::format("host {}: {}", name, describe(ends.error()))});
  lane_.put(event::HostStarted{number, keeper_->pid(), ends->net, std::string_view(name), host.address,
                               host.address6});
  wires_->add_host(number, std::move(ends->wire), std::move(ends->loopback));
  std::lock_guard lock(mutex_);
  hosts_.emplace(name, host);
  return {};
}

std::vector<Address> Lab::addresses(const std::string& name) const {
  const auto found = hosts_.find(name);
  if (found == hosts_.end()) return {};
  return {found->second.address, found->second.address6};
}

tl::expected<void, LabError> Lab::wire(const std::string& from, const std::string& to,
                                       const WireChange& change) {
  for (const std::string& name : {from, to})
    if (!hosts_.contains(name))
      return tl::unexpected(
          LabError{2, fmt::format("no host is called '{}'; %host {} makes one", name, name)});
  if (from == to)
    return tl::unexpected(LabError{2, fmt::format("a wire joins two hosts, not {} with itself", from)});
  const HostId a = hosts_.at(from).id, b = hosts_.at(to).id;
  const WireSettings now_so = wires_->settings(a, b).value_or(WireSettings{});
  const WireSettings wanted = changed(now_so, change);
  if (wanted.arp != now_so.arp)
    if (const int error = keeper_->set_arp(a, b, wanted.arp); error != 0)
      return tl::unexpected(LabError{
          3, fmt::format("arp={} between {} and {}: errno {}", wanted.arp ? "on" : "off", from, to, error)});
  wires_->set(a, b, wanted);
  return {};
}

std::pair<Keeper*, unsigned> Lab::kept(const std::string& host) {
  std::lock_guard lock(mutex_);
  const auto found = hosts_.find(host);
  if (found == hosts_.end()) return {};
  return {keeper_.get(), found->second.id};
}

int Lab::make_socket(const std::string& host, int family, int type, int protocol) {
  const auto [keeper, number] = kept(host);
  return keeper == nullptr ? -ENETDOWN : keeper->socket(number, family, type, protocol);
}

tl::expected<HostNamespaces, int> Lab::namespaces(const std::string& host) {
  const auto [keeper, number] = kept(host);
  if (keeper == nullptr) return tl::unexpected(ENETDOWN);
  return keeper->namespaces(number);
}

std::vector<std::string> Lab::poll() {
  if (gone_ || keeper_ == nullptr || !keeper_->gone()) return {};
  gone_ = true;
  std::vector<std::string> ended;
  const std::string why = fmt::format("the process that kept it, {}, has ended", keeper_->pid());
  for (const auto& [name, host] : hosts_) {
    lane_.put(event::HostEnded{host.id, std::string_view(why)});
    ended.push_back(name);
  }
  const std::string text = "The hosts are gone: " + why + ". Calls blocked there were interrupted.";
  lane_.put(event::Notice{"hosts-gone", std::string_view(text)});
  wires_->end_hosts();
  return ended;
}

int Lab::wake_fd() const {
  return keeper_ == nullptr || gone_ ? -1 : keeper_->fd();
}

}  // namespace sockscope
