#include "gui/shot.h"

#include <gtest/gtest.h>
#include <stb_image.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>

#include "trace_builder.h"

namespace sockscope {
namespace {

struct Picture {
  int width = 0, height = 0;
  std::vector<unsigned char> rgba;
  ImU32 at(int x, int y) const {
    ImU32 colour = 0;
    std::memcpy(
        &colour,
        &rgba[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) *
              4],
        4);
    return colour;
  }
  std::size_t colours() const {
    std::set<ImU32> seen;
    for (std::size_t i = 0; i + 4 <= rgba.size(); i += 4) {
      ImU32 colour = 0;
      std::memcpy(&colour, &rgba[i], 4);
      seen.insert(colour);
    }
    return seen.size();
  }
};

std::string bytes_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

Picture load(const std::string& path) {
  Picture picture;
  int channels = 0;
  const std::unique_ptr<unsigned char, void (*)(void*)> pixels(
      stbi_load(path.c_str(), &picture.width, &picture.height, &channels, 4), stbi_image_free);
  if (pixels == nullptr) return picture;
  picture.rgba.assign(pixels.get(),
                      pixels.get() + static_cast<std::ptrdiff_t>(picture.width) * picture.height * 4);
  return picture;
}

struct Shot : ::testing::Test {
  Shot() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sockscope-shot-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    options.out = folder + "/out.png";
    options.width = 1200;
    options.height = 800;
  }
  ~Shot() override { std::filesystem::remove_all(folder); }
  Picture take() {
    const auto taken = take_shot(*session, options, lessons);
    EXPECT_TRUE(taken.has_value()) << taken.error();
    return load(options.out);
  }
  std::string folder;
  std::unique_ptr<Session> session = Session::replay(two_clients_trace(), "two-clients.jsonl");
  LessonShelf lessons{std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons"};
  ShotOptions options;
};

TEST_F(Shot, IsAPictureOfTheSizeAskedForInTheThemesColours) {
  for (const ui::ThemeName name : {ui::ThemeName::light, ui::ThemeName::dark, ui::ThemeName::contrast}) {
    options.theme = name;
    const Picture picture = take();
    ASSERT_EQ(picture.width, 1200);
    ASSERT_EQ(picture.height, 800);
    EXPECT_EQ(picture.at(0, 0), ui::theme(name).pane) << "the bar's ground";
    EXPECT_GT(picture.colours(), 50u) << "not blank";
  }
}

TEST_F(Shot, TwiceIsTheSameToTheByte) {
  take();
  const std::string first = bytes_of(options.out);
  session = Session::replay(two_clients_trace(), "two-clients.jsonl");
  take();
  EXPECT_TRUE(bytes_of(options.out) == first);
}

TEST_F(Shot, DiffersByTheCursorTheLanguageAndTheScale) {
  std::set<std::string> pictures;
  take();
  pictures.insert(bytes_of(options.out));
  options.at = 1.0;
  take();
  pictures.insert(bytes_of(options.out));
  options.language = ui::Language::zh;
  take();
  pictures.insert(bytes_of(options.out));
  options.scale = 1.5f;
  const Picture larger = take();
  pictures.insert(bytes_of(options.out));
  EXPECT_EQ(pictures.size(), 4u);
  EXPECT_EQ(larger.width, 1200) << "the scale is of what is in it, not of the picture";
}

TEST_F(Shot, ACursorBeforeTheStartOrAfterTheEndIsTheStartOrTheEnd) {
  for (const double at : {-5.0, 0.0, 1e9}) {
    options.at = at;
    EXPECT_GT(take().colours(), 50u) << at;
  }
}

TEST_F(Shot, OfEachPaneAloneFillsThePicture) {
  for (const Pane pane : {Pane::stage, Pane::timeline, Pane::lesson, Pane::code, Pane::details, Pane::console,
                          Pane::new_socket, Pane::narration, Pane::states}) {
    options.pane = pane;
    EXPECT_GT(take().colours(), 15u) << static_cast<int>(pane);
  }
}

TEST_F(Shot, OfALessonShowsItsTextAndNotTheList) {
  options.pane = Pane::lesson;
  take();
  const std::string list = bytes_of(options.out);
  options.lesson = "02-five-steps";
  const Picture english = take();
  EXPECT_GT(english.colours(), 15u);
  const std::string text = bytes_of(options.out);
  EXPECT_FALSE(text == list);
  options.language = ui::Language::zh;
  take();
  EXPECT_FALSE(bytes_of(options.out) == text);
}

TEST_F(Shot, OfNothingIsTheFirstScreen) {
  take();
  const std::string with_trace = bytes_of(options.out);
  session = Session::replay(Trace(), "");
  EXPECT_GT(take().colours(), 50u);
  EXPECT_FALSE(bytes_of(options.out) == with_trace);
}

TEST_F(Shot, OfAnEmptyRecordingIsNotTheFirstScreen) {
  session = Session::replay(Trace(), "");
  take();
  const std::string first_screen = bytes_of(options.out);
  session = Session::replay(Trace(), "empty.jsonl");
  take();
  EXPECT_FALSE(bytes_of(options.out) == first_screen);
}

TEST_F(Shot, ATinyOrNarrowOneIsDrawnToo) {
  const std::pair<int, int> sizes[] = {{1, 1}, {16, 2000}, {2000, 16}, {360, 640}};
  for (const auto& [width, height] : sizes) {
    options.width = width;
    options.height = height;
    const Picture picture = take();
    EXPECT_EQ(picture.width, width);
    EXPECT_EQ(picture.height, height);
  }
}

TEST_F(Shot, ASizeOrScaleOutOfRangeIsNamed) {
  options.width = 0;
  auto taken = take_shot(*session, options, lessons);
  ASSERT_FALSE(taken.has_value());
  EXPECT_NE(taken.error().find("0x800"), std::string::npos) << taken.error();
  options.width = kLargestShot + 1;
  EXPECT_FALSE(take_shot(*session, options, lessons).has_value());
  options.width = 100;
  options.scale = 0;
  taken = take_shot(*session, options, lessons);
  ASSERT_FALSE(taken.has_value());
  EXPECT_NE(taken.error().find("--scale"), std::string::npos) << taken.error();
}

TEST_F(Shot, AFolderThatIsNotThereIsNamed) {
  options.out = folder + "/none/out.png";
  const auto taken = take_shot(*session, options, lessons);
  ASSERT_FALSE(taken.has_value());
  EXPECT_NE(taken.error().find(options.out + ": No such file"), std::string::npos) << taken.error();
}

TEST_F(Shot, WithoutAnyFontItIsStillAPicture) {
  setenv("SOCKSCOPE_FONT", "/dev/null", 1);
  options.language = ui::Language::zh;
  EXPECT_GT(take().colours(), 15u);
  unsetenv("SOCKSCOPE_FONT");
}

}  // namespace
}  // namespace sockscope
