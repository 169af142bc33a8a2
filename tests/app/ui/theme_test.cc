#include "ui/theme.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sockscope::ui {
namespace {

constexpr double kReadable = 4.5;  // WCAG 2 AA

struct Named {
  const char* name;
  ImU32 colour;
};

class EachTheme : public ::testing::TestWithParam<ThemeName> {
 protected:
  const Theme& t = theme(GetParam());
  std::vector<Named> grounds() const {
    return {{"pane", t.pane}, {"paper", t.paper}, {"raised", t.raised}, {"sunk", t.sunk}};
  }
  static void readable(const Named& text, const Named& ground) {
    EXPECT_GE(contrast(text.colour, ground.colour), kReadable) << text.name << " on " << ground.name;
  }
};

TEST_P(EachTheme, TextIsReadableOnEveryGround) {
  const std::vector<Named> texts = {
      {"ink", t.ink},    {"ink2", t.ink2},      {"ink3", t.ink3},   {"accent", t.accent.text},
      {"ok", t.ok.text}, {"warn", t.warn.text}, {"bad", t.bad.text}};
  for (const Named& ground : grounds()) {
    for (const Named& text : texts) readable(text, ground);
  }
}

TEST_P(EachTheme, EachStatesNameIsReadableOnEveryGround) {
  for (const Named& ground : grounds()) {
    for (std::size_t state = 0; state < t.state_text.size(); ++state) {
      const std::string name(name_of(static_cast<TcpState>(state)));
      readable({name.c_str(), t.state_text[state]}, ground);
    }
  }
}

TEST_P(EachTheme, TextIsReadableOnTints) {
  readable({"ink", t.ink}, {"hover", t.hover});
  readable({"ink", t.ink}, {"lit", t.lit});
  readable({"ink2", t.ink2}, {"busy tint", t.busy_tint});
  readable({"ink", t.ink}, {"hatch ground", t.hatch_ground});
  readable({"on accent", t.on_accent}, {"accent", t.accent.fill});
  for (const Tone& tone : {t.accent, t.ok, t.warn, t.bad}) {
    readable({"ink", t.ink}, {"tint", tone.tint});
    readable({"its text", tone.text}, {"tint", tone.tint});
  }
}

TEST_P(EachTheme, BytesAreReadable) {
  for (const ImU32 fill : t.byte_fill) readable({"byte", t.byte_text}, {"send", fill});
}

TEST_P(EachTheme, IsFoundByItsName) {
  EXPECT_EQ(theme_name(name_of(GetParam())), GetParam());
  EXPECT_EQ(t.name, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Themes, EachTheme,
                         ::testing::Values(ThemeName::light, ThemeName::dark, ThemeName::contrast),
                         [](const auto& param) { return std::string(name_of(param.param)); });

TEST(Theme, AnUnknownNameIsNone) {
  EXPECT_FALSE(theme_name("Light"));
}

TEST(Contrast, OfBlackAndWhiteIs21AndOfAColourWithItselfIs1) {
  EXPECT_NEAR(contrast(IM_COL32_BLACK, IM_COL32_WHITE), 21, 1e-9);
  EXPECT_NEAR(contrast(IM_COL32(9, 99, 199, 255), IM_COL32(9, 99, 199, 255)), 1, 1e-9);
}

}  // namespace
}  // namespace sockscope::ui
