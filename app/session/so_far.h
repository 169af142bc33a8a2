#pragma once
// What a learner's own lines of the step at hand came to, in a session of whatever kind.

#include <string>

#include "explain/attempt.h"
#include "session/session.h"

namespace sockscope {

// `unmet`: the first condition of the step that does not hold, in words; empty: there is none. Empty: nothing
// can be said.
inline std::string said_so_far(Session& session, std::string unmet, const Translate& tr) {
  return said_of(
      {session.trace(), session.state(),
       [&session](std::uint64_t seq) -> const State& { return session.state_at(seq); }, std::move(unmet)},
      tr);
}

}  // namespace sockscope
