// The card of files: its rows, and the card by keys alone and by mouse.
#include <gtest/gtest.h>

#include "pane_scene.h"
#include "panes/file_rows.h"

namespace sockscope {
namespace files_card_test {

using Kind = FolderEntry::Kind;
using ui::Key;

FolderListing lectures() {
  return {"/srv/li/课程",
          {},
          {{Kind::folder, "old"},
           {Kind::lesson, "11-backlog"},
           {Kind::play, "hello.play"},
           {Kind::recording, "Monday.jsonl"},
           {Kind::recording, "monday 2.jsonl"},
           {Kind::other, "notes.txt"}},
          false};
}
const std::vector<RecentFile> kRecent{{"/tmp/a.jsonl", true}, {"/srv/gone.play", false}};

TEST(FileRows, WhatWasOpenLastStandsAboveTheFolderAndHeadingsAreSkipped) {
  const FolderListing folder = lectures();
  Browsing at;
  at.shows_recent = true;
  const FileRows rows(folder, kRecent, at);
  ASSERT_EQ(rows.size(), 10u);
  EXPECT_EQ(rows.first(), 1u);
  EXPECT_EQ(rows.row(1).path, "/tmp/a.jsonl");
  EXPECT_TRUE(rows.row(2).dim) << "it is not there any more";
  EXPECT_EQ(rows.moved(2, 1), 4u) << "over the heading";
  EXPECT_EQ(rows.moved(4, -1), 2u);
  EXPECT_EQ(rows.moved(1, -1), 1u);
  EXPECT_EQ(rows.moved(4, 99), 9u);
  EXPECT_EQ(rows.row(4).path, "/srv/li/课程/old");
  EXPECT_TRUE(rows.row(9).dim) << "nothing Sockscope opens";
  EXPECT_EQ(rows.row(rows.named("hello.play")).name, "hello.play");
  EXPECT_EQ(rows.named("nothing"), rows.first());
}

TEST(FileRows, WhileSavingOnlyFoldersPlaysAndRecordingsAreThere) {
  const FolderListing folder = lectures();
  Browsing at;
  at.saving = at.shows_recent = true;
  const FileRows rows(folder, kRecent, at);
  EXPECT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows.first(), 0u);
}

TEST(FileRows, OfNothingAreNone) {
  const FolderListing folder;
  const FileRows rows(folder, {}, {});
  EXPECT_EQ(rows.size(), 0u);
  EXPECT_EQ(rows.moved(0, 5), 0u);
  EXPECT_EQ(rows.beginning("a", 1), 0u);
  Browsing at;
  at.shows_recent = true;
  const FileRows recent(folder, kRecent, at);
  EXPECT_EQ(recent.moved(1, 99), 2u) << "the last row is a heading";
}

TEST(FileRows, LettersFindTheNextNameThatBeginsSo) {
  const FolderListing folder = lectures();
  const FileRows rows(folder, {}, {});
  EXPECT_EQ(rows.beginning("m", 0), 3u);
  EXPECT_EQ(rows.beginning("m", 4), 4u);
  EXPECT_EQ(rows.beginning("m", 5), 3u) << "from the start again";
  EXPECT_EQ(rows.beginning("x", 2), 2u);
}

TEST(FileNames, AreShownWithoutWhatCannotBe) {
  EXPECT_EQ(shown_name("课 1\n\x1b[31m"), "课 1??[31m");
  EXPECT_EQ(shown_name("a\xff\xe8\xaf"), "a???");
  EXPECT_EQ(folder_of("/a/b"), "/a");
  EXPECT_EQ(folder_of("/a"), "/");
  EXPECT_EQ(folder_of("/"), "/");
  EXPECT_EQ(joined("/", "a"), "/a");
  EXPECT_EQ(with_ending("a.jsonl", true), "a.play");
  EXPECT_EQ(with_ending("a.v2", false), "a.v2.jsonl");
  EXPECT_FALSE(ends_as_play(".play")) << "an ending without a name";
}

// ---- the card

void whole(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Rect where) {
  draw_window(ui, scene, view, requests, where.max);
}

struct FilesCard : ::testing::Test {
  testing::PaneScene scene{whole, two_clients_trace(), {1280, 720}};
  void SetUp() override {
    scene.driver.bare_window = false;
    scene.live = true;
    scene.at(1000);
  }
  // As the frame answers the first request.
  void open(Key key = Key::o) {
    scene.driver.key(key, true);
    scene.folder = lectures();
    scene.recent = kRecent;
    scene.view.browsing.shows_recent = key == Key::o;
    arrive(scene.view.browsing, *scene.folder, scene.recent);
    scene.requests.clear();
    scene.driver.frame(3);
  }
  const request::Go& gone() {
    EXPECT_EQ(scene.requests.size(), 1u);
    return std::get<request::Go>(scene.requests.at(0));
  }
};

TEST_F(FilesCard, CtrlOOpensItAndAsksForItsFolder) {
  scene.driver.key(Key::o, true);
  EXPECT_TRUE(scene.view.browsing.on);
  EXPECT_EQ(gone().path, "");
  scene.driver.key(Key::o, true);
  EXPECT_FALSE(scene.view.browsing.on);
}

TEST_F(FilesCard, EnterOpensWhatWasOpenLast) {
  open();
  EXPECT_EQ(scene.driver.ring.at(), "files/list");
  EXPECT_TRUE(scene.driver.shows("Opened last"));
  EXPECT_TRUE(scene.driver.shows("not there any more"));
  scene.driver.key(Key::enter);
  EXPECT_EQ(gone().path, "/tmp/a.jsonl");
}

TEST_F(FilesCard, ArrowsChooseGoInAndUp) {
  open();
  scene.driver.key(Key::down);
  scene.driver.key(Key::down);
  scene.driver.key(Key::down);
  scene.driver.key(Key::right);
  EXPECT_EQ(gone().path, "/srv/li/课程/11-backlog");
  EXPECT_TRUE(gone().inside);
  scene.requests.clear();
  scene.driver.key(Key::enter);
  EXPECT_FALSE(gone().inside) << "the lesson is opened";
  scene.requests.clear();
  scene.driver.key(Key::left);
  EXPECT_EQ(gone().path, "/srv/li");
  scene.requests.clear();
  scene.driver.key(Key::end);
  scene.driver.key(Key::right);
  EXPECT_TRUE(scene.requests.empty()) << "a file has no inside";
}

TEST_F(FilesCard, LettersGoToAName) {
  open();
  scene.driver.type("m");
  EXPECT_EQ(scene.view.browsing.row, 7u);
  scene.driver.type("o");
  EXPECT_EQ(scene.view.browsing.row, 7u);
  scene.driver.frame(120);
  scene.driver.type("m");
  EXPECT_EQ(scene.view.browsing.row, 8u);
}

TEST_F(FilesCard, WindowKeysDoNothingUnderIt) {
  open();
  const Time cursor = scene.view.cursor;
  scene.driver.key(Key::home);
  scene.driver.type("/");
  scene.driver.key(Key::n, true);
  EXPECT_EQ(scene.view.cursor, cursor);
  EXPECT_FALSE(scene.view.show_new_socket);
  EXPECT_TRUE(scene.driver.find("files/list"));
}

TEST_F(FilesCard, EscapeClosesFromTheListAndFromThePath) {
  open();
  scene.driver.key(Key::escape);
  EXPECT_FALSE(scene.view.browsing.on);
  open();
  scene.driver.tab_to("files/path");
  scene.driver.frame(2);
  scene.driver.key(Key::escape);
  EXPECT_FALSE(scene.view.browsing.on);
}

TEST_F(FilesCard, APathIsPastedInChinese) {
  open();
  scene.driver.tab_to("files/path");
  scene.driver.frame(3);
  ImGui::SetClipboardText("/家/课 3/握手.jsonl");
  scene.driver.key(Key::a, true);
  scene.driver.key(Key::v, true);
  scene.driver.key(Key::enter);
  EXPECT_EQ(gone().path, "/家/课 3/握手.jsonl");
}

TEST_F(FilesCard, TwoClicksOpenAndOneChooses) {
  open();
  scene.driver.click("files/row-6");
  EXPECT_TRUE(scene.requests.empty());
  EXPECT_EQ(scene.view.browsing.row, 6u);
  scene.driver.frame(60);
  scene.driver.click("files/row-6");
  scene.driver.click_here();
  EXPECT_EQ(gone().path, "/srv/li/课程/hello.play");
  scene.requests.clear();
  scene.driver.click("files/up");
  EXPECT_EQ(gone().path, "/srv/li");
  scene.driver.click("files/cancel");
  EXPECT_FALSE(scene.view.browsing.on);
}

TEST_F(FilesCard, OfAFolderOfThousandsOnlyWhatIsInSightIsDrawn) {
  open();
  FolderListing folder{"/many", {}, {}, true};
  for (int i = 0; i < 20'000; ++i) folder.entries.push_back({Kind::play, std::to_string(i) + ".play"});
  scene.folder = std::move(folder);
  scene.view.browsing.shows_recent = false;
  scene.driver.frame(2);
  EXPECT_LT(scene.driver.record.texts.size(), 200u);
  EXPECT_TRUE(scene.driver.shows("Only 20000 of this folder's files are shown."));
  scene.driver.key(Key::end);
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("19999.play"));
  scene.driver.key(Key::home);
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("0.play"));
}

