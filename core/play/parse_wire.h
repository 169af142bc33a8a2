#pragma once
// %host, %wire, %release, %drop, %double. Each takes the line and where its arguments begin; SyntaxError.

#include <string_view>

#include "play/syntax.h"

namespace sockscope::play {

struct DirectiveInput {
  std::string_view line;
  std::size_t name_at, from;  // the directive's name; behind it
};

Directive parse_host(const DirectiveInput& in);
Directive parse_wire(const DirectiveInput& in);
Directive parse_held(const DirectiveInput& in);

}  // namespace sockscope::play
