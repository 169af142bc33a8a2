#pragma once
// An OpenGL context and a frame buffer without a display: EGL's surfaceless platform.

#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace sockscope {

class Offscreen {
 public:
  // Made current on this thread. Error: one line saying what to install.
  static tl::expected<std::unique_ptr<Offscreen>, std::string> create(int width, int height);
  ~Offscreen();
  Offscreen(const Offscreen&) = delete;
  Offscreen& operator=(const Offscreen&) = delete;
  // The picture, 4 bytes a pixel, RGBA, the lowest row first.
  std::vector<unsigned char> read() const;

 private:
  Offscreen(int width, int height) : width_(width), height_(height) {}
  tl::expected<void, std::string> make_context();
  tl::expected<void, std::string> make_buffer();
  int width_, height_;
  void* display_ = nullptr;  // EGLDisplay, EGLContext
  void* context_ = nullptr;
  unsigned buffer_ = 0, pixels_ = 0;
};

}  // namespace sockscope
