#pragma once
// Python addresses and host names as ours. Throws TypeError, OverflowError, gaierror… as Python's own do.

#include <string>
#include <string_view>
#include "calls/hosts.h"

#include "play/operators.h"

namespace sockscope::play {

// What bind, connect, sendto… take on a socket of `family`.
Address address_argument(std::string_view call, int family, const Value& value, const Hosts& hosts);
// create_connection's source_address: of the family that its host is written in.
Address source_argument(const Value& value, const Hosts& hosts);
// Whether address_argument knows the family; of another it is OSError, "bad family".
bool knows_family(int family);

struct Endpoint {
  std::string host;
  std::int64_t port = 0;
};
// create_connection's (host, port): the port may be a number, its digits, the name of a service or None.
Endpoint target_argument(const Value& value, const Hosts& hosts);

[[noreturn]] void raise_gaierror(int code);

// A C int where one must be: TypeError, OverflowError.
std::int64_t c_int(const Value& value);

}  // namespace sockscope::play
