#pragma once
// The words a recording uses for kinds and enumerations. Never changed: old recordings hold them.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "trace/event.h"

namespace sockscope {

// In the order of Body; Unknown has none.
inline constexpr std::array<std::string_view, 38> kKinds = {
    "thread_started",   "thread_ended",   "line_started",       "line_ended",      "name_bound",
    "name_unbound",     "expectation",    "settling_timed_out", "call_entered",    "call_returned",
    "call_blocked",     "socket_opened",  "socket_named",       "socket_closed",   "state_changed",
    "listener_sampled", "queues_sampled", "server_started",     "server_ended",    "client_started",
    "client_ended",     "load_started",   "load_ended",         "handler_printed", "step_reached",
    "notice",           "address_looked", "address_held",       "timer_sampled",   "host_started",
    "host_ended",       "wire_changed",   "packet_sent",        "packet_held",     "packet_released",
    "packet_dropped",   "packet_arrived", "server_sampled"};
static_assert(kKinds.size() + 1 == std::variant_size_v<Body>);

std::optional<std::size_t> kind_index(std::string_view kind);

std::string_view word(ThreadRole value);
std::string_view word(How value);
std::string_view word(SocketHow value);
std::string_view word(NameKind value);
std::string_view word(Timer value);
std::string_view word(Loss value);
std::string_view word(TcpState value);
std::string_view word(Call value);

// False: a word of a later version.
bool from_word(std::string_view text, ThreadRole& value);
bool from_word(std::string_view text, How& value);
bool from_word(std::string_view text, SocketHow& value);
bool from_word(std::string_view text, NameKind& value);
bool from_word(std::string_view text, Timer& value);
bool from_word(std::string_view text, Loss& value);
bool from_word(std::string_view text, TcpState& value);
bool from_word(std::string_view text, Call& value);

}  // namespace sockscope
