#pragma once
// Dear ImGui's context and its OpenGL 3 backend, each for as long as one of these lives. The only place that
// knows how a font texture gets to the graphics memory in each version of ImGui.

#include <imgui.h>

namespace sockscope {

class ImguiContext {
 public:
  ImguiContext();
  ~ImguiContext();
  ImguiContext(const ImguiContext&) = delete;
  ImguiContext& operator=(const ImguiContext&) = delete;

 private:
  ImGuiContext* context_;
};

// Wants a current OpenGL context of 3.3 or later, and an ImguiContext, that both outlive it.
class Renderer {
 public:
  Renderer();
  ~Renderer();
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;
  bool works() const { return works_; }
  // After the atlas was built anew, between frames.
  void upload_fonts();
  void new_frame();  // before ImGui::NewFrame
  // After ImGui::Render: clears to `ground` and draws.
  void draw(int width, int height, ImU32 ground);

 private:
  bool works_;
};

}  // namespace sockscope
