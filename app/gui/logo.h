#pragma once
// Sockscope's mark, drawn in code: two half discs, one sends and one is sent to.

#include <vector>

struct GLFWwindow;

namespace sockscope {

// side × side pixels, RGBA, the top row first.
std::vector<unsigned char> logo(int side);
void set_window_icon(GLFWwindow* window);

}  // namespace sockscope
