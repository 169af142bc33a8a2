#pragma once
// A recording as a C17 program, from the calls that were made.

#include "export/program.h"
#include "export/story.h"

namespace sockscope::exporting {

Program c_program(const Trace& trace, const Story& story);
// Its lines alone, in the order they began; with none, the whole program.
std::vector<ProgramLine> c_excerpt(const Trace& trace, const Story& story);

}  // namespace sockscope::exporting
