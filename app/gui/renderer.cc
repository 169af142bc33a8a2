#include "gui/renderer.h"

#include <backends/imgui_impl_opengl3.h>
#include <glad/gl.h>

#include "ui/compat.h"

namespace sockscope {

ImguiContext::ImguiContext() {
  IMGUI_CHECKVERSION();
  context_ = ImGui::CreateContext();
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // the window keeps nothing of ImGui's between runs
  io.LogFilename = nullptr;
  io.ConfigInputTextCursorBlink = false;  // a blink would draw for ever
}

ImguiContext::~ImguiContext() {
  ImGui::DestroyContext(context_);
}

Renderer::Renderer() : works_(ImGui_ImplOpenGL3_Init("#version 330 core")) {}

Renderer::~Renderer() {
  if (works_) ImGui_ImplOpenGL3_Shutdown();
}

void Renderer::upload_fonts() {
#if IMGUI_VERSION_NUM < 19200
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
  ImGui::GetIO().Fonts->ClearTexData();  // the graphics card has it
#endif
}

void Renderer::new_frame() {
  ImGui_ImplOpenGL3_NewFrame();
}

void Renderer::draw(int width, int height, ImU32 ground) {
  const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(ground);
  glViewport(0, 0, width, height);
  glClearColor(colour.x, colour.y, colour.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

}  // namespace sockscope
