#include "ui/ui.h"

namespace sockscope::ui {

void apply_style(const Theme& theme, float scale) {
  ImGuiStyle style;
  style.WindowPadding = {0, 0};
  style.WindowRounding = 0;
  style.WindowBorderSize = 0;
  style.WindowMinSize = {1, 1};
  style.ChildRounding = 0;
  style.ChildBorderSize = 0;
  style.PopupRounding = 4;
  style.PopupBorderSize = 1;
  style.FrameRounding = 4;
  style.FrameBorderSize = 1;
  style.FramePadding = {8, 7};
  style.ItemSpacing = {8, 8};
  style.ItemInnerSpacing = {8, 4};
  style.ScrollbarSize = 10;
  style.ScrollbarRounding = 4;
  style.GrabRounding = 3;
  style.TabRounding = 3;
  style.AntiAliasedLinesUseTex = false;
  style.ScaleAllSizes(scale);
  style.FrameBorderSize = style.PopupBorderSize = theme.hairline;

  const auto set = [&style](ImGuiCol what, ImU32 colour) {
    style.Colors[what] = ImGui::ColorConvertU32ToFloat4(colour);
  };
  set(ImGuiCol_Text, theme.ink);
  set(ImGuiCol_TextDisabled, theme.ink3);
  set(ImGuiCol_WindowBg, theme.bg);
  set(ImGuiCol_ChildBg, IM_COL32_BLACK_TRANS);
  set(ImGuiCol_PopupBg, theme.raised);
  set(ImGuiCol_Border, theme.line2);
  set(ImGuiCol_BorderShadow, IM_COL32_BLACK_TRANS);
  set(ImGuiCol_FrameBg, theme.sunk);
  set(ImGuiCol_FrameBgHovered, theme.hover);
  set(ImGuiCol_FrameBgActive, theme.sunk);
  set(ImGuiCol_ScrollbarBg, IM_COL32_BLACK_TRANS);
  set(ImGuiCol_ScrollbarGrab, theme.line2);
  set(ImGuiCol_ScrollbarGrabHovered, theme.ink3);
  set(ImGuiCol_ScrollbarGrabActive, theme.ink2);
  set(ImGuiCol_CheckMark, theme.accent.fill);
  set(ImGuiCol_Button, theme.raised);
  set(ImGuiCol_ButtonHovered, theme.hover);
  set(ImGuiCol_ButtonActive, theme.accent.tint);
  set(ImGuiCol_Header, theme.accent.tint);
  set(ImGuiCol_HeaderHovered, theme.hover);
  set(ImGuiCol_HeaderActive, theme.accent.tint);
  set(ImGuiCol_Separator, theme.line);
  set(ImGuiCol_TextSelectedBg, (theme.accent.fill & ~IM_COL32_A_MASK) | (ImU32{0x60} << IM_COL32_A_SHIFT));
  set(ImGuiCol_NavHighlight, IM_COL32_BLACK_TRANS);  // our own outline shows the focus
  ImGui::GetStyle() = style;
}

}  // namespace sockscope::ui
