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

// "It waits for a client, on 127.0.0.1:9999. Freed by: connect." Empty: the thread is not blocked.
std::string waiting_words(const ui::Ui& ui, const State& state, ThreadId thread);
// When the thread's call runs out of time; −1: never.
Time deadline_of(const ThreadState& thread);

}  // namespace sockscope
