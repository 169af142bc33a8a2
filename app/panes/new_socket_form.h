#pragma once
// What the New socket form offers, and the line it writes. Pure.

#include <span>
#include <string>
#include <string_view>

#include "panes/panes.h"

namespace sockscope {

struct SocketChoice {
  std::string_view name;   // as Python spells it: "AF_INET", "SOCK_STREAM", "IPPROTO_TCP", "0"
  std::string_view means;  // plain words, English
};
std::span<const SocketChoice> families();
std::span<const SocketChoice> types();
std::span<const SocketChoice> protocols();  // the first is 0: the default of the type

// "s = socket(AF_INET, SOCK_STREAM)"; the protocol is written when it is not 0.
std::string socket_line(const View& view);

}  // namespace sockscope
