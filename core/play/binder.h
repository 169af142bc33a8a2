#pragma once
// Each parameter of a call from the value that was given for it. Of arguments.cc only.

#include "play/arguments.h"

namespace sockscope::play {

class Binder {
 public:
  Binder(Bound& bound, Caller& caller, const CallInfo& info, const SocketValue* socket)
      : bound_(bound), request_(bound.request), caller_(caller), info_(info), socket_(socket) {}

  // `given`: in the order of Python's own parameters.
  void bind(Given given);

 private:
  void parameter(const Param& param, const std::optional<Value>& given);
  void number(const Param& param, const std::optional<Value>& given);
  void address(const Param& param, const std::optional<Value>& given);
  void data(const Value& value);
  void buffers(const Value& value);
  void buffer(const Param& param, const Value& value);
  void option(const Param& param, const Value& value);
  void host(const Value& value);
  void port(const Param& param, const Value& value);
  void target(const Param& param, const Value& value);
  void file(const Value& value);
  void check_sizes();
  void check_server();

  Bound& bound_;
  Request& request_;
  Caller& caller_;
  const CallInfo& info_;
  const SocketValue* socket_;
  std::optional<Value> optlen_;  // setsockopt's fourth
};

std::int64_t timeout_seconds(const Value& value);
std::int64_t select_timeout(const Value& value);
std::int64_t poll_timeout(const Value& value);
// The socket that has this descriptor now, `rather` if it is one of them; 0: none.
SocketId socket_of(Caller& caller, int fd, SocketId rather);
void bind_list(Bound& bound, Caller& caller, std::size_t list, const Value& given);

}  // namespace sockscope::play
