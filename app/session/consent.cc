#include "session/consent.h"

#include <string>

#include "calls/reachable.h"
#include "explain/leaving.h"

namespace sockscope {
namespace {

std::string sentence(bool allowed) {
  if (!allowed) return "From now on this run stays on this computer; what it is connected to stays open.";
  std::vector<std::string> where;
  for (const ReachableAddress& one : reachable_addresses()) where.push_back(to_text(one));
  return leaving_text(where);
}

}  // namespace

void consent_to_leave(Session& session, bool allowed) {
  if (!session.is_live()) return;
  session.engine().room().allow_elsewhere(allowed);
  const std::string text = sentence(allowed);
  session.tell(event::Notice{allowed ? kLeavesHere : kStaysHere, std::string_view(text)});
}

}  // namespace sockscope
