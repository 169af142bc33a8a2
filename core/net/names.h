#pragma once
// Numbers and their names, spelled as the kernel, the RFCs and Python spell them. Pure.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sockscope {

// Kernel numbers (include/net/tcp_states.h), so a sample needs no mapping. 0: nothing observes it.
enum class TcpState : std::uint8_t {
  not_known = 0,
  ESTABLISHED,
  SYN_SENT,
  SYN_RECV,
  FIN_WAIT1,
  FIN_WAIT2,
  TIME_WAIT,
  CLOSED,
  CLOSE_WAIT,
  LAST_ACK,
  LISTEN,
  CLOSING,
};
std::string_view name_of(TcpState state);  // "ESTABLISHED"; not_known is "not known"
std::optional<TcpState> tcp_state(std::string_view name);

// Below 0: getaddrinfo's errors, "EAI_NONAME", Python's "gaierror".
std::string errno_name(int error);  // "ECONNREFUSED"; an unknown number is its digits
std::optional<int> errno_number(std::string_view name);
std::string_view errno_text(int error);  // strerror(3)'s English text: "Connection refused"

// Python's class for an errno: 111 → "ConnectionRefusedError", others → "OSError".
std::string_view python_exception(int error);
// True if class `name` is `ancestor` or one of its descendants ("ConnectionRefusedError" is an "OSError").
bool exception_is(std::string_view name, std::string_view ancestor);
bool is_exception_class(std::string_view name);

// A constant of the socket module: AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR, SHUT_WR, MSG_PEEK,
// SOMAXCONN…
struct Constant {
  std::string_view name;
  std::string_view group;  // "AF", "SOCK", "IPPROTO", "SOL", "SO", "SHUT", "MSG", ""
  std::int64_t value;
};
std::span<const Constant> constants();
std::optional<std::int64_t> constant(std::string_view name);
// The name of `value` in `group`, or its digits: ("AF", 2) → "AF_INET".
std::string constant_name(std::string_view group, std::int64_t value);

}  // namespace sockscope
