#pragma once
// Live evidence for an error: who has the address that a call failed on. The engine's CallRoom takes this
// look between the failed system call and CallReturned (calls/caller.h, FailureLook).

#include "calls/caller.h"
#include "net/address.h"

namespace sockscope {

inline constexpr std::size_t kMostHeld = 16;

// Puts AddressLooked and what holds the port (both IP families) or the Unix name, listeners first, at most
// kMostHeld; nothing for sockets that are neither TCP, UDP nor Unix. After an EACCES on a port that needs a
// privilege here, a Notice (code "privileged-port") says so. Any thread. Well under a millisecond, unless
// another program holds the address: finding its name in /proc takes at most 20 ms.
void look_at_address(Caller& caller, CallId call, const SocketEntry& socket, const Address& asked, int error);

}  // namespace sockscope
