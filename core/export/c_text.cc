#include "export/c_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "export/story.h"
#include "net/names.h"
#include "net/python_text.h"

namespace sockscope::exporting {
namespace {

constexpr std::uint64_t kMostTried = std::uint64_t{16} << 20;
constexpr int kMostHashes = 4;  // of a payload that long

// Those that every <sys/socket.h>, <netinet/in.h> and <netinet/tcp.h> has.
constexpr std::string_view kNamesInC[] = {
    "AF_UNSPEC",      "AF_UNIX",          "AF_INET",           "AF_INET6",          "AF_NETLINK",
    "AF_PACKET",      "SOCK_STREAM",      "SOCK_DGRAM",        "SOCK_RAW",          "SOCK_RDM",
    "SOCK_SEQPACKET", "IPPROTO_ICMP",     "IPPROTO_TCP",       "IPPROTO_UDP",       "IPPROTO_IPV6",
    "IPPROTO_RAW",    "SOL_SOCKET",       "SO_REUSEADDR",      "SO_TYPE",           "SO_ERROR",
    "SO_BROADCAST",   "SO_SNDBUF",        "SO_RCVBUF",         "SO_KEEPALIVE",      "SO_OOBINLINE",
    "SO_LINGER",      "SO_REUSEPORT",     "SO_RCVTIMEO",       "SO_SNDTIMEO",       "SO_ACCEPTCONN",
    "TCP_NODELAY",    "TCP_MAXSEG",       "TCP_CORK",          "TCP_KEEPIDLE",      "TCP_KEEPINTVL",
    "TCP_KEEPCNT",    "TCP_DEFER_ACCEPT", "TCP_INFO",          "TCP_QUICKACK",      "TCP_USER_TIMEOUT",
    "IP_TTL",         "IP_HDRINCL",       "IP_ADD_MEMBERSHIP", "IP_MULTICAST_LOOP", "IP_MULTICAST_TTL",
    "IPV6_V6ONLY",    "SHUT_RD",          "SHUT_WR",           "SHUT_RDWR"};

std::string repeated(std::string_view pattern, std::size_t total) {
  std::string made;
  made.reserve(total + pattern.size());
  while (made.size() < total) made += pattern;
  made.resize(total);
  return made;
}

bool periodic(std::string_view bytes, std::size_t period) {
  return bytes.substr(period) == bytes.substr(0, bytes.size() - period);
}

}  // namespace

std::string number_name(std::string_view group, std::int64_t value) {
  const std::string name = constant_name(group, value);
  const bool known = std::find(std::begin(kNamesInC), std::end(kNamesInC), name) != std::end(kNamesInC);
  return known ? name : fmt::format("{}", static_cast<int>(value));
}

std::string level_name(std::int64_t level) {
  if (level == 1) return "SOL_SOCKET";
  return level == 0 ? "IPPROTO_IP" : number_name("IPPROTO", level);
}

std::string option_name(std::int64_t level, std::int64_t option) {
  const std::string_view group = level == 1 ? "SO" : level == 6 ? "TCP" : level == 41 ? "IPV6" : "IP";
  return level == 0 || group != "IP" ? number_name(group, option)
                                     : fmt::format("{}", static_cast<int>(option));
}

std::string flags_of(std::int64_t flags) {
  return fmt::format("{}", flags == 0 ? "0" : python_flags("MSG", static_cast<int>(flags)));
}

std::string seconds_text(std::int64_t nanoseconds) {
  return nanoseconds < 0 ? "-1" : fmt::format("{:.6g}", static_cast<double>(nanoseconds) / 1e9);
}

std::string c_string(std::string_view bytes) {
  std::string text = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (text += '\\') += c;
    else if (c == '\n')
      text += "\\n";
    else if (byte < 0x20 || byte >= 0x7f || c == '?')
      text += fmt::format("\\{:03o}", byte);
    else
      text += c;
  }
  return text += '"';
}

std::string c_comment(std::string_view text) {
  std::string made;
  for (const char c : comment_text(text)) {
    if (c == '\\')
      made += "\\\\";
    else
      made += c;
    // No trigraph, and no beginning of another comment.
    if (made.ends_with("??") || made.ends_with("/*") || made.ends_with("*/"))
      made.insert(made.size() - 1, 1, ' ');
  }
  return made + (made.ends_with('\\') ? "." : "");
}

std::string c_address(const Address& address, const std::string& port) {
  switch (address.family) {
    case AF_INET:
      return fmt::format("in4({}, {})", c_string(host_of(address)), port);
    case AF_INET6: {
      const std::string host = host_of(address);
      return fmt::format("in6({}, {}, {})", c_string(host.substr(0, host.find('%'))), port, address.scope);
    }
    case AF_UNIX:
      return fmt::format("un({}, {})", c_string(address.path.view()), address.path.view().size());
    default:
      break;
  }
  sockaddr_storage raw{};
  const socklen_t length = to_sockaddr(address, raw);
  return fmt::format("any_family({}, {})", c_string({reinterpret_cast<const char*>(&raw), length}), length);
}

std::size_t repeats_every(const Blob& data) {
  const std::string_view known = data.view();
  if (data.hash() == 0 || known.empty() || data.total() > kMostTried) return 0;
  int hashes = 0;
  for (std::size_t period = 1; period <= known.size() && hashes < kMostHashes; ++period) {
    if (!periodic(known, period)) continue;
    ++hashes;
    if (hash_of(repeated(known.substr(0, period), data.total())) == data.hash()) return period;
  }
  return 0;
}

}  // namespace sockscope::exporting
