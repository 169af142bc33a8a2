#pragma once
// What a call gave, as Python prints it: one place for narration and panes.

#include <string>

#include "net/catalogue.h"
#include "trace/state.h"

namespace sockscope {

// Sockets by their label, getaddrinfo's rows and the bytes of a cut preview with dots: "b'hello'",
// "(conn, ('127.0.0.1', 40001))", "([s], [], [])". Of a call that failed: its error's name.
std::string result_text(Call call, const event::CallReturned& returned, const State& state);

}  // namespace sockscope
