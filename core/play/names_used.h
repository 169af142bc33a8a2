#pragma once
// Which names a tree reads and binds: for the waiting rule and for checks of a whole play. Pure.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "play/syntax.h"

namespace sockscope::play {

using Seen = std::function<void(const std::string& name, std::size_t at)>;

void names_read(const Expr& e, const Seen& seen);
void names_read(const Statement& statement, const Seen& seen);
void names_read(const Condition& condition, const Seen& seen);
// The functions and methods it calls, by Python's name: socket, accept, upper, select.poll.
void calls_made(const Statement& statement, const Seen& seen);
void threads_read(const Condition& condition, const Seen& seen);
std::vector<std::string> names_bound(const Statement& statement);
const Condition* condition_of(const Directive& directive);  // nullptr: it has none

}  // namespace sockscope::play
