#pragma once
// Literals of a C program. Pure.

#include <string>
#include <string_view>

#include "net/address.h"
#include "net/blob.h"

namespace sockscope::exporting {

// "hello\n": everything but plain characters in octal, so that no escape runs into what follows and no
// trigraph is made.
std::string c_string(std::string_view bytes);
// A comment_text that ends no line and begins no other comment.
std::string c_comment(std::string_view text);
// A call that gives the address: in4("127.0.0.1", 0). `port` stands for its port.
std::string c_address(const Address& address, const std::string& port);
// Numbers by the names that C's headers have, else as digits.
std::string number_name(std::string_view group, std::int64_t value);
std::string level_name(std::int64_t level);
std::string option_name(std::int64_t level, std::int64_t option);
std::string flags_of(std::int64_t flags);
std::string seconds_text(std::int64_t nanoseconds);  // below 0: -1
// The period of a pattern that, repeated to `data`'s length, has its hash; 0: none was found.
std::size_t repeats_every(const Blob& data);

}  // namespace sockscope::exporting
