#include "calls/epoll.h"

#include <sys/epoll.h>
#include <sys/syscall.h>

#include <array>
#include <limits>

#include "calls/wait_several.h"

namespace sockscope {
namespace {

// The system call that epoll_wait(2) makes.
#ifdef SYS_epoll_wait
constexpr long kEpollWaitCall = SYS_epoll_wait;
#else
constexpr long kEpollWaitCall = SYS_epoll_pwait;
#endif

}  // namespace

int Epoll::create(Caller& caller, Epoll& made) {
  CallScope scope(caller, Call::epoll_create, 0, [] { return Args{}; });
  const Outcome outcome =
      of_result(caller.on_fd(nullptr, SYS_epoll_create1, [](int) { return ::epoll_create1(EPOLL_CLOEXEC); }));
  if (outcome.error == 0) made.fd_ = Descriptor(static_cast<int>(outcome.result));
  scope.returned(outcome);
  return outcome.error;
}

int Epoll::control(Caller& caller, int operation, const SocketHandle& socket, std::uint32_t events) {
  CallScope scope(caller, Call::epoll_ctl, socket->id, [&] {
    Args args;
    args.numbers = {operation, events};
    return args;
  });
  epoll_event event{events, {}};
  event.data.u64 = socket->id;
  const Outcome outcome = of_result(caller.on_fd(
      socket.get(), SYS_epoll_ctl, [&](int fd) { return ::epoll_ctl(fd_.get(), operation, fd, &event); }));
  if (outcome.error == 0) registered_ += operation == EPOLL_CTL_ADD ? 1 : operation == EPOLL_CTL_DEL ? -1 : 0;
  scope.returned(outcome);
  return outcome.error;
}

Reply Epoll::wait(Caller& caller, std::int64_t milliseconds) {
  Reply reply;
  CallScope scope(caller, Call::epoll_wait, 0, [&] {
    Args args;
    args.numbers = {milliseconds, registered_};
    return args;
  });
  std::array<epoll_event, kAtOnceReady> ready;
  const Time longest = std::numeric_limits<int>::max();
  const Time deadline = ends_after(milliseconds < 0 ? -1 : std::min(milliseconds, longest) * kMillisecond);
  const Outcome outcome = wait_several(caller, deadline, [&](Time until) {
    return caller.on_fd(nullptr, kEpollWaitCall, [&](int) {
      return ::epoll_wait(fd_.get(), ready.data(), kAtOnceReady, milliseconds_to(until));
    });
  });
  reply.result = outcome.result;
  reply.error = outcome.error;
  reply.interrupted = outcome.interrupted;
  for (std::size_t i = 0; outcome.error == 0 && i < static_cast<std::size_t>(outcome.result); ++i)
    reply.ready.push_back({static_cast<SocketId>(ready[i].data.u64), static_cast<int>(ready[i].events)});
  scope.returned(outcome, [&](event::CallReturned& body) {
    const std::string text = events_text(reply.ready);
    if (!text.empty()) body.data = Blob(std::string_view(text).substr(0, kMostText), text.size());
  });
  return reply;
}

}  // namespace sockscope
