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

std::string result_text(Call call, const event::CallReturned& returned, const State& state) {
  if (returned.error != 0) return errno_name(returned.error);
  const NameOf label = [&](SocketId id) { return state.label(id); };
  switch (info(call).result) {
    case ResultKind::none:
      return "None";
    case ResultKind::integer:
      return fmt::format("{}", returned.result);
    case ResultKind::boolean:
      return returned.result != 0 ? "True" : "False";
    case ResultKind::seconds:
      return python_seconds(returned.result);
    case ResultKind::bytes:
      return bytes_text(returned.data);
    case ResultKind::text:
      return python_string(returned.data);
    case ResultKind::address:
      return to_python(returned.address);
    case ResultKind::socket:
      return label(returned.makes);
    case ResultKind::socket_and_address:
      return fmt::format("({}, {})", label(returned.makes), to_python(returned.address));
    case ResultKind::two_sockets:
      return fmt::format("({}, {})", label(returned.makes), label(returned.also_makes));
    case ResultKind::bytes_and_address:
      return fmt::format("({}, {})", bytes_text(returned.data), to_python(returned.address));
    case ResultKind::message:
      return fmt::format("({}, [], {}, {})", bytes_text(returned.data), returned.flags,
                         to_python(returned.address));
    case ResultKind::option:
      return asked_for_bytes(returned, state) ? bytes_text(returned.data)
                                              : fmt::format("{}", returned.result);
    case ResultKind::addresses:
      return whole_text(returned.data);
    case ResultKind::ready:
      return fmt::format("({}, {}, {})", python_sockets(returned.data, 0, label),
                         python_sockets(returned.data, 1, label), python_sockets(returned.data, 2, label));
    case ResultKind::events:
      return call == Call::epoll_wait ? python_ready(returned.data, label)
                                      : python_watched(returned.data, label);
  }
  return {};
}

}  // namespace sockscope
