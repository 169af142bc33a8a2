#pragma once
// The hosts beside this machine, as calls need them: sockets are made there, and their names are known. Any
// thread.

#include <cerrno>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "net/address.h"
#include "net/namespaces.h"

namespace sockscope {

class Hosts {
 public:
  // socket(2) on the host of that name: a descriptor, CLOEXEC, or −errno. It may be called from any thread.
  using MakeSocket = std::function<int(const std::string& host, int family, int type, int protocol)>;
  // Set it before any caller is made.
  void set_make_socket(MakeSocket make) { make_ = std::move(make); }
  int make_socket(const std::string& host, int family, int type, int protocol) const {
    return make_ ? make_(host, family, type, protocol) : -ENETDOWN;
  }
  // The namespaces of the host of that name, or an errno. Any thread.
  using Enter = std::function<tl::expected<HostNamespaces, int>(const std::string& host)>;
  // Set it before any load is started.
  void set_namespaces(Enter namespaces) { namespaces_ = std::move(namespaces); }
  tl::expected<HostNamespaces, int> namespaces(const std::string& host) const {
    if (!namespaces_) return tl::unexpected(ENETDOWN);
    return namespaces_(host);
  }
  void add(const std::string& name, std::vector<Address> addresses) {
    std::lock_guard lock(mutex_);
    names_.insert_or_assign(name, std::move(addresses));
  }
  // IPv4 first; empty: no such host.
  std::vector<Address> addresses(std::string_view name) const {
    std::lock_guard lock(mutex_);
    const auto found = names_.find(name);
    return found == names_.end() ? std::vector<Address>() : found->second;
  }

 private:
  MakeSocket make_;
  Enter namespaces_;
  mutable std::mutex mutex_;  // names_
  std::map<std::string, std::vector<Address>, std::less<>> names_;
};

}  // namespace sockscope
