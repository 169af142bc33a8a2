#include "gui/window.h"

#include <fmt/format.h>
#include <glad/gl.h>
#include <imgui.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "gui/fonts.h"
#include "gui/frame.h"
#include "gui/input_pump.h"
#include "gui/logo.h"
#include "gui/renderer.h"
#include "gui/saves.h"
#include "gui/settings.h"
#include "gui/waker.h"
#include "panes/presenter.h"
#include "session/own_files.h"
#include "session/places.h"
#include "session/progress_file.h"
#include "trace/clock.h"
#include "ui/compat.h"

namespace sockscope {
namespace {

constexpr std::uintmax_t kReadAtOnce = std::uintmax_t{16} << 20;  // bytes of a recording
constexpr int kBadFile = 2, kNoDisplay = 3;
// How long after the last thing that happened a pane may still ask for frames of its own.
constexpr Time kLively = 5 * kSecond;

class Glfw {
 public:
  Glfw() {
    glfwSetErrorCallback(nullptr);
    works_ = glfwInit() == GLFW_TRUE;
  }
  ~Glfw() {
    if (works_) glfwTerminate();
  }
  Glfw(const Glfw&) = delete;
  Glfw& operator=(const Glfw&) = delete;
  bool works() const { return works_; }

 private:
  bool works_ = false;
};

struct DestroyWindow {
  void operator()(GLFWwindow* window) const { glfwDestroyWindow(window); }
};
using WindowHandle = std::unique_ptr<GLFWwindow, DestroyWindow>;

std::string glfw_reason() {
  const char* reason = nullptr;
  glfwGetError(&reason);
  return reason != nullptr ? reason : "no reason given";
}

int not_possible(const std::string& what) {
  std::fprintf(
      stderr,
      "sockscope: no window: %s. Without a display use: sockscope play FILE --narrate, or sockscope shot\n",
      what.c_str());
  return kNoDisplay;
}

WindowHandle open_window() {
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);  // until its first frame is drawn
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "sockscope");
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "sockscope");
  int width = 1600, height = 1000;
  if (GLFWmonitor* monitor = glfwGetPrimaryMonitor()) {
    int x = 0, y = 0, room_x = 0, room_y = 0;
    glfwGetMonitorWorkarea(monitor, &x, &y, &room_x, &room_y);
    if (room_x > 0 && room_y > 0) {
      width = std::min(width, room_x);
      height = std::min(height, room_y);
    }
  }
  return WindowHandle(glfwCreateWindow(width, height, "Sockscope", nullptr, nullptr));
}

// The loop and what it needs, after the window is open.
class Loop {
 public:
  Loop(GLFWwindow* window, Frame& frame, const WindowOptions& options, std::function<void()> idle)
      : window_(window), frame_(frame), stop_(options.stop), idle_(std::move(idle)), pump_(window) {
    if (options.stop_fd >= 0)
      stopper_ = std::make_unique<Waker>(options.stop_fd, [] { glfwPostEmptyEvent(); });
    if (frame.saved_fd() >= 0)
      saved_ = std::make_unique<Waker>(frame.saved_fd(), [] { glfwPostEmptyEvent(); });
    pump_.on_drop = [this](const std::string& path) { frame_.drop(path); };
    listen();
  }
  void run();
  // Also for each session the frame begins.
  void listen();

 private:
  void draw_frame();
  void show(int width, int height, ImU32 ground);
  void sleep();
  float scale() const;
  float least_letter() const;
  bool build_fonts();
  void look_after_language();

  GLFWwindow* window_;
  Frame& frame_;
  std::function<bool()> stop_;
  std::function<void()> idle_;  // nothing is to be drawn
  std::unique_ptr<Waker> stopper_, saved_;
  Renderer renderer_;
  FontAtlas fonts_;
  ui::FocusRing ring_;
  InputPump pump_;
  std::unique_ptr<Waker> waker_;
  ui::Translator translator_;
  int frames_due_ = 3;  // ImGui settles in two or three
  Time lively_ = now(), drawn_ = 0;
  float pane_wake_ = -1;
  bool held_back_ = false;  // the last frame was not shown
};

void Loop::listen() {
  waker_.reset();
  const int fd = frame_.session().wake_fd();
  if (fd >= 0) waker_ = std::make_unique<Waker>(fd, [] { glfwPostEmptyEvent(); });
}

