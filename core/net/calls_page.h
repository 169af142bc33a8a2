#pragma once
// docs/calls.md: every call of the catalogue as a page. Pure.

#include <string>

namespace sockscope {

std::string calls_page();  // Markdown, ends with a newline

}  // namespace sockscope
