#include "ui/draw.h"
#include "ui/bytes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "driver.h"

namespace sockscope {
namespace {

using testing::Driver;

TEST(Duration, HasAsManyDigitsAsAreKnown) {
  const std::pair<std::int64_t, const char*> cases[] = {{0, "0 ns"},
                                                        {999, "999 ns"},
                                                        {1'000, "1 µs"},
                                                        {34'400, "34 µs"},
                                                        {999'499, "999 µs"},
                                                        {999'600, "1 ms"},
                                                        {2'040'000, "2 ms"},
                                                        {2'340'000, "2.3 ms"},
                                                        {9'960'000, "10 ms"},
                                                        {601'200'000, "601 ms"},
                                                        {999'600'000, "1.000 s"},
                                                        {1'013'400'000, "1.013 s"},
                                                        {9'999'600'000, "10.00 s"},
                                                        {12'345'000'000, "12.35 s"},
                                                        {123'400'000'000, "123 s"},
                                                        {725'000'000'000, "12 min 5 s"},
                                                        {-5'000'000, "-5 ms"}};
  for (const auto& [nanoseconds, text] : cases)
    EXPECT_EQ(ui::duration_text(nanoseconds), text) << nanoseconds;
  EXPECT_FALSE(ui::duration_text(INT64_MIN).empty());
  EXPECT_FALSE(ui::duration_text(INT64_MAX).empty());
}

int vertices_of(const std::function<void(ImDrawList*, ui::Ui&)>& draw) {
  int vertices = 0;
  Driver driver([&](ui::Ui& ui) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const int before = list->VtxBuffer.Size;
    draw(list, ui);
    vertices = list->VtxBuffer.Size - before;
  });
  driver.frame(2);
  return vertices;
}

TEST(Marks, EachStateHasItsOwnGlyph) {
  std::vector<int> shapes;
  for (int state = 0; state <= 11; ++state) {
    shapes.push_back(vertices_of([&](ImDrawList* list, ui::Ui& ui) {
      ui::state_glyph(list, ui, {100, 100}, 9, static_cast<TcpState>(state));
    }));
    EXPECT_GT(shapes.back(), 0) << name_of(static_cast<TcpState>(state));
  }
  for (int fill = 0; fill <= 2; ++fill) {
    EXPECT_GT(vertices_of([&](ImDrawList* list, ui::Ui& ui) {
                ui::other_glyph(list, ui, {50, 50}, 6, fill);
              }),
              0);
  }
}

TEST(Hatch, OfABarOfMillionsOfPixelsCostsNoMoreThanWhatIsSeen) {
  const auto hatch = [](float left, float right) {
    return vertices_of([=](ImDrawList* list, ui::Ui& ui) {
      ui::hatch(list, ui, {left, 100}, {right, 120}, false);
    });
  };
  const int seen = hatch(0, 1600);
  EXPECT_GT(seen, 100);
  EXPECT_LE(hatch(-5e6f, 5e6f), seen * 2);
  EXPECT_EQ(hatch(5000, 6000), 0) << "nothing of it is in the window";
  EXPECT_LE(hatch(10, 18), 8) << "under 12 px: flat";
  EXPECT_EQ(hatch(20, 20), 0);
}

TEST(Dashes, OfALineOfMillionsOfPixelsCostNoMoreThanWhatIsSeen) {
  const auto dashes = [](ImVec2 a, ImVec2 b) {
    return vertices_of(
        [=](ImDrawList* list, ui::Ui&) { ui::dashed_line(list, a, b, IM_COL32_WHITE, 1, 5, 3); });
  };
  const int seen = dashes({0, 50}, {1600, 50});
  EXPECT_GT(seen, 100);
  EXPECT_LE(dashes({-4e6f, 50}, {4e6f, 50}), seen * 2);
  EXPECT_EQ(dashes({0, -50}, {1600, -50}), 0);
  EXPECT_EQ(dashes({5, 5}, {5, 5}), 0);
}

TEST(Bytes, ShowLettersMarksAndHexAndHowManyMore) {
  float width = 0, none = -1;
  Driver driver([&](ui::Ui& ui) {
    const ui::SendRun runs[] = {{10, 2}, {11, 9}};
    width =
        ui::byte_cells(ImGui::GetWindowDrawList(), ui, {10, 10}, std::string("a \n\x00\xE4z", 6), runs, 5);
    none = ui::byte_cells(ImGui::GetWindowDrawList(), ui, {10, 60}, "", {}, 5);
  });
  driver.frame();
  EXPECT_TRUE(driver.shows("a"));
  EXPECT_TRUE(driver.shows("00"));
  EXPECT_TRUE(driver.shows("e4"));
  EXPECT_TRUE(driver.shows("+1"));
  EXPECT_FALSE(driver.shows("z"));
  EXPECT_GT(width, 5 * 12);
  EXPECT_EQ(none, 0);
}

TEST(Bytes, AsManyAsFitStayWithinTheirRoom) {
  std::string text;
  for (int i = 0; i < 341; ++i) text += "\xE5\xA5\xBD";
  bool within = true;
  std::size_t all = 0, none = 1;
  Driver driver([&](ui::Ui& ui) {
    for (int room = 20; room < 400; ++room) {
      const auto wide = static_cast<float>(room);
      const std::size_t most = ui::byte_cells_within(ui, text, wide);
      if (most == 0) continue;
      within &= ui::byte_cells(ImGui::GetWindowDrawList(), ui, {10, 10}, text, {}, most) <= wide;
    }
    all = ui::byte_cells_within(ui, "ab", 2 * ui.px(13));
    none = ui::byte_cells_within(ui, "ab", 5);
  });
  driver.frame();
  EXPECT_TRUE(within);
  EXPECT_EQ(all, 2U);
  EXPECT_EQ(none, 0U);
}

TEST(Bytes, OfACharacterCutInHalfAreTorn) {
  EXPECT_TRUE(ui::torn_at_end("a\xE5\xA5"));
  EXPECT_TRUE(ui::torn_at_end("\xF0"));
  EXPECT_TRUE(
      ui::torn_at_start("\xBD"
                        "b"));
  for (const char* whole : {"", "abc", "\xE5\xA5\xBD", "a\xC3\xA4"}) {
    EXPECT_FALSE(ui::torn_at_start(whole)) << whole;
    EXPECT_FALSE(ui::torn_at_end(whole)) << whole;
  }
  EXPECT_FALSE(ui::torn_at_end("\xFF"));  // no character begins so
}

TEST(Bytes, ThatWaitFillATankFromTheRightEachSendInItsColour) {
  const auto vertices = [](std::vector<ui::SendRun> runs, std::uint64_t unknown) {
    return vertices_of([=](ImDrawList* list, ui::Ui& ui) {
      ui::byte_tank(list, ui, {10, 10}, {110, 30}, runs, unknown, 0);
    });
  };
  EXPECT_GT(vertices({{1, 5}, {2, 5}}, 0), vertices({{1, 5}}, 0));
  EXPECT_GT(vertices({{1, 5}}, 3), vertices({{1, 5}}, 0));
  const ui::Theme& light = ui::theme(ui::ThemeName::light);
  EXPECT_EQ(ui::byte_fill(light, 1), ui::byte_fill(light, 9));
  EXPECT_NE(ui::byte_fill(light, 1), ui::byte_fill(light, 2));
}

TEST(Text, IsCutWithAnEllipsisAtWholeCharacters) {
  ImVec2 cut, whole;
  Driver driver([&](ui::Ui& ui) {
    whole = ui.text({10, 10}, ui.theme.ink, nullptr, "connection");
    cut = ui.text({10, 30}, ui.theme.ink, nullptr, "连接连接连接连接", 40);
  });
  driver.frame();
  EXPECT_GT(whole.x, 40);
  EXPECT_LE(cut.x, 40);
  EXPECT_TRUE(driver.shows("connection"));
}

TEST(Wrap, BreaksAtSpacesAndBetweenChineseCharactersButNotBeforeAStop) {
  std::vector<std::string_view> english, chinese, word, newline;
  Driver driver([&](ui::Ui& ui) {
    const float letter = ui.measure(nullptr, "n").x;
    english = ui.wrap(nullptr, "one two three", letter * 8);
    chinese = ui.wrap(nullptr, "内核丢弃报文。", letter * 6);
    word = ui.wrap(nullptr, "abcdefghij", letter * 4);
    newline = ui.wrap(nullptr, "a\n\nb", letter * 9);
  });
  driver.frame();
  EXPECT_EQ(english, (std::vector<std::string_view>{"one two", "three"}));
  EXPECT_EQ(chinese, (std::vector<std::string_view>{"内核丢弃报", "文。"}));
  EXPECT_EQ(word, (std::vector<std::string_view>{"abcd", "efgh", "ij"}));
  EXPECT_EQ(newline, (std::vector<std::string_view>{"a", "", "b"}));
}

TEST(Wrap, EndsWhateverTheTextAndTheWidth) {
  std::size_t lines = 0;
  Driver driver([&](ui::Ui& ui) {
    for (const char* text : {"\xFF\xFE\x80", "\xE4\xB8", "  ", "\n", "。。。", "a b"}) {
      for (const float width : {0.0f, 1.0f, 7.0f, 1e9f}) lines += ui.wrap(nullptr, text, width).size();
    }
  });
  driver.frame();
  EXPECT_GT(lines, 0u);
}

}  // namespace
}  // namespace sockscope
