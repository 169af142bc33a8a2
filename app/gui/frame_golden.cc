// A lesson's recordings in the window, where its hosts are forbidden.
#include <algorithm>

#include "gui/frame.h"
#include "trace/clock.h"

namespace sockscope {

// The machine permits no hosts, as a line that asked for one has found out.
void Frame::look_for_refusal() {
  if (!session_->is_live() || walk_->lesson().lesson->head.place != lesson::Place::lab) return;
  if (!refused_.look(session_->trace())) return;
  auto golden = Golden::of(walk_->lesson());
  if (!golden) return say(golden.error().to_string());
  if (*golden) walk_->use_golden(std::move(**golden));
}

// The step's recording, at the moment it begins; false: it has none.
bool Frame::begin_golden() {
  const std::string path = walk_->golden()->recording_of(walk_->step());
  walk_->began();
  if (path.empty()) return false;
  auto trace = load_recording(path);
  if (!trace) {
    say(trace.error().message);
    return false;
  }
  become(Session::replay(std::move(*trace), path));
  view.follow = false;
  view.cursor = step_begins(session_->trace(), walk_->lesson(), walk_->step());
  return true;
}

void Frame::show_golden() {
  if (walk_->golden() == nullptr || walk_->at() != LessonWalk::At::running) return;
  const bool elsewhere =
      session_->is_live() || session_->file() != walk_->golden()->recording_of(walk_->step());
  if (elsewhere && !begin_golden()) return;
  const Time begins = step_begins(session_->trace(), walk_->lesson(), walk_->step());
  replay_until_ = lines_end(session_->trace(), begins, walk_->lines_at_hand());
  view.follow = false;
  if (view.cursor < begins || view.cursor >= *replay_until_) view.cursor = begins;
  replay_from_ = ReplayClock{now(), view.cursor};
}

// What is shown is judged once it was seen, also when the person has moved the cursor there.
bool Frame::tick_golden() {
  if (walk_->wants_session()) return begin_golden();
  walk_->tick(*session_, false);
  if (walk_->at() != LessonWalk::At::running) return false;
  if (replay_until_ && !view.follow && view.cursor < *replay_until_) return false;
  replay_until_.reset();
  walk_->was_shown();
  return true;
}

}  // namespace sockscope
