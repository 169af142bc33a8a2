#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>

#include "driver.h"
#include "frame_turns.h"
#include "gui/frame.h"
#include "gui/saves.h"
#include "session/own_files.h"
#include "state_home.h"
#include "trace/clock.h"
#include "trace/recording.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

struct PastDesk {
  explicit PastDesk(std::unique_ptr<Session> session)
      : frame(std::move(session), LessonShelf{std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons"}) {
    driver.bare_window = false;
    frame.view.first_run = false;
    driver.frame(2);
  }
  bool until(const std::function<bool()>& so) { return testing::turn_until(frame, driver, so); }
  bool has(const std::string& name) { return frame.session().state().name(name) != nullptr; }
  // A recording of `events` events, in a file.
  std::string recording(std::size_t events) {
    TraceBuilder b;
    const ThreadId client = b.thread("client");
    const SocketId c = b.socket(client, "c");
    Trace trace = b.trace();
    for (std::uint32_t i = 0; trace.size() < events; ++i)
      trace.append({trace.end() + 1, event::QueuesSampled{c, i, 0, 0, 0, 0}}, false);
    const std::string path = state_folder().value() + "/some.jsonl";
    EXPECT_TRUE(save_recording(trace, path).has_value());
    return path;
  }

  StateHome home;
  Frame frame;
  testing::Driver driver{[this](ui::Ui& ui) {
    driver.language = frame.view.language;
    frame.draw(ui, ImGui::GetIO().DisplaySize);
  }};
};

TEST(FramePast, ARecordingIsReadApartWithTheWindowLive) {
  PastDesk desk(Session::live(true));
  const std::string path = desk.recording(200'000);
  desk.frame.loads_apart = true;
  ASSERT_TRUE(desk.frame.open(path).has_value());
  EXPECT_TRUE(desk.frame.loading());
  EXPECT_TRUE(desk.frame.session().is_live()) << "until it is read";
  desk.driver.frame(2);
  EXPECT_TRUE(desk.driver.shows("Reading ")) << "the frame draws meanwhile";
  ASSERT_TRUE(desk.until([&] { return !desk.frame.loading(); }));
  EXPECT_FALSE(desk.frame.session().is_live());
  EXPECT_EQ(desk.frame.session().trace().size(), 200'000u);
  EXPECT_FALSE(desk.driver.shows("Reading "));
}

TEST(FramePast, ACancelledReadingLeavesWhatWasThere) {
  PastDesk desk(Session::live(true));
  const std::string path = desk.recording(200'000);
  desk.frame.run(request::RunLine{"main", "kept = 1"});
  ASSERT_TRUE(desk.until([&] { return desk.has("kept"); }));
  desk.frame.loads_apart = true;
  ASSERT_TRUE(desk.frame.open(path).has_value());
  desk.driver.click("loading/cancel");  // frames alone: it is taken by no tick
  EXPECT_FALSE(desk.frame.loading());
  desk.frame.tick();
  EXPECT_TRUE(desk.frame.session().is_live());
  EXPECT_TRUE(desk.has("kept"));
}

TEST(FramePast, ADamagedRecordingIsANoticeAndLeavesWhatWasThere) {
  PastDesk desk(Session::live(true));
  const std::string path = desk.recording(100);
  std::ofstream(path, std::ios::app) << "{ not an event }\n";
  desk.frame.loads_apart = true;
  ASSERT_TRUE(desk.frame.open(path).has_value());
  ASSERT_TRUE(desk.until([&] { return !desk.frame.loading(); }));
  EXPECT_TRUE(desk.frame.session().is_live());
  EXPECT_THAT(desk.frame.notice(), ::testing::HasSubstr("some.jsonl:"));
}

TEST(FramePast, FromAPastMomentTheLinesBeforeItRunAgainForReal) {
  PastDesk desk(Session::live(true));
  desk.frame.run(request::RunLine{"main", "s = socket(AF_INET, SOCK_STREAM)"});
  desk.frame.run(request::RunLine{"main", "s.bind(('127.0.0.1', 0))"});
  ASSERT_TRUE(desk.until([&] {
    const SocketState* s = desk.frame.session().state().socket(1);
    return s != nullptr && s->local.port != 0 && desk.frame.session().runner().waiting().empty() &&
           !desk.frame.session().state().thread("main")->line_running;
  }));
  const Time past = desk.frame.session().trace().end();
  desk.frame.run(request::RunLine{"main", "later = 1"});
  ASSERT_TRUE(desk.until([&] { return desk.has("later"); }));
  EXPECT_FALSE(desk.driver.find("bar/again")) << "now is not the past";
  desk.frame.view.follow = false;
  desk.frame.view.cursor = past;
  desk.driver.frame(2);
  const Session* before = &desk.frame.session();
  desk.driver.click("bar/again");
  ASSERT_NE(&desk.frame.session(), before);
  EXPECT_TRUE(desk.frame.session().is_live());
  EXPECT_THAT(desk.frame.notice(), ::testing::HasSubstr("These 2 lines run again"));
  ASSERT_TRUE(desk.until([&] {
    const SocketState* s = desk.frame.session().state().socket(1);
    return s != nullptr && s->local.port != 0;
  }));
  desk.frame.run(request::RunLine{"main", "differently = 1"});
  ASSERT_TRUE(desk.until([&] { return desk.has("differently"); }));
  EXPECT_FALSE(desk.has("later"));
}

TEST(FramePast, WhatCannotRunAgainIsSaid) {
  TraceBuilder b;
  const ThreadId main = b.thread("main");
  Trace trace = b.trace();
  trace.append({trace.end() + 1, event::LineStarted{1, main, 1, {}, Blob("x = 1")}}, false);
  trace.append({trace.end() + 1, event::ServerStarted{1, 0, Blob("S"), {}, {}, {}}}, false);
  PastDesk desk(Session::replay(std::move(trace), "served.jsonl"));
  desk.frame.run(request::RunAgain{});
  EXPECT_THAT(desk.frame.notice(), ::testing::HasSubstr("servers that no line started"));
}

TEST(FramePast, WithoutALineThereIsNothingToRunAgain) {
  TraceBuilder b;
  b.thread("main");
  PastDesk desk(Session::replay(b.trace(), "short.jsonl"));
  desk.frame.run(request::RunAgain{});
  EXPECT_FALSE(desk.frame.session().is_live());
  EXPECT_THAT(desk.frame.notice(), ::testing::HasSubstr("nothing to run again"));
}

TEST(FramePast, AnInterruptByButtonIsALineOfThePlay) {
  TraceBuilder b;
  const ThreadId main = b.thread("main");
  Trace trace = b.trace();
  trace.append({trace.end() + 1, event::LineStarted{1, main, 1, "", "s.accept()"}}, false);
  event::LineEnded ended;
  ended.line_id = 1;
  ended.thread = main;
  ended.exception = Blob(std::string_view("InterruptedError"));
  trace.append({trace.end() + 1, std::move(ended)}, false);
  EXPECT_THAT(play_lines(trace, trace.size()),
              ::testing::ElementsAre("main>>> s.accept()", "%interrupt main"));
  EXPECT_THAT(play_lines(trace, trace.size() - 1), ::testing::ElementsAre("main>>> s.accept()"));
}

}  // namespace
}  // namespace sockscope
