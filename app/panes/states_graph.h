#pragma once
// TCP's states and the ways between them, as RFC 9293 §3.3.2 draws them in figure 5. Pure. What the figure
// leaves out (its notes 1 to 3: a reset leads from any state to CLOSED) is no edge here either.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "net/names.h"

namespace sockscope {

enum class Trigger : std::uint8_t { passive_open, active_open, send, close, segment, timer };

struct StateEdge {
  TcpState from, to;
  Trigger by;
  std::string_view event, action;  // the RFC's label, over and under its line; no action: empty
  std::string_view words;          // the call that does it, or an English sentence to be translated
};

inline constexpr std::size_t kStateEdges = 20;
std::span<const StateEdge, kStateEdges> state_edges();
// A person makes a call for it; else something arrives or a timer runs out.
bool by_call(Trigger trigger);

inline constexpr std::array<TcpState, 11> kDiagramStates = {
    TcpState::CLOSED,      TcpState::LISTEN,     TcpState::SYN_SENT,  TcpState::SYN_RECV,
    TcpState::ESTABLISHED, TcpState::FIN_WAIT1,  TcpState::FIN_WAIT2, TcpState::CLOSING,
    TcpState::TIME_WAIT,   TcpState::CLOSE_WAIT, TcpState::LAST_ACK};

std::optional<std::size_t> edge_between(TcpState from, TcpState to);
// Indices of the edges of a shortest way; of two as short, the one the figure's usual course takes. Empty:
// there is none, or it would pass CLOSED or LISTEN, which no connection passes.
std::vector<std::size_t> way_between(TcpState from, TcpState to);

// What a state means, one English sentence to be translated.
std::string_view meaning_of(TcpState state);

}  // namespace sockscope
