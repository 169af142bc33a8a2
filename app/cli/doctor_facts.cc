#include "cli/doctor_facts.h"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "calls/probe.h"

namespace sockscope::cli {
namespace {

constexpr int kNetBindService = 10, kNetRaw = 13;  // capabilities(7)

std::string text_of(const char* path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
  return text;
}

// The number at the beginning of `text`, which is shortened.
std::optional<std::int64_t> take_number(std::string_view& text, int base = 10) {
  text = without_blanks(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::int64_t capabilities() {
  constexpr std::string_view kField = "CapEff:";
  const std::string status = text_of("/proc/self/status");
  const auto found = status.find(kField);
  if (found == status.npos) return 0;
  std::string_view rest = std::string_view(status).substr(found + kField.size());
  return take_number(rest, 16).value_or(0);
}

std::string kernel_name() {
  utsname name{};
  if (::uname(&name) != 0) return {};
  return std::string(name.sysname) + ' ' + name.release + ' ' + name.machine;
}

std::int64_t limit(rlim_t value) {
  return value == RLIM_INFINITY ? -1 : static_cast<std::int64_t>(value);
}

// ::1 has an interface: /proc/net/if_inet6 begins each line with the address.
bool has_ipv6_loopback() {
  return text_of("/proc/net/if_inet6").find("00000000000000000000000000000001 ") != std::string::npos;
}

std::optional<std::int64_t> setting(const char* path) {
  return number_of(text_of(path));
}

}  // namespace

std::optional<std::int64_t> number_of(std::string_view text) {
  return take_number(text);
}

std::optional<Range> range_of(std::string_view text) {
  const auto first = take_number(text);
  const auto last = take_number(text);
  if (!first || !last) return std::nullopt;
  return Range{*first, *last};
}

DoctorFacts gather_facts(const std::string& executable) {
  DoctorFacts facts;
  facts.kernel = kernel_name();
  facts.user = ::geteuid();
  const std::int64_t own = capabilities();
  facts.net_raw = ((own >> kNetRaw) & 1) != 0;
  facts.net_bind_service = ((own >> kNetBindService) & 1) != 0;
  facts.grid = probe_grid();
  facts.first_free_port = setting("/proc/sys/net/ipv4/ip_unprivileged_port_start");
  facts.accept_queue = setting("/proc/sys/net/core/somaxconn");
  facts.receive_buffer = setting("/proc/sys/net/core/rmem_default");
  facts.send_buffer = setting("/proc/sys/net/core/wmem_default");
  facts.ping_groups = range_of(text_of("/proc/sys/net/ipv4/ping_group_range"));
  facts.local_ports = range_of(text_of("/proc/sys/net/ipv4/ip_local_port_range"));
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
    facts.descriptors = limit(descriptors.rlim_cur);
    facts.most_descriptors = limit(descriptors.rlim_max);
  }
  facts.ipv6_loopback = has_ipv6_loopback();
  facts.user_namespaces = setting("/proc/sys/user/max_user_namespaces");
  facts.userns_clone = setting("/proc/sys/kernel/unprivileged_userns_clone");
  if (const auto lab = probe_lab(executable); !lab) facts.lab_failure = lab.error();
  facts.apparmor_restricts = setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
  return facts;
}

std::string forbids_namespaces(const DoctorFacts& facts) {
  if (facts.user_namespaces == 0) return "user.max_user_namespaces=0";
  if (facts.userns_clone == 0) return "kernel.unprivileged_userns_clone=0";
  if (facts.apparmor_restricts.value_or(0) != 0) return "kernel.apparmor_restrict_unprivileged_userns=1";
  return {};
}

}  // namespace sockscope::cli
