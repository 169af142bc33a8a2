#pragma once
// GLFW's events to ImGui, at most one change of a key or button a frame: on a slow frame a quick press and
// release would otherwise be lost (ImGui before 1.87 has no queue of its own). Lives as long as its window.

#include <deque>
#include <functional>
#include <string>
#include <vector>

struct GLFWwindow;

namespace sockscope {

class InputPump {
 public:
  // Takes the window's callbacks and user pointer. After ImGui_ImplGlfw_InitForOpenGL(window, false).
  explicit InputPump(GLFWwindow* window);
  InputPump(const InputPump&) = delete;
  InputPump& operator=(const InputPump&) = delete;

  // Hands ImGui what this frame may see. After ImGui_ImplGlfw_NewFrame, before ImGui::NewFrame.
  void apply();
  bool pending() const;  // more is queued: draw again
  // Whether anything came since the last call: a reason to draw.
  bool take_activity();
  // Files dropped on the window.
  std::function<void(const std::string& path)> on_drop;

 private:
  struct Input {
    enum class Kind { position, button, key, character, wheel } kind;
    float x = 0, y = 0;
    int code = 0, action = 0, scancode = 0, modifiers = 0;
  };
  void install();
  void came() { activity_ = true; }
  void put(const Input& input);
  bool apply_one(const Input& input);
  bool apply_key(const Input& input);

  GLFWwindow* window_;
  std::deque<Input> queue_;
  float x_, y_;
  bool down_[5] = {};
  bool activity_ = true;
  // within one apply()
  bool button_changed_ = false, typed_ = false, acted_ = false;
  unsigned buttons_seen_ = 0;
  std::vector<int> keys_seen_;
};

}  // namespace sockscope
