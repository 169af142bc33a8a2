// An error's name and text, getaddrinfo's too.

#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "net/call_errors.h"
#include "net/names.h"

namespace sockscope {
namespace {

struct LookupError {
  int number;
  std::string_view name, text;  // gai_strerror(3)'s English
};
constexpr LookupError kLookupTable[] = {
    {EAI_NONAME, "EAI_NONAME", "Name or service not known"},
    {EAI_AGAIN, "EAI_AGAIN", "Temporary failure in name resolution"},
    {EAI_FAIL, "EAI_FAIL", "Non-recoverable failure in name resolution"},
    {EAI_FAMILY, "EAI_FAMILY", "ai_family not supported"},
    {EAI_SOCKTYPE, "EAI_SOCKTYPE", "ai_socktype not supported"},
    {EAI_SERVICE, "EAI_SERVICE", "Servname not supported for ai_socktype"},
    {EAI_BADFLAGS, "EAI_BADFLAGS", "Bad value for ai_flags"},
    {EAI_MEMORY, "EAI_MEMORY", "Memory allocation failure"},
    {EAI_SYSTEM, "EAI_SYSTEM", "System error"},
    {EAI_OVERFLOW, "EAI_OVERFLOW", "Unknown error"},
    {-5, "EAI_NODATA", "No address associated with hostname"},            // <netdb.h> has these two
    {-9, "EAI_ADDRFAMILY", "Address family for hostname not supported"},  // only for GNU
};

const LookupError* lookup_error(int error) {
  const auto* found = std::find_if(std::begin(kLookupTable), std::end(kLookupTable),
                                   [&](const LookupError& e) { return e.number == error; });
  return found == std::end(kLookupTable) ? nullptr : found;
}

}  // namespace

std::string errno_name(int error) {
  if (const LookupError* lookup = lookup_error(error)) return std::string(lookup->name);
  const char* name = strerrorname_np(error);
  return name != nullptr ? name : fmt::format("{}", error);
}

std::string_view errno_text(int error) {
  if (const LookupError* lookup = lookup_error(error)) return lookup->text;
  const char* text = strerrordesc_np(error);
  return text != nullptr ? text : "Unknown error";
}

std::string error_name(int error) {
  return errno_name(error);
}

std::string_view error_text(int error) {
  return errno_text(error);
}

}  // namespace sockscope
