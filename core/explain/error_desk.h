#pragma once
// The error desk: a call that failed, explained from what is so. Plain words first, then what Python prints,
// then what is so now and the causes, ranked by evidence in the trace. Pure: reads trace and state only.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trace/narrate.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

// What the evidence says of a cause, best first.
enum class Verdict : std::uint8_t { fits_every_fact, possible, ruled_out, cannot_check };

// A line to try, under a button: "Connect to 127.0.0.1" writes "c2 = create_connection(('127.0.0.1', 9999))".
struct Try {
  std::string label, thread, line;  // line: one play line, without its prompt; thread: whose prompt
};

struct Cause {
  std::string title;  // "The server listens on the other address family"
  std::string why;    // the facts it fits or that rule it out, one or two sentences
  Verdict verdict = Verdict::possible;
  std::vector<Try> tries;  // at most three
};

// One line of "what is so now": "listening on port 9999", "127.0.0.1:9999", "s, AF_INET, since 1.812 s".
struct Fact {
  std::string what, value, known;
};

struct Explanation {
  std::string plain;      // "Nobody listens at [::1]:9999."
  std::string python;     // "ConnectionRefusedError: [Errno 111] Connection refused"
  std::string name;       // "ECONNREFUSED", "EAI_NONAME"; "timed out" has none
  std::string exception;  // "ConnectionRefusedError"
  int number = 0;
  int windows = 0;            // WSAECONNREFUSED's 10061; 0: none that a learner meets
  std::string means;          // of this call
  std::vector<Fact> now;      // at the time of the error
  std::vector<Cause> causes;  // in the order of Verdict; at least one
  std::string man;            // "connect(2)"
};

// `returned`: the seq of the failed call's CallReturned; `before`: the state just before it. Nothing: that
// event is no failed call.
std::optional<Explanation> explain(const Trace& trace, const State& before, std::uint64_t returned,
                                   const Translate& tr);

// A line that raised and made no call that failed: TypeError, OverflowError, UnicodeDecodeError… `ended`: the
// seq of its LineEnded; `before`: the state just before it. Nothing: the line did not raise, or its call
// explains it.
std::optional<Explanation> explain_line(const Trace& trace, const State& before, std::uint64_t ended,
                                        const Translate& tr);

}  // namespace sockscope
