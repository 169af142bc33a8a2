#include "gui/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "calls/calls.h"
#include "driver.h"
#include "frame_turns.h"
#include "state_home.h"
#include "trace/clock.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

using testing::Driver;
using ui::Key;

constexpr Time kPatience = 20 * kSecond;

// A window without a window: what the loop of gui/window.cc does, by hand.
struct Desk {
  explicit Desk(std::unique_ptr<Session> session)
      : frame(std::move(session), LessonShelf{std::string(SOCKSCOPE_SOURCE_DIR) + "/lessons"}) {
    driver.bare_window = false;
    driver.frame(2);
  }
  void draw(ui::Ui& ui) {
    driver.language = frame.view.language;
    driver.theme = frame.view.theme;
    frame.draw(ui, ImGui::GetIO().DisplaySize);
  }
  // Turns the session until this is so.
  bool until(const std::function<bool()>& so) { return testing::turn_until(frame, driver, so); }
  const State& state() { return frame.session().state(); }
  bool listens() {
    for (const SocketState& socket : state().sockets()) {
      if (socket.state == TcpState::LISTEN) return true;
    }
    return false;
  }
  void type(const std::string& line) {
    driver.ring.go("console/prompt");
    driver.frame(3);
    driver.type(line);
    driver.key(Key::enter);
  }

  StateHome home;
  Frame frame;
  Driver driver{[this](ui::Ui& ui) { draw(ui); }};
};

std::unique_ptr<Desk> live_desk() {
  auto desk = std::make_unique<Desk>(Session::live(true));
  desk->frame.view.first_run = false;
  desk->driver.frame(2);
  return desk;
}

TEST(Frame, LinesTypedIntoTheConsoleMakeRealSockets) {
  const auto desk = live_desk();
  desk->type("s = socket(AF_INET, SOCK_STREAM)");
  desk->type("s.bind(('127.0.0.1', 0))");
  desk->type("s.listen(2)");
  ASSERT_TRUE(desk->until([&] { return desk->listens(); }));
  const BoundName* name = desk->state().name("s");
  ASSERT_NE(name, nullptr);
  EXPECT_EQ(name->kind, NameKind::socket);
  EXPECT_TRUE(desk->driver.shows("LISTEN"));
}

TEST(Frame, ALineThatDoesNotParseIsShownAndRunsNothing) {
  const auto desk = live_desk();
  desk->type("s = sokket(AF_INET)");
  EXPECT_FALSE(desk->frame.console_error().empty());
  EXPECT_TRUE(desk->state().sockets().empty());
  desk->type("s = socket(AF_INET, SOCK_STREAM)");
  EXPECT_TRUE(desk->frame.console_error().empty());
  EXPECT_TRUE(desk->until([&] { return !desk->state().sockets().empty(); }));
}

TEST(Frame, ABlockedCallIsInterruptedOnRequest) {
  const auto desk = live_desk();
  for (const char* line :
       {"s = socket(AF_INET, SOCK_STREAM)", "s.bind(('127.0.0.1', 0))", "s.listen(1)", "s.accept()"}) {
    desk->type(line);
  }
  ASSERT_TRUE(desk->until([&] {
    const ThreadState* main = desk->state().thread("main");
    return main != nullptr && main->blocked;
  }));
  EXPECT_GT(desk->frame.clock_pitch(), 0) << "a clock runs while it is blocked";
  desk->frame.run(request::Interrupt{desk->state().thread("main")->id});
  EXPECT_TRUE(
      desk->until([&] { return desk->state().thread("main")->line_exception == "InterruptedError"; }));
  EXPECT_LT(desk->frame.clock_pitch(), 0) << "nothing is in a call: nothing is drawn again";
}

TEST(Frame, TheTutorialsServerStartsWithTwoClientsAndBothAreAnswered) {
  const auto desk = live_desk();
  desk->frame.run(request::StartTutorialServer{"iterative"});
  ASSERT_TRUE(desk->until([&] {
    const ServerState* server = desk->state().server("S");
    return server != nullptr && server->served == 2;
  })) << desk->frame.notice()
      << desk->frame.console_error();
  EXPECT_EQ(desk->state().server("S")->model, "iterative");
  EXPECT_NE(desk->state().name("a"), nullptr);
  EXPECT_NE(desk->state().name("b"), nullptr);
}

