#pragma once
// What `play --json` prints (DESIGN: one object), from a runner's expectations and the state at the end.

#include <string>
#include <vector>

#include "play/runner.h"
#include "trace/state.h"

namespace sockscope::cli {

std::string result_json(bool ok, const std::vector<Runner::ExpectationResult>& expectations,
                        const State& state);

}  // namespace sockscope::cli
