#pragma once
// The address rule: a run talks to this machine only, unless the learner consents. Kept in bind and connect,
// on the final address.

#include <string>

#include "calls/caller.h"
#include "net/address.h"

namespace sockscope {

// Whether a final address may be used: loopback, 0.0.0.0/:: (see keep_on_loopback), AF_UNIX. No address at
// all reaches nobody: the kernel says what is wrong with it.
bool stays_here(const Address& address);

// Puts the Notice that says why `call` was refused.
void tell_not_here(Caller& caller, Call call, const Address& address);

// A socket bound to every address of this machine would be reached from outside: ties it to the loopback
// interface (SO_BINDTODEVICE, socket(7)), so that it answers only to us. Puts a Notice if that is not
// permitted.
void keep_on_loopback(Caller& caller, int fd, int family);

bool is_any(const Address& address);  // 0.0.0.0 or ::

}  // namespace sockscope
