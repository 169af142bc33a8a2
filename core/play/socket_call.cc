#include "play/socket_call.h"

#include <fmt/format.h>

#include "net/names.h"
#include "play/address_argument.h"
#include "play/results.h"

namespace sockscope::play {
namespace {

constexpr std::uint16_t kPollDefault = 7;  // POLLIN | POLLPRI | POLLOUT

// One poll() of an object at a time.
class Polling {
 public:
  explicit Polling(PollObject* poll) : poll_(poll) {
    if (poll_ != nullptr && !poll_->begin()) {
      poll_ = nullptr;
      throw PyError{"RuntimeError", 0, "concurrent poll() invocation"};
    }
  }
  ~Polling() {
    if (poll_ != nullptr) poll_->end();
  }
  Polling(const Polling&) = delete;
  Polling& operator=(const Polling&) = delete;

 private:
  PollObject* poll_;
};

[[noreturn]] void raise(const CallInfo& info, const Bound& bound, const Reply& reply) {
  if (reply.timed_out) throw PyError{"TimeoutError", 0, "timed out"};
  if (reply.error < 0) raise_gaierror(reply.error);
  if (reply.raised != Raised::by_errno)  // Python says it before any system call, without an errno
    throw PyError{reply.raised == Raised::value_error ? "ValueError" : "OSError", 0,
                  fmt::format("{}: {}", info.python, errno_text(reply.error))};
  if (info.call == Call::create_connection && bound.request.numbers[2] != 0)
    throw PyError{"ExceptionGroup", 0, "create_connection failed"};
  throw PyError{std::string(python_exception(reply.error)), reply.error,
                fmt::format("[Errno {}] {}", reply.error, errno_text(reply.error))};
}

std::uint16_t events_argument(const Value& value) {
  if (!value.integer()) throw PyError{"TypeError", 0, "an integer is required"};
  const std::int64_t events = *value.integer();
  if (events < 0) throw PyError{"ValueError", 0, "value must be positive"};
  if (events > UINT16_MAX) throw PyError{"OverflowError", 0, "Python int too large for C unsigned short"};
  return static_cast<std::uint16_t>(events);
}

}  // namespace

Value call_socket(Caller& caller, const CallInfo& info, const Value* self, const Values& positional,
                  const Keywords& keywords) {
  const auto* poll = self != nullptr ? self->as<PollValue>() : nullptr;
  Bound bound;
  bind_arguments(bound, caller, info, self, positional, keywords);
  const Polling polling(poll != nullptr ? poll->poll.get() : nullptr);
  const Reply reply = perform(caller, bound.request);
  if (!reply.ok() || reply.timed_out) raise(info, bound, reply);
  if (bound.into != nullptr) bound.into->overwrite(reply.data);
  return result_of(info, reply, bound, caller);
}

Value change_poll(Caller& caller, PollObject& poll, std::string_view method, const Values& arguments) {
  const std::size_t least = method == "modify" ? 2 : 1, most = method == "unregister" ? 1 : 2;
  if (arguments.size() < least || arguments.size() > most)
    throw PyError{"TypeError", 0,
                  fmt::format("{} expected {} arguments, got {}", method, least, arguments.size())};
  PollObject::Entry entry = descriptor_argument(caller, arguments[0]);
  if (method == "unregister") {
    if (!poll.remove(entry.fd)) throw PyError{"KeyError", 0, fmt::format("{}", entry.fd)};
    return {};
  }
  entry.events = arguments.size() > 1 ? events_argument(arguments[1]) : kPollDefault;
  if (method == "register")
    poll.add(entry);
  else if (!poll.modify(entry.fd, entry.events))
    throw PyError{"FileNotFoundError", ENOENT, "[Errno 2] No such file or directory"};
  return {};
}

}  // namespace sockscope::play
