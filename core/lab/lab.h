#pragma once
// What a session has beside this machine: hosts, by name, and the wires between them. The keeper is started
// with the first host. One owner thread, but for make_socket and namespaces.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "lab/keeper.h"
#include "lab/wires.h"
#include "trace/inbox.h"

namespace sockscope {

struct LabError {
  int code = 2;  // the exit code: 2 bad input, 3 not possible here
  std::string message;
};

// What of a wire's settings is changed; the rest stays.
struct WireChange {
  std::optional<bool> joined, hold, arp;
  std::optional<std::uint32_t> seed, loss, duplicate, reorder;
  std::optional<Time> delay, jitter;
  std::optional<std::uint64_t> rate;
};
WireSettings changed(WireSettings settings, const WireChange& change);

inline constexpr unsigned kMostHosts = keeper::kMostHosts;
// Where host `number` is if nothing else is said: 10.0.0.N, fd00::N.
Address usual_address(unsigned number);
Address usual_address6(unsigned number);

class Lab {
 public:
  // `executable`: see Keeper::start.
  Lab(Inbox& inbox, std::string executable);
  ~Lab();
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  // A host on the desk, cut from all others; `address`: an IPv4 or IPv6 one instead of the usual.
  tl::expected<void, LabError> add_host(const std::string& name, const std::optional<Address>& address);
  bool has(const std::string& name) const { return hosts_.contains(name); }
  // IPv4 first; empty: no such host.
  std::vector<Address> addresses(const std::string& name) const;
  // The way from one to the other is joined, and changed so.
  tl::expected<void, LabError> wire(const std::string& from, const std::string& to, const WireChange& change);
  // nullptr: there is no host yet.
  Wires* wires() { return wires_.get(); }

  // socket(2) there: a descriptor, or −errno. Any thread.
  int make_socket(const std::string& host, int family, int type, int protocol);
  // See Keeper::namespaces. Any thread.
  tl::expected<HostNamespaces, int> namespaces(const std::string& host);

  // The hosts that have just ended because the keeper is gone: told, and their wires are dead. Calls that are
  // blocked there do not come back by themselves.
  std::vector<std::string> poll();
  int wake_fd() const;  // readable when poll() has something to tell; −1: no keeper

 private:
  struct Host {
    HostId id = 0;
    Address address, address6;
  };
  tl::expected<void, LabError> start();
  tl::expected<void, LabError> free_address(const Address& address) const;
  std::string executable_;
  Inbox& inbox_;
  Inbox::Lane& lane_;
  std::unique_ptr<Wires> wires_;
  std::pair<Keeper*, unsigned> kept(const std::string& host);  // by whom, and its number; nullptr: nobody
  mutable std::mutex mutex_;                                   // hosts_ and keeper_ for kept()
  std::unique_ptr<Keeper> keeper_;
  std::map<std::string, Host> hosts_;
  bool gone_ = false;
};

}  // namespace sockscope
