#include "calls/lookup.h"

#include <fmt/format.h>
#include <netdb.h>

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

// The known addresses that fit, each asked as a number: libc makes its rows and checks the rest.
int ask_known(const KnownHost& known, const Lookup& wanted, std::vector<Reply::Row>& rows) {
  int error = EAI_NONAME;
  const bool has_own = std::any_of(known.addresses.begin(), known.addresses.end(),
                                   [&](const Address& a) { return a.family == wanted.family; });
  for (const Address& address : known.addresses) {
    const bool mapped = wanted.family == AF_INET6 && address.family == AF_INET &&
                        (wanted.flags & AI_V4MAPPED) != 0 && (!has_own || (wanted.flags & AI_ALL) != 0);
    if (wanted.family != AF_UNSPEC && wanted.family != address.family && !mapped) continue;
    error = ask_libc(host_of(address).c_str(), wanted, rows);
    if (error != 0) return error;
  }
  return error;
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

int look_up(const Lookup& wanted, std::vector<Reply::Row>& rows) {
  if (!wanted.host) return ask_libc(nullptr, wanted, rows);
  const int error = ask_libc(wanted.host->c_str(), wanted, rows);
  if (error != EAI_NONAME || (wanted.flags & AI_NUMERICHOST) != 0) return error;
  const KnownHost known = find_host(*wanted.host);
  const int found = ask_known(known, wanted, rows);
  if (found == 0 && (wanted.flags & AI_CANONNAME) != 0) rows.front().canonical = known.canonical;
  return found;
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
