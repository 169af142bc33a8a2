#pragma once
// What the kernel's samples of a socket mean, in few words: said alike on the Stage, in the timeline and in
// Details. Pure.

#include <cstdint>
#include <string>

#include "trace/state.h"
#include "ui/ui.h"

namespace sockscope {

// "6 B", "113 kB", "2.53 MB": units of 1000.
std::string bytes_text(std::uint64_t bytes);
// A countdown, "0.62 s", "43.1 s": never below 0, so it stays "0.00 s" until something says more.
std::string left_text(Time left);
// The same in whole seconds, "43 s": TIME_WAIT's, which is long and ends to the second.
std::string seconds_left_text(Time left);
// What is left of its timer, as the two above have it.
std::string timer_left_text(const SocketState& socket, Time now);

// Its peer has no room left and there is more to send. Says no where the kernel does not tell windows.
bool window_shut(const SocketState& socket);
// The socket at the other end when it is one of ours; nullptr: not known.
const SocketState* mate_of(const State& state, const SocketState& socket);

// Whether its timer is news: each segment starts one, and only what has run out already, a SYN's, TIME_WAIT's
// and a shut window's say something.
bool timer_tells(const SocketState& socket);
// "SYN again in 0.62 s"; empty if the timer tells nothing.
std::string timer_words(const ui::Ui& ui, const SocketState& socket, Time now);
// What it will do, without the time: "SYN again", "forgotten".
std::string timer_name(const ui::Ui& ui, const SocketState& socket);
// The same as a sentence, with the tries; of a keepalive too.
std::string timer_sentence(const ui::Ui& ui, const SocketState& socket, Time now);
// Which try comes next: "try 3"; empty where nothing is tried.
std::string try_words(const ui::Ui& ui, const SocketState& socket);

// "c closed first."; empty while a descriptor reaches it or where nothing tells.
std::string closed_first(const ui::Ui& ui, const State& state, const SocketState& socket);

}  // namespace sockscope
