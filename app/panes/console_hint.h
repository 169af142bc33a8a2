#pragma once
// The call being typed: which one, which of its parameters the caret is at, and its signature. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/catalogue.h"

namespace sockscope {

struct SignaturePart {
  std::string text;     // "bufsize", "flags=0", "*"
  std::string keyword;  // its name alone
  std::string_view group{};
  bool keyword_only = false;
};
// The parameters as Python's documentation lists them, without those a learner never writes.
std::vector<SignaturePart> signature(const CallInfo& call);

struct CallHint {
  const CallInfo* call = nullptr;
  std::optional<std::size_t> at;         // in signature(); nothing: behind the last, or a keyword it has not
  std::string_view argument;             // what is typed of it so far
  std::vector<std::string_view> before;  // the arguments before it
};
// For a caret at the end of `line`: the innermost call of the catalogue whose bracket is open.
std::optional<CallHint> call_hint(std::string_view line);

// The constants that fit where the caret is: of setsockopt's option, those of the level typed before it.
std::string_view group_at(const CallHint& hint);

}  // namespace sockscope
