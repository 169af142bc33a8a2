#pragma once
// The two ends whose way the state diagram shows, and what is said of them.

#include <string>
#include <vector>

#include "panes/panes.h"
#include "panes/states_walk.h"

namespace sockscope {

struct DiagramEnd {
  const SocketState* socket = nullptr;
  std::string name;
  std::vector<WalkStep> steps;
  TcpState at = TcpState::not_known;  // where its token stands: the last state known
  bool known = true;                  // it is there now, as far as anybody has seen
  bool ended = false;                 // CLOSED, after there was a connection
};

struct DiagramCast {
  std::vector<DiagramEnd> ends;            // one or two; none: nothing to show
  const SocketState* stateless = nullptr;  // what is selected has no TCP states
  bool chosen = false;                     // by the person; else it is the connection that moved last
  Time now = 0;
};
// Reads the walk up to the cursor. What is selected decides, else what moved last.
DiagramCast diagram_cast(const ui::Ui& ui, const Scene& scene, const View& view, const StatesWalk& walk);

// The step that was last of all, and whose: an index of the cast's ends; −1: nobody has moved.
int last_mover(const DiagramCast& cast);

// "c: TIME_WAIT, 58 s left", "conn: ESTABLISHED, not accepted yet".
std::string belief_words(const ui::Ui& ui, const DiagramCast& cast, const DiagramEnd& end);
// "close()", "FIN arrived": beside the way.
std::string cause_words(const ui::Ui& ui, const WalkStep& step);
// "c went from ESTABLISHED to FIN_WAIT1: close() by client."; what was not seen on the way; who closed first.
std::vector<std::string> story_words(const ui::Ui& ui, const Scene& scene, const DiagramCast& cast);

}  // namespace sockscope
