#pragma once
// What is wrong with a lesson's two files, as far as it can be seen without running it.

#include <optional>
#include <string>
#include <vector>

#include "coach/ready.h"

namespace sockscope {

// One line for a person. A note is told and is no mistake.
struct Finding {
  enum class Weight { error, note } weight = Weight::error;
  std::string file;
  int line = 0;  // 0: of the whole file
  std::string message;
  std::string to_string() const;
};

struct LintedLesson {
  std::string id;  // the folder's name
  std::string folder;
  std::vector<Finding> findings;
  std::optional<ReadyLesson> english, chinese;  // nothing: it cannot be read, a finding says why
};

LintedLesson lint_lesson(const std::string& folder);

bool has_errors(const std::vector<Finding>& findings);

}  // namespace sockscope
