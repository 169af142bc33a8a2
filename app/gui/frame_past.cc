// The frame's part of what is over: replays, recordings that are being read, and running again for real.
#include <fmt/format.h>

#include "gui/again.h"
#include "gui/frame.h"
#include "trace/clock.h"

namespace sockscope {

void Frame::replay(bool run) {
  if (!run) {
    replay_from_.reset();
    view.follow = false;
    return;
  }
  const Trace& trace = session_->trace();
  if (trace.empty()) return;
  const Time from =
      view.follow || view.cursor >= trace.end() ? trace.start() : std::max(view.cursor, trace.start());
  view.follow = false;
  view.cursor = from;
  replay_from_ = ReplayClock{now(), from};
}

bool Frame::tick_loading() {
  if (loading_ == nullptr || !loading_->finished()) return false;
  const std::unique_ptr<Loading> loaded = std::move(loading_);
  auto session = loaded->take();
  if (!session) {
    say(session.error());
    return true;
  }
  become(std::move(*session));
  remember(loaded->path());
  restore_bookmarks(loaded->path());
  return true;
}

void Frame::run_again() {
  const ui::Translator tr(view.language);
  const Trace& trace = session_->trace();
  const std::size_t end = view.follow ? trace.size() : trace.upto(view.cursor);
  const RunAgain again = sockscope::run_again(trace, end, session_->state_at(end), tr);
  if (again.play.lines.empty()) {
    const std::string_view none = tr("No line began before this moment: there is nothing to run again.");
    std::string nothing(none);
    if (!again.left_out.empty()) nothing.append(" ").append(again.left_out);
    return say(std::move(nothing));
  }
  become(Session::live(true));
  session_->load(again.play);
  std::string said =
      fmt::format(fmt::runtime(tr("These {0} lines run again, for real; then go on as you like.")),
                  again.play.lines.size());
  if (!again.left_out.empty())
    said += " " + fmt::format(fmt::runtime(tr("Not run again: {0}.")), again.left_out);
  say(std::move(said));
}

}  // namespace sockscope
