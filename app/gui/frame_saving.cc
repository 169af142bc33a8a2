// The frame's part of what is being saved.
#include <fmt/format.h>

#include <limits>

#include "gui/frame.h"
#include "gui/save_as.h"
#include "panes/file_rows.h"

namespace sockscope {
namespace {

constexpr Time kAFrameOfSaving = 20 * kMillisecond;
// What takes no longer is saved before the card goes.
constexpr Time kAtOnce = 100 * kMillisecond;

}  // namespace

Frame::~Frame() {
  finish_saving();
}

// What cannot be saved is said in the card, and the card stays.
void Frame::begin_saving(const std::string& path, SavedAs kind) {
  finish_saving();
  const Trace& trace = session_->trace();
  auto saving = Saving::begin(path, trace, kind);
  const auto done = saving ? (*saving)->go_on(trace, kAtOnce) : tl::unexpected(saving.error());
  if (!done) {
    view.browsing.error = done.error();
    return;
  }
  view.browsing = {};
  saving_ = std::move(*saving);
  if (*done) end_saving();
}

bool Frame::tick_saving(Time most) {
  if (saving_ == nullptr) return false;
  const auto done = saving_->go_on(session_->trace(), most);
  if (!done) {
    saving_.reset();
    say(done.error());
  } else if (*done) {
    end_saving();
  }
  return true;
}

bool Frame::tick_saving() {
  return tick_saving(kAFrameOfSaving);
}

void Frame::end_saving() {
  const std::string path = saving_->path();
  saving_.reset();
  const ui::Translator tr(view.language);
  view.passing = {fmt::format(fmt::runtime(tr("Saved as {0}")), shown_name(path))};
  remember(path);
}

// Before the trace goes: the session becomes another, or the window closes.
void Frame::finish_saving() {
  tick_saving(std::numeric_limits<Time>::max());
}

}  // namespace sockscope
