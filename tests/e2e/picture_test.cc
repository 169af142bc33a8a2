// Pictures without a display, and the window where there is none.

#include "program.h"

namespace sockscope {
namespace {

using testing::StartsWith;

class PictureTest : public ProgramTest {
 protected:
  static std::vector<std::string> without_display() { return {"DISPLAY=", "WAYLAND_DISPLAY="}; }
};

TEST_F(PictureTest, APlayAndItsRecordingAreDrawn) {
  const std::string play = kLessons + "/09-one-word/two-clients.play";
  const std::string recording = path("r.jsonl");
  ASSERT_EQ(sockscope({"play", play, "--record", recording}).exit, 0);
  const Finished first = sockscope({"shot", path("a.png"), play, "--at", "1.5", "--size", "1600x1000"});
  EXPECT_EQ(first.exit, 0) << first.err;
  const Finished second = sockscope({"shot", path("b.png"), recording, "--lang", "zh", "--theme", "dark"});
  EXPECT_EQ(second.exit, 0) << second.err;
  EXPECT_THAT(read(path("a.png")), StartsWith("\x89PNG\r\n"));
  EXPECT_THAT(read(path("b.png")), StartsWith("\x89PNG\r\n"));
  EXPECT_NE(read(path("a.png")), read(path("b.png")));
}

TEST_F(PictureTest, WithoutFontsThereIsAPictureAndOneLineThatSaysWhatToInstall) {
  const std::string fonts = write("fonts.conf", "<?xml version=\"1.0\"?><fontconfig></fontconfig>\n");
  std::vector<std::string> variables = environment();
  variables.push_back("FONTCONFIG_FILE=" + fonts);
  variables.push_back("ASAN_OPTIONS=detect_leaks=0");
  const Finished end = run(command({"shot", path("a.png")}), variables);
  EXPECT_EQ(end.exit, 0) << end.err;
  EXPECT_EQ(lines_of(end.err), 1u) << end.err;
  EXPECT_THAT(end.err, testing::HasSubstr("install fonts-inter"));
  EXPECT_THAT(read(path("a.png")), StartsWith("\x89PNG\r\n"));
}

TEST_F(PictureTest, WithoutADisplayTheWindowIsOneLineAndExitThree) {
  std::vector<std::string> variables = environment();
  for (const std::string& variable : without_display()) variables.push_back(variable);
  const Finished end = run(command({}), variables);
  EXPECT_EQ(end.exit, 3) << end.err;
  EXPECT_EQ(lines_of(end.err), 1u) << end.err;
}

}  // namespace
}  // namespace sockscope
