// Folders as they are on a disk, what was open last, and saving under a name, in a frame without a window.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>

#include "driver.h"
#include "frame_turns.h"
#include "gui/folder_list.h"
#include "gui/frame.h"
#include "gui/recent.h"
#include "gui/save_as.h"
#include "gui/saves.h"
#include "panes/file_rows.h"
#include "play/play.h"
#include "session/own_files.h"
#include "state_home.h"
#include "trace_builder.h"

namespace sockscope {
namespace files_test {

namespace fs = std::filesystem;
using testing::Driver;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ui::Key;

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

struct Place : ::testing::Test {
  Place() { fs::create_directories(root); }
  void write(const std::string& name, const std::string& text = "main>>> s = socket()\n") const {
    fs::create_directories(fs::path(root + "/" + name).parent_path());
    std::ofstream(root + "/" + name) << text;
  }
  StateHome home;
  const std::string root = fs::canonical(home.path()).string() + "/files";
};

std::vector<std::string> names_of(const FolderListing& folder) {
  std::vector<std::string> names;
  for (const FolderEntry& entry : folder.entries) names.push_back(entry.name);
  return names;
}

using FolderList = Place;

TEST_F(FolderList, FoldersComeFirstThenWhatIsOpenedThenTheRest) {
  for (const char* name : {"b.play", "a.jsonl", "notes.txt", "课/x.play", "11-backlog/en.md", ".hidden"})
    write(name);
  fs::create_directory_symlink(root, root + "/around");
  fs::create_symlink(root + "/self", root + "/self");
  ASSERT_EQ(mkfifo((root + "/pipe.play").c_str(), 0600), 0);
  const FolderListing folder = list_folder(root);
  EXPECT_EQ(folder.error, "");
  EXPECT_THAT(names_of(folder), ElementsAre("around", "课", "11-backlog", "a.jsonl", "b.play", "notes.txt",
                                            "pipe.play", "self"));
  EXPECT_EQ(folder.entries[2].kind, FolderEntry::Kind::lesson);
  EXPECT_EQ(folder.entries[6].kind, FolderEntry::Kind::other) << "a fifo is no play";
  EXPECT_EQ(list_folder(root + "/around/around/around").path, root) << "a circle of links goes nowhere";
}

TEST_F(FolderList, WhatCannotBeReadIsSaid) {
  EXPECT_THAT(list_folder(root + "/nowhere").error, HasSubstr("nowhere: No such file"));
  write("a.play");
  EXPECT_THAT(list_folder(root + "/a.play").error, HasSubstr("Not a directory"));
  fs::create_symlink(root + "/self", root + "/self");
  EXPECT_THAT(list_folder(root + "/self").error, HasSubstr("Too many levels"));
  if (geteuid() == 0) return;  // nothing is forbidden to root
  fs::create_directory(root + "/shut");
  fs::permissions(root + "/shut", fs::perms::none);
  EXPECT_THAT(list_folder(root + "/shut").error, HasSubstr("Permission denied"));
  fs::permissions(root + "/shut", fs::perms::owner_all);
}

TEST_F(FolderList, ItIsBounded) {
  for (int i = 0; i < 60; ++i) write(std::to_string(i) + ".play");
  const FolderListing some = list_folder(root, 50), all = list_folder(root, 60);
  EXPECT_EQ(some.entries.size(), 50u);
  EXPECT_TRUE(some.more);
  EXPECT_FALSE(all.more);
}

TEST_F(FolderList, PathsAreMadeWhole) {
  EXPECT_EQ(absolute_path("b/../c/", "/a"), "/a/c");
  EXPECT_EQ(absolute_path("/", "/a"), "/");
  EXPECT_EQ(absolute_path("..", "/a"), "/");
  setenv("HOME", "/srv/li", 1);
  EXPECT_EQ(absolute_path("~/x", "/a"), "/srv/li/x");
  EXPECT_EQ(absolute_path("~", "/a"), "/srv/li");
}

struct RecentFiles : Place {
  static std::vector<std::string> paths() {
    std::vector<std::string> paths;
    const auto recent = load_recent();
    for (const RecentFile& file : recent.value()) paths.push_back(file.path);
    return paths;
  }
};

TEST_F(RecentFiles, TheLatestIsFirstOnceAndTenAreKept) {
  EXPECT_TRUE(paths().empty());
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(remember_opened("/f" + std::to_string(i)));
  ASSERT_TRUE(remember_opened("/f5"));
  const auto kept = paths();
  EXPECT_EQ(kept.size(), kMostRecent);
  EXPECT_EQ(kept[0], "/f5");
  EXPECT_EQ(kept[1], "/f11");
  ASSERT_TRUE(remember_opened("/two\nlines"));
  EXPECT_EQ(paths(), kept);
}

TEST_F(RecentFiles, WhatIsGoneAndWhatIsNoPathIsTold) {
  write("a.play");
  std::ofstream(*state_folder() + "/recent") << root << "/a.play\nnonsense\n/gone.play\n";
  const auto recent = load_recent();
  ASSERT_TRUE(recent);
  ASSERT_EQ(recent->size(), 2u);
  EXPECT_TRUE((*recent)[0].there);
  EXPECT_FALSE((*recent)[1].there);
}

TEST_F(RecentFiles, AFileTooLongIsAnErrorAndBegunAnew) {
  std::ofstream(*state_folder() + "/recent") << std::string(100'000, 'x');
  EXPECT_FALSE(load_recent());
  ASSERT_TRUE(remember_opened("/a"));
  EXPECT_THAT(paths(), ElementsAre("/a"));
}

using SaveAs = Place;

TEST_F(SaveAs, ARecordingAndAPlay) {
  const Trace trace = two_clients_trace();
  ASSERT_TRUE(save_as(root + "/课.jsonl", trace, *saved_as("课.jsonl")));
  ASSERT_TRUE(save_as(root + "/a.play", trace, *saved_as("a.play")));
  EXPECT_EQ(load_recording(root + "/课.jsonl")->size(), trace.size());
  EXPECT_TRUE(load_play(root + "/a.play"));
  EXPECT_FALSE(saved_as("a.txt"));
  EXPECT_THAT(names_of(list_folder(root)), ElementsAre("a.play", "课.jsonl"))
      << "nothing is left beside them";
}

TEST_F(SaveAs, WhatWasThereKeepsItsModeAndItsLink) {
  write("real.play", "old");
  fs::permissions(root + "/real.play", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(root + "/real.play", root + "/link.play");
  ASSERT_TRUE(save_as(root + "/link.play", two_clients_trace(), SavedAs::play));
  EXPECT_TRUE(fs::is_symlink(root + "/link.play"));
  EXPECT_TRUE(load_play(root + "/real.play"));
  EXPECT_EQ(fs::status(root + "/real.play").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(SaveAs, WhatFailsIsSaidAndTheOldFileIsWhole) {
  write("a.jsonl", "old");
  EXPECT_THAT(save_as(root + "/no/a.jsonl", two_clients_trace(), SavedAs::recording).error(),
              HasSubstr("/no/a.jsonl: No such file"));
  EXPECT_THAT(save_as(root, two_clients_trace(), SavedAs::play).error(), HasSubstr("not a file"));
  // A disk without room, as near as a process can come to one by itself.
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit little{100, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &little);
  const auto saved = save_as(root + "/a.jsonl", two_clients_trace(), SavedAs::recording);
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error(), HasSubstr(root + "/a.jsonl: "));
  EXPECT_EQ(content(root + "/a.jsonl"), "old");
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(root)) files += entry.exists() ? 1 : 0;
  EXPECT_EQ(files, 1u) << "nothing is left beside it";
}

TEST_F(SaveAs, TheFileTheWindowRecordsToIsNotReplaced) {
  const std::string own = *state_folder() + "/last.jsonl";
  std::ofstream(own) << "{}";
  EXPECT_THAT(save_as(own, two_clients_trace(), SavedAs::recording).error(), HasSubstr("records there"));
  EXPECT_EQ(content(own), "{}");
}

// ---- in a frame

struct Browse : Place {
  Browse() {
    write("hello.play");
    EXPECT_TRUE(save_recording(two_clients_trace(), root + "/two.jsonl"));
    EXPECT_TRUE(load_recording(root + "/two.jsonl"));
    write("11-mine/en.md", "title: Mine\n\nText.\n");
    write("11-mine/x.play");
    driver.bare_window = false;
    frame.keeps_recent = true;
    frame.view.first_run = false;
    driver.frame(2);
  }
  void draw(ui::Ui& ui) {
    driver.language = frame.view.language;
    frame.draw(ui, ImGui::GetIO().DisplaySize);
  }
  // Ctrl O, and then to the folder of this test.
  void open_card(Key key = Key::o) {
    driver.key(key, true);
    driver.frame(3);
    frame.run(request::Go{root, true});
    driver.frame(3);
    driver.ring.go("files/list");
    driver.frame(3);
  }
  Browsing& at() { return frame.view.browsing; }
  Frame frame{Session::live(true), LessonShelf{std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons"}};
  Driver driver{[this](ui::Ui& ui) { draw(ui); }};
};

TEST_F(Browse, APlayIsOpenedByKeysAlone) {
  open_card();
  EXPECT_TRUE(driver.shows("hello.play"));
  driver.type("h");
  driver.key(Key::enter);
  EXPECT_FALSE(at().on);
  EXPECT_EQ(frame.session().file(), root + "/hello.play");
  ASSERT_EQ(load_recent()->size(), 1u);
  EXPECT_EQ(load_recent()->front().path, root + "/hello.play");
  driver.key(Key::o, true);
  driver.frame(3);
  EXPECT_TRUE(driver.shows("Opened last"));
  EXPECT_EQ(at().path, root) << "it begins where it was";
}

TEST_F(Browse, ARecordingReadBesideTheWindowIsRememberedOnceItIsThere) {
  frame.loads_apart = true;
  open_card();
  driver.type("t");
  driver.key(Key::enter);
  EXPECT_FALSE(at().on);
  ASSERT_TRUE(testing::turn_until(frame, driver, [&] { return !frame.session().is_live(); }));
  EXPECT_EQ(load_recent()->front().path, root + "/two.jsonl");
}

TEST_F(Browse, ALessonsFolderIsOpenedOrLookedInto) {
  open_card();
  driver.type("1");
  driver.key(Key::right);
  EXPECT_EQ(at().path, root + "/11-mine");
  driver.frame(2);
  EXPECT_TRUE(driver.shows("x.play"));
  driver.key(Key::left);
  EXPECT_EQ(at().path, root);
  driver.frame(2);
  driver.key(Key::enter);  // where it came from is chosen
  EXPECT_FALSE(at().on);
  driver.frame(3);
  EXPECT_TRUE(driver.shows("Text.")) << frame.notice();
  EXPECT_EQ(load_recent()->front().path, root + "/11-mine");
}

TEST_F(Browse, WhatDoesNotOpenIsSaidInTheCard) {
  open_card();
  frame.run(request::Go{"nothing.play"});
  EXPECT_THAT(at().error, HasSubstr("nothing.play"));
  EXPECT_TRUE(at().on);
  write("bad.play", "what is this\n");
  const Session* before = &frame.session();
  frame.run(request::Go{"bad.play"});
  EXPECT_THAT(at().error, HasSubstr("bad.play"));
  EXPECT_EQ(at().error.find('\n'), std::string::npos);
  EXPECT_EQ(before, &frame.session());
  frame.run(request::Go{"self/", true});
  EXPECT_FALSE(at().error.empty());
  EXPECT_EQ(list_folder(root).path, at().path) << "the folder before it stays";
  EXPECT_TRUE(load_recent()->empty());
  frame.run(request::Go{"backlog"});
  EXPECT_FALSE(at().on) << "a lesson's name opens it";
}

TEST_F(Browse, AFolderThatIsNoLessonAnyMoreIsSaidWhereThereIsNoCard) {
  fs::create_directory(root + "/empty");
  frame.run(request::Go{root + "/empty"});
  EXPECT_THAT(frame.notice(), HasSubstr("this folder is no lesson"));
}

TEST_F(Browse, WithoutItsWindowNothingIsRemembered) {
  frame.keeps_recent = false;
  ASSERT_TRUE(frame.open(root + "/hello.play"));
  open_card();
  EXPECT_FALSE(fs::exists(home.path() + "/sockscope/recent"));
}

TEST_F(Browse, WhatWasDoneIsSavedAndSaid) {
  ASSERT_TRUE(frame.open(root + "/two.jsonl"));
  open_card(Key::s);
  EXPECT_EQ(at().name, "two.jsonl");
  driver.ring.go("files/name");
  driver.frame(3);
  driver.key(Key::a, true);
  driver.type("又一次.play");
  driver.key(Key::enter);
  EXPECT_FALSE(at().on) << at().error;
  driver.frame(2);
  EXPECT_TRUE(driver.shows("Saved as " + root + "/又一次.play"));
  EXPECT_TRUE(load_play(root + "/又一次.play"));
  EXPECT_EQ(load_recent()->front().path, root + "/又一次.play");
}

TEST_F(Browse, ItAsksBeforeItReplaces) {
  open_card(Key::s);
  const std::string old = content(root + "/hello.play");
  frame.run(request::SaveAs{"hello.play"});
  EXPECT_EQ(at().replaces, root + "/hello.play");
  EXPECT_EQ(content(root + "/hello.play"), old);
  driver.frame(2);
  driver.click("files/keep");
  EXPECT_TRUE(at().on);
  frame.run(request::SaveAs{"hello.play"});
  driver.frame(2);
  driver.click("files/replace");
  EXPECT_FALSE(at().on) << at().error;
  EXPECT_NE(content(root + "/hello.play"), old);
}

TEST_F(Browse, WhatCannotBeSavedIsSaidInTheCard) {
  open_card(Key::s);
  frame.run(request::SaveAs{""});
  EXPECT_FALSE(at().error.empty());
  frame.run(request::SaveAs{"a.txt"});
  EXPECT_THAT(at().error, HasSubstr(".jsonl"));
  frame.run(request::SaveAs{"no/where/a.play"});
  EXPECT_THAT(at().error, HasSubstr("No such file"));
  frame.run(request::SaveAs{"11-mine"});
  EXPECT_EQ(at().path, root + "/11-mine") << "a folder is gone into";
  frame.run(request::SaveAs{"plain"});
  EXPECT_TRUE(fs::exists(root + "/11-mine/plain.jsonl"));
}

// ---- let go over the window

struct DropAFile : Browse {
  // Two connected sockets, a and b, on their threads.
  void connect() {
    for (const auto& [thread, line] : {std::pair{"main", "a, b = socketpair()"}, {"bob", "b.recv(1)"}})
      frame.run(request::RunLine{thread, line});
    ASSERT_TRUE(until([&] {
      const ThreadState* bob = state().thread("bob");
      return bob != nullptr && bob->blocked && state().name("a") != nullptr;
    }));
  }
  bool until(const std::function<bool()>& so) { return testing::turn_until(frame, driver, so); }
  const State& state() { return frame.session().state(); }
  std::string a() { return "stage/socket-" + std::to_string(state().name("a")->id); }
  void let_go(const std::string& path) {
    driver.hover(a());
    frame.drop(path);
    driver.frame(2);
  }
  // What sendfile() gave.
  bool sent(const std::string& count) {
    return until([&] {
      const Trace& trace = frame.session().trace();
      for (std::size_t seq = 0; seq < trace.size(); ++seq) {
        const auto* ended = std::get_if<event::LineEnded>(&trace[seq].body);
        if (ended != nullptr && ended->text.view() == count) return true;
      }
      return false;
    });
  }
};

TEST_F(DropAFile, OnASocketItIsSentAndTheLinesAreThoseOfAPlay) {
  write("页 1.html", "Guten Tag\n");
  connect();
  let_go(root + "/页 1.html");
  ASSERT_TRUE(sent("10")) << frame.console_error() << frame.notice();
  const std::string play = play_text(frame.session().trace());
  EXPECT_THAT(play, HasSubstr("%file '页 1.html' 'Guten Tag\\n'"));
  EXPECT_THAT(play, HasSubstr("a.sendfile(open('页 1.html', 'rb'))"));
  EXPECT_TRUE(parse_play(play, "saved.play"));
  EXPECT_TRUE(frame.session().is_live());
}

TEST_F(DropAFile, WhatNoLineCanHoldIsCopiedAndThatIsSaid) {
  write("picture.png", std::string("\x89PNG\0\xff", 6));
  connect();
  let_go(root + "/picture.png");
  ASSERT_TRUE(sent("6")) << frame.console_error() << frame.notice();
  EXPECT_THAT(frame.notice(), HasSubstr("picture.png was copied"));
}

TEST_F(DropAFile, ElsewhereItOpensAndWhatIsNotThereIsSaid) {
  connect();
  driver.move_mouse({4, 300});
  frame.drop(root + "/nothing.play");
  driver.frame(2);
  EXPECT_THAT(frame.notice(), HasSubstr("nothing.play"));
  let_go(root + "/nothing.png");
  EXPECT_THAT(frame.notice(), HasSubstr("nothing.png: No such file"));
  driver.move_mouse({4, 300});
  frame.drop(root + "/hello.play");
  driver.frame(2);
  EXPECT_EQ(frame.session().file(), root + "/hello.play");
}

}  // namespace files_test
}  // namespace sockscope
