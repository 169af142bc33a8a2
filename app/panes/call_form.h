#pragma once
// A call's form: its fields follow from the catalogue, and it writes the line a learner would type. Pure.
// Nothing is refused: an empty field that Python needs makes Python say so.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "panes/panes.h"

namespace sockscope {

// How calls are sorted for the eye. Follows from the entry, so a new call finds its place.
enum class CallGroup { make, look_up, several, address, data, life, options };
CallGroup group_of(const CallInfo& call);
std::string_view name_of(CallGroup group);  // English
// What can be chosen: calls of the socket module and of select, or of a socket; in the catalogue's order.
std::vector<const CallInfo*> calls_of(CallGroup group);
std::span<const CallGroup> groups_of(bool of_a_socket);

// What a field is edited with.
enum class FieldKind {
  number,      // text: a number, or any expression
  choice,      // text: one constant of the parameter's group, or a number
  flags,       // text: constants of the group, joined by |
  yes_no,      // text: True or False
  wait,        // text: seconds or milliseconds; empty: None, or left out
  inet,        // text: host, more: port; or whole
  unix_path,   // text: path or abstract name; or whole
  bytes,       // text: what stands between the quotes, with Python's escapes
  text,        // the same of a str; empty: None where None may be
  host_port,   // create_connection's (host, port)
  port,        // a number is a number, a word is quoted, empty is None
  expression,  // text: Python
  names,       // text: sockets' variables, "s, c"
  watched,     // the same; more: the events
  buffer,      // text: a variable, more: its length
  file,        // text: the file's name, more: its size
};
FieldKind field_kind(const State& state, const CallDraft& draft, std::size_t field);

// A form as it opens: defaults from the catalogue, and addresses, names and sockets from what is there.
CallDraft draft_of(const Scene& scene, Call call, SocketId socket = 0);
// A better name when the proposed one has been taken meanwhile.
void refresh(const Scene& scene, CallDraft& draft);

// The lines that make the call; the last is the call itself, those before make what it needs (a bytearray, a
// file, a poll object).
std::vector<std::string> call_lines(const Scene& scene, const CallDraft& draft);

// What other sockets offer as an address for this one: "s.getsockname()", "S.server_address".
std::vector<std::string> address_offers(const Scene& scene, SocketId socket);

// The options of setsockopt, from the constants; `value` is Python text to begin with.
struct OptionChoice {
  std::string_view level, name;
  std::string_view value;
  bool yes_no = false;
  int length = 0;  // getsockopt's buflen; 0: an int
};
std::vector<OptionChoice> option_choices();

}  // namespace sockscope