// Starts the tutorial's server; its port once it runs, 0: it does not.
int tutorial_port(Frame& frame) {
  frame.run(request::StartTutorialServer{"thread"});
  const Time end = now() + kPatience;
  while (now() < end) {
    frame.tick();
    frame.session().wait(10 * kMillisecond);
    const ServerState* server = frame.session().state().server("S");
    if (server != nullptr && server->running) return server->address.port;
  }
  return 0;
}

TEST(Frame, TheTutorialsServerTakesAFreePortWhen9999IsTaken) {
  const auto desk = live_desk();
  Frame other(Session::live(true), LessonShelf{});
  // Taken from the first by another program on this machine, or from the second by the first: the same to it.
  const int first = tutorial_port(desk->frame);
  const Frame& late = first == 9999 ? other : desk->frame;
  const int port = first == 9999 ? tutorial_port(other) : first;
  EXPECT_NE(port, 0);
  EXPECT_NE(port, 9999);
  EXPECT_THAT(late.notice(), ::testing::HasSubstr("9999"));
}

TEST(Frame, ASecondTutorialServerBeginsANewSession) {
  const auto desk = live_desk();
  int sessions = 0;
  desk->frame.on_new_session = [&](Session&) { ++sessions; };
  desk->frame.run(request::StartTutorialServer{"iterative"});
  ASSERT_TRUE(desk->until([&] { return desk->state().server("S") != nullptr; }));
  desk->frame.run(request::StartTutorialServer{"thread"});
  EXPECT_EQ(sessions, 1);
  ASSERT_TRUE(desk->until([&] {
    const ServerState* server = desk->state().server("S");
    return server != nullptr && server->served == 2;
  }));
  EXPECT_EQ(desk->state().server("S")->model, "thread");
}

TEST(Frame, APlayOfALessonRunsInANewSessionBesideItsText) {
  const auto desk = live_desk();
  desk->frame.run(request::OpenPlay{"02-five-steps", "hello.play"});
  EXPECT_EQ(desk->frame.notice(), "");
  EXPECT_THAT(desk->frame.session().file(), ::testing::EndsWith("hello.play"));
  EXPECT_TRUE(desk->until([&] {
    for (std::size_t seq = 0; seq < desk->frame.session().trace().size(); ++seq) {
      if (std::holds_alternative<event::Expectation>(desk->frame.session().trace()[seq].body)) return true;
    }
    return false;
  }));
}

TEST(Frame, APlayOrLessonThatIsNotThereIsANotice) {
  const auto desk = live_desk();
  desk->frame.run(request::OpenPlay{"02-five-steps", "../../README.md"});
  EXPECT_THAT(desk->frame.notice(), ::testing::HasSubstr("has no play"));
  desk->frame.run(request::OpenPlay{"77-nothing", "a.play"});
  EXPECT_THAT(desk->frame.notice(), ::testing::HasSubstr("77-nothing"));
  const Session* before = &desk->frame.session();
  EXPECT_FALSE(desk->frame.open("/nowhere/at.all").has_value());
  EXPECT_EQ(before, &desk->frame.session());
}

TEST(Frame, ALineTypedIntoARecordingBeginsALiveSession) {
  Desk desk(Session::replay(two_clients_trace(), "two-clients.jsonl"));
  desk.frame.view.first_run = false;
  desk.frame.view.theme = ui::ThemeName::dark;
  desk.frame.run(request::RunLine{"main", "s = socket(AF_INET, SOCK_STREAM)"});
  EXPECT_TRUE(desk.frame.session().is_live());
  EXPECT_THAT(desk.frame.notice(), ::testing::HasSubstr("two-clients.jsonl"));
  EXPECT_EQ(desk.frame.view.theme, ui::ThemeName::dark) << "the look stays";
  EXPECT_TRUE(desk.until([&] { return desk.state().name("s") != nullptr; }));
}

TEST(Frame, AReplayRunsFromTheStartToTheEndAndStops) {
  TraceBuilder b;
  b.thread("main");
  b.at(200).end_thread(1);
  Desk desk(Session::replay(b.trace(), "short.jsonl"));
  desk.frame.run(request::ReplayRun{true});
  EXPECT_TRUE(desk.frame.replaying());
  EXPECT_EQ(desk.frame.view.cursor, TraceBuilder::kStart);
  EXPECT_TRUE(desk.until([&] { return !desk.frame.replaying(); }));
  EXPECT_EQ(desk.frame.view.cursor, desk.frame.session().trace().end());
}

