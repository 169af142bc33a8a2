#pragma once
// What this machine permits, as far as a program can see without trying to change it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lab/keeper.h"
#include "net/grid.h"

namespace sockscope::cli {

using Range = std::pair<std::int64_t, std::int64_t>;

struct DoctorFacts {
  std::string kernel;  // "Linux 6.18.44 x86_64"
  unsigned user = 0;
  bool net_raw = false, net_bind_service = false;  // capabilities of this program
  Grid grid;
  // Empty: /proc/sys does not say.
  std::optional<std::int64_t> first_free_port, accept_queue, receive_buffer, send_buffer;
  std::optional<Range> ping_groups, local_ports;
  std::int64_t descriptors = 0, most_descriptors = 0;  // ulimit -n, soft and hard; −1: without end
  bool ipv6_loopback = false;
  std::optional<std::int64_t> user_namespaces;     // user.max_user_namespaces
  std::optional<std::int64_t> userns_clone;        // kernel.unprivileged_userns_clone, of older Debians
  std::optional<std::int64_t> apparmor_restricts;  // kernel.apparmor_restrict_unprivileged_userns
  std::optional<LabFailure> lab_failure;           // why there can be no hosts; empty: they were tried
};
// `executable`: what has keeper_main() behind its argument "lab-keeper".
DoctorFacts gather_facts(const std::string& executable);

// The first number of a file's text; and the first two.
std::optional<std::int64_t> number_of(std::string_view text);
std::optional<Range> range_of(std::string_view text);

// Whether an ordinary user may make user namespaces, which hosts need. Empty: nothing forbids it. Else
// the setting that does, as sysctl(8) writes it.
std::string forbids_namespaces(const DoctorFacts& facts);

}  // namespace sockscope::cli
