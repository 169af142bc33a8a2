#pragma once
// What can be asked for on the Stage, as the lines it writes. Nothing is left out because it would fail: a
// wrong call runs and its real error is shown. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "panes/panes.h"

namespace sockscope {

struct StageAction {
  std::string key;      // "accept"
  std::string english;  // what its button says; a call's own name is not translated
  std::vector<WindowRequest> does;
};

// A name no thread, variable, server, load or host has yet: "c", "c2", "c3"…
std::string fresh_name(const Scene& scene, std::string_view base);
// Where a client would connect: the newest running server, else the newest listening socket with a name, else
// the tutorial's address, where nobody may listen.
std::string target_address(const Scene& scene);

// The calls of a socket, a thread or a server that is selected; `thread` is the one that runs them.
std::vector<StageAction> stage_actions(const Scene& scene, const Selection& selection,
                                       const std::string& thread);
// What starts something new, whatever is selected.
std::vector<StageAction> start_actions(const Scene& scene);

// A client of its own on this host, with the line that connects it there.
StageAction client_action(const Scene& scene, const std::string& target, std::string_view host = {});
// The call's form as the Stage fills it: few seats for listen(), a full queue is soon seen.
CallDraft usual_draft(const Scene& scene, Call call, SocketId socket);

// The lines an action writes, each with its prompt, for its tooltip; empty if it writes none.
std::string written_by(const StageAction& action);

}  // namespace sockscope
