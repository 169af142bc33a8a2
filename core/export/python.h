#pragma once
// A recording as a Python program.

#include "export/program.h"
#include "export/story.h"

namespace sockscope::exporting {

Program python_program(const Story& story);

}  // namespace sockscope::exporting
