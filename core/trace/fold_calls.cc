// Both sides of a call, and what a call that succeeded implies for its socket.

#include <sys/socket.h>

#include <algorithm>

#include "trace/fold.h"

namespace sockscope {
namespace {

// A sendall nests one call; a thread inside of many is a damaged recording.
constexpr std::size_t kDeepest = 16;
constexpr std::size_t kReceivedKept = 64;

}  // namespace

void Fold::operator()(const event::CallEntered& e) {
  ThreadState* thread = this->thread(e.thread);
  if (thread == nullptr) return;
  thread->blocked = false;
  if (thread->calls.size() < kDeepest) {
    thread->calls.push_back(
        {e.call, e.name, e.socket, at, seq, e.args.numbers, -1, std::string(e.args.text.view())});
  }
  if (e.name != Call::connect) return;
  if (const SocketState* client = socket(e.socket)) {
    connecting(*client) = State::Connecting{e.args.address.get(), false, false, connecting(*client).in_queue_of};
  }
}

void Fold::operator()(const event::CallReturned& e) {
  ThreadState* thread = this->thread(e.thread);
  if (thread == nullptr) return;
  thread->blocked = false;
  thread->has_returned = true;
  thread->last_return = seq;
  if (SocketState* made = e.makes == 0 ? nullptr : socket(e.makes)) made->maker = e.thread;
  thread->last_error = e.error;
  thread->last_call = Call::none;
  thread->last_socket = 0;
  const auto found = std::find_if(thread->calls.rbegin(), thread->calls.rend(),
                                  [&](const OpenCall& open) { return open.call == e.call; });
  if (found == thread->calls.rend()) return;  // its start is not in this trace
  const OpenCall call = *found;
  thread->calls.erase(found.base() - 1, thread->calls.end());
  thread->last_call = call.name;
  thread->last_socket = call.socket;
  if (e.error == 0) succeeded(call, e);
}

void Fold::operator()(const event::CallBlocked& e) {
  ThreadState* thread = this->thread(e.thread);
  if (thread == nullptr) return;
  const bool inside = std::any_of(thread->calls.begin(), thread->calls.end(),
                                  [&](const OpenCall& open) { return open.call == e.call; });
  if (!inside || thread->blocked) return;
  thread->blocked = true;
  thread->blocked_since = e.since;
}

void Fold::succeeded(const OpenCall& call, const event::CallReturned& e) {
  SocketState* on = socket(call.socket);
  if (on == nullptr) return;
  switch (call.name) {
    case Call::listen:
      on->backlog = static_cast<std::int32_t>(std::clamp<std::int64_t>(call.numbers[0], 0, INT32_MAX));
      return listens(*on);
    case Call::accept:
      return accepted(*on, e);
    case Call::connect:
      return established(*on);
    case Call::send:
      if (e.result <= 0) return;
      on->bytes_sent += static_cast<std::uint64_t>(e.result);
      ++on->sends;
      return;
    case Call::recv:
      return received(*on, call, e);
    case Call::shutdown:
      if (call.numbers[0] != SHUT_RD) on->shut_write = true;
      return;
    case Call::settimeout:
      on->deadline_ns = call.numbers[0];
      return;
    case Call::setblocking:
      on->deadline_ns = call.numbers[0] != 0 ? -1 : 0;
      return;
    default:
      return;
  }
}

void Fold::received(SocketState& on, const OpenCall& call, const event::CallReturned& e) {
  if (e.result <= 0) {
    if (call.numbers[0] > 0) on.eof = true;
    return;
  }
  on.last_received.assign(e.data.view().substr(0, kReceivedKept));
  if ((call.numbers[1] & MSG_PEEK) == 0) on.bytes_received += static_cast<std::uint64_t>(e.result);
}

}  // namespace sockscope
