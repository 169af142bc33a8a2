#include "gui/input_pump.h"

#include <imgui.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>

#include <algorithm>
#include <cfloat>

#include "ui/compat.h"

namespace sockscope {
namespace {

InputPump& pump_of(GLFWwindow* window) {
  return *static_cast<InputPump*>(glfwGetWindowUserPointer(window));
}

// GLFW gives window coordinates; everything here is in pixels of the frame buffer.
ImVec2 pixels(GLFWwindow* window, double x, double y) {
  int window_width = 0, window_height = 0, width = 0, height = 0;
  glfwGetWindowSize(window, &window_width, &window_height);
  glfwGetFramebufferSize(window, &width, &height);
  const auto scaled = [](double value, int to, int from) {
    return static_cast<float>(from > 0 ? value * to / from : value);
  };
  return {scaled(x, width, window_width), scaled(y, height, window_height)};
}

}  // namespace

InputPump::InputPump(GLFWwindow* window) : window_(window), x_(-FLT_MAX), y_(-FLT_MAX) {
  if (glfwGetWindowAttrib(window, GLFW_HOVERED) != 0) {
    double x = 0, y = 0;
    glfwGetCursorPos(window, &x, &y);
    x_ = pixels(window, x, y).x;
    y_ = pixels(window, x, y).y;
  }
  glfwSetWindowUserPointer(window, this);
  install();
}

void InputPump::put(const Input& input) {
  queue_.push_back(input);
  came();
}

void InputPump::install() {
  glfwSetCursorPosCallback(window_, [](GLFWwindow* window, double x, double y) {
    const ImVec2 at = pixels(window, x, y);
    pump_of(window).put({Input::Kind::position, at.x, at.y});
  });
  glfwSetCursorEnterCallback(window_, [](GLFWwindow* window, int entered) {
    if (entered == 0) pump_of(window).put({Input::Kind::position, -FLT_MAX, -FLT_MAX});
  });
  glfwSetMouseButtonCallback(window_, [](GLFWwindow* window, int button, int action, int modifiers) {
    pump_of(window).put({Input::Kind::button, 0, 0, button, action, 0, modifiers});
  });
  glfwSetKeyCallback(window_, [](GLFWwindow* window, int key, int scancode, int action, int modifiers) {
    // ImGui repeats keys by itself, as long as frames are drawn.
    if (action == GLFW_REPEAT) return pump_of(window).came();
    pump_of(window).put({Input::Kind::key, 0, 0, key, action, scancode, modifiers});
  });
  glfwSetCharCallback(window_, [](GLFWwindow* window, unsigned character) {
    pump_of(window).put({Input::Kind::character, 0, 0, static_cast<int>(character)});
  });
  glfwSetScrollCallback(window_, [](GLFWwindow* window, double x, double y) {
    pump_of(window).put({Input::Kind::wheel, static_cast<float>(x), static_cast<float>(y)});
  });
  glfwSetWindowFocusCallback(window_, [](GLFWwindow* window, int focused) {
    ImGui_ImplGlfw_WindowFocusCallback(window, focused);
    pump_of(window).came();
  });
  glfwSetWindowRefreshCallback(window_, [](GLFWwindow* window) { pump_of(window).came(); });
  glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* window, int, int) { pump_of(window).came(); });
  glfwSetDropCallback(window_, [](GLFWwindow* window, int count, const char** paths) {
    double x = 0, y = 0;
    glfwGetCursorPos(window, &x, &y);
    const ImVec2 at = pixels(window, x, y);
    pump_of(window).put({Input::Kind::position, at.x, at.y});
    if (count > 0 && pump_of(window).on_drop) pump_of(window).on_drop(paths[0]);
  });
}

bool InputPump::apply_key(const Input& input) {
  const bool letter = input.code >= GLFW_KEY_SPACE && input.code <= GLFW_KEY_WORLD_2 &&
                      (input.modifiers & (GLFW_MOD_CONTROL | GLFW_MOD_ALT | GLFW_MOD_SUPER)) == 0;
  const bool modifier = input.code >= GLFW_KEY_LEFT_SHIFT && input.code <= GLFW_KEY_RIGHT_SUPER;
  if (modifier && acted_) return false;  // it belongs to what comes after
  // While a text field has the caret, letters come as characters and their keys mean nothing.
  if (!modifier && !(letter && ui::typing())) {
    const bool seen = std::find(keys_seen_.begin(), keys_seen_.end(), input.code) != keys_seen_.end();
    if (typed_ || seen) return false;
    keys_seen_.push_back(input.code);
    acted_ = true;
  }
#if IMGUI_VERSION_NUM >= 18700
  if (input.code == GLFW_KEY_TAB) {
    ui::feed_key(ui::Key::tab, input.action != GLFW_RELEASE);
    return true;
  }
#endif
  ImGui_ImplGlfw_KeyCallback(window_, input.code, input.scancode, input.action, input.modifiers);
  return true;
}

// False: this one must wait for the next frame.
bool InputPump::apply_one(const Input& input) {
  ImGuiIO& io = ImGui::GetIO();
  switch (input.kind) {
    case Input::Kind::position:
      if (button_changed_) return false;
      x_ = input.x;
      y_ = input.y;
      return true;
    case Input::Kind::button:
      if (input.code < 0 || input.code > 4) return true;
      if ((buttons_seen_ & (1u << input.code)) != 0) return false;
      buttons_seen_ |= 1u << input.code;
      down_[input.code] = input.action != GLFW_RELEASE;
      button_changed_ = true;
      return true;
    case Input::Kind::key:
      return apply_key(input);
    case Input::Kind::character:
      if (acted_) return false;  // ImGui reads characters before keys
      io.AddInputCharacter(static_cast<unsigned>(input.code));
      typed_ = true;
      return true;
    case Input::Kind::wheel:
      if (button_changed_) return false;
      ImGui_ImplGlfw_ScrollCallback(window_, static_cast<double>(input.x), static_cast<double>(input.y));
      return true;
  }
  return true;
}

void InputPump::apply() {
  button_changed_ = typed_ = acted_ = false;
  buttons_seen_ = 0;
  keys_seen_.clear();
  while (!queue_.empty() && apply_one(queue_.front())) queue_.pop_front();
  ImGuiIO& io = ImGui::GetIO();
#if IMGUI_VERSION_NUM >= 18700
  io.AddMousePosEvent(x_, y_);
  for (int i = 0; i < 5; ++i) io.AddMouseButtonEvent(i, down_[i]);
#else
  io.MousePos = {x_, y_};
  std::copy(std::begin(down_), std::end(down_), io.MouseDown);
#endif
}

bool InputPump::pending() const {
  return !queue_.empty();
}

bool InputPump::take_activity() {
  const bool came = activity_;
  activity_ = false;
  return came;
}

}  // namespace sockscope
