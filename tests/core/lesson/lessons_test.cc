#include "lesson/lessons.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "lesson/words_used.h"

namespace sockscope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LessonsTest : public testing::Test {
 protected:
  LessonsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sockscope-lessons-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
  }
  ~LessonsTest() override { std::filesystem::remove_all(root_); }
  void write(const std::string& path, const std::string& text) {
    const std::filesystem::path file = root_ + "/" + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  std::string root_;
};

TEST_F(LessonsTest, AMissingRootHasNoLessons) {
  EXPECT_TRUE(list_lessons(root_ + "/nowhere", "en").empty());
}

TEST_F(LessonsTest, InOrderWithTitlesAndPlays) {
  write("09-one-word/en.md", "---\ntitle: One word\nminutes: 5\n---\n\n# Text\n");
  write("09-one-word/b.play", "");
  write("09-one-word/a.play", "");
  write("02-five-steps/en.md", "title: Five steps\n\nThe text.\n");
  write("tutorial/server.py", "print()\n");
  const auto lessons = list_lessons(root_, "en");
  ASSERT_EQ(lessons.size(), 2u);
  EXPECT_EQ(lessons[0].id, "02-five-steps");
  EXPECT_EQ(lessons[0].title, "Five steps");
  EXPECT_EQ(lessons[1].title, "One word");
  EXPECT_THAT(lessons[1].plays, ElementsAre("a.play", "b.play"));
  EXPECT_EQ(lesson_text(lessons[0], "en").value(), "The text.\n");
  EXPECT_EQ(lesson_text(lessons[1], "en").value(), "# Text\n");
}

TEST_F(LessonsTest, FallsBackToEnglishThenToTheId) {
  write("01-a/en.md", "title: Alpha\n\nenglish\n");
  write("02-b/en.md", "title: Beta\n\nenglish\n");
  write("02-b/zh.md", "title: 乙\n\n中文\n");
  write("03-c/only.play", "");
  const auto lessons = list_lessons(root_, "zh");
  ASSERT_EQ(lessons.size(), 3u);
  EXPECT_EQ(lessons[0].title, "Alpha");
  EXPECT_EQ(lessons[1].title, "乙");
  EXPECT_EQ(lessons[2].title, "03-c");
  EXPECT_EQ(lesson_text(lessons[0], "zh").value(), "english\n");
  EXPECT_EQ(lesson_text(lessons[1], "zh").value(), "中文\n");
  EXPECT_THAT(lesson_text(lessons[2], "zh").error(), HasSubstr("03-c/en.md: No such file"));
}

TEST_F(LessonsTest, FoundByIdOrByThePartAfterTheNumber) {
  write("02-five-steps/en.md", "x");
  const auto lessons = list_lessons(root_, "en");
  EXPECT_NE(find_lesson(lessons, "02-five-steps"), nullptr);
  EXPECT_NE(find_lesson(lessons, "five-steps"), nullptr);
  EXPECT_EQ(find_lesson(lessons, "steps"), nullptr);
  EXPECT_EQ(find_lesson(lessons, ""), nullptr);
}

TEST_F(LessonsTest, ALinkOutOfALessonIsNotFollowed) {
  write("secret.txt", "title: secret\n\nsecret\n");
  std::filesystem::create_directories(root_ + "/lessons/01-a");
  std::filesystem::create_directories(root_ + "/other");
  std::ofstream(root_ + "/other/en.md") << "title: other\n";
  ASSERT_EQ(symlink((root_ + "/secret.txt").c_str(), (root_ + "/lessons/01-a/en.md").c_str()), 0);
  ASSERT_EQ(symlink((root_ + "/other").c_str(), (root_ + "/lessons/02-b").c_str()), 0);
  EXPECT_TRUE(list_lessons(root_ + "/lessons", "en").empty());
  LessonEntry forged{"01-a", root_ + "/lessons/01-a", "", {}};
  EXPECT_FALSE(lesson_text(forged, "en"));
}

TEST_F(LessonsTest, ALanguageIsNotAPath) {
  write("01-a/en.md", "english");
  write("secret.md", "secret");
  const auto lessons = list_lessons(root_, "../secret");
  ASSERT_EQ(lessons.size(), 1u);
  EXPECT_EQ(lesson_text(lessons[0], "../secret").value(), "english");
}

TEST_F(LessonsTest, ATextTooLongIsRefusedInOneLine) {
  write("01-a/en.md", std::string(kLongestLessonText + 1, 'x'));
  const auto text = lesson_text(list_lessons(root_, "en").at(0), "en");
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error(), HasSubstr("longer than 256 KB"));
}

TEST_F(LessonsTest, ControlCharactersDoNotReachTheTerminal) {
  write("01-a/en.md", std::string("title: \x1b[31mred\n\na\x1b]0;b\x07\tc\r\n", 28));
  const auto lessons = list_lessons(root_, "en");
  EXPECT_EQ(lessons.at(0).title, "[31mred");
  EXPECT_EQ(lesson_text(lessons.at(0), "en").value(), "a]0;b\tc\n");
}

TEST_F(LessonsTest, AFifoNamedAsATextDoesNotHang) {
  std::filesystem::create_directories(root_ + "/01-a");
  ASSERT_EQ(mkfifo((root_ + "/01-a/en.md").c_str(), 0600), 0);
  write("01-a/x.play", "");
  const auto lessons = list_lessons(root_, "en");
  ASSERT_EQ(lessons.size(), 1u);
  EXPECT_THAT(lesson_text(lessons[0], "en").error(), HasSubstr("not a file"));
}

TEST(WordsUsed, AWindowIsNotInWindows) {
  EXPECT_EQ(line_of_term("It is so\non Windows too.", "window", {}), -1);
  EXPECT_EQ(line_of_term("It is so\nin two windows.", "window", {}), 1);
  EXPECT_EQ(line_of_term("Window: what is free.", "window", {}), 0);
  EXPECT_EQ(line_of_term("那是 Windows 的编号。", "window", {}), -1);
  EXPECT_EQ(line_of_term("Windows are two.", "window", {}), 0);
  EXPECT_EQ(line_of_term("not Accept queues;", "accept queue", {}), 0);
  EXPECT_EQ(line_of_term("an accept queue", "queue", {"accept queue"}), -1);
}

}  // namespace
}  // namespace sockscope
