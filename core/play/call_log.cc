#include "play/call_log.h"

#include "play/results.h"

namespace sockscope::play {

void CallLog::follow(const Trace& trace, std::size_t upto) {
  for (; next_ < upto; ++next_) apply(trace[next_]);
}

void CallLog::apply(const Event& event) {
  if (const auto* opened = std::get_if<event::SocketOpened>(&event.body)) {
    fds_[opened->socket] = opened->fd;
  } else if (const auto* entered = std::get_if<event::CallEntered>(&event.body)) {
    open_[entered->call] = {calls_.size(), *entered};
    calls_.push_back({entered->name, entered->thread, entered->socket, event.at, -1, false, 0, {}});
  } else if (const auto* blocked = std::get_if<event::CallBlocked>(&event.body)) {
    if (const auto at = open_.find(blocked->call); at != open_.end()) calls_[at->second.index].blocked = true;
  } else if (const auto* returned = std::get_if<event::CallReturned>(&event.body)) {
    const auto at = open_.find(returned->call);
    if (at == open_.end()) return;
    CallRecord& call = calls_[at->second.index];
    call.returned = event.at;
    call.error = returned->error;
    if (call.error == 0)
      call.result = result_of(at->second.entered, *returned, [this](SocketId id) {
        const auto fd = fds_.find(id);
        return fd == fds_.end() ? -1 : fd->second;
      });
    open_.erase(at);
  }
}

}  // namespace sockscope::play
