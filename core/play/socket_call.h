#pragma once
// A call of the catalogue made by a line: arguments in, value or exception out.

#include "play/arguments.h"

namespace sockscope::play {

// `self`: the socket or poll object of a method; nullptr of a function. Throws PyError: what the arguments
// are wrong in, or how the call failed.
Value call_socket(Caller& caller, const CallInfo& info, const Value* self, const Values& positional,
                  const Keywords& keywords);

// A poll object's methods that make no call: register, modify, unregister.
Value change_poll(Caller& caller, PollObject& poll, std::string_view method, const Values& arguments);

}  // namespace sockscope::play
