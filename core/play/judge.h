#pragma once
// Whether a condition holds, and what was seen. Reads only.

#include <functional>
#include <optional>
#include <string>

#include "play/call_log.h"
#include "play/lines.h"
#include "play/names.h"
#include "play/syntax.h"
#include "server/server.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope::play {

// What a condition is judged by.
struct Ground {
  const Trace& trace;
  const State& state;
  const Names& names;
  const Lines& lines;
  CallLog& calls;
  // A load's figures as they are now; nothing: no such load.
  std::function<std::optional<Load::Figures>(const std::string&)> load;
};

enum class Verdict { fails, unknown, holds };  // unknown: a name is not bound, a field has no subject

struct Judged {
  Verdict verdict = Verdict::unknown;
  std::string saw;  // for a person: what is so now
};

Judged judge(const Condition& condition, const Ground& ground);
// For how long a condition is asked: whether it holds at some moment of that time, or throughout.
struct Span {
  Time from = 0, until = 0;
  bool throughout = false;
};
// Judges by a state that holds all that happened up to `horizon`. Nothing: more has to come before it is
// decided.
std::optional<Judged> decide(const Condition& condition, const Span& span, Time horizon,
                             const Ground& ground);
// Whether the condition of a %release holds for this packet; nullptr holds for each.
bool fits(const PacketState& packet, const Condition* condition, const Ground& ground);

// Whether `value` has the shape of a returned PATTERN.
bool matches(const Expr& pattern, const Value& value);

}  // namespace sockscope::play
