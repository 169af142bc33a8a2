#include "calls/lookup.h"

#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "calls/hosts_file.h"

namespace sockscope {
namespace {

struct FreeRows {
  void operator()(addrinfo* rows) const { ::freeaddrinfo(rows); }
};

// One question that libc answers from numbers alone. Its rows are appended.
int ask_libc(const char* host, const Lookup& wanted, std::vector<Reply::Row>& rows) {
  addrinfo hints{};
  hints.ai_family = wanted.family;
  hints.ai_socktype = wanted.type;
  hints.ai_protocol = wanted.protocol;
  hints.ai_flags = wanted.flags | (host == nullptr ? 0 : AI_NUMERICHOST);
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host, wanted.service ? wanted.service->c_str() : nullptr, &hints, &found);
  if (error != 0) return error;
  const std::unique_ptr<addrinfo, FreeRows> owned(found);
  for (const addrinfo* row = found; row != nullptr; row = row->ai_next) {
    sockaddr_storage name{};
    std::memcpy(&name, row->ai_addr, std::min<std::size_t>(row->ai_addrlen, sizeof name));
    rows.push_back({row->ai_family, row->ai_socktype, row->ai_protocol,
                    row->ai_canonname == nullptr ? "" : row->ai_canonname,
                    from_sockaddr(name, row->ai_addrlen)});
  }
  return 0;
}

bool is_loopback6(const Address& address) {
  return address == *numeric_address("::1", 0);
}

// The file's lines as libc takes them for a family: ::1 serves AF_INET as 127.0.0.1, and AI_V4MAPPED lets
// AF_INET6 have IPv4 ones. Twice in the file is twice.
std::vector<HostLine> known_lines(const std::string& name, const Hosts& hosts) {
  std::vector<HostLine> lines;
  for (const Address& address : hosts.addresses(name)) lines.push_back({name, address});
  return lines.empty() ? find_host(name) : lines;
}

std::vector<HostLine> lines_for(const Lookup& wanted, const Hosts& hosts) {
  const std::vector<HostLine> all = known_lines(*wanted.host, hosts);
  if (wanted.family == AF_UNSPEC) return all;
  std::vector<HostLine> fit;
  const auto add = [&](int family) {
    for (HostLine line : all) {
      if (family == AF_INET && is_loopback6(line.address)) line.address = loopback(0);
      if (line.address.family == family) fit.push_back(line);
    }
  };
  add(wanted.family);
  const bool mapped = wanted.family == AF_INET6 && (wanted.flags & AI_V4MAPPED) != 0;
  if (mapped && (fit.empty() || (wanted.flags & AI_ALL) != 0)) add(AF_INET);
  return fit;
}

// Where an address stands in RFC 6724's order, as far as addresses of this machine go.
int place_of(const Address& address) {
  if (is_loopback6(address)) return 0;
  if (address == loopback(0)) return 1;
  if (address.family != AF_INET) return 4;
  return address.ip[0] == 127 ? 2 : 3;
}

// Each known address asked as a number: libc makes its rows and checks the rest.
int ask_known(const Lookup& wanted, const Hosts& hosts, std::vector<Reply::Row>& rows) {
  std::vector<HostLine> lines = lines_for(wanted, hosts);
  if (lines.empty()) return EAI_NONAME;
  const std::string canonical = lines.front().canonical;
  std::stable_sort(lines.begin(), lines.end(), [](const HostLine& a, const HostLine& b) {
    return place_of(a.address) < place_of(b.address);
  });
  for (const HostLine& line : lines) {
    const int error = ask_libc(host_of(line.address).c_str(), wanted, rows);
    if (error != 0) return error;
  }
  for (Reply::Row& row : rows) row.canonical.clear();
  if ((wanted.flags & AI_CANONNAME) != 0) rows.front().canonical = canonical;
  return 0;
}

std::string family_text(int family) {
  const std::string name = constant_name("AF", family);
  return name.starts_with("AF_") ? fmt::format("<AddressFamily.{}: {}>", name, family) : name;
}

std::string type_text(int type) {
  const std::string name = constant_name("SOCK", type);
  return name.starts_with("SOCK_") ? fmt::format("<SocketKind.{}: {}>", name, type) : name;
}

}  // namespace

Lookup lookup_of(std::string_view text, const Numbers& numbers) {
  Lookup wanted;
  if (const auto end = text.find('\0'); end != text.npos) {
    wanted.host = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (static_cast<PortKind>(numbers[4]) != PortKind::none) wanted.service = text;
  wanted.family = static_cast<int>(numbers[0]);
  wanted.type = static_cast<int>(numbers[1]);
  wanted.protocol = static_cast<int>(numbers[2]);
  wanted.flags = static_cast<int>(numbers[3]);
  return wanted;
}

int look_up(const Lookup& wanted, const Hosts& hosts, std::vector<Reply::Row>& rows) {
  if (!wanted.host) return ask_libc(nullptr, wanted, rows);
  const int error = ask_libc(wanted.host->c_str(), wanted, rows);
  if (error != EAI_NONAME || (wanted.flags & AI_NUMERICHOST) != 0) return error;
  return ask_known(wanted, hosts, rows);
}

std::string python_rows(const std::vector<Reply::Row>& rows, std::size_t most) {
  std::string text = "[";
  for (const Reply::Row& row : rows) {
    const std::string one = fmt::format("({}, {}, {}, {}, {})", family_text(row.family), type_text(row.type),
                                        row.protocol, python_string(row.canonical), to_python(row.address));
    if (text.size() + one.size() + 8 > most) return text + ", …]";
    if (text.size() > 1) text += ", ";
    text += one;
  }
  return text + "]";
}

}  // namespace sockscope