// The monitor's scale times the person's.
float Loop::scale() const {
  float x = 1, y = 1;
  glfwGetWindowContentScale(window_, &x, &y);
  int width = 0;
  glfwGetFramebufferSize(window_, &width, nullptr);
  return scale_of(frame_.view, static_cast<float>(width), std::max(x, y));
}

float Loop::least_letter() const {
  return frame_.view.presenting.on ? kLeastLetterPresenting : 0;
}

bool Loop::build_fonts() {
  return fonts_.build(scale(), least_letter());
}

void Loop::look_after_language() {
  const bool first = drawn_ == 0;
  if (!first && translator_.language() == frame_.view.language) return;
  fonts_.need_language(frame_.view.language);
  if (build_fonts()) renderer_.upload_fonts();
  frame_.settle_language(fonts_);
  translator_ = ui::Translator(frame_.view.language);
}

void Loop::draw_frame() {
  look_after_language();
  const float size = scale();
  if (build_fonts()) renderer_.upload_fonts();
  const ui::Theme& theme = ui::theme(frame_.view.theme);
  ui::apply_style(theme, size);
  renderer_.new_frame();
  ImGui_ImplGlfw_NewFrame();
  int width = 0, height = 0;
  glfwGetFramebufferSize(window_, &width, &height);
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  io.DisplayFramebufferScale = {1, 1};
  pump_.apply();
  ImGui::NewFrame();
  ring_.begin();
  ui::Ui ui(theme, translator_, fonts_.fonts(), size, nullptr, &ring_);
  ui.seen = &fonts_.watch();
  const Session* before = &frame_.session();
  frame_.draw(ui, io.DisplaySize);
  ring_.end();
  ImGui::Render();
  // A frame with letters the atlas does not have yet is not shown, unless the one before was not either.
  const bool letters_lack = fonts_.stale(size, least_letter());
  held_back_ = letters_lack && !held_back_;
  if (!held_back_) show(width, height, theme.bg);
  pane_wake_ = ui.wake_in();
  if (before != &frame_.session()) listen();
  if (letters_lack || pump_.pending() || frame_.replaying()) frames_due_ = std::max(frames_due_, 1);
}

void Loop::show(int width, int height, ImU32 ground) {
  renderer_.draw(width, height, ground);
  glfwSwapBuffers(window_);
  if (drawn_ == 0) glfwShowWindow(window_);
  drawn_ = now();
}

// Until an event, the session's next look, or a clock that is shown.
void Loop::sleep() {
  const Time clock = now();
  Time until = -1;
  const auto by = [&until](Time when) { until = until < 0 ? when : std::min(until, when); };
  if (const Time due = frame_.session().next_due(); due >= 0) by(due);
  const bool hidden = glfwGetWindowAttrib(window_, GLFW_ICONIFIED) != 0;
  if (const double pitch = frame_.clock_pitch(); pitch > 0 && !hidden) {
    by(drawn_ + static_cast<Time>(pitch * static_cast<double>(kSecond)));
  }
  if (pane_wake_ >= 0 && clock - lively_ < kLively) {
    by(drawn_ + static_cast<Time>(static_cast<double>(pane_wake_) * static_cast<double>(kSecond)));
  }
  if (until < 0) {
    glfwWaitEvents();
  } else if (until <= clock) {
    glfwPollEvents();
  } else {
    glfwWaitEventsTimeout(static_cast<double>(until - clock) / static_cast<double>(kSecond));
  }
  const Time woken = now();
  const bool clock_is_due =
      frame_.clock_pitch() > 0 && !hidden &&
      woken - drawn_ >= static_cast<Time>(frame_.clock_pitch() * static_cast<double>(kSecond));
  const bool pane_is_due = pane_wake_ >= 0 && woken - lively_ < kLively &&
                           woken - drawn_ >= static_cast<Time>(static_cast<double>(pane_wake_) * 1e9);
  if (clock_is_due || pane_is_due) frames_due_ = std::max(frames_due_, 1);
}

void Loop::run() {
  while (glfwWindowShouldClose(window_) == GLFW_FALSE && !frame_.quit() && !(stop_ && stop_())) {
    if (frames_due_ > 0) {
      glfwPollEvents();
    } else {
      if (glfwGetMouseButton(window_, GLFW_MOUSE_BUTTON_LEFT) == GLFW_RELEASE) idle_();
      sleep();
    }
    if (waker_ != nullptr) waker_->taken();
    if (saved_ != nullptr) saved_->taken();
    const Session* before = &frame_.session();
    const bool news = frame_.tick();
    if (before != &frame_.session()) listen();  // a lesson's step began anew
    if (news) {
      // A pane scrolls to what grew in the frame after the one that measured it.
      frames_due_ = std::max(frames_due_, 2);
      lively_ = now();
    }
    if (pump_.take_activity()) {
      frames_due_ = 3;
      lively_ = now();
    }
    if (frames_due_ > 0) {
      --frames_due_;
      draw_frame();
    }
  }
}

