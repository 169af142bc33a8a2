#pragma once
// What a play did here and what its exported programs did, said the same way: line by line, without what the
// kernel chooses (ports, descriptors' numbers).

#include <map>
#include <string>
#include <vector>

#include "trace/trace.h"

namespace sockscope::testing {

// The number of a line, from 1 → what came of it: "done", "b'hello'", "raised TimeoutError", "blocked".
using Results = std::map<std::size_t, std::string>;
// → for each call of it in order "recv b'hello'", "bind 0", "connect raised ECONNREFUSED 111".
using CallResults = std::map<std::size_t, std::vector<std::string>>;

Results results_here(const Trace& trace);
Results results_of_python(const std::string& output, const Trace& trace);
CallResults calls_here(const Trace& trace);
CallResults calls_of_c(const std::string& output);
// Empty: they agree. Else what differs, a line each, with the lines' texts.
std::string difference(const Results& here, const Results& there, const Trace& trace);
std::string difference(const CallResults& here, const CallResults& there, const Trace& trace);

}  // namespace sockscope::testing
