#pragma once
// The names a play line may use, those of later versions, and what to say about others. Pure.

#include <span>
#include <string>
#include <string_view>

#include "play/syntax.h"

namespace sockscope::play {

enum class Known { now, later, no };

Known function(std::string_view name);         // socket, len, bytes… without a prefix
Known socket_function(std::string_view name);  // behind "socket."
Known module_function(std::string_view module, std::string_view name);  // struct.pack, select.select
Known method(std::string_view name);
bool attribute(std::string_view name);        // of a statement
bool condition_field(std::string_view name);  // behind a dot of a condition
bool module(std::string_view name);           // socket, select, struct
// A name with a meaning of its own, that nothing may be called.
bool reserved(std::string_view name);
// Spelled like a constant of the socket module (AF_…, SO_…) but not one.
bool unknown_constant(std::string_view name);
// Methods that are not of the catalogue, by whose they are.
enum class Owned { text, file, poll };
bool method_of(Owned owner, std::string_view name);
// True and what it means where a state, flag, family or errno name stands bare.
std::optional<Value> bare_word(std::string_view name);
std::optional<Value> constant_value(std::string_view name);  // AF_INET …

std::optional<Kind> kind(std::string_view name);  // socket, thread, call, packet
std::span<const std::string_view> fields(Kind kind);
bool is_field(Kind kind, std::string_view name);

// For messages.
std::string allowed_functions();
std::string allowed_methods();
std::string allowed_attributes();
std::string allowed_constants(std::string_view like);  // of the same group

}  // namespace sockscope::play
