#include "export/c.h"

namespace sockscope::exporting {

Program c_program(const Trace& /*trace*/, const Story& /*story*/) {
  return {};
}

}  // namespace sockscope::exporting
