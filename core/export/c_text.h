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
// The period of a pattern that, repeated to `data`'s length, has its hash; 0: none was found.
std::size_t repeats_every(const Blob& data);

}  // namespace sockscope::exporting
