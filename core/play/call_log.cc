#include "play/call_log.h"

namespace sockscope::play {
namespace {

Value result_of(Call call, const event::CallReturned& returned) {
  if (returned.error != 0) return {};
  switch (info(call).result) {
    case ResultKind::none:
      return {};
    case ResultKind::integer:
      return Value(returned.result);
    case ResultKind::bytes:
      return bytes(returned.data.view());
    case ResultKind::address:
      return of_address(returned.address);
    case ResultKind::socket:
      return SocketValue{returned.makes, nullptr};
    case ResultKind::socket_and_address:
      break;
    default:
      return {};
  }
  return Tuple{{SocketValue{returned.makes, nullptr}, of_address(returned.address)}};
}

}  // namespace

void CallLog::follow(const Trace& trace) {
  for (; next_ < trace.size(); ++next_) apply(trace[next_]);
}

void CallLog::apply(const Event& event) {
  if (const auto* entered = std::get_if<event::CallEntered>(&event.body)) {
    open_[entered->call] = calls_.size();
    calls_.push_back({entered->name, entered->thread, entered->socket, event.at, -1, false, 0, {}});
  } else if (const auto* blocked = std::get_if<event::CallBlocked>(&event.body)) {
    if (const auto at = open_.find(blocked->call); at != open_.end()) calls_[at->second].blocked = true;
  } else if (const auto* returned = std::get_if<event::CallReturned>(&event.body)) {
    const auto at = open_.find(returned->call);
    if (at == open_.end()) return;
    CallRecord& call = calls_[at->second];
    call.returned = event.at;
    call.error = returned->error;
    call.result = result_of(call.name, *returned);
    open_.erase(at);
  }
}

}  // namespace sockscope::play
