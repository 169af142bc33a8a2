// What the learner has done of the lessons, kept from run to run.
#include "gui/frame.h"

namespace sockscope {

void Frame::keep_progress(const std::string& path) {
  progress_.emplace(path);
  tell_of_progress(progress_->load());
  remember_walk();
  mark_lessons();
}

// What was done of the open lesson before; of the quiz what was answered this time.
void Frame::remember_walk() {
  if (!walk_ || !progress_) return;
  kept_as_ = lesson_id_ == kQuizId ? std::string(quiz_now(progress_->progress())) : lesson_id_;
  walk_->remember(progress_->of(kept_as_).done);
}

void Frame::tell_of_progress(std::string told) {
  if (told.empty()) return;
  progress_notice_ = told;
  say(std::move(told));
}

void Frame::mark_lessons() {
  if (!progress_) return;
  const auto score = [&](std::string_view round) -> std::optional<int> {
    const LessonProgress& quiz = progress_->of(std::string(round));
    return quiz.guesses.empty() ? std::nullopt : std::optional(quiz_score(quiz).right);
  };
  for (LessonItem& item : lessons_) {
    if (item.questions > 0) {
      item.before = score(kQuizBefore);
      item.after = score(kQuizAfter);
      continue;
    }
    const LessonProgress& now = progress_->of(item.id);
    item.done = now.finished  ? LessonItem::Done::all
                : now.begun() ? LessonItem::Done::some
                              : LessonItem::Done::none;
  }
}

void Frame::record_progress() {
  if (!progress_ || !walk_) return;
  tell_of_progress(progress_->record(kept_as_, walk_->progress()));
  mark_lessons();
}

// A lesson not begun yet opens with what was missed in earlier ones.
void Frame::open_recall() {
  if (!progress_ || lesson_id_ == kQuizId || progress_->of(lesson_id_).begun()) return;
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
