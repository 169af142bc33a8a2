#include "panes/details_call.h"

#include <algorithm>
#include <cctype>
#include <cerrno>

#include "net/python_text.h"
#include "net/text.h"
#include "trace/result_text.h"

namespace sockscope {
namespace {

std::string variable_of(const State& state, SocketId id) {
  const SocketState* socket = state.socket(id);
  if (socket != nullptr && !socket->names.empty()) return socket->names.back();
  return fmt::format("socket{}", id);
}

// At most `most` bytes, cut between characters, with dots.
std::string shortened(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  return std::string(first_characters(text, most)) + "…";
}

}  // namespace

std::string call_source(const State& state, const event::CallEntered& entered) {
  const CallInfo& call = info(entered.name);
  const NameOf name_of = [&](SocketId id) { return variable_of(state, id); };
  const std::string arguments = python_arguments(entered.name, entered.args, name_of);
  if (!call.is_method()) return fmt::format("{}({})", call.python, arguments);
  return fmt::format("{}.{}({})", variable_of(state, entered.socket), call.python, arguments);
}

std::string call_short(const event::CallEntered& entered) {
  return fmt::format("{}({})", info(entered.name).python,
                     shortened(python_arguments(entered.name, entered.args), 32));
}

std::string call_result(const State& state, const event::CallEntered& entered,
                        const event::CallReturned& returned) {
  return result_text(entered.name, returned, state);
}

std::string python_error(const event::CallReturned& returned) {
  if (returned.timed_out) return "TimeoutError: timed out";
  return fmt::format("{}: [Errno {}] {}", python_exception(returned.error), returned.error,
                     errno_text(returned.error));
}

}  // namespace sockscope
