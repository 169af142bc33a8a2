// Bookmarks of a recording are there again when it is opened again, and only of that one.
#include "gui/kept_marks.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "driver.h"
#include "gui/frame.h"
#include "state_home.h"
#include "trace/recording.h"
#include "trace_builder.h"

namespace sockscope {
namespace kept_marks_test {

struct KeptMarks : ::testing::Test {
  StateHome home;
  std::string folder = home.path() + "/recordings", path = folder + "/two.jsonl";
  std::string kept = home.path() + "/sockscope/bookmarks";
  Trace trace = two_clients_trace();
  std::vector<Bookmark> marks{{trace.start() + 1000, 3},
                              {trace.end(), static_cast<std::uint32_t>(trace.size())}};
  void SetUp() override {
    std::filesystem::create_directories(folder);
    ASSERT_TRUE(save_recording(trace, path));
  }
  std::string text() const {
    std::ifstream file(kept, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

TEST_F(KeptMarks, WhatIsKeptIsLoadedAndNoneIsNoFile) {
  EXPECT_EQ(load_bookmarks(path, trace), std::vector<Bookmark>{});
  EXPECT_FALSE(std::filesystem::exists(kept));
  ASSERT_TRUE(keep_bookmarks(path, trace, marks));
  EXPECT_EQ(load_bookmarks(path, trace), marks);
  EXPECT_EQ(load_bookmarks("/other.jsonl", trace), std::vector<Bookmark>{});
  ASSERT_TRUE(keep_bookmarks(path, trace, {}));
  EXPECT_EQ(text(), "");
}

TEST_F(KeptMarks, AnotherRecordingUnderTheSameNameHasNone) {
  ASSERT_TRUE(keep_bookmarks(path, trace, marks));
  const Trace shorter = while_bob_waits();
  ASSERT_NE(shorter.size(), trace.size());
  EXPECT_EQ(load_bookmarks(path, shorter), std::vector<Bookmark>{});
}

TEST_F(KeptMarks, OnlyTheFilesMarkedLastAreKept) {
  for (std::size_t i = 0; i <= kMostMarkedFiles; ++i)
    ASSERT_TRUE(keep_bookmarks("/tmp/" + std::to_string(i), trace, marks));
  EXPECT_EQ(load_bookmarks("/tmp/0", trace), std::vector<Bookmark>{});
  EXPECT_EQ(load_bookmarks("/tmp/1", trace), marks);
  EXPECT_EQ(load_bookmarks("/tmp/" + std::to_string(kMostMarkedFiles), trace), marks);
}

TEST_F(KeptMarks, ABadFileIsToldIgnoredAndPutAside) {
  for (const std::string bad : {"hello\n", "at 1 2\n", "12 13 not/absolute\n", "1 2 /a\nat x 1\n"}) {
    std::filesystem::create_directories(home.path() + "/sockscope");
    std::ofstream(kept, std::ios::binary) << bad;
    const auto loaded = load_bookmarks(path, trace);
    ASSERT_FALSE(loaded) << bad;
    EXPECT_NE(loaded.error().find("means nothing"), std::string::npos) << loaded.error();
    ASSERT_TRUE(keep_bookmarks(path, trace, marks)) << bad;
    EXPECT_EQ(load_bookmarks(path, trace), marks) << bad;
    EXPECT_TRUE(std::filesystem::exists(kept + ".bad")) << bad;
  }
}

struct MarkedFrame : KeptMarks {
  std::unique_ptr<Frame> frame = begin();
  testing::Driver driver{[this](ui::Ui& ui) { frame->draw(ui, ImGui::GetIO().DisplaySize); }};
  static std::unique_ptr<Frame> begin() {
    auto frame = std::make_unique<Frame>(Session::live(true), LessonShelf{});
    frame->keeps_recent = true;
    return frame;
  }
  void SetUp() override {
    KeptMarks::SetUp();
    driver.bare_window = false;
  }
  void open() {
    ASSERT_TRUE(frame->open(path));
    frame->view.first_run = false;
    driver.frame(2);
  }
};

TEST_F(MarkedFrame, AMarkMadeIsThereInTheNextRun) {
  open();
  frame->view.focus = Pane::timeline;
  driver.click("timeline/axis", 0.3f);
  driver.type("b");
  ASSERT_TRUE(frame->view.tools);
  ASSERT_EQ(frame->view.tools->bookmarks.size(), 1u);
  const auto made = frame->view.tools->bookmarks;
  frame = begin();
  open();
  ASSERT_TRUE(frame->view.tools);
  EXPECT_EQ(frame->view.tools->bookmarks, made);
  EXPECT_EQ(frame->notice(), "");
}

TEST_F(MarkedFrame, ABadFileIsANoticeAndTheRecordingOpens) {
  std::filesystem::create_directories(home.path() + "/sockscope");
  std::ofstream(kept, std::ios::binary) << "hello\n";
  open();
  EXPECT_NE(frame->notice().find("line 1 means nothing"), std::string::npos) << frame->notice();
  EXPECT_FALSE(frame->session().is_live());
}

}  // namespace kept_marks_test
}  // namespace sockscope