// Everything live is recorded, so that nothing is lost when the window or the machine goes.
void record(Session& session, Frame& frame) {
  const auto path = fresh_recording_path();
  if (!path) return frame.say(path.error());
  if (const auto recording = session.record_to(*path); !recording) frame.say(recording.error().message);
}

// The last run did not come to its end; what it recorded until then is whole.
void offer_previous(Frame& frame) {
  const auto folder = state_folder();
  if (!folder) return;
  const ui::Translator tr(frame.view.language);
  frame.say(fmt::format(fmt::runtime(tr("The last window was not closed. What it recorded is kept: {0}")),
                        *folder + "/previous.jsonl"));
}

void report_stuck(Session& session) {
  if (!session.is_live()) return;
  for (const std::string& name : session.stop()) {
    std::fprintf(stderr, "sockscope: thread %s did not come back from its call\n", name.c_str());
  }
}

// What the person chose, saved when it has changed and nothing is dragged.
class SettingsKeeper {
 public:
  explicit SettingsKeeper(Frame& frame) : frame_(frame), path_(settings_path()) {}
  void load() {
    if (!path_) return;
    const ReadSettings read = load_settings(*path_, settings_of(frame_.view));
    apply(read.settings, frame_.view);
    if (!read.notice.empty()) frame_.say(read.notice);
  }
  void begin() { saved_ = settings_of(frame_.view); }
  void save() {
    if (!path_ || settings_of(frame_.view) == saved_) return;
    saved_ = settings_of(frame_.view);
    if (const auto saved = save_settings(*path_, saved_); !saved) frame_.say(saved.error());
  }

 private:
  Frame& frame_;
  const tl::expected<std::string, std::string> path_;
  Settings saved_;
};

}  // namespace

int run_window(const WindowOptions& options) {
  Frame frame(Session::live(true), LessonShelf{lessons_root()});
  frame.view.language = ui::language_of("");
  SettingsKeeper settings(frame);
  settings.load();
  if (options.language) frame.view.language = *options.language;
  if (options.theme) frame.view.theme = *options.theme;
  settings.begin();
  if (const auto path = progress_path())
    frame.keep_progress(*path);
  else
    frame.say(path.error());
  frame.view.hints.here = true;
  frame.keeps_recent = frame.looks_at_port = true;
  frame.look_at_recent();
  if (!options.file.empty()) {
    // A damaged one ends the program, as long as that is soon known.
    std::error_code error;
    const auto size = std::filesystem::file_size(options.file, error);
    frame.loads_apart = !error && size > kReadAtOnce;
    if (const auto opened = frame.open(options.file); !opened) {
      std::fprintf(stderr, "sockscope: %s\n", opened.error().c_str());
      return kBadFile;
    }
  }
  frame.loads_apart = true;
  const Glfw glfw;
  if (!glfw.works()) return not_possible(glfw_reason());
  const WindowHandle window = open_window();
  if (window == nullptr) return not_possible(glfw_reason());
  glfwMakeContextCurrent(window.get());
  if (gladLoadGL(glfwGetProcAddress) == 0) return not_possible("OpenGL 3.3 does not work here");
  glfwSwapInterval(1);
  set_window_icon(window.get());

  const ImguiContext context;
  ImGui_ImplGlfw_InitForOpenGL(window.get(), false);
#if IMGUI_VERSION_NUM < 18700
  ImGui::GetIO().KeyMap[ImGuiKey_Tab] = -1;  // ours, as compat.h says
#endif
  const bool killed = mark_open();
  frame.on_new_session = [&frame](Session& session) { record(session, frame); };
  if (frame.session().is_live()) {
    record(frame.session(), frame);
    if (killed) offer_previous(frame);
  }
  Loop(window.get(), frame, options, [&settings] { settings.save(); }).run();
  settings.save();
  mark_closed();
  ImGui_ImplGlfw_Shutdown();
  report_stuck(frame.session());
  return 0;
}

}  // namespace sockscope
