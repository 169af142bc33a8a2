#pragma once
// Runs one statement on the worker thread it belongs to: real, traced calls. Puts NameBound and NameUnbound.

#include <string>

#include "calls/caller.h"
#include "play/names.h"
#include "play/operators.h"
#include "play/syntax.h"

namespace sockscope::play {

// How a line ended.
struct Outcome {
  bool raised = false;
  PyError error;  // when it raised
  Value value;    // of the line's expression, assigned or not
  std::string
      printed;  // what Python would show: print's lines, then the repr of an expression that is not None
};

Outcome run_statement(const Statement& statement, Names& names, Caller& caller);

}  // namespace sockscope::play
