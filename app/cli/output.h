#pragma once
// What a command says: results on stdout, one line for each error on stderr.

#include <string>
#include <string_view>

namespace sockscope::cli {

void say(std::string_view text);  // stdout, as it is, in one piece. Any thread.
// And a newline. What a terminal would obey is escaped: the text may be a stranger's.
void say_line(std::string_view text);
// Hands what was said to the reader. False: it cannot be written (the reader went away, the disk is full).
bool flush();
void complain(std::string_view text);  // say_line() on stderr
// flush() at the end of a command: `exit`, or 1 and a complaint if what was said did not arrive.
int finish(int exit);

// Whether both lead to one file: what is written to the one would destroy the other.
bool same_file(const std::string& a, const std::string& b);

}  // namespace sockscope::cli
