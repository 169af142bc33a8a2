#include "gui/logo.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace sockscope {

std::vector<unsigned char> logo(int side) {
  constexpr unsigned char kBlue[3] = {0x00, 0x72, 0xB2}, kOrange[3] = {0xE6, 0x9F, 0x00};
  std::vector<unsigned char> pixels;
  pixels.reserve(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 4);
  const float middle = static_cast<float>(side) / 2, radius = middle * 0.92f, gap = middle * 0.09f;
  for (int row = 0; row < side; ++row) {
    for (int column = 0; column < side; ++column) {
      const float x = static_cast<float>(column) + 0.5f - middle, y = static_cast<float>(row) + 0.5f - middle;
      // How much of the pixel lies inside, by its distance from the edges.
      const float in_disc = std::clamp(radius - std::hypot(x, y) + 0.5f, 0.0f, 1.0f);
      const float off_gap = std::clamp(std::fabs(x) - gap + 0.5f, 0.0f, 1.0f);
      const unsigned char* colour = x < 0 ? kBlue : kOrange;
      pixels.insert(pixels.end(), colour, colour + 3);
      pixels.push_back(static_cast<unsigned char>(std::lround(255 * in_disc * off_gap)));
    }
  }
  return pixels;
}

void set_window_icon(GLFWwindow* window) {
  constexpr std::array kSides = {16, 32, 48, 128};
  std::array<std::vector<unsigned char>, kSides.size()> pixels;
  std::array<GLFWimage, kSides.size()> images;
  for (std::size_t i = 0; i < kSides.size(); ++i) {
    pixels[i] = logo(kSides[i]);
    images[i] = {kSides[i], kSides[i], pixels[i].data()};
  }
  glfwSetWindowIcon(window, static_cast<int>(images.size()), images.data());
}

}  // namespace sockscope
