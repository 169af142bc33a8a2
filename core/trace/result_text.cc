#include "trace/result_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "net/python_text.h"

namespace sockscope {
namespace {

std::string whole_text(const Blob& data) {
  return std::string(data.view()) + (data.cut() ? "…" : "");
}

std::string bytes_text(const Blob& data) {
  return python_bytes(data.view(), data.total());
}

// getsockopt with a length gives bytes, also none; without one, a number.
bool asked_for_bytes(const event::CallReturned& returned, const State& state) {
  if (!returned.data.empty()) return true;
  const ThreadState* thread = state.thread(returned.thread);
  if (thread == nullptr) return false;
  return std::any_of(thread->calls.begin(), thread->calls.end(),
                     [&](const OpenCall& open) { return open.call == returned.call && open.numbers[2] > 0; });
}

}  // namespace

std::string result_text(Call call, const event::CallReturned& e, const State& state) {
  if (e.error != 0) return errno_name(e.error);
  const NameOf label = [&](SocketId id) { return state.label(id); };
  switch (info(call).result) {
    case ResultKind::none:
      return "None";
    case ResultKind::integer:
      return fmt::format("{}", e.result);
    case ResultKind::boolean:
      return e.result != 0 ? "True" : "False";
    case ResultKind::seconds:
      return python_seconds(e.result);
    case ResultKind::bytes:
      return bytes_text(e.data);
    case ResultKind::text:
      return python_string(e.data);
    case ResultKind::address:
      return to_python(e.address);
    case ResultKind::socket:
      return label(e.makes);
    case ResultKind::socket_and_address:
      return fmt::format("({}, {})", label(e.makes), to_python(e.address));
    case ResultKind::two_sockets:
      return fmt::format("({}, {})", label(e.makes), label(e.also_makes));
    case ResultKind::bytes_and_address:
      return fmt::format("({}, {})", bytes_text(e.data), to_python(e.address));
    case ResultKind::message:
      return fmt::format("({}, [], {}, {})", bytes_text(e.data), e.flags, to_python(e.address));
    case ResultKind::option:
      return asked_for_bytes(e, state) ? bytes_text(e.data) : fmt::format("{}", e.result);
    case ResultKind::addresses:
      return whole_text(e.data);
    case ResultKind::ready:
      return fmt::format("({}, {}, {})", python_sockets(e.data, 0, label), python_sockets(e.data, 1, label),
                         python_sockets(e.data, 2, label));
    case ResultKind::events:
      return python_watched(e.data, label);
  }
  return {};
}

}  // namespace sockscope
