#pragma once
// The results of grading, in the forms other programs read. Pure.

#include <string>
#include <vector>

#include "coach/grade.h"

namespace sockscope::cli {

struct Submission {
  std::string name;  // of its recording or folder, as it was given
  Graded graded;
};

std::string junit_of(const std::string& lesson, const std::vector<Submission>& all);
// One submission: Gradescope's results.json; several: {"submissions": [such an object and its "name", …]}.
std::string gradescope_of(const std::vector<Submission>& all);
std::string csv_of(const std::string& lesson, const std::vector<Submission>& all);
// id, how many, an example
std::string misconceptions_of(const std::vector<Submission>& all);

std::string result_name(GradedStep::Result result);  // "pass", "fail", "not tried"
// What was expected and what was seen, of the marks that were not met; empty: there are none.
std::string failure_of(const GradedStep& step);

}  // namespace sockscope::cli
