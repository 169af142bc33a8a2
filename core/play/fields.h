#pragma once
// The fields of docs/play.md as values, from the state. No value: there is no such field.

#include <optional>
#include <string_view>

#include "play/call_log.h"
#include "play/value.h"
#include "server/server.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope::play {

std::optional<Value> field(const SocketState& socket, std::string_view name);
std::optional<Value> field(const ThreadState& thread, std::string_view name);
std::optional<Value> field(const CallRecord& call, const State& state, std::string_view name);
std::optional<Value> field(const PacketState& packet, const State& state, const Trace& trace,
                           std::string_view name);
std::optional<Value> field(const Load::Figures& load, std::string_view name);

}  // namespace sockscope::play
