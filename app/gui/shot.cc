#include "gui/shot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stb_image_write.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <fstream>
#include <memory>

#include "gui/fonts.h"
#include "gui/frame.h"
#include "gui/offscreen.h"
#include "gui/renderer.h"
#include "panes/presenter.h"
#include "session/own_files.h"
#include "trace/clock.h"
#include "ui/compat.h"

namespace sockscope {
namespace {

tl::expected<void, std::string> check(const ShotOptions& options) {
  const auto fits = [](int side) { return side >= 1 && side <= kLargestShot; };
  if (!fits(options.width) || !fits(options.height)) {
    return tl::unexpected(fmt::format("--size {}x{}: each side is 1 to {} pixels", options.width,
                                      options.height, kLargestShot));
  }
  if (!(options.scale >= 0.5f && options.scale <= kLargestScale)) {
    return tl::unexpected(fmt::format("--scale {}: it is 0.5 to {}", options.scale, kLargestScale));
  }
  if (options.at && !std::isfinite(*options.at)) {
    return tl::unexpected(std::string("--at: it is seconds after the first event"));
  }
  return {};
}

// The cursor for S seconds after the first event, within the trace.
Time cursor_at(const Trace& trace, double seconds) {
  const double length = static_cast<double>(trace.end() - trace.start());
  const double offset = std::min(std::max(seconds, 0.0) * static_cast<double>(kSecond), length);
  return trace.start() + static_cast<Time>(std::llround(offset));
}

tl::expected<void, std::string> set_up(Frame& frame, const ShotOptions& options, bool first_run) {
  frame.view.language = options.language;
  frame.view.theme = options.theme;
  frame.view.size = 1;
  frame.view.first_run = first_run;
  frame.open_lesson(options.lesson);
  if (options.step) {
    if (auto walked = frame.walk_to(*options.step); !walked) return walked;
  }
  const Trace& trace = frame.session().trace();
  frame.frozen = trace.end();
  if (options.present && options.pane == Pane::none) toggle_presenting(frame.view);
  if (options.at && !trace.empty()) {
    frame.view.follow = false;
    frame.view.cursor = cursor_at(trace, *options.at);
  }
  return {};
}

float scale_of(const ShotOptions& options) {
  return options.present ? presenting_scale(static_cast<float>(options.width)) : options.scale;
}
float least_letter(const ShotOptions& options) {
  return options.present ? kLeastLetterPresenting : 0;
}

void draw_once(Frame& frame, Renderer& renderer, FontAtlas& fonts, ui::FocusRing& ring,
               const ShotOptions& options) {
  const float scale = scale_of(options);
  if (fonts.build(scale, least_letter(options))) {
    renderer.upload_fonts();
    frame.settle_language(fonts);
  }
  const ui::Theme& theme = ui::theme(frame.view.theme);
  ui::apply_style(theme, scale);
  renderer.new_frame();
  ImGui::NewFrame();
  ring.begin();
  const ui::Translator translator(frame.view.language);
  ui::Ui ui(theme, translator, fonts.fonts(), scale, nullptr, &ring);
  ui.seen = &fonts.watch();
  frame.draw(ui, ImGui::GetIO().DisplaySize, options.pane);
  ring.end();
  ImGui::Render();
  renderer.draw(options.width, options.height, theme.bg);
}

tl::expected<void, std::string> write_png(const std::string& path, const std::vector<unsigned char>& pixels,
                                          int width, int height) {
  std::string bytes;
  const auto append = [](void* out, void* data, int size) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
  };
  stbi_flip_vertically_on_write(1);
  if (stbi_write_png_to_func(append, &bytes, width, height, 4, pixels.data(), width * 4) == 0) {
    return tl::unexpected(path + ": the picture does not fit into memory");
  }
  errno = 0;
  // To open a fifo nobody reads would wait for ever; ENXIO says so.
  const int probe = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  if (probe < 0 && errno == ENXIO) return tl::unexpected(file_failed(path, ENXIO));
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (probe >= 0) close(probe);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return tl::unexpected(file_failed(path, errno != 0 ? errno : EIO));
  return {};
}

}  // namespace

tl::expected<std::string, std::string> take_shot(Session& session, const ShotOptions& options,
                                                 const LessonShelf& lessons) {
  if (auto good = check(options); !good) return tl::unexpected(good.error());
  const auto screen = Offscreen::create(options.width, options.height);
  if (!screen) return tl::unexpected(screen.error());
  const ImguiContext context;
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(options.width), static_cast<float>(options.height)};
  io.DeltaTime = 1 / 60.0f;
  ui::map_keys();
  Renderer renderer;
  if (!renderer.works()) return tl::unexpected(std::string("OpenGL 3.3 does not work here"));

  FontAtlas fonts;
  fonts.need_language(options.language);
  ui::FocusRing ring;
  Frame frame(session, lessons);
  if (auto good = set_up(frame, options, frame.untouched()); !good) return tl::unexpected(good.error());
  // ImGui settles sizes in two frames; one more when a character was met that had no glyph.
  for (int i = 0; i < 3 || (fonts.stale(scale_of(options), least_letter(options)) && i < 8); ++i) {
    draw_once(frame, renderer, fonts, ring, options);
  }
  const auto written = write_png(options.out, (*screen)->read(), options.width, options.height);
  if (!written) return tl::unexpected(written.error());
  return frame.notice();
}

}  // namespace sockscope
