#pragma once
// What doctor says, as plain text of at most 100 columns and as one JSON object.

#include <string>
#include <string_view>

#include "cli/doctor_facts.h"
#include "trace/narrate.h"

namespace sockscope::cli {

std::string doctor_text(const DoctorFacts& facts, const Translate& tr);
std::string doctor_json(const DoctorFacts& facts);
std::string grid_text(const Grid& grid, const Translate& tr);

// Columns on a terminal: a Chinese character takes two.
std::size_t columns_of(std::string_view utf8);
std::string padded(std::string text, std::size_t columns);
std::string trimmed(std::string text);  // without blanks at its end
// A paragraph in lines of at most 100 columns, each with its newline: the first line's indent, the others'.
std::string wrapped(std::string_view text, std::size_t first, std::size_t others);

}  // namespace sockscope::cli
