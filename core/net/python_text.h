#pragma once
// Calls and their arguments as Python text, with the variables of the moment.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "net/catalogue.h"

namespace sockscope {

// What stands for a socket: its variable. Without one of these a socket is written "#3".
using NameOf = std::function<std::string(std::uint32_t socket)>;

// As python_arguments(call, args), with sockets by name: "[c], [], [], 5.0". Where the names are bound it is
// what a learner types, and read again gives the same Args; but what was registered with a poll object stands
// as a list of pairs, as poll() itself gives it: "[(c, POLLIN | POLLOUT)], 1000".
std::string python_arguments(Call call, const Args& args, const NameOf& name_of);

// Lists of sockets as Args::text and CallReturned::data hold them (ParamKind::sockets and watched).
std::string python_sockets(std::string_view lists, std::size_t which, const NameOf& name_of);  // "[c, d]"
std::string python_watched(std::string_view pairs, const NameOf& name_of);  // "[(c, POLLIN | POLLOUT)]"
std::string python_ready(std::string_view pairs, const NameOf& name_of);    // "[(c, EPOLLIN)]"

// "MSG_PEEK | MSG_DONTWAIT": the names of a group, then what is left as a number; "0" for none.
std::string python_flags(std::string_view group, std::int64_t flags);

}  // namespace sockscope
