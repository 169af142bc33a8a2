#include "cli/lesson_by_hand.h"

#include "cli/command.h"
#include "cli/output.h"

namespace sockscope::cli {

int run_by_hand(const ReadyLesson&, const std::string&) {
  complain("sockscope lesson run: without --auto it is not in this version yet");
  return kNotPossible;
}

}  // namespace sockscope::cli
