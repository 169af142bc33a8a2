#pragma once
// Drives panes without a display: an ImGui context, frames drawn one by one, a mouse and a keyboard. Widgets
// are found by their key path ("console/prompt"). A step that cannot be done throws and so fails the test.
//
//   Driver driver([&](ui::Ui& ui) { draw_window(ui, scene, view, requests, driver_size); });
//   driver.click("console/run");

#include <imgui.h>

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "ui/compat.h"
#include "ui/ui.h"

namespace sockscope::testing {

class Driver {
 public:
  using Draw = std::function<void(ui::Ui&)>;

  // `draw` is called inside a bare ImGui window as large as the display, so a pane can be drawn directly; one
  // that opens windows of its own (draw_window) may too.
  explicit Driver(Draw draw, ImVec2 size = {1600, 1000}) : draw_(std::move(draw)) {
    context_ = ImGui::CreateContext();
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.DisplaySize = size;
    io.DeltaTime = 1 / 60.0f;
    io.ConfigInputTextCursorBlink = false;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    io.Fonts->AddFontDefault();
    ui::map_keys();
#if IMGUI_VERSION_NUM >= 19200
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
#else
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
    io.Fonts->SetTexID((ImTextureID)std::intptr_t{1});  // a pointer or a number, by version
#endif
    record.on = true;
  }
  ~Driver() {
    ImGui::SetCurrentContext(context_);
#if IMGUI_VERSION_NUM >= 19200
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    }
#endif
    ImGui::DestroyContext(context_);
  }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  ui::Record record;
  ui::FocusRing ring;
  ui::ThemeName theme = ui::ThemeName::light;
  ui::Language language = ui::Language::en;
  ui::Fonts fonts;
  float scale = 1;
  bool bare_window = true;  // false: `draw` makes all windows itself
  float wake_in = -1;       // what the last frame asked for

  void frame(int count = 1) {
    ImGui::SetCurrentContext(context_);
    for (int i = 0; i < count; ++i) one_frame();
  }

  // The item, if the last frame drew it.
  std::optional<ui::Item> find(const std::string& path) const {
    const auto found = record.items.find(path);
    if (found == record.items.end() || found->second.frame != record.frame) return std::nullopt;
    return found->second;
  }
  // The same, drawing up to 30 frames until it appears.
  ui::Item need(const std::string& path) {
    for (int i = 0; i < 30; ++i) {
      if (const auto item = find(path)) return *item;
      frame();
    }
    throw std::runtime_error("no item " + path);
  }
  bool shows(std::string_view text) const {  // the last frame drew a text that contains this
    for (const std::string& drawn : record.texts) {
      if (drawn.find(text) != std::string::npos) return true;
    }
    return false;
  }

  void move_mouse(ImVec2 to) {
    mouse_ = to;
#if IMGUI_VERSION_NUM < 18700
    ImGui::GetIO().MousePos = to;
#else
    ImGui::GetIO().AddMousePosEvent(to.x, to.y);
#endif
  }
  void mouse_button(bool down, int button = 0) {
#if IMGUI_VERSION_NUM < 18700
    ImGui::GetIO().MouseDown[button] = down;
#else
    ImGui::GetIO().AddMouseButtonEvent(button, down);
#endif
  }
  // Scrolls it into view and puts the mouse on it, at this part of its width and height.
  ui::Item hover(const std::string& path, float part_x = 0.5f, float part_y = 0.5f) {
    ui::Item item = need(path);
    if (!item.visible) {
      record.scroll_to = path;
      frame(3);
      item = need(path);
      if (!item.visible) throw std::runtime_error("cannot bring into view: " + path);
    }
    move_mouse(
        {item.min.x + (item.max.x - item.min.x) * part_x, item.min.y + (item.max.y - item.min.y) * part_y});
    frame(2);
    return need(path);
  }
  void click(const std::string& path, float part_x = 0.5f, float part_y = 0.5f) {
    if (!hover(path, part_x, part_y).hovered) throw std::runtime_error("something covers " + path);
    click_here();
  }
  void click_at(ImVec2 at) {
    move_mouse(at);
    frame(2);
    click_here();
  }
  void click_here() {
    mouse_button(true);
    frame();
    mouse_button(false);
    frame(2);
  }
  void drag(ImVec2 from, ImVec2 to, int steps = 8) {
    move_mouse(from);
    frame(2);
    mouse_button(true);
    frame();
    for (int i = 1; i <= steps; ++i) {
      const float part = static_cast<float>(i) / static_cast<float>(steps);
      move_mouse({from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part});
      frame();
    }
    mouse_button(false);
    frame(2);
  }
  void wheel(float y, float x = 0) {
#if IMGUI_VERSION_NUM < 18700
    ImGui::GetIO().MouseWheel += y;
    ImGui::GetIO().MouseWheelH += x;
#else
    ImGui::GetIO().AddMouseWheelEvent(x, y);
#endif
    frame(2);
  }

  void key(ui::Key key, bool ctrl = false, bool shift = false, bool alt = false) {
    ui::feed_modifiers(ctrl, shift, alt);
    ui::feed_key(key, true);
    frame();
    ui::feed_key(key, false);
    ui::feed_modifiers(false, false);
    frame(2);
  }
  void type(const std::string& utf8) {
    ImGui::GetIO().AddInputCharactersUTF8(utf8.c_str());
    frame(2);
  }
  // Presses Tab until the keyboard is at `path`; throws when a whole round does not reach it.
  void tab_to(const std::string& path, int most = 200) {
    for (int i = 0; i < most; ++i) {
      if (ring.at() == path) return;
      key(ui::Key::tab);
    }
    throw std::runtime_error("Tab does not reach " + path);
  }

  ImVec2 mouse() const {
    return mouse_;
  }
  ImGuiContext* context() const {
    return context_;
  }

 private:
  void one_frame() {
    ui::apply_style(ui::theme(theme), scale);
    if (translator_.language() != language) translator_ = ui::Translator(language);
    ImGui::NewFrame();
    record.begin();
    ring.begin();
    ui::Ui ui(ui::theme(theme), translator_, fonts, scale, &record, &ring);
    if (bare_window) {
      ImGui::SetNextWindowPos({0, 0});
      ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
      ImGui::Begin("driver", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBringToFrontOnFocus);
    }
    draw_(ui);
    if (bare_window) ImGui::End();
    ring.end();
    wake_in = ui.wake_in();
    ImGui::Render();
    serve_textures();
  }
  static void serve_textures() {
#if IMGUI_VERSION_NUM >= 19200
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
      if (texture->Status == ImTextureStatus_WantDestroy) {
        texture->SetTexID(ImTextureID_Invalid);
        texture->SetStatus(ImTextureStatus_Destroyed);
      } else if (texture->Status != ImTextureStatus_OK) {
        texture->SetTexID(ImTextureID(1));
        texture->SetStatus(ImTextureStatus_OK);
      }
    }
#endif
  }

  Draw draw_;
  ImGuiContext* context_ = nullptr;
  ui::Translator translator_{ui::Language::en};
  ImVec2 mouse_{-1, -1};
};

}  // namespace sockscope::testing
