#pragma once
// What can be seen to be wrong in a whole play before any of it runs: one name for two kinds, a thread,
// server or constant that nothing makes, two hosts for one thread. Pure.

#include "play/lexer.h"
#include "play/play.h"

namespace sockscope::play {

// Throws PlayError for the first line that cannot be right.
void check_play(const Play& play);

PlayError play_error(const std::string& file, int line, std::string_view text, const SyntaxError& error);

}  // namespace sockscope::play
