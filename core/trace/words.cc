#include "trace/words.h"

#include <algorithm>

namespace sockscope {
namespace {

constexpr std::array<std::string_view, 4> kRoles = {"play", "accept", "client", "load"};
constexpr std::array<std::string_view, 4> kHows = {"call", "sample", "packet", "derived"};
constexpr std::array<std::string_view, 7> kSocketHows = {"socket", "accept",  "queue",    "pair",
                                                         "dup",    "adopted", "syn_queue"};
constexpr std::array<std::string_view, 6> kNameKinds = {"value",  "socket", "thread",
                                                        "server", "load",   "host"};

constexpr std::array<std::string_view, 5> kTimers = {"none", "retransmit", "keepalive", "time_wait", "probe"};
constexpr std::array<std::string_view, 5> kLosses = {"lost", "cut", "dropped", "full", "gone"};

constexpr std::string_view kNoCall = "none";

template <std::size_t N, class Enum>
bool find_word(const std::array<std::string_view, N>& words, std::string_view text, Enum& value) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found == words.end()) return false;
  value = static_cast<Enum>(found - words.begin());
  return true;
}

}  // namespace

std::optional<std::size_t> kind_index(std::string_view kind) {
  const auto found = std::find(kKinds.begin(), kKinds.end(), kind);
  if (found == kKinds.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kKinds.begin());
}

std::string_view word(ThreadRole value) {
  return kRoles[static_cast<std::size_t>(value)];
}
std::string_view word(How value) {
  return kHows[static_cast<std::size_t>(value)];
}
std::string_view word(SocketHow value) {
  return kSocketHows[static_cast<std::size_t>(value)];
}
std::string_view word(NameKind value) {
  return kNameKinds[static_cast<std::size_t>(value)];
}
std::string_view word(Timer value) {
  return kTimers[static_cast<std::size_t>(value)];
}
std::string_view word(Loss value) {
  return kLosses[static_cast<std::size_t>(value)];
}
std::string_view word(TcpState value) {
  return name_of(value);
}
std::string_view word(Call value) {
  return value == Call::none ? kNoCall : info(value).python;
}

bool from_word(std::string_view text, ThreadRole& value) {
  return find_word(kRoles, text, value);
}
bool from_word(std::string_view text, How& value) {
  return find_word(kHows, text, value);
}
bool from_word(std::string_view text, SocketHow& value) {
  return find_word(kSocketHows, text, value);
}
bool from_word(std::string_view text, NameKind& value) {
  return find_word(kNameKinds, text, value);
}

bool from_word(std::string_view text, Timer& value) {
  return find_word(kTimers, text, value);
}
bool from_word(std::string_view text, Loss& value) {
  return find_word(kLosses, text, value);
}

bool from_word(std::string_view text, TcpState& value) {
  const auto state = tcp_state(text);
  value = state.value_or(TcpState::not_known);
  return state.has_value() || text == name_of(TcpState::not_known);
}

bool from_word(std::string_view text, Call& value) {
  const CallInfo* found = find_call(text);
  value = found == nullptr ? Call::none : found->call;
  return found != nullptr || text == kNoCall;
}

}  // namespace sockscope
