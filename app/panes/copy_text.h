#pragma once
// A pane as plain text, for the clipboard: what it says, not only the part that is in sight.

#include <optional>
#include <string>
#include <vector>

#include "panes/panes.h"

namespace sockscope {

// The Stage as sentences about who is there, the Timeline as those of the moments in sight, the Console, Code
// and Sentences whole; nullopt for a pane that is only known by what it draws. Each line ends with '\n'.
std::optional<std::string> text_of_pane(ui::Ui& ui, const Scene& scene, View& view, Pane pane);

// One thing in a line, without its end: a socket's state and ends, what a thread is in, a call and what it
// gave. Empty: there is nothing to say.
std::string text_of_thing(const ui::Ui& ui, const Scene& scene, const Selection& what);

// What a pane drew, as lines: from top to bottom, and what stands in one line from left to right.
std::string text_of_drawn(std::vector<ui::DrawnText> drawn);

// While alive, what is drawn is kept, also where nobody else records it.
class Drawn {
 public:
  explicit Drawn(ui::Ui& ui);
  ~Drawn();
  Drawn(const Drawn&) = delete;
  Drawn& operator=(const Drawn&) = delete;
  std::string text() const;

 private:
  ui::Ui& ui_;
  ui::Record own_;
  ui::Record* before_;
  std::size_t from_ = 0;
};

}  // namespace sockscope
