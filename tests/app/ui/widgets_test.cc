#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "driver.h"
#include "ui/ui.h"

namespace sockscope {
namespace {

using testing::Driver;
using ui::Key;

// A pane with one of everything.
struct Everything {
  int buttons = 0, links = 0, areas = 0, entered = 0, selected = 0;
  bool checked = false;
  int choice = 0;
  std::string text = "", line = "";
  std::vector<std::string> run;
  void draw(ui::Ui& ui) {
    ui::Scope scope(ui, "pane");
    if (ui.button("go", "Timeline")) ++buttons;
    if (ui.link("more", "Stage")) ++links;
    if (ui.selectable("row", "a row", false, {200, 20})) ++selected;
    ui.checkbox("tick", "Follow", &checked);
    if (ui.input("text", &text, "a hint", 200)) ++entered;
    ui.combo("family", &choice, {"AF_INET", "AF_UNIX", "AF_INET6"}, 120);
    const ImVec2 at{400, 400};
    if (ui.area("seat", at, {at.x + 100, at.y + 80})) ++areas;
    ImGui::SetCursorScreenPos({20, 600});
    const auto edit = [](ui::PromptKey key, std::string* value) {
      if (key == ui::PromptKey::up) *value = "earlier";
      if (key == ui::PromptKey::tab && *value == "s.acc")
        *value = "s.accept()";
      else if (key == ui::PromptKey::tab)
        return false;
      return key != ui::PromptKey::down;
    };
    if (ui.prompt("prompt", &line, "", 400, edit)) {
      run.push_back(line);
      line.clear();
    }
  }
};

struct Widgets : ::testing::Test {
  Everything all;
  Driver driver{[this](ui::Ui& ui) { all.draw(ui); }};
};

TEST_F(Widgets, AreAllPressedByTheMouse) {
  for (const char* key : {"go", "more", "row", "tick", "seat"}) driver.click(std::string("pane/") + key);
  EXPECT_EQ(all.buttons, 1);
  EXPECT_EQ(all.links, 1);
  EXPECT_EQ(all.selected, 1);
  EXPECT_TRUE(all.checked);
  EXPECT_EQ(all.areas, 1);
}

TEST_F(Widgets, AreAllReachedByTabAndPressedBySpaceOrEnter) {
  int* const counts[] = {&all.buttons, &all.links, &all.selected, &all.areas};
  const char* const keys[] = {"go", "more", "row", "seat"};
  for (int i = 0; i < 4; ++i) {
    driver.tab_to(std::string("pane/") + keys[i]);
    driver.key(Key::space);
    EXPECT_EQ(*counts[i], 1) << keys[i];
    driver.key(Key::enter);
    EXPECT_EQ(*counts[i], 2) << keys[i];
  }
  driver.tab_to("pane/tick");
  driver.key(Key::space);
  EXPECT_TRUE(all.checked);
  driver.tab_to("pane/family");
  driver.key(Key::down);
  driver.key(Key::down);
  driver.key(Key::down);
  EXPECT_EQ(all.choice, 2);
  driver.key(Key::space);
  EXPECT_EQ(all.choice, 0) << "Space goes on to the next choice, and from the last to the first";
}

TEST_F(Widgets, TabGoesRoundAllOfThemAndShiftTabBack) {
  const std::vector<std::string> order = {"pane/go",   "pane/more",   "pane/row",  "pane/tick",
                                          "pane/text", "pane/family", "pane/seat", "pane/prompt"};
  driver.frame();
  for (int round = 0; round < 2; ++round) {
    for (const std::string& path : order) {
      driver.key(Key::tab);
      EXPECT_EQ(driver.ring.at(), path);
      EXPECT_TRUE(driver.ring.shown());
    }
  }
  for (auto path = order.rbegin() + 1; path != order.rend(); ++path) {
    driver.key(Key::tab, false, true);
    EXPECT_EQ(driver.ring.at(), *path);
  }
  driver.key(Key::tab, false, true);
  EXPECT_EQ(driver.ring.at(), "pane/prompt") << "before the first comes the last";
}

TEST_F(Widgets, ATextFieldReachedByTabIsTypedIntoAndLeftByTab) {
  driver.tab_to("pane/text");
  driver.type("9999");
  EXPECT_EQ(all.text, "9999");
  driver.key(Key::space);
  EXPECT_EQ(all.buttons + all.selected + all.areas, 0) << "Space in a text field presses nothing";
  driver.key(Key::tab);
  EXPECT_EQ(driver.ring.at(), "pane/family");
  driver.type("7");
  EXPECT_EQ(all.text, "9999") << "the caret has left with the focus";
}

TEST_F(Widgets, EnterInATextFieldIsToldOnceAndPressesNothingElse) {
  driver.click("pane/text");
  driver.type("é中");
  driver.key(Key::enter);
  EXPECT_EQ(all.text, "é中");
  EXPECT_EQ(all.entered, 1);
  EXPECT_EQ(all.buttons, 0);
}

TEST_F(Widgets, ThePromptKeepsTheCaretAfterEnter) {
  driver.tab_to("pane/prompt");
  for (const char* line : {"a = socket()", "a.close()"}) {
    driver.type(line);
    driver.key(Key::enter);
  }
  EXPECT_EQ(all.run, (std::vector<std::string>{"a = socket()", "a.close()"}));
}

TEST_F(Widgets, TabInThePromptCompletesWhenItCanElseItGoesOn) {
  driver.tab_to("pane/prompt");
  driver.type("s.acc");
  driver.key(Key::tab);
  EXPECT_EQ(all.line, "s.accept()");
  EXPECT_EQ(driver.ring.at(), "pane/prompt");
  driver.key(Key::tab);
  EXPECT_EQ(driver.ring.at(), "pane/go");
}

TEST_F(Widgets, UpInThePromptBringsWhatTheCallerGives) {
  driver.click("pane/prompt");
  driver.key(Key::up);
  EXPECT_EQ(all.line, "earlier");
  driver.key(Key::enter);
  EXPECT_EQ(all.run, std::vector<std::string>{"earlier"});
}

TEST_F(Widgets, ACallerCanPutTheKeyboardAtAPathOrAPrefix) {
  driver.ring.go("pane/prompt");
  driver.frame(3);
  driver.type("x");
  EXPECT_EQ(all.line, "x");
  driver.ring.go("pane/");
  driver.frame(2);
  EXPECT_EQ(driver.ring.at(), "pane/go");
  driver.key(Key::space);
  EXPECT_EQ(all.buttons, 1);
  EXPECT_EQ(all.line, "x");
}

TEST_F(Widgets, AMousePressMovesTheKeyboardWithoutAnOutline) {
  driver.click("pane/more");
  EXPECT_EQ(driver.ring.at(), "pane/more");
  EXPECT_FALSE(driver.ring.shown());
  driver.key(Key::enter);
  EXPECT_EQ(all.links, 2);
}

TEST_F(Widgets, AComboOpensByMouseAndItsChoicesHavePaths) {
  driver.click("pane/family");
  driver.click("pane/family/1");
  EXPECT_EQ(all.choice, 1);
}

TEST_F(Widgets, KeysAreTheSameInChinese) {
  driver.language = ui::Language::zh;
  driver.frame(2);
  EXPECT_EQ(driver.need("pane/go").value, "时间线");
  driver.click("pane/go");
  EXPECT_EQ(all.buttons, 1);
}

TEST(Area, AWidgetOnTopOfItComesFirst) {
  int under = 0, over = 0;
  Driver driver([&](ui::Ui& ui) {
    if (ui.area("card", {100, 100}, {400, 300})) ++under;
    ImGui::SetCursorScreenPos({150, 150});
    if (ui.button("close", "Close")) ++over;
  });
  driver.click("close");
  EXPECT_EQ(over, 1);
  EXPECT_EQ(under, 0);
  driver.click("card", 0.9f, 0.9f);
  EXPECT_EQ(under, 1);
}

TEST(Focus, ScrollsAHiddenStopIntoView) {
  int pressed = -1;
  Driver driver([&](ui::Ui& ui) {
    ui::begin_child("child", {300, 200});
    for (int i = 0; i < 40; ++i) {
      ui::Scope scope(ui, "list");
      if (ui.button(std::to_string(i).c_str(), "Row")) pressed = i;
    }
    ImGui::EndChild();
  });
  driver.frame(2);
  ASSERT_FALSE(driver.need("list/35").visible);
  driver.tab_to("list/35");
  driver.frame(2);
  EXPECT_TRUE(driver.need("list/35").visible);
  driver.key(Key::enter);
  EXPECT_EQ(pressed, 35);
  driver.click("list/2");
  EXPECT_EQ(pressed, 2) << "the driver scrolls back up";
}

TEST(Tooltip, ComesAfterAWhileOfHoverAndAtOnceAtKeyboardFocus) {
  Driver driver([&](ui::Ui& ui) {
    ui.button("go", "Go");
    ui.tooltip("goes");
  });
  driver.hover("go");
  EXPECT_FALSE(driver.shows("goes"));
  EXPECT_GT(driver.wake_in, 0) << "asks for the frame in which it will show";
  driver.frame(30);
  EXPECT_TRUE(driver.shows("goes"));
  driver.move_mouse({900, 900});
  driver.frame(2);
  EXPECT_FALSE(driver.shows("goes"));
  driver.tab_to("go");
  driver.frame();
  EXPECT_TRUE(driver.shows("goes"));
}

TEST(Driver, FailsWhenSomethingCoversTheItem) {
  Driver driver([&](ui::Ui& ui) {
    ui.button("under", "Under", false, {200, 100});
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({400, 400});
    ImGui::SetNextWindowFocus();
    ImGui::Begin("cover");
    ImGui::End();
  });
  EXPECT_THROW(driver.click("under"), std::runtime_error);
}

}  // namespace
}  // namespace sockscope
