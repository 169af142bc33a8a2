#pragma once
// The kernel's list of sockets, of this machine and of each host: sock_diag(7) tells of one network namespace
// only. One thread at a time.

#include <map>
#include <optional>
#include <string>

#include "calls/hosts.h"
#include "kernel/diag.h"

namespace sockscope {

class Diags {
 public:
  explicit Diags(const Hosts& hosts) : hosts_(hosts) {}
  // Asks about the sockets of that host; empty: of this machine. nullptr: it cannot be asked.
  Diag* of(const std::string& host);
  // The errno of the first try for this machine; 0: it can be asked.
  int error();
  // It answered with an error: not asked any more.
  void lose(const std::string& host);

 private:
  std::optional<Diag> open(const std::string& host, int& error);
  const Hosts& hosts_;
  std::map<std::string, std::optional<Diag>> diags_;
  int error_ = 0;
};

}  // namespace sockscope
