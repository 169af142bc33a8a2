// What the learner has done of the lessons, kept from run to run.
#include "gui/frame.h"

namespace sockscope {

void Frame::keep_progress(const std::string& path) {
  progress_.emplace(path);
  tell_of_progress(progress_->load());
  if (walk_) walk_->remember(progress_->of(lesson_id_).done);
  mark_lessons();
}

void Frame::tell_of_progress(std::string told) {
  if (told.empty()) return;
  progress_notice_ = told;
  say(std::move(told));
}

void Frame::mark_lessons() {
  if (!progress_) return;
  for (LessonItem& item : lessons_) {
    const LessonProgress& now = progress_->of(item.id);
    item.done = now.finished  ? LessonItem::Done::all
                : now.begun() ? LessonItem::Done::some
                              : LessonItem::Done::none;
  }
}

void Frame::record_progress() {
  if (!progress_ || !walk_) return;
  tell_of_progress(progress_->record(lesson_id_, walk_->progress()));
  mark_lessons();
}

// A lesson not begun yet opens with what was missed in earlier ones.
void Frame::open_recall() {
  if (!progress_ || progress_->of(lesson_id_).begun()) return;
  const auto load = [this](const std::string& id) -> std::shared_ptr<const Lesson> {
    auto ready = shelf_.ready(id, language());
    return ready ? ready->lesson : nullptr;
  };
  Recall opens(recalled_for(*walk_->lesson().lesson, progress_->progress(), load));
  if (!opens.over()) recall_.emplace(std::move(opens));
}

void Frame::recall(const request::Walk& request) {
  using Do = request::Walk::Do;
  if (request.what == Do::choose && !recall_->over()) {
    const RecallQuestion& asked = recall_->questions()[recall_->answers().size()];
    LessonProgress now;
    now.guesses[asked.predict] = recall_->choose(request.number);
    tell_of_progress(progress_->record(asked.lesson, now));
  }
  if (request.what == Do::next || request.what == Do::go) recall_.reset();
  if (request.what == Do::go) walk(request);
}

}  // namespace sockscope
