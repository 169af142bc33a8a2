#pragma once
// What a call that succeeded gave, as a part of a sentence. Private to trace/.

#include <string>

#include "trace/narrate.h"

namespace sockscope {

// "b'hello', 5 B: 2 B of send 1 and 3 B of send 2"; empty: nothing but that it returned. `before`: the state
// just before it returned.
std::string told_result(const OpenCall& call, const event::CallReturned& returned, const State& before,
                        const Translate& tr);

}  // namespace sockscope
