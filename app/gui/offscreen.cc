#include "gui/offscreen.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <glad/gl.h>

namespace sockscope {
namespace {

constexpr const char* kInstall = "; install libegl1 and libgl1-mesa-dri";

tl::unexpected<std::string> no_picture(const std::string& what) {
  return tl::unexpected("a picture needs EGL with OpenGL 3.3: " + what + kInstall);
}

}  // namespace

tl::expected<void, std::string> Offscreen::make_context() {
  const auto get_display =
      reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
  if (get_display == nullptr) return no_picture("it has no platforms");
  display_ = get_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
  if (display_ == EGL_NO_DISPLAY || !eglInitialize(display_, nullptr, nullptr)) {
    display_ = nullptr;
    return no_picture("no display without a surface");
  }
  eglBindAPI(EGL_OPENGL_API);
  const EGLint config_wish[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT,
                                EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  eglChooseConfig(display_, config_wish, &config, 1, &count);
  const EGLint context_wish[] = {EGL_CONTEXT_MAJOR_VERSION,
                                 3,
                                 EGL_CONTEXT_MINOR_VERSION,
                                 3,
                                 EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                 EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                 EGL_NONE};
  context_ = eglCreateContext(display_, count > 0 ? config : nullptr, EGL_NO_CONTEXT, context_wish);
  if (context_ == EGL_NO_CONTEXT || !eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_)) {
    return no_picture("no context");
  }
  if (gladLoadGL(reinterpret_cast<GLADloadfunc>(eglGetProcAddress)) == 0) return no_picture("no functions");
  return {};
}

tl::expected<void, std::string> Offscreen::make_buffer() {
  glGenFramebuffers(1, &buffer_);
  glBindFramebuffer(GL_FRAMEBUFFER, buffer_);
  glGenRenderbuffers(1, &pixels_);
  glBindRenderbuffer(GL_RENDERBUFFER, pixels_);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width_, height_);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, pixels_);
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE) return {};
  return tl::unexpected("a picture of " + std::to_string(width_) + "x" + std::to_string(height_) +
                        " is too large for this machine's OpenGL; choose a smaller --size");
}

tl::expected<std::unique_ptr<Offscreen>, std::string> Offscreen::create(int width, int height) {
  std::unique_ptr<Offscreen> made(new Offscreen(width, height));
  if (auto context = made->make_context(); !context) return tl::unexpected(context.error());
  if (auto buffer = made->make_buffer(); !buffer) return tl::unexpected(buffer.error());
  return made;
}

Offscreen::~Offscreen() {
  if (display_ == nullptr) return;
  if (buffer_ != 0) glDeleteFramebuffers(1, &buffer_);
  if (pixels_ != 0) glDeleteRenderbuffers(1, &pixels_);
  eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
  // The display is the process's, like a loaded library: the next picture uses it again.
  if (context_ != nullptr) eglDestroyContext(display_, context_);
}

std::vector<unsigned char> Offscreen::read() const {
  std::vector<unsigned char> pixels(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 4);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
  return pixels;
}

}  // namespace sockscope
