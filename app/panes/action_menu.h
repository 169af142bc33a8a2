#pragma once
// The menu of a thing: what can be done with it from where it is, each with the line it runs. Nothing is left
// out because it would fail; what would fail says so.

#include <string>
#include <variant>
#include <vector>

#include "panes/call_advice.h"
#include "panes/panes.h"
#include "panes/stage_actions.h"

namespace sockscope {

struct OpenForm {
  Call call;
  SocketId socket;
};
enum class MenuLook { details, timeline, copy, all_calls, new_socket, prompt, desks_back };

struct MenuRow {
  enum class Part { works, fails, looks };
  std::string key;
  std::string name;  // in the reader's language; a call as it is spelt: "accept()"
  std::string line;  // with its prompt, one a line; empty: it writes none
  Advice advice;
  Part part = Part::works;
  std::variant<StageAction, OpenForm, MenuLook> does;
};

struct ActionMenu {
  Selection about;
  std::string title;
  std::string note;  // why there is nothing to call, or when what is called happens; empty: nothing to say
  std::vector<MenuRow> rows;  // by part
};
ActionMenu action_menu(const ui::Ui& ui, const Scene& scene, const View& view, const Selection& about);

// It opens at `at`; what it is about is selected already.
void open_menu(ui::Ui& ui, const Scene& scene, View& view, ImVec2 at);
// Of the last item, which stands for `what`: the menu opens over it when it was right-clicked, where the
// caller has selected it, or when the key asked for the menu of what is selected in this pane.
void offer_menu(ui::Ui& ui, const Scene& scene, View& view, Pane pane, const Selection& what);
// While it is open the keys are its own: arrows, Tab, Home, End, Escape.
void menu_keys(ui::Ui& ui, View& view);
// Over the panes; closes when something was chosen or the mouse was pressed beside it. `stage`: where it
// opens when the key asked for it and nothing that is shown is selected.
void draw_menu(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, ImVec2 size, Rect stage);

}  // namespace sockscope
