// The whole window, in the fonts it is shown in, at every size, scale, language and theme: no text leaves
// what can be seen of its pane, and none lies on another.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "gui/fonts.h"
#include "gui/frame.h"
#include "panes/presenter.h"
#include "session/session.h"
#include "ui/compat.h"

namespace sockscope {
namespace every_size_test {

struct Look {
  ImVec2 size;
  float scale;
  ui::Language language;
  ui::ThemeName theme;
};

std::string to_string(const Look& look) {
  return fmt::format("{}x{} at {} in {}, {}", look.size.x, look.size.y, look.scale,
                     ui::code_of(look.language), ui::name_of(look.theme));
}

bool is_seen(const ui::DrawnText& text) {
  return !text.text.empty() && text.max.x > text.clip_min.x && text.min.x < text.clip_max.x &&
         text.max.y > text.clip_min.y && text.min.y < text.clip_max.y;
}

// Letters reach a little over the line's box, and what scrolls is cut at the top and the bottom.
bool is_cut(const ui::DrawnText& text, float slack) {
  return text.min.x < text.clip_min.x - slack || text.max.x > text.clip_max.x + slack;
}

bool lie_on_each_other(const ui::DrawnText& a, const ui::DrawnText& b, float slack) {
  const auto seen = [](const ui::DrawnText& one) {
    return std::pair<ImVec2, ImVec2>{
        {std::max(one.min.x, one.clip_min.x), std::max(one.min.y, one.clip_min.y)},
        {std::min(one.max.x, one.clip_max.x), std::min(one.max.y, one.clip_max.y)}};
  };
  const auto [a0, a1] = seen(a);
  const auto [b0, b1] = seen(b);
  const float wide = std::min(a1.x, b1.x) - std::max(a0.x, b0.x);
  const float high = std::min(a1.y, b1.y) - std::max(a0.y, b0.y);
  const float lower = std::min(a.max.y - a.min.y, b.max.y - b.min.y);
  return wide > slack && high > 0.35f * lower;
}

class EverySize : public ::testing::Test {
 protected:
  EverySize() {
    context_ = ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = io.LogFilename = nullptr;
    io.DeltaTime = 1 / 60.0f;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    ui::map_keys();
    record_.on = true;
  }
  ~EverySize() override { ImGui::DestroyContext(context_); }

  void open(const std::string& recording) {
    auto trace = load_recording(std::string(SOCKSCOPE_SOURCE_DIR) + "/tests/golden/" + recording);
    ASSERT_TRUE(trace) << trace.error().message;
    session_ = Session::replay(std::move(*trace), recording);
    frame_ = std::make_unique<Frame>(*session_, LessonShelf{std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons"});
    frame_->view.first_run = false;
    frame_->frozen = session_->trace().end();
  }

  void draw(const Look& look, float least_letter) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = look.size;
    frame_->view.language = look.language;
    frame_->view.theme = look.theme;
    fonts_.need_language(look.language);
    for (int i = 0; i < 4; ++i) {
      if (fonts_.build(look.scale, least_letter)) {
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
        io.Fonts->SetTexID((ImTextureID)std::intptr_t{1});
      }
      ui::apply_style(ui::theme(look.theme), look.scale);
      ImGui::NewFrame();
      record_.begin();
      ring_.begin();
      const ui::Translator translator(look.language);
      ui::Ui ui(ui::theme(look.theme), translator, fonts_.fonts(), look.scale, &record_, &ring_);
      ui.seen = &fonts_.watch();
      frame_->draw(ui, look.size);
      ring_.end();
      ImGui::Render();
    }
  }

  void expect_readable(const Look& look) {
    std::vector<ui::DrawnText> seen;
    for (const ui::DrawnText& text : record_.drawn)
      if (is_seen(text)) seen.push_back(text);
    EXPECT_GT(seen.size(), 10u) << to_string(look);
    const float slack = 2 * look.scale;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (is_cut(seen[i], slack) && told_.insert("cut: " + seen[i].text).second)
        ADD_FAILURE() << to_string(look) << ": cut: \"" << seen[i].text << "\"";
      for (std::size_t j = i + 1; j < seen.size(); ++j) {
        if (!lie_on_each_other(seen[i], seen[j], slack)) continue;
        if (told_.insert(seen[i].text + " | " + seen[j].text).second)
          ADD_FAILURE() << to_string(look) << ": \"" << seen[i].text << "\" lies on \"" << seen[j].text
                        << "\" at " << seen[j].min.x << ", " << seen[j].min.y;
      }
    }
  }

  void look_at_all(float least_letter = 0, bool presenting = false) {
    for (const ui::Language language : {ui::Language::en, ui::Language::zh})
      for (const float scale : {1.0f, 1.5f, 2.0f})
        for (const ImVec2 size : {ImVec2{1280, 720}, {1366, 768}, {1600, 1000}, {1920, 1080}, {3840, 2160}})
          for (const ui::ThemeName theme :
               {ui::ThemeName::light, ui::ThemeName::dark, ui::ThemeName::contrast}) {
            const Look look{size, presenting ? presenting_scale(size.x) : scale, language, theme};
            if (presenting && scale > 1) continue;
            draw(look, least_letter);
            expect_readable(look);
          }
  }

  ImGuiContext* context_ = nullptr;
  FontAtlas fonts_;
  ui::Record record_;
  ui::FocusRing ring_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Frame> frame_;
  std::set<std::string> told_;  // once each
};

TEST_F(EverySize, TwoClients) {
  open("two-clients.jsonl");
  look_at_all();
}

TEST_F(EverySize, HostsAndWires) {
  open("wires.jsonl");
  look_at_all();
}

TEST_F(EverySize, OnTheProjector) {
  open("two-clients.jsonl");
  toggle_presenting(frame_->view);
  look_at_all(kLeastLetterPresenting, true);
}

TEST_F(EverySize, OnTheProjectorALesson) {
  open("two-clients.jsonl");
  frame_->open_lesson("11-backlog");
  toggle_presenting(frame_->view);
  look_at_all(kLeastLetterPresenting, true);
}

TEST_F(EverySize, Simple) {
  open("two-clients.jsonl");
  frame_->view.detail = Detail::simple;
  look_at_all();
}

TEST_F(EverySize, TheCardOfFiles) {
  open("two-clients.jsonl");
  const std::string lessons = std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons";
  for (const bool saving : {false, true}) {
    frame_->view.browsing = {};
    frame_->view.browsing.on = true;
    frame_->view.browsing.saving = saving;
    frame_->run(request::Go{lessons, true});
    frame_->view.browsing.name = "2026-11-28-1812.jsonl";
    look_at_all();
    frame_->view.browsing.error = lessons + "/a folder whose path is long/课/and.jsonl: Permission denied";
    look_at_all();
    frame_->view.browsing.error.clear();
  }
  frame_->view.browsing.replaces = lessons + "/two-clients.jsonl";
  look_at_all();
}

TEST_F(EverySize, TheFirstScreen) {
  open("two-clients.jsonl");
  frame_->view.first_run = true;
  look_at_all();
}

}  // namespace every_size_test
}  // namespace sockscope