TEST(Frame, AReplayOfAnHourIsSoonOverAtAHundredThousandTimesItsSpeed) {
  TraceBuilder b;
  b.thread("main");
  b.at(3.6e6).end_thread(1);
  Desk desk(Session::replay(b.trace(), "long.jsonl"));
  desk.frame.view.replay_speed = 1e5;
  desk.frame.run(request::ReplayRun{true});
  EXPECT_TRUE(desk.until([&] { return !desk.frame.replaying(); }));
  EXPECT_EQ(desk.frame.view.cursor, desk.frame.session().trace().end());
}

TEST(Frame, APausedReplayStandsStill) {
  Desk desk(Session::replay(two_clients_trace(), "two-clients.jsonl"));
  desk.frame.run(request::ReplayRun{true});
  desk.frame.run(request::ReplayRun{false});
  const Time cursor = desk.frame.view.cursor;
  EXPECT_FALSE(desk.frame.tick());
  EXPECT_EQ(desk.frame.view.cursor, cursor);
  EXPECT_FALSE(desk.frame.replaying());
}

TEST(Frame, AtTheCursorARecordingIsAsItWasThen) {
  Desk desk(Session::replay(two_clients_trace(), "two-clients.jsonl"));
  desk.frame.view.first_run = false;
  desk.frame.view.follow = false;
  desk.frame.view.cursor = TraceBuilder::kStart + static_cast<Time>(TwoClients::bob_waits * 1e6);
  desk.driver.frame(2);
  EXPECT_TRUE(desk.driver.shows("1 of 6 seats")) << "bob sits in the accept queue";
}

TEST(Frame, LiveAndReplayOfTheSameTraceDrawTheSameTexts) {
  const auto desk = live_desk();
  desk->type("s = socket(AF_INET, SOCK_STREAM)");
  desk->type("s.close()");
  ASSERT_TRUE(desk->until([&] {
    const ThreadState* main = desk->state().thread("main");
    return main != nullptr && main->last_call == Call::close && !main->line_running;
  }));
  desk->frame.session().settle_trace();
  const auto texts = [](Frame& frame, Pane pane) {
    frame.view.first_run = false;
    frame.view.follow = false;
    frame.view.cursor = frame.session().trace().end();
    frame.frozen = frame.view.cursor;
    Driver driver([&](ui::Ui& ui) { frame.draw(ui, {1600, 1000}, pane); });
    driver.bare_window = false;
    driver.frame(3);
    return driver.record.texts;
  };
  Trace copy;
  const Trace& trace = desk->frame.session().trace();
  for (std::size_t seq = 0; seq < trace.size(); ++seq) copy.append(trace[seq], trace.late(seq));
  Frame replay(Session::replay(std::move(copy), "copy.jsonl"), LessonShelf{});
  for (const Pane pane : {Pane::stage, Pane::code, Pane::narration, Pane::states}) {
    const auto replayed = texts(replay, pane);
    EXPECT_EQ(texts(desk->frame, pane), replayed) << static_cast<int>(pane);
    EXPECT_GT(replayed.size(), 2u);
  }
}

TEST(Frame, TheFirstScreensKeyTwoStartsTheServer) {
  Desk desk(Session::live(true));
  ASSERT_TRUE(desk.frame.view.first_run);
  desk.driver.key(Key::n2);
  EXPECT_TRUE(desk.until([&] { return desk.state().server("S") != nullptr; })) << desk.frame.console_error();
  EXPECT_FALSE(desk.frame.view.first_run);
}

TEST(Frame, CtrlQAsksToQuit) {
  const auto desk = live_desk();
  desk->driver.key(Key::q, true);
  EXPECT_TRUE(desk->frame.quit());
}

TEST(Frame, ALessonsTextFollowsTheLanguage) {
  const auto desk = live_desk();
  desk->frame.run(request::OpenLesson{"02-five-steps"});
  desk->driver.frame(3);
  EXPECT_TRUE(desk->driver.shows("Five steps")) << desk->frame.notice();
  desk->frame.view.language = ui::Language::zh;
  desk->driver.frame(3);
  EXPECT_TRUE(desk->driver.shows("五个步骤"));
}

}  // namespace
}  // namespace sockscope