TEST_F(FilesCard, WhatWentWrongIsSaid) {
  open();
  scene.view.browsing.error = "/root: Permission denied";
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("/root: Permission denied"));
}

TEST_F(FilesCard, CtrlSAsksForANameAndTakesOneOfTheFolder) {
  open(Key::s);
  EXPECT_EQ(scene.driver.ring.at(), "files/name");
  scene.driver.type("today.jsonl");
  EXPECT_FALSE(scene.driver.shows("notes.txt"));
  scene.driver.click("files/as-play");
  EXPECT_EQ(scene.view.browsing.name, "today.play");
  scene.driver.tab_to("files/list");
  scene.driver.key(Key::end);
  scene.driver.key(Key::enter);
  EXPECT_EQ(scene.view.browsing.name, "monday 2.jsonl");
  scene.driver.frame(3);
  EXPECT_EQ(scene.driver.ring.at(), "files/name");
  scene.driver.key(Key::enter);
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_EQ(std::get<request::SaveAs>(scene.requests[0]).name, "monday 2.jsonl");
  EXPECT_FALSE(std::get<request::SaveAs>(scene.requests[0]).replace);
}

TEST_F(FilesCard, AFileThatIsThereIsReplacedWhenThatIsSaid) {
  open(Key::s);
  scene.view.browsing.replaces = "/srv/li/课程/Monday.jsonl";
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Monday.jsonl is there already. Replace it?"));
  scene.driver.key(Key::escape);
  EXPECT_TRUE(scene.view.browsing.on);
  EXPECT_EQ(scene.view.browsing.replaces, "");
  scene.view.browsing.replaces = "/srv/li/课程/Monday.jsonl";
  scene.driver.frame(3);
  EXPECT_EQ(scene.driver.ring.at(), "files/keep") << "the cautious answer has the keyboard";
  scene.driver.tab_to("files/replace");
  scene.driver.key(Key::enter);
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_TRUE(std::get<request::SaveAs>(scene.requests[0]).replace);
  EXPECT_EQ(std::get<request::SaveAs>(scene.requests[0]).name, "/srv/li/课程/Monday.jsonl");
}

TEST_F(FilesCard, TheFirstScreenHasItToo) {
  scene.view.first_run = true;
  scene.recent = kRecent;
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Opened last:"));
  EXPECT_FALSE(scene.driver.shows("gone.play")) << "it is not there any more";
  scene.driver.click("first-run/recent-0");
  EXPECT_EQ(gone().path, "/tmp/a.jsonl");
  scene.requests.clear();
  scene.driver.click("first-run/open");
  EXPECT_TRUE(scene.view.browsing.on);
}

}  // namespace files_card_test
}  // namespace sockscope
