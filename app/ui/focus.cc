#include "ui/focus.h"

#include "ui/compat.h"

namespace sockscope::ui {

void FocusRing::begin() {
  order_.clear();
  tab_taken_ = false;
}

void FocusRing::move_to(const Stop& stop) {
  at_ = stop.path;
  arrived_ = stop.path;
  if (stop.is_text) {
    caret_ = stop.path;
  } else {
    caret_.clear();
    // Takes the caret out of a text field, if it is in one; there is no other public way.
    if (ImGui::IsAnyItemActive()) ImGui::SetWindowFocus(nullptr);
  }
}

bool FocusRing::stop(const std::string& path, bool is_text) {
  order_.push_back({path, is_text});
  const bool fits = path == wanted_ || (wanted_.ends_with('/') && path.starts_with(wanted_));
  if (!wanted_.empty() && fits) {
    wanted_.clear();
    shown_ = wanted_shown_;
    move_to(order_.back());
  }
  return at_ == path;
}

bool FocusRing::wants_caret(const std::string& path) {
  if (caret_.empty() || caret_ != path) return false;
  caret_.clear();
  return true;
}

bool FocusRing::arrived(const std::string& path) {
  if (arrived_.empty() || arrived_ != path) return false;
  arrived_.clear();
  return true;
}

void FocusRing::go(std::string_view path, bool shown) {
  wanted_ = path;
  wanted_shown_ = shown;
}

void FocusRing::clicked(const std::string& path) {
  at_ = path;
  shown_ = false;
}

void FocusRing::end() {
  if (tab_taken_ || order_.empty() || !plain_pressed(Key::tab, true)) return;
  const bool back = ImGui::GetIO().KeyShift;
  const std::size_t count = order_.size();
  std::size_t index = count;
  for (std::size_t i = 0; i < count; ++i) {
    if (order_[i].path == at_) index = i;
  }
  if (index == count) {
    index = back ? count - 1 : 0;
  } else {
    index = (index + (back ? count - 1 : 1)) % count;
  }
  shown_ = true;
  move_to(order_[index]);
}

}  // namespace sockscope::ui
