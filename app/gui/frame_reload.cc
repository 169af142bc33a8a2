// An open lesson whose files were saved, and what lint says of it.
#include <algorithm>

#include "coach/lint.h"
#include "gui/frame.h"
#include "gui/lesson_shown.h"

namespace sockscope {
namespace {

constexpr std::size_t kMostFindings = 12;

// The file's name in front; its folder is known.
std::string in_folder(std::string said, const std::string& folder) {
  const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
  if (said.starts_with(prefix)) said.erase(0, prefix.size());
  return said;
}

}  // namespace

bool Frame::look_for_saved() {
  if (!watch_.saved() || lesson_id_.empty()) return false;
  reload_lesson();
  return true;
}

// What was wrong is always told; notes once a file of it was saved, in a folder of its own: for who writes
// it.
void Frame::lint_open_lesson(bool notes) {
  lint_.clear();
  const auto folder = shelf_.folder(lesson_id_);
  if (!folder) return;
  for (const Finding& finding : lint_lesson(*folder).findings) {
    const bool error = finding.weight == Finding::Weight::error;
    if ((error || notes) && lint_.size() < kMostFindings)
      lint_.push_back({error, in_folder(finding.to_string(), *folder)});
  }
}

// The learner stays at their step, which begins anew. A file that cannot be read changes nothing but the
// lint.
void Frame::reload_lesson() {
  const auto folder = shelf_.folder(lesson_id_);
  lint_open_lesson(folder && *folder == shelf_.opened);
  auto text = shelf_.text(lesson_id_, language());
  auto ready = shelf_.ready(lesson_id_, language());
  if (!ready || !text) {
    const std::string why = in_folder(!ready ? ready.error() : text.error(), folder.value_or(""));
    const auto same = [&](const LessonFinding& finding) { return finding.text == why; };
    if (std::none_of(lint_.begin(), lint_.end(), same)) lint_.insert(lint_.begin(), {true, why});
    return;
  }
  lesson_text_ = std::move(*text);
  lesson_terms_ = terms_of(*ready->lesson);
  LessonWalk walk(std::move(*ready));
  if (walk_) walk.go_on_from(*walk_);
  walk_.emplace(std::move(walk));
}

}  // namespace sockscope
