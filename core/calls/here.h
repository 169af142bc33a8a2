#pragma once
// The address rule: a run talks to this machine only, unless the learner consents. may_use() is asked about
// every final address before the kernel sees it; may_send() about what has none; may_set() about the options
// that would undo it.

#include <string>
#include <string_view>

#include "calls/caller.h"
#include "net/address.h"

namespace sockscope {

// Whether the socket (nullptr: one that the caller would make) is in the network of a host: that reaches no
// machine but the hosts, so its addresses and options are free. The rules for AF_UNIX and AF_VSOCK stay.
bool is_on_a_host(const Caller& caller, const SocketEntry* socket);

// The same for one on this machine, once the learner has consented (CallRoom::allow_elsewhere). Names are
// still looked up on this machine only, and a packet socket still sees the loopback interface only.
bool is_free(Caller& caller, const SocketEntry* socket);

// How far an address reaches, by its looks alone.
enum class Reach : std::uint8_t {
  here,   // loopback; 0.0.0.0 and ::; AF_UNIX; no address at all, of which the kernel says what is wrong
  every,  // multicast and broadcast: here, as long as the socket sends by the loopback interface only
  elsewhere,
};
Reach reach_of(const Address& address);
bool stays_here(const Address& address);  // Reach::here
bool is_any(const Address& address);      // 0.0.0.0 or ::

// Whether `call` (bind, connect, sendto…) may use `address` on `socket`; a Notice says why not: the call is
// then EPERM. What it takes to keep the socket here is done to it:
//  - bind to every address: tied to the loopback interface (SO_BINDTODEVICE, socket(7)), so that it answers
//  only
//    to us; a Notice if that is not permitted.
//  - multicast and broadcast: sent by the loopback interface; refused where that is not permitted.
// AF_UNIX path names: in the private directory only. Abstract names: any may be bound; to be reached, a
// socket of ours has it, or nobody on this machine (the kernel then refuses). AF_VSOCK: CID 1 only.
bool may_use(Caller& caller, Call call, const SocketEntry* socket, const Address& address);

// Whether `socket` may send `data` at all: a raw packet's own header names an address too, and a family that
// has no rule (AF_NETLINK, AF_PACKET) reaches what it likes. A Notice says why not: EPERM.
bool may_send(Caller& caller, Call call, const SocketEntry* socket, std::string_view data);

// Whether setsockopt may set this; `value` is what the kernel would be given, and is changed where it names
// no interface for a multicast group: the loopback interface it is. A Notice says why not: EPERM.
bool may_set(Caller& caller, const SocketEntry* socket, int level, int option, std::string& value);

// Puts the Notice that says why `call` was refused.
void tell_not_here(Caller& caller, Call call, const Address& address);

// Ties a socket that is bound to every address to the loopback interface, as may_use does it. For listen
// without bind.
void keep_on_loopback(Caller& caller, const SocketEntry* socket, int fd, int family);

}  // namespace sockscope
