#include "play/address_argument.h"

#include <fmt/format.h>
#include <netdb.h>

#include <charconv>

#include "calls/lookup.h"
#include "net/names.h"

namespace sockscope::play {
namespace {

[[noreturn]] void type_error(std::string message) {
  throw PyError{"TypeError", 0, std::move(message)};
}

std::string host_text(const Value& value) {
  const Value plain = frozen(value);
  std::string host;
  if (const auto* t = plain.as<Text>())
    host = t->utf8;
  else if (const auto* b = plain.as<Bytes>())
    host = b->data;
  else
    type_error(fmt::format("str, bytes or bytearray expected, not {}", type_name(plain)));
  if (host.find('\0') != host.npos) type_error("host name must not contain null character");
  return host;
}

// socketmodule.c's setipaddr: '' is any address, <broadcast> is one of its own.
Address look_up_host(const std::string& host, int family, const Hosts& hosts) {
  Lookup wanted;
  wanted.family = family;
  if (host.empty()) {
    wanted.service = "0";
    wanted.type = SOCK_DGRAM;
    wanted.flags = AI_PASSIVE;
  } else if (host == "<broadcast>" || host == "255.255.255.255") {
    if (family == AF_INET6) throw PyError{"OSError", 0, "address family mismatched"};
    wanted.host = "255.255.255.255";
  } else {
    wanted.host = host;
  }
  std::vector<Reply::Row> rows;
  const int error = look_up(wanted, hosts, rows);
  if (error != 0 || rows.empty()) raise_gaierror(error == 0 ? EAI_NONAME : error);
  return rows.front().address;
}

// PyArg_ParseTuple's I: an int, of which the lower 32 bits count.
std::uint32_t unsigned_int(const Value& value) {
  return static_cast<std::uint32_t>(integer_of(value));
}

std::int64_t port_number(std::string_view call, const Value& value) {
  const std::int64_t port = integer_of(value);
  if (port > INT32_MAX || port < INT32_MIN)
    throw PyError{"OverflowError", 0, fmt::format("{}(): port must be 0-65535.", call)};
  return port;
}

const Values& address_tuple(std::string_view call, int family, const Value& value) {
  const std::string_view name = family == AF_INET ? "AF_INET" : "AF_INET6";
  const auto* tuple = value.as<Tuple>();
  if (tuple == nullptr)
    type_error(fmt::format("{}(): {} address must be tuple, not {}", call, name, type_name(value)));
  const std::size_t size = tuple->items.size();
  if (family == AF_INET ? size != 2 : size < 2 || size > 4)
    type_error(
        fmt::format("{} address must be a {}", name,
                    family == AF_INET ? "pair (host, port)" : "tuple (host, port[, flowinfo[, scopeid]])"));
  return tuple->items;
}

Address inet_argument(std::string_view call, int family, const Value& value, const Hosts& hosts) {
  const Values& parts = address_tuple(call, family, value);
  const std::string host = host_text(parts[0]);
  const std::int64_t port = port_number(call, parts[1]);
  const std::uint32_t flowinfo = parts.size() > 2 ? unsigned_int(parts[2]) : 0;
  const std::uint32_t scope = parts.size() > 3 ? unsigned_int(parts[3]) : 0;
  Address address = look_up_host(host, family, hosts);
  if (port < 0 || port > 65535)
    throw PyError{"OverflowError", 0, fmt::format("{}(): port must be 0-65535.", call)};
  if (flowinfo > 0xfffff)
    throw PyError{"OverflowError", 0, fmt::format("{}(): flowinfo must be 0-1048575.", call)};
  address.port = static_cast<std::uint16_t>(port);
  if (family == AF_INET6) address.scope = scope;
  return address;
}

// os.fsencode: a lone surrogate U+DC80…U+DCFF is the byte it came from.
std::string file_system_bytes(const Text& text) {
  std::string out;
  for (std::size_t at = 0; at < text.utf8.size();) {
    const std::size_t begin = at;
    const char32_t c = next_character(text.utf8, at, true).value_or(U'\ufffd');
    if (at == begin) ++at;
    if (c >= 0xdc80 && c <= 0xdcff)
      out += static_cast<char>(static_cast<unsigned char>(c - 0xdc00));
    else if (c >= 0xd800 && c <= 0xdfff)
      throw PyError{
          "UnicodeEncodeError", 0,
          fmt::format("'utf-8' codec can't encode character '\\u{:04x}'", static_cast<unsigned>(c))};
    else
      out.append(text.utf8, begin, at - begin);
  }
  return out;
}

// A file's name has room for 107 bytes and its NUL, an abstract name for 108.
Address unix_argument(const Value& value) {
  const Value plain = frozen(value);
  const auto* as_text = plain.as<Text>();
  const std::string path = as_text != nullptr ? file_system_bytes(*as_text) : std::string(bytes_of(plain));
  const bool abstract = !path.empty() && path[0] == '\0';
  if (path.size() > (abstract ? 108U : 107U)) throw PyError{"OSError", 0, "AF_UNIX path too long"};
  Address address;
  address.family = AF_UNIX;
  // The kernel ends a file's name at its first NUL.
  address.path = Blob(abstract ? std::string_view(path) : std::string_view(path).substr(0, path.find('\0')));
  return address;
}

Address vsock_argument(const Value& value) {
  const auto* tuple = value.as<Tuple>();
  if (tuple == nullptr)
    type_error(fmt::format("getsockaddrarg: AF_VSOCK address must be tuple, not {}", type_name(value)));
  if (tuple->items.size() != 2) type_error("an AF_VSOCK address is a pair (cid, port)");
  const std::uint32_t cid = unsigned_int(tuple->items[0]);
  return vsock(cid, unsigned_int(tuple->items[1]));
}

}  // namespace

void raise_gaierror(int code) {
  throw PyError{"gaierror", code, fmt::format("[Errno {}] {}", code, errno_text(code))};
}

std::int64_t c_int(const Value& value) {
  const std::int64_t n = integer_of(value);
  if (n > INT32_MAX || n < INT32_MIN)
    throw PyError{"OverflowError", 0,
                  fmt::format("signed integer is {} than {}", n > 0 ? "greater" : "less",
                              n > 0 ? "maximum" : "minimum")};
  return n;
}

bool knows_family(int family) {
  return family == AF_INET || family == AF_INET6 || family == AF_UNIX || family == AF_VSOCK;
}

Address address_argument(std::string_view call, int family, const Value& value, const Hosts& hosts) {
  if (family == AF_INET || family == AF_INET6) return inet_argument(call, family, value, hosts);
  if (family == AF_UNIX) return unix_argument(value);
  if (family == AF_VSOCK) return vsock_argument(value);
  throw PyError{"OSError", 0, fmt::format("{}(): bad family", call)};
}

Address source_argument(const Value& value, const Hosts& hosts) {
  const auto* tuple = value.as<Tuple>();
  bool six = false;
  if (tuple != nullptr && !tuple->items.empty())
    if (const auto* host = tuple->items[0].as<Text>()) six = host->utf8.find(':') != std::string::npos;
  return address_argument("bind", six ? AF_INET6 : AF_INET, value, hosts);
}

Endpoint target_argument(const Value& value, const Hosts& hosts) {
  const Value plain = frozen(value);
  const Values* parts = plain.items();
  if (parts == nullptr && plain.as<Text>() == nullptr && plain.as<Bytes>() == nullptr)
    type_error(fmt::format("cannot unpack non-iterable {} object", type_name(value)));
  if (length(plain) != 2)
    throw PyError{"ValueError", 0, fmt::format("a target is (host, port), not {} values", length(plain))};
  const Value host = frozen(subscript(plain, Value(0))), port = frozen(subscript(plain, Value(1)));
  Endpoint made;
  if (host.none())
    made.host = "localhost";
  else if (host.as<Text>() != nullptr || host.as<Bytes>() != nullptr)
    made.host = host_text(host);
  else
    type_error("getaddrinfo() argument 1 must be string or None");
  if (port.integer()) {
    made.port = *port.integer();
    return made;
  }
  if (port.none()) return made;
  if (port.as<Text>() == nullptr && port.as<Bytes>() == nullptr)
    throw PyError{"OSError", 0, "Int or String expected"};
  Lookup wanted;
  wanted.service = host_text(port);
  wanted.type = SOCK_STREAM;
  std::vector<Reply::Row> rows;
  if (const int error = look_up(wanted, hosts, rows); error != 0) raise_gaierror(error);
  made.port = rows.front().address.port;
  return made;
}

}  // namespace sockscope::play
