#pragma once
// The learner's consent to leave loopback: given in the window, for this run, never by a file.

#include "session/session.h"

namespace sockscope {

// Allows it or takes it back, and puts the Notice that says so ("leaves-here", with the addresses that become
// reachable; "stays-here"). Sockets keep what they were bound to. Nothing in a replay. Owner thread.
void consent_to_leave(Session& session, bool allowed);

}  // namespace sockscope
