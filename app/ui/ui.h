#pragma once
// What every pane draws with: the theme, the translator, the fonts and the scale of this frame, handed down
// by value of reference; widgets with language-independent keys; a record of what was drawn, for tests.

#include <imgui.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

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
struct Record {
  bool on = false;
  int frame = 0;
  std::unordered_map<std::string, Item> items;
  std::vector<std::string> scope;
  std::string scroll_to;           // path: the item scrolls itself into view
  std::vector<std::string> texts;  // every text drawn this frame through text()/say()
};

class Ui {
 public:
  Ui(const Theme& theme, const Translator& translator, Fonts fonts, float scale, Record* record = nullptr)
      : theme(theme), tr(translator), fonts(fonts), scale(scale), record(record) {}
  const Theme& theme;
  const Translator& tr;
  Fonts fonts;
  float scale;
  Record* record;

  float px(float at_scale_one) const { return at_scale_one * scale; }
  // Formats the translation of `pattern`: say("{0} waits in {1}", …) → fmt.
  template <typename... A>
  std::string say(std::string_view pattern, const A&... args) const;

  // Widgets. `key` is the same in every language; `english` is translated. True: pressed.
  // All are reachable by Tab, pressed by Space or Enter, and show focus.
  bool button(const char* key, std::string_view english, bool primary = false, ImVec2 size = {0, 0});
  bool link(const char* key, std::string_view english);
  bool selectable(const char* key, std::string_view text, bool selected, ImVec2 size = {0, 0});
  bool checkbox(const char* key, std::string_view english, bool* value);
  // A single-line editor; true when Enter was pressed in it.
  bool input(const char* key, std::string* text, std::string_view english_hint, float width);
  bool combo(const char* key, int* index, const std::vector<std::string>& choices, float width);
  // An invisible thing on the canvas that can be clicked, focused and named by key.
  bool area(const char* key, ImVec2 min, ImVec2 max);
  void tooltip(std::string_view text);                 // for the last widget
  void note(const char* key, std::string value = {});  // records the last ImGui item

  // Text on a draw list, recorded; returns its size. `width` > 0 cuts with an ellipsis.
  ImVec2 text(ImVec2 at, ImU32 colour, ImFont* font, std::string_view what, float width = 0);
  ImVec2 measure(ImFont* font, std::string_view what) const;
  float line_height(ImFont* font) const;

 private:
  std::string path(const char* key) const;
};

class Scope {  // prefixes keys (and ImGui ids) while alive: Scope s(ui, "console")
 public:
  Scope(Ui& ui, const char* name);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  Ui& ui_;
};

}  // namespace sockscope::ui

#include <fmt/format.h>

template <typename... A>
std::string sockscope::ui::Ui::say(std::string_view pattern, const A&... args) const {
  return fmt::format(fmt::runtime(tr(pattern)), args...);
}
