#pragma once
// What each error of each call means here: one table, for the error desk and docs/calls.md.

#include <span>
#include <string>
#include <string_view>

#include "net/catalogue.h"

namespace sockscope {

struct ErrorCase {
  int error;               // errno, or below 0 getaddrinfo's EAI code
  std::string_view means;  // one plain English sentence, translatable: what it means of this call
};
// The errors a learner can meet from this call, the likely first.
std::span<const ErrorCase> errors_of(Call call);

std::string error_name(int error);       // "ECONNREFUSED", "EAI_NONAME"; an unknown number is its digits
std::string_view error_text(int error);  // as strerror(3) and gai_strerror(3) have it

}  // namespace sockscope
