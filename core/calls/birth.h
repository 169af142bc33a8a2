#pragma once
// What every new socket begins with: its events, and its timeout as Python's socket() sets it. Of this room,
// and of kernel, which finds sockets that no call has made.

#include "calls/caller.h"

namespace sockscope {

inline constexpr int kTypeFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;

// getsockname(2), getpeername(2), for the trace; not known where they fail.
Address name_of_socket(int fd);
Address name_of_peer(int fd);

event::SocketOpened opening_of(const SocketEntry& entry, SocketId from, SocketHow how);
// Puts the events of a birth, inside Sockets::add or adopt; nothing when not tracing.
void tell_born(Caller& caller, const SocketEntry& entry, SocketId from, SocketHow how);
// The same for an accepted one, whose peer accept has told.
void tell_accepted(Caller& caller, const SocketEntry& entry, SocketId listener, const Address& peer);

// The timeout of a socket that begins now: none with SOCK_NONBLOCK in the type it was asked with, else the
// default timeout; then the descriptor is made non-blocking.
std::int64_t first_timeout(CallRoom& room, int fd, int asked_type);

// A new entry for a descriptor just made, on `host`.
SocketHandle add_born(Caller& caller, int fd, int family, int asked_type, int protocol, SocketId from,
                      SocketHow how, const std::string& host);

}  // namespace sockscope
