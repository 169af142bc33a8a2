#include "panes/details_call.h"

#include <algorithm>
#include <cctype>
#include <cerrno>

#include "net/catalogue.h"
#include "net/text.h"

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
  const std::string arguments = python_arguments(entered.name, entered.args);
  if (!call.is_method()) return fmt::format("{}({})", call.python, arguments);
  return fmt::format("{}.{}({})", variable_of(state, entered.socket), call.python, arguments);
}

std::string call_short(const event::CallEntered& entered) {
  return fmt::format("{}({})", info(entered.name).python,
                     shortened(python_arguments(entered.name, entered.args), 32));
}

std::string call_result(const State& state, const event::CallEntered& entered,
                        const event::CallReturned& returned) {
  switch (info(entered.name).result) {
    case ResultKind::none:
      return "None";
    case ResultKind::integer:
      return std::to_string(returned.result);
    case ResultKind::bytes:
      return python_bytes(returned.data.view(), returned.data.total());
    case ResultKind::address:
      return to_python(returned.address);
    case ResultKind::socket:
      return variable_of(state, returned.makes);
    case ResultKind::socket_and_address:
      return fmt::format("{}, {}", variable_of(state, returned.makes), to_python(returned.address));
    default:
      return returned.data.empty() ? std::to_string(returned.result) : std::string(returned.data.view());
  }
}

std::string python_error(const event::CallReturned& returned) {
  if (returned.timed_out) return "TimeoutError: timed out";
  return fmt::format("{}: [Errno {}] {}", python_exception(returned.error), returned.error,
                     errno_text(returned.error));
}

}  // namespace sockscope
