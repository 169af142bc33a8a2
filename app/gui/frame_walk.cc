// The frame's part of walking through a lesson: sessions for it, lines for it, its progress.
#include <utility>

#include "gui/frame.h"
#include "panes/lesson_text.h"
#include "session/so_far.h"
#include "trace/clock.h"

namespace sockscope {

namespace {

constexpr Time kWalkLook = 20 * kMillisecond, kLongestWalk = 60 * kSecond;

}  // namespace

void Frame::walk(const request::Walk& request) {
  using Do = request::Walk::Do;
  if (!walk_) return;
  if (recall_) return recall(request);
  switch (request.what) {
    case Do::choose:
      return walk_->choose(request.number, *session_);
    case Do::show:
      view.follow = true;
      walk_->show();
      return show_golden();
    case Do::next:
      return walk_->next();
    case Do::again:
      return walk_->go_to(walk_->step(), true);
    case Do::go:
      return walk_->go_to(request.number, true);
    case Do::hint:
      return walk_->hint(so_far());
    case Do::press:
      if (const auto* line = walk_->press(request.number)) run_line(line->thread, line->text);
      return;
  }
}

// What the learner's own lines of this step came to; empty: nothing can be said.
std::string Frame::so_far() {
  if (!walk_->may_say_so_far()) return {};
  const lesson::Mark& unmet = *walk_->first_unmet();
  const ui::Translator tr(view.language);
  return said_so_far(*session_, without_marks(unmet.words.empty() ? unmet.condition : unmet.words),
                     [&tr](std::string_view english) { return std::string(tr(english)); });
}

bool Frame::tick_walk(bool grew) {
  if (!walk_) return false;
  if (walk_->golden() != nullptr) return tick_golden();
  if (grew) look_for_refusal();
  const bool begins = walk_->wants_session();
  if (begins) {
    become(Session::live(true));
    session_->runner().keep_open();
    walk_->began();
  }
  const bool walked = walk_->tick(*session_, grew);
  choose_thread();
  return walked || begins;
}

// The prompt at which the lines that are the learner's turn begin, once for each of them.
void Frame::choose_thread() {
  if (walk_->at() != LessonWalk::At::lines) return at_hand_.reset();
  const std::pair here(walk_->step(), walk_->shown());
  if (std::exchange(at_hand_, here) == here || !view.prompt.empty()) return;
  const Play& play = walk_->lines_at_hand();
  if (play.lines.empty()) return;
  const PlayLine& first = play.lines.front();
  view.thread = first.thread;
  const bool is_new = session_->state().thread(first.thread) == nullptr;
  if (is_new && !first.host.empty()) view.thread += "@" + first.host;
}

tl::expected<void, std::string> Frame::walk_to(std::size_t step) {
  if (!walk_) return tl::unexpected(notice_.empty() ? std::string("no lesson is open") : notice_);
  const std::size_t steps = walk_->lesson().steps.size();
  const std::size_t before = walk_->lesson().steps.front().step->title.empty() ? 1 : 0;
  if (step < 1 || step > steps - before)
    return tl::unexpected("--step " + std::to_string(step) + ": this lesson has " +
                          std::to_string(steps - before) + " steps");
  walk_->go_to(step - 1 + before, true);
  const Time until = now() + kLongestWalk;
  do {
    tick();
    session_->wait(kWalkLook);
  } while (walk_->looks() && now() < until);
  session_->settle_trace();
  session_->tick();
  if (walk_->golden() == nullptr) look_for_refusal();
  if (walk_->wants_session()) tick();  // to its recording
  return {};
}

}  // namespace sockscope
