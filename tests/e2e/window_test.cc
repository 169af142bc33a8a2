// The real window, on an X server of the test's own: it opens, takes a key, a click and a line, and closes.

#include <poll.h>

#include <cstdlib>

#include "program.h"

namespace sockscope {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class WindowTest : public ProgramTest {
 protected:
  // -displayfd: the server takes a free number, says it and a newline, and is ready then.
  WindowTest()
      : server_({"Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"}) {
    if (server_.until_out("\n")) display_ = ":" + server_.out().substr(0, server_.out().find('\n'));
  }
  ~WindowTest() override {
    server_.signal(SIGTERM);
    server_.finish();
  }
  std::vector<std::string> on_display() const {
    std::vector<std::string> variables = environment();
    variables.push_back("DISPLAY=" + display_);
    variables.push_back("WAYLAND_DISPLAY=");
    variables.push_back("XDG_STATE_HOME=" + folder_);
    variables.push_back("XDG_CONFIG_HOME=" + folder_ + "/config");
    variables.push_back("LIBGL_ALWAYS_SOFTWARE=1");
    // The OpenGL driver leaks some, and is unloaded before a leak checker looks: it can then not be told from
    // us. What is ours is checked in gui_test.
    const char* options = std::getenv("ASAN_OPTIONS");
    variables.push_back(std::string("ASAN_OPTIONS=") + (options == nullptr ? "" : options) +
                        ":detect_leaks=0");
    variables.push_back("ASAN_OPTIONS=detect_leaks=0");  // as for pictures: the driver's
    return variables;
  }
  Finished xdotool(std::vector<std::string> what) const {
    what.insert(what.begin(), "xdotool");
    return run(what, on_display());
  }
  std::string recording() const { return path("sockscope/last.jsonl"); }
  // Until what the window records holds this.
  bool records(const std::string& text) const {
    const auto deadline = std::chrono::steady_clock::now() + Process::kDeadline;
    while (std::chrono::steady_clock::now() < deadline) {
      if (read(recording()).find(text) != std::string::npos) return true;
      poll(nullptr, 0, 20);
    }
    return false;
  }

  Process server_;
  std::string display_;
};

TEST_F(WindowTest, TakesAKeyAClickAndALineAndClosesWithZero) {
  ASSERT_FALSE(display_.empty()) << "Xvfb did not start: " << server_.err();
  Process window(command({}), on_display());
  // The window is shown with its first frame.
  const Finished found = xdotool({"search", "--sync", "--onlyvisible", "--name", "^Sockscope$"});
  ASSERT_EQ(found.exit, 0) << found.err << window.err();
  ASSERT_EQ(xdotool({"mousemove", "800", "500", "key", "2"}).exit, 0);
  EXPECT_TRUE(records("server_started")) << "key 2 of the first screen starts the tutorial's server";
  ASSERT_EQ(xdotool({"mousemove", "300", "985", "click", "1"}).exit, 0);
  ASSERT_EQ(xdotool({"type", "--delay", "1", "spare = socket(AF_INET, SOCK_STREAM)"}).exit, 0);
  ASSERT_EQ(xdotool({"key", "Return"}).exit, 0);
  EXPECT_TRUE(records("spare = socket(AF_INET, SOCK_STREAM)\""))
      << "every character of a quick typist arrives";
  EXPECT_TRUE(records("\"name\":\"spare\""));
  ASSERT_EQ(xdotool({"key", "ctrl+q"}).exit, 0);
  const Finished end = window.finish();
  EXPECT_EQ(end.exit, 0);
  EXPECT_EQ(end.err, "");
  EXPECT_THAT(read(recording()), EndsWith("\n")) << "the recording is whole";
}

TEST_F(WindowTest, SigtermClosesItAfterSaving) {
  ASSERT_FALSE(display_.empty()) << "Xvfb did not start: " << server_.err();
  Process window(command({}), on_display());
  const Finished found = xdotool({"search", "--sync", "--onlyvisible", "--name", "^Sockscope$"});
  ASSERT_EQ(found.exit, 0) << found.err << window.err();
  ASSERT_EQ(xdotool({"mousemove", "800", "500", "key", "2"}).exit, 0);
  ASSERT_TRUE(records("server_started"));
  window.signal(SIGTERM);
  EXPECT_EQ(window.finish().exit, 143);
  const Finished told = sockscope({"narrate", recording()});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("listens at"));
}

TEST_F(WindowTest, KeepsHowItIsLikedFromOneRunToTheNext) {
  ASSERT_FALSE(display_.empty()) << "Xvfb did not start: " << server_.err();
  const std::string settings = path("config/sockscope/settings");
  {
    Process window(command({}), on_display());
    const Finished found = xdotool({"search", "--sync", "--onlyvisible", "--name", "^Sockscope$"});
    ASSERT_EQ(found.exit, 0) << found.err << window.err();
    ASSERT_EQ(xdotool({"mousemove", "800", "500", "key", "ctrl+t"}).exit, 0);
    EXPECT_TRUE(until([&] { return read(settings).find("theme dark") != std::string::npos; }))
        << "saved as it is chosen, not at the end";
    window.signal(SIGKILL);
    window.finish();
  }
  std::ofstream(settings, std::ios::app) << "size enormous\n";
  Process window(command({}), on_display());
  ASSERT_EQ(xdotool({"search", "--sync", "--onlyvisible", "--name", "^Sockscope$"}).exit, 0) << window.err();
  ASSERT_EQ(xdotool({"mousemove", "800", "500", "key", "ctrl+t"}).exit, 0);
  EXPECT_TRUE(until([&] { return read(settings).find("theme contrast") != std::string::npos; }))
      << "dark was read, and the next is high contrast";
  EXPECT_EQ(read(settings).find("enormous"), std::string::npos);
  ASSERT_EQ(xdotool({"key", "ctrl+q"}).exit, 0);
  EXPECT_EQ(window.finish().exit, 0);
}

TEST_F(WindowTest, WhatWasRecordedBeforeItWasKilledIsOfferedWhenItOpensAgain) {
  ASSERT_FALSE(display_.empty()) << "Xvfb did not start: " << server_.err();
  {
    Process window(command({}), on_display());
    ASSERT_EQ(xdotool({"search", "--sync", "--onlyvisible", "--name", "^Sockscope$"}).exit, 0)
        << window.err();
    ASSERT_EQ(xdotool({"mousemove", "800", "500", "key", "2"}).exit, 0);
    ASSERT_TRUE(records("server_started"));
    window.signal(SIGKILL);
    window.finish();
  }
  Process window(command({}), on_display());
  ASSERT_EQ(xdotool({"search", "--sync", "--onlyvisible", "--name", "^Sockscope$"}).exit, 0) << window.err();
  const std::string kept = path("sockscope/previous.jsonl");
  EXPECT_TRUE(until([&] { return read(kept).find("server_started") != std::string::npos; }));
  const Finished told = sockscope({"narrate", kept});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("listens at"));
  ASSERT_EQ(xdotool({"mousemove", "800", "500", "key", "ctrl+q"}).exit, 0);
  EXPECT_EQ(window.finish().exit, 0);
}

TEST_F(WindowTest, ABadFileIsExitTwoBeforeAnyWindow) {
  const Finished end = run(command({write("bad.play", "s = sokket()\n")}), on_display());
  EXPECT_EQ(end.exit, 2);
  EXPECT_THAT(end.err, HasSubstr("bad.play:1"));
  EXPECT_THAT(read(recording()), Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace sockscope
