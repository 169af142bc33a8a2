#include "cli/doctor_text.h"

#include <fmt/format.h>

#include "net/names.h"

namespace sockscope::cli {
namespace {

constexpr std::size_t kLabel = 30;

std::string line(const std::string& label, const std::string& value) {
  return wrapped(padded("  " + label, kLabel) + value, 0, kLabel);
}

std::string remedy(const Translate& tr, const char* command) {
  return wrapped(tr("to permit more, as root:"), kLabel, kLabel) + std::string(kLabel + 2, ' ') + command +
         '\n';
}

std::string number_or_unknown(const std::optional<std::int64_t>& value, const Translate& tr) {
  return value ? std::to_string(*value) : tr("not known");
}

std::string machine(const DoctorFacts& facts, const Translate& tr) {
  std::string user = facts.user == 0 ? tr("root") : fmt::format(fmt::runtime(tr("user {0}")), facts.user);
  if (facts.net_raw) user += ", CAP_NET_RAW";
  if (facts.net_bind_service) user += ", CAP_NET_BIND_SERVICE";
  return line(tr("kernel"), facts.kernel) + line(tr("who runs it"), user);
}

std::string low_ports(const DoctorFacts& facts, const Translate& tr) {
  const std::string label = tr("ports that need a privilege");
  if (!facts.first_free_port) return line(label, tr("not known"));
  if (*facts.first_free_port <= 1) return line(label, tr("none: every port may be bound"));
  const std::string ports = fmt::format("1–{}", *facts.first_free_port - 1);
  if (facts.net_bind_service)
    return line(label, fmt::format(fmt::runtime(tr("{0}; you may bind them")), ports));
  return line(label, fmt::format(fmt::runtime(tr("{0}; bind gives EACCES")), ports)) +
         remedy(tr, "sysctl -w net.ipv4.ip_unprivileged_port_start=80");
}

std::string pings(const DoctorFacts& facts, const Translate& tr) {
  const std::string label = tr("ping without CAP_NET_RAW");
  if (!facts.ping_groups) return line(label, tr("not known"));
  const auto [first, last] = *facts.ping_groups;
  if (first > last) {
    return line(label, tr("nobody (net.ipv4.ping_group_range is empty)")) +
           remedy(tr, "sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"");
  }
  return line(label,
              fmt::format(fmt::runtime(tr("groups {0} to {1} (net.ipv4.ping_group_range)")), first, last));
}

std::string limits(const DoctorFacts& facts, const Translate& tr) {
  std::string text;
  const std::string ports = facts.local_ports
                                ? fmt::format("{}–{}", facts.local_ports->first, facts.local_ports->second)
                                : tr("not known");
  text += line(tr("ports the kernel chooses"), ports + " (net.ipv4.ip_local_port_range)");
  text +=
      line(tr("longest accept queue"), number_or_unknown(facts.accept_queue, tr) + " (net.core.somaxconn)");
  text += line(
      tr("receive and send buffer"),
      fmt::format(fmt::runtime(tr("{0} and {1} bytes (net.core.rmem_default, wmem_default)")),
                  number_or_unknown(facts.receive_buffer, tr), number_or_unknown(facts.send_buffer, tr)));
  const auto count = [&](std::int64_t value) { return value < 0 ? tr("any number") : std::to_string(value); };
  text += line(tr("open descriptors"), fmt::format(fmt::runtime(tr("{0}, at most {1} after ulimit -n")),
                                                   count(facts.descriptors), count(facts.most_descriptors)));
  text += line(tr("IPv6 on this machine"),
               facts.ipv6_loopback ? tr("yes: ::1 is there") : tr("no: there is no ::1"));
  return text;
}

std::string lab(const DoctorFacts& facts, const Translate& tr) {
  const std::string forbidding = forbids_namespaces(facts);
  const std::string label = tr("user namespaces");
  std::string text;
  if (!facts.lab_failure) {
    text = line(tr("hosts and wires"), tr("possible: a keeper, a host and a raw socket on it were tried"));
  } else {
    text = line(tr("hosts and wires"),
                fmt::format(fmt::runtime(tr("not possible: {0} gives {1}")), facts.lab_failure->step,
                            errno_name(facts.lab_failure->error)));
    if (forbidding.empty() && !facts.lab_failure->cure.empty()) text += line("", facts.lab_failure->cure);
  }
  if (forbidding.empty()) {
    const std::string most = number_or_unknown(facts.user_namespaces, tr);
    return text + line(label, fmt::format(fmt::runtime(tr("nothing forbids them (at most {0})")), most));
  }
  text += line(label, fmt::format(fmt::runtime(tr("forbidden by {0}")), forbidding));
  if (facts.user_namespaces == 0) return text + remedy(tr, "sysctl -w user.max_user_namespaces=15000");
  if (facts.userns_clone == 0) return text + remedy(tr, "sysctl -w kernel.unprivileged_userns_clone=1");
  return text + remedy(tr, "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
}

}  // namespace

std::string doctor_text(const DoctorFacts& facts, const Translate& tr) {
  std::string text = tr("What this machine permits") + "\n\n" + machine(facts, tr) + '\n' +
                     grid_text(facts.grid, tr) + '\n' + tr("Ports, queues and limits") + "\n\n";
  text += low_ports(facts, tr) + pings(facts, tr) + limits(facts, tr);
  return text + '\n' + tr("The lab: hosts and wires") + "\n\n" + lab(facts, tr);
}

}  // namespace sockscope::cli
