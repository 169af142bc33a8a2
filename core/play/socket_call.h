#pragma once
// From Python arguments to a Request and from its Reply to a value or an exception, by the catalogue.

#include <string>
#include <utility>
#include <vector>

#include "calls/calls.h"
#include "play/operators.h"

namespace sockscope::play {

using Keywords = std::vector<std::pair<std::string, Value>>;

// `socket` is nullptr for socket(). Throws PyError: what the arguments are wrong in, or how the call failed.
Value call_socket(Caller& caller, const CallInfo& info, const SocketValue* socket, const Values& positional,
                  const Keywords& keywords);

// Puts arguments in the places of `parameters`. Throws Python's TypeError.
Given arrange(std::string_view function, const std::vector<std::string_view>& parameters,
              const Values& positional, const Keywords& keywords);

// A Python address of `family` as ours. Throws TypeError, OverflowError, gaierror as Python's bind and
// connect do.
Address address_argument(std::string_view call, int family, const Value& value);

}  // namespace sockscope::play
