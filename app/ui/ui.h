#pragma once
// What every pane draws with: the theme, the translator, the fonts and the scale of this frame, handed down
// by reference; widgets with language-independent keys; a record of what was drawn, for tests. Made anew each
// frame.

#include <fmt/format.h>
#include <imgui.h>

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ui/focus.h"
#include "ui/language.h"
#include "ui/theme.h"

namespace sockscope::ui {

struct Fonts {                   // null in tests: ImGui's default
  ImFont* small = nullptr;       // 12 sans
  ImFont* label = nullptr;       // 13 sans
  ImFont* body = nullptr;        // 14 sans
  ImFont* name = nullptr;        // 15 semibold
  ImFont* title = nullptr;       // 20 semibold
  ImFont* big = nullptr;         // 28 semibold (headline, errno)
  ImFont* mono_small = nullptr;  // 12 mono
  ImFont* mono = nullptr;        // 13 mono
  ImFont* mono_big = nullptr;    // 28 mono
};

// What was drawn this frame, by key path ("console/run"): only kept when `on` (tests).
struct Item {
  ImVec2 min, max;
  bool visible = false, hovered = false, active = false, focused = false;
  int frame = -1;
  std::string value;
};
// A line of text as it was drawn, and what of the window could be seen there.
struct DrawnText {
  std::string text;
  ImVec2 min, max, clip_min, clip_max;
};

struct Record {
  bool on = false;
  int frame = 0;
  std::unordered_map<std::string, Item> items;
  std::string scroll_to;           // path: the item scrolls itself into view
  std::vector<std::string> texts;  // every text drawn this frame through text(), paragraph() and widgets
  std::vector<DrawnText> drawn;    // where those of text() and paragraph() stand, line by line
  std::vector<std::string> cut;    // those of them that did not fit and end with an ellipsis
  void begin();                    // a new frame
};

// What a prompt does with a key of its own: change the line (completion, history) and return true; false:
// nothing to do, and Tab then goes on to the next widget.
enum class PromptKey { tab, up, down };
using PromptEdit = std::function<bool(PromptKey key, std::string* text)>;

class Ui {
 public:
  // `record` and `ring` may be null: nothing is recorded, the keyboard reaches nothing.
  Ui(const Theme& theme_tokens, const Translator& translator, Fonts fonts_of_frame, float scale_of_frame,
     Record* items = nullptr, FocusRing* focus_ring = nullptr)
      : theme(theme_tokens),
        tr(translator),
        fonts(fonts_of_frame),
        scale(scale_of_frame),
        record(items),
        ring(focus_ring) {}
  const Theme& theme;
  const Translator& tr;
  Fonts fonts;
  float scale;
  Record* record;
  FocusRing* ring;
  // Told of every text drawn, so that its characters get glyphs; null: nobody asks.
  const std::function<void(std::string_view)>* seen = nullptr;

  float px(float at_scale_one) const { return at_scale_one * scale; }
  // Formats the translation of `pattern`: say("{0} waits in {1}", …) → fmt.
  template <typename... A>
  std::string say(std::string_view pattern, const A&... args) const;

  // Widgets, placed at ImGui's cursor. `key` is the same in every language and unique within its Scope;
  // `english` is translated, `text` is not. True: pressed, by mouse, Space or Enter. All are reachable by Tab
  // and show focus.
  bool button(const char* key, std::string_view english, bool primary = false, ImVec2 size = {0, 0});
  // The same with a text that is already in the reader's language (it has values in it).
  bool button_text(const char* key, std::string_view shown, bool primary = false, ImVec2 size = {0, 0});
  bool link(const char* key, std::string_view english);
  bool link_text(const char* key, std::string_view shown);
  bool selectable(const char* key, std::string_view shown, bool selected, ImVec2 size = {0, 0});
  bool checkbox(const char* key, std::string_view english, bool* value);
  // A single-line editor; true when Enter was pressed in it. While the caret is in it the editor owns the
  // text: a change to *value from outside shows only when it has left.
  bool input(const char* key, std::string* value, std::string_view english_hint, float width);
  // The same without a frame, for a console: keeps the caret after Enter; Tab, Up and Down go to `edit`.
  // `indent`: of the text, in pixels.
  bool prompt(const char* key, std::string* value, std::string_view english_hint, float width,
              const PromptEdit& edit, float indent = 0);
  // Space and Enter take the next choice, Up and Down go through them. True when *index changed.
  bool combo(const char* key, int* index, const std::vector<std::string>& choices, float width);
  // An invisible thing on the canvas that can be clicked, focused and named by key. Widgets drawn later on
  // top of it come first.
  bool area(const char* key, ImVec2 min, ImVec2 max);
  void tooltip(std::string_view shown);  // for the last widget: after 400 ms of hover, or at keyboard focus
  void note(const char* key, std::string value = {});  // records the last ImGui item

  // Puts the keyboard at a widget's path ("console/prompt") or at the first widget of a prefix ("timeline/").
  void focus(std::string_view where, bool shown = true);
  // Asks for another frame within `seconds`, though nothing happens: a clock runs, something moves.
  void wake(float seconds);
  float wake_in() const { return wake_in_; }  // < 0: nobody asked

  // Text on the window's draw list, recorded; returns its size. `width` > 0 cuts with an ellipsis.
  ImVec2 text(ImVec2 at, ImU32 colour, ImFont* font, std::string_view what, float width = 0);
  // Text in lines of at most `width`, broken at spaces and between Chinese characters.
  ImVec2 paragraph(ImVec2 at, ImU32 colour, ImFont* font, std::string_view what, float width);
  std::vector<std::string_view> wrap(ImFont* font, std::string_view what, float width) const;
  ImVec2 measure(ImFont* font, std::string_view what) const;
  float line_height(ImFont* font) const;  // from line to line: 1.45 × the size; 1.6 in Chinese

 private:
  friend class Scope;
  struct Pressed {
    std::string path;
    bool focused = false;
    bool by_key = false;
  };
  std::string path(const char* key) const;
  Pressed reach(const char* key, bool is_text);
  void take_caret(const std::string& path);
  bool finish(const Pressed& pressed, bool clicked, std::string value);
  bool plain_button(const char* key, const std::string& shown, bool primary, ImVec2 size);
  void choose(const char* key, int* index, const std::vector<std::string>& choices);
  void outline(ImVec2 min, ImVec2 max) const;
  void say_drawn(std::string_view what);
  void say_place(std::string_view line, ImVec2 at, ImVec2 size);
  float em(ImFont* font) const;
  float emboldened(const ImFont* font) const;  // how far to the right Chinese is drawn a second time; 0: not

  std::vector<std::string> scope_;
  bool last_focused_ = false;
  float wake_in_ = -1;
};

// Prefixes keys (and ImGui ids) while alive: Scope s(ui, "console"). Must end in the ImGui window it began
// in.
class Scope {
 public:
  Scope(Ui& ui, std::string_view name);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  Ui& ui_;
};

// ImGui's own style (colours, radii, borders, paddings) from the theme. Call before NewFrame when either
// changed.
void apply_style(const Theme& theme, float scale);

}  // namespace sockscope::ui

template <typename... A>
std::string sockscope::ui::Ui::say(std::string_view pattern, const A&... args) const {
  return fmt::format(fmt::runtime(tr(pattern)), args...);
}
