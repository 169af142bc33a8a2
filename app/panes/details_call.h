#pragma once
// One call in words: as Python spells it, what came back, what the errno means. Pure but for the translator.

#include <string>

#include "trace/state.h"
#include "trace/trace.h"
#include "ui/ui.h"

namespace sockscope {

// "c.connect(('127.0.0.1', 9999))". A socket without a variable is called by its id: "socket2.recv(1024)".
std::string call_source(const State& state, const event::CallEntered& entered);
// The same, with the arguments cut so that it stays short: "sendall(b'hello\n')".
std::string call_short(const event::CallEntered& entered);
// What it gave: "None", "b'HELLO'", "6", "('127.0.0.1', 9999)", "c, ('127.0.0.1', 40001)". Not for a failed
// one.
std::string call_result(const State& state, const event::CallEntered& entered,
                        const event::CallReturned& returned);
// Exactly what Python prints last: "ConnectionRefusedError: [Errno 111] Connection refused".
std::string python_error(const event::CallReturned& returned);

// What happened, in plain words, first line of an explanation: "Nobody listens at 127.0.0.1:9999."
std::string failure_words(const ui::Ui& ui, const event::CallEntered& entered,
                          const event::CallReturned& returned);
// What to look at or do next; empty if there is nothing certain to say.
std::string failure_advice(const ui::Ui& ui, const event::CallEntered& entered,
                           const event::CallReturned& returned);
// What a blocked call waits for and what ends it.
std::string ends_words(const ui::Ui& ui, Call call);

}  // namespace sockscope
