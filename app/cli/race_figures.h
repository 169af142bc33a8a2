#pragma once
// What became of clients and servers in a race, read off the trace. Pure.

#include <string>
#include <vector>

#include "cli/json.h"
#include "server/server.h"
#include "trace/trace.h"

namespace sockscope::cli {

struct RaceFigures {
  std::string server;
  unsigned answered = 0, waiting = 0, refused = 0, errors = 0;
  Time took = 0;               // from the load's start to its end; 0: it did not end
  Time busy = 0;               // from the load's start to its last connection or answer
  std::vector<Time> answers;   // ascending: each client's time from its connect to its last answer
  std::vector<Time> connects;  // ascending: of each client that was connected, its connect
  // Ascending: of each message that was answered, from the entry of its first send to the return of the recv
  // that completed the answer.
  std::vector<Time> latencies;
  unsigned queue_most = 0;                    // connections in the accept queue, as it was sampled
  unsigned busy_most = 0;                     // clients that were being served at once
  unsigned threads = 0;                       // the server's, all there have been
  std::uint64_t memory_most = 0;              // bytes of its threads' stacks in RAM at once
  std::uint64_t switches = 0, preempted = 0;  // its threads' context switches: they waited; by force
  Time processor = 0;                         // their CPU time
};

// Of the server of that name, if it is one of ours, and of the load of that name. `said`: its messages.
RaceFigures race_figures(const Trace& trace, const std::string& server, const std::string& load,
                         const LoadOptions& said = {});

// The load's keys into an object that is open: answered, waiting, refused, errors, took_ns, answer_ns.
void put_load(Json& json, const RaceFigures& figures);
// An object of p50, p90, p99 and max.
void put_percentiles(Json& json, const std::vector<Time>& ascending);

// The least value that `share` (0 to 1) of `ascending` do not exceed; 0: there is none.
Time percentile(const std::vector<Time>& ascending, double share);

}  // namespace sockscope::cli
