#pragma once
// What a command says: results on stdout, one line for each error on stderr.

#include <string_view>

namespace sockscope::cli {

void say(std::string_view text);       // stdout, as it is, in one piece. Any thread.
void say_line(std::string_view text);  // and a newline
// Hands what was said to the reader. False: it cannot be written (the reader went away, the disk is full).
bool flush();
void complain(std::string_view text);  // a line on stderr
// flush() at the end of a command: `exit`, or 1 and a complaint if what was said did not arrive.
int finish(int exit);

}  // namespace sockscope::cli
