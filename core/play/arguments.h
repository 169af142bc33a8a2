#pragma once
// From Python arguments to a Request, by the catalogue: what may be left out, what is taken by name, and
// which exception a wrong one is.

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "calls/calls.h"
#include "play/open_file.h"
#include "play/poll_object.h"

namespace sockscope::play {

using Keywords = std::vector<std::pair<std::string, Value>>;

// Puts arguments in the places of `parameters`; those from `by_name_only` on are taken by name only. Throws
// Python's TypeError.
Given arrange(std::string_view function, const std::vector<std::string_view>& parameters,
              const Values& positional, const Keywords& keywords, std::size_t by_name_only = SIZE_MAX);

// A Request and what it needs alive. It points into itself: it stays where it was made.
struct Bound {
  Bound() = default;
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;

  Request request;
  std::string data;                   // what request.data shows
  std::shared_ptr<SharedBytes> into;  // recv_into's bytearray
  std::shared_ptr<OpenFile> file;     // sendfile's
  std::shared_ptr<const FileDescriptor> descriptor;
  struct Listed {
    Value value;  // as it was given: a socket or a number
    SocketId socket = 0;
  };
  std::array<std::vector<Listed>, 3> listed;  // select's lists
  std::vector<PollObject::Entry> polled;      // poll's, each with the socket that has its descriptor now
};

// `self`: the socket or poll object of a method; nullptr of a function. Throws PyError.
void bind_arguments(Bound& bound, Caller& caller, const CallInfo& info, const Value* self,
                    const Values& positional, const Keywords& keywords);

// The descriptor of what stands where Python wants one, and its socket. Throws TypeError, ValueError.
PollObject::Entry descriptor_argument(Caller& caller, const Value& value);

}  // namespace sockscope::play
