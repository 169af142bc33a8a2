#include "session/consent.h"

#include <string>

#include "calls/reachable.h"
#include "explain/leaving.h"

namespace sockscope {
namespace {

std::string sentence(bool allowed) {
  if (!allowed) return "From now on this run stays on this computer; what it is connected to stays open.";
  std::string where;
  for (const ReachableAddress& one : reachable_addresses())
    where += (where.empty() ? " at " : ", ") + one.address + " (" + one.interface + ")";
  return "You allowed this run to reach other machines. Sockets bound to 0.0.0.0 or :: from now on can be "
         "reached" +
         (where.empty() ? std::string(" by nobody else: this computer has no address but loopback") : where) +
         ".";
}

}  // namespace

void consent_to_leave(Session& session, bool allowed) {
  if (!session.is_live()) return;
  session.engine().room().allow_elsewhere(allowed);
  const std::string text = sentence(allowed);
  session.tell(event::Notice{allowed ? kLeavesHere : kStaysHere, std::string_view(text)});
}

}  // namespace sockscope
