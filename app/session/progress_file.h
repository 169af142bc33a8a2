#pragma once
// What is kept of the learner's progress from run to run: XDG_STATE_HOME/sockscope/progress, as
// coach/progress.h has it.

#include <string>

#include <tl/expected.hpp>

#include "coach/progress.h"

namespace sockscope {

// Where it is; nothing is made. Error: one line.
tl::expected<std::string, std::string> progress_path();

// One owner thread. Another program of ours may write the same file: what it wrote stays.
class ProgressFile {
 public:
  // No path: nothing is read or kept.
  explicit ProgressFile(std::string path) : path_(std::move(path)) {}

  // Reads it; no file is no progress. One line for the person; empty: nothing is wrong with it.
  std::string load();
  const Progress& progress() const { return progress_; }
  const LessonProgress& of(const std::string& lesson) const;

  // Adds what is so of a lesson now, and writes it when that is new. A file that cannot be read whole is
  // first put aside, as progress.bad. One line for the person: that it was, or why nothing could be written,
  // once each; what could not be written is tried again with the next. Empty: nothing to tell.
  std::string record(const std::string& lesson, const LessonProgress& now);

 private:
  tl::expected<std::string, std::string> write();

  std::string path_, told_;
  Progress progress_, unsaved_;
  bool damaged_ = false;
};

}  // namespace sockscope
