#pragma once
// A recording as a C17 program, from the calls that were made.

#include "export/program.h"
#include "export/story.h"

namespace sockscope::exporting {

Program c_program(const Trace& trace, const Story& story);

}  // namespace sockscope::exporting
