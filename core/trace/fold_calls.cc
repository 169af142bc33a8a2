// Both sides of a call, and what a call that succeeded implies for its socket.

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "trace/fold.h"

namespace sockscope {
namespace {

// A sendall nests one call; a thread inside of many is a damaged recording.
constexpr std::size_t kDeepest = 16;
// More than there are options.
constexpr std::size_t kMostOptions = 64;

// Saturating: a recording may hold any numbers.
Time later(Time at, std::int64_t span, std::int64_t unit) {
  if (span < 0) return -1;
  Time wait = 0, end = 0;
  if (__builtin_mul_overflow(span, unit, &wait) || __builtin_add_overflow(at, wait, &end)) {
    return std::numeric_limits<Time>::max();
  }
  return end;
}

bool is_connect(Call name) {
  return name == Call::connect || name == Call::connect_ex;
}

}  // namespace

void Fold::operator()(const event::CallEntered& e) {
  ThreadState* thread = this->thread(e.thread);
  if (thread == nullptr) return;
  thread->blocked = false;
  thread->sleeps_in.clear();
  const Time ends = deadline(*thread, e);
  if (thread->calls.size() < kDeepest) {
    const Blob& text = e.name == Call::setsockopt ? e.args.data : e.args.text;
    thread->calls.push_back(
        {e.call, e.name, e.socket, at, seq, e.args.numbers, ends, std::string(text.view())});
  }
  if (is_send(e.name)) return sending(e);
  if (e.name == Call::detach && socket(e.socket) != nullptr) flow(e.socket).detaching = true;
  if (!is_connect(e.name)) return;
  SocketState* client = socket(e.socket);
  if (client == nullptr) return;
  State::Connecting& how = connecting(root(*client));
  how = State::Connecting{e.args.address.get(), false, false, how.in_queue_of};
}

// When the call's waiting ends: as its own argument says, as the call around it has it, or as the socket's
// timeout does.
Time Fold::deadline(const ThreadState& thread, const event::CallEntered& e) {
  switch (e.name) {
    case Call::select:
      return later(at, e.args.numbers[0], 1);
    case Call::poll:
    case Call::epoll_wait:
      return later(at, e.args.numbers[0], 1'000'000);
    case Call::create_connection: {
      const std::int64_t timeout = e.args.numbers[1];
      return later(at, timeout == kDefaultTimeout ? state.default_timeout_ : timeout, 1);
    }
    default:
      break;
  }
  if (!info(e.name).may_block) return -1;
  const bool inside = !thread.calls.empty() && (thread.calls.back().name == Call::sendall ||
                                                thread.calls.back().name == Call::sendfile);
  if (inside) return thread.calls.back().deadline;
  const SocketState* s = socket(e.socket);
  return s == nullptr ? -1 : later(at, s->deadline_ns, 1);
}

void Fold::operator()(const event::CallReturned& e) {
  ThreadState* thread = this->thread(e.thread);
  if (thread == nullptr) return;
  thread->blocked = false;
  thread->sleeps_in.clear();
  thread->has_returned = true;
  thread->last_return = seq;
  made(e);
  thread->last_error = e.error;
  thread->last_call = Call::none;
  thread->last_socket = 0;
  const auto found = std::find_if(thread->calls.rbegin(), thread->calls.rend(),
                                  [&](const OpenCall& open) { return open.call == e.call; });
  if (found == thread->calls.rend()) return;  // its start is not in this trace
  const OpenCall call = *found;
  if (State::Flow* flow = flow_if_any(call.socket); flow != nullptr) flow->detaching = false;
  thread->calls.erase(found.base() - 1, thread->calls.end());
  thread->last_call = call.name;
  thread->last_socket = call.socket;
  if (e.error == 0) return succeeded(call, e);
  if (is_send(call.name)) no_longer_sending(call.call);
}

void Fold::made(const event::CallReturned& e) {
  if (e.makes == 0) return;
  if (SocketState* one = socket(e.makes)) one->maker = e.thread;
  SocketState* two = e.also_makes == 0 || e.also_makes == e.makes ? nullptr : socket(e.also_makes);
  if (two == nullptr) return;
  two->maker = e.thread;
  if (SocketState* one = socket(e.makes)) paired(*one, *two);
}

void Fold::operator()(const event::CallBlocked& e) {
  ThreadState* thread = this->thread(e.thread);
  if (thread == nullptr) return;
  const bool inside = std::any_of(thread->calls.begin(), thread->calls.end(),
                                  [&](const OpenCall& open) { return open.call == e.call; });
  if (!inside || thread->blocked) return;
  thread->blocked = true;
  thread->blocked_since = e.since;
  thread->sleeps_in = e.where.view();
}

void Fold::succeeded(const OpenCall& call, const event::CallReturned& e) {
  if (call.name == Call::setdefaulttimeout) state.default_timeout_ = std::max<Time>(call.numbers[0], -1);
  SocketState* found = socket(call.socket);
  if (found == nullptr) return succeeded_apart(call, e);
  if (is_send(call.name)) {
    sent(root(*found), call, no_longer_sending(call.call), e);
    return share(root(*found));
  }
  SocketState& on = root(*found);
  switch (call.name) {
    case Call::listen:
      on.backlog = static_cast<std::int32_t>(std::clamp<std::int64_t>(call.numbers[0], 0, INT32_MAX));
      listens(on);
      break;
    case Call::accept:
      accepted(on, e);
      break;
    case Call::connect_ex:
      if (e.result != 0 && e.result != EISCONN) return;
      [[fallthrough]];
    case Call::connect:
      established(on);
      break;
    case Call::recv:
    case Call::recv_into:
    case Call::recvfrom:
    case Call::recvmsg:
      received(on, call, e);
      break;
    case Call::shutdown:
      if (call.numbers[0] != SHUT_RD) on.shut_write = true;
      break;
    case Call::setsockopt:
      set_option(on, call);
      break;
    case Call::settimeout:
      found->deadline_ns = std::max<Time>(call.numbers[0], -1);
      return;
    case Call::setblocking:
      found->deadline_ns = call.numbers[0] != 0 ? -1 : 0;
      return;
    default:
      return succeeded_apart(call, e);
  }
  share(on);
}

// What a call says of the socket it made.
void Fold::succeeded_apart(const OpenCall& call, const event::CallReturned& e) {
  if (e.makes == 0 || e.makes > state.sockets_.size()) return;
  SocketState& made = state.sockets_[e.makes - 1];
  // −1 is a type that was not given.
  const std::int64_t type = call.numbers[call.name == Call::fromfd ? 2 : 1];
  const bool typed = call.name == Call::socket || call.name == Call::socketpair || call.name == Call::fromfd;
  if (typed && type >= 0 && (type & SOCK_NONBLOCK) != 0) {
    made.deadline_ns = 0;
    if (e.also_makes != 0 && e.also_makes <= state.sockets_.size())
      state.sockets_[e.also_makes - 1].deadline_ns = 0;
  }
  if (call.name != Call::dup || call.socket == 0 || call.socket > state.sockets_.size()) return;
  made.deadline_ns = state.sockets_[call.socket - 1].deadline_ns;
}

void Fold::set_option(SocketState& on, const OpenCall& call) {
  const SetOption set{static_cast<std::int32_t>(call.numbers[0]), static_cast<std::int32_t>(call.numbers[1]),
                      call.numbers[2], call.numbers[3] == 1 ? call.text.substr(0, kPreview) : std::string{}};
  const auto found = std::find_if(on.options.begin(), on.options.end(), [&](const SetOption& o) {
    return o.level == set.level && o.option == set.option;
  });
  if (found != on.options.end()) {
    *found = set;
  } else if (on.options.size() < kMostOptions) {
    on.options.push_back(set);
  }
}

}  // namespace sockscope
