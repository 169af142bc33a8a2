#pragma once
// Which widget the keyboard is at. Every widget of Ui is a stop; Tab and Shift+Tab go round all stops in the
// order they are drawn. Held by the caller from frame to frame; begin() before the first widget, end() after
// the last.

#include <string>
#include <string_view>
#include <vector>

namespace sockscope::ui {

class FocusRing {
 public:
  void begin();
  // Moves by Tab and Shift+Tab, unless somebody took the key in this frame; then the new stop shows its
  // outline.
  void end();

  // A widget of this path is drawn now. Returns true if the keyboard is at it.
  bool stop(const std::string& path, bool is_text);
  // True once, for a text field that the keyboard has just come to: it should take the caret.
  bool wants_caret(const std::string& path);
  // True once, for the widget the keyboard has just come to: it should scroll into view.
  bool arrived(const std::string& path);

  // Puts the keyboard there: a widget's path, or a prefix ("console/"), then its first stop. Takes effect
  // when such a widget is next drawn. `shown`: with the outline.
  void go(std::string_view path, bool shown = true);
  void clicked(const std::string& path);  // the mouse put it there: no outline
  void take_tab() { tab_taken_ = true; }  // a widget used Tab for itself (completion)

  const std::string& at() const { return at_; }
  bool shown() const { return shown_; }

 private:
  struct Stop {
    std::string path;
    bool is_text;
  };
  void move_to(const Stop& stop);
  std::vector<Stop> order_;
  std::string at_, wanted_, caret_, arrived_;
  bool shown_ = false, tab_taken_ = false, wanted_shown_ = true;
};

}  // namespace sockscope::ui
