#pragma once
// What each error of each call means here: one table, for the error desk and docs/calls.md.

#include <span>
#include <string_view>

#include "net/catalogue.h"

namespace sockscope {

struct ErrorCase {
  int error;               // errno, or below 0 getaddrinfo's EAI code
  std::string_view means;  // one plain English sentence, translatable: what it means of this call
};
// The errors a learner can meet from this call, the likely first.
std::span<const ErrorCase> errors_of(Call call);

}  // namespace sockscope
