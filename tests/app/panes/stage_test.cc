// What a click or a key on the Stage asks for: exactly one play line, on the thread that is shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pane_scene.h"

namespace sockscope {
namespace stage_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using T = TwoClients;

std::vector<std::string> lines(const Requests& requests) {
  std::vector<std::string> out;
  for (const WindowRequest& asked : requests) {
    if (const auto* line = std::get_if<request::RunLine>(&asked)) {
      out.push_back(line->thread + ">>> " + line->text);
    } else if (const auto* interrupt = std::get_if<request::Interrupt>(&asked)) {
      out.push_back("interrupt " + std::to_string(interrupt->thread));
    } else {
      out.push_back("request " + std::to_string(asked.index()));
    }
  }
  return out;
}

struct StagePane : ::testing::Test {
  testing::PaneScene scene{draw_stage, while_bob_waits(), {1119, 440}};
  void SetUp() override { scene.driver.frame(2); }
  std::vector<std::string> after_click(const std::string& key) {
    scene.requests.clear();
    scene.driver.click("stage/" + key);
    return lines(scene.requests);
  }
};

TEST(CrampedStage, TheThingsNeedTheRoomAndNoButtonStandsOnThem) {
  for (const float high : {87.0f, 142.0f}) {
    testing::PaneScene scene{draw_stage, while_bob_waits(), {640, high}};
    scene.driver.frame(2);
    EXPECT_TRUE(scene.driver.shows("localhost")) << high;
    EXPECT_EQ(scene.driver.find("stage/socket-1").has_value(), high > 100) << high;
    EXPECT_FALSE(scene.driver.find("stage/serve-iterative")) << high;
  }
}

TEST_F(StagePane, EachStartButtonWritesThePlaysOwnLine) {
  // The name S is taken by the running server, so are a and b; client and c are free.
  EXPECT_THAT(after_click("serve-iterative"),
              ElementsAre("main>>> %serve S2 model=iterative handler=upper port=0"));
  EXPECT_THAT(after_click("serve-thread"),
              ElementsAre("main>>> %serve S2 model=thread handler=upper port=0"));
  EXPECT_THAT(after_click("start-client"), ElementsAre("client>>> c = socket(AF_INET, SOCK_STREAM)",
                                                       "client>>> c.connect(S.server_address)"));
  EXPECT_EQ(scene.view.thread, "client");
  EXPECT_THAT(after_click("new-socket"), IsEmpty());
  EXPECT_TRUE(scene.view.show_new_socket);
}

TEST_F(StagePane, AClickOnASocketSelectsItAndThePromptFollowsItsThread) {
  scene.driver.click("stage/socket-2");
  EXPECT_EQ(scene.view.selection, (Selection{Selection::Kind::socket, T::a, 0}));
  EXPECT_EQ(scene.view.thread, "ann");
  scene.driver.click("stage/seat-1-1");
  EXPECT_EQ(scene.view.selection, (Selection{Selection::Kind::socket, T::b, 0}));
  EXPECT_EQ(scene.view.thread, "bob");
}

TEST_F(StagePane, EachCallButtonOfASocketWritesItsLineAndNothingIsMissing) {
  scene.driver.click("stage/socket-2");
  EXPECT_THAT(after_click("bind"), ElementsAre("ann>>> a.bind(('127.0.0.1', 0))"));
  EXPECT_THAT(after_click("listen"), ElementsAre("ann>>> a.listen(2)"));
  EXPECT_THAT(after_click("accept"), ElementsAre("ann>>> conn, addr = a.accept()"));
  EXPECT_THAT(after_click("connect"), ElementsAre("ann>>> a.connect(S.server_address)"));
  EXPECT_THAT(after_click("send"), ElementsAre("ann>>> a.send(b'hello\\n')"));
  EXPECT_THAT(after_click("recv"), ElementsAre("ann>>> a.recv(1024)"));
  EXPECT_THAT(after_click("close"), ElementsAre("ann>>> a.close()"));
  EXPECT_THAT(after_click("calls"), IsEmpty());
  EXPECT_TRUE(scene.view.show_new_socket);
  EXPECT_EQ(scene.view.draft.socket, T::a) << "the form has every other call";
}

TEST_F(StagePane, AClickBesideEverythingSelectsNothingAndTheStartButtonsAreBack) {
  scene.driver.click("stage/socket-2");
  EXPECT_FALSE(scene.driver.find("stage/start-client"));
  scene.driver.click_at({200, 400});
  EXPECT_EQ(scene.view.selection.kind, Selection::Kind::none);
  EXPECT_TRUE(scene.driver.find("stage/start-client"));
}

TEST_F(StagePane, ABlockedThreadCanBeInterrupted) {
  scene.driver.click("stage/thread-4");
  EXPECT_EQ(scene.view.thread, "bob");
  EXPECT_THAT(after_click("interrupt"), ElementsAre("interrupt 4"));
}

TEST_F(StagePane, InterruptComesLeftOfTheCallsSoThatNoneMovesFromUnderThePointer) {
  scene.driver.click("stage/socket-4");
  const auto interrupt = scene.driver.find("stage/interrupt"), bind = scene.driver.find("stage/bind");
  ASSERT_TRUE(interrupt && bind);
  EXPECT_LT(interrupt->max.x, bind->min.x);
  EXPECT_EQ(interrupt->min.y, bind->min.y);
}

TEST_F(StagePane, AServersSocketOffersToStopItsServer) {
  scene.driver.click("stage/socket-1", 0.2f);
  EXPECT_THAT(after_click("stop"), ElementsAre("main>>> %stop S"));
}

TEST_F(StagePane, EverythingIsReachedByTabAndPressedByEnter) {
  for (const char* key : {"maximise", "thread-3", "socket-2", "socket-1", "seat-1-1", "thread-2", "socket-3",
                          "serve-iterative", "serve-thread", "start-client", "new-socket"}) {
    scene.driver.tab_to(std::string("stage/") + key);
  }
  scene.driver.tab_to("stage/socket-4");
  scene.driver.key(ui::Key::enter);
  EXPECT_EQ(scene.view.selection, (Selection{Selection::Kind::socket, T::b, 0}));
  scene.driver.tab_to("stage/close");
  scene.requests.clear();
  scene.driver.key(ui::Key::enter);
  EXPECT_THAT(lines(scene.requests), ElementsAre("bob>>> b.close()"));
}

TEST_F(StagePane, SaysWhoIsBlockedInWhatAndWhoWaitsWhere) {
  EXPECT_TRUE(scene.driver.shows("in recv"));
  EXPECT_TRUE(scene.driver.shows("1 of 6 seats"));
  EXPECT_TRUE(scene.driver.shows("listen(5) gives 5 + 1"));
}

TEST(Stage, AFullQueueSaysSo) {
  TraceBuilder b;
  const ThreadId server = b.thread("server");
  const SocketId s = b.socket(server, "s");
  b.bind(server, s, loopback(0), loopback(4000)).listen(server, s, 2).listener(s, 3, 2);
  testing::PaneScene scene(draw_stage, b.trace(), {1119, 440});
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("3 of 3 seats"));
  EXPECT_TRUE(scene.driver.shows("Full."));
}

TEST(Stage, WithoutAServerAClientAsksTheTutorialsPortInEarnest) {
  testing::PaneScene scene(draw_stage, Trace{}, {1119, 440});
  scene.driver.frame(2);
  scene.driver.click("stage/start-client");
  EXPECT_THAT(lines(scene.requests), ElementsAre("client>>> c = socket(AF_INET, SOCK_STREAM)",
                                                 "client>>> c.connect(('127.0.0.1', 9999))"));
}

TEST(Stage, ADeadlockIsToldWholeAtAnyWidth) {
  TraceBuilder b;
  const ThreadId main = b.thread("main"), client = b.thread("client"), server = b.thread("server");
  const SocketId s = b.socket(main, "s");
  b.bind(main, s, loopback(0), loopback(4000)).listen(main, s, 2);
  const SocketId c = b.socket(client, "c");
  b.connect(client, c, loopback(4000), loopback(4001));
  const CallId accept = b.enter(server, Call::accept, s);
  const SocketId conn = b.accepted(accept, s, loopback(4000), loopback(4001));
  for (const auto& [thread, socket] : {std::pair{client, c}, std::pair{server, conn}}) {
    const CallId recv = b.enter(thread, Call::recv, socket);
    b.blocked(thread, recv);
  }
  for (const float wide : {560.0f, 800.0f, 1119.0f, 2000.0f}) {
    testing::PaneScene scene{draw_stage, b.trace(), {wide, 440}};
    scene.driver.frame(2);
    std::string said;
    for (const std::string& text : scene.driver.record.texts) said += text + " ";
    EXPECT_NE(said.find("A deadlock: "), std::string::npos) << wide;
    EXPECT_NE(said.find("by itself."), std::string::npos) << wide;
    for (const std::string& cut : scene.driver.record.cut) EXPECT_EQ(cut.find("deadlock"), cut.npos) << wide;
  }
}

TEST(Stage, AnEmptyOneShowsThreeWaysIn) {
  testing::PaneScene scene(draw_stage, Trace{}, {1119, 440});
  scene.lessons = {{"01-hello", "Hello", {}}};
  scene.driver.frame(2);
  scene.driver.click("stage/first-lesson");
  scene.driver.click("stage/tutorial");
  scene.driver.click("stage/own-socket");
  ASSERT_EQ(scene.requests.size(), 2u);
  EXPECT_EQ(std::get<request::OpenLesson>(scene.requests[0]).id, "01-hello");
  EXPECT_EQ(std::get<request::StartTutorialServer>(scene.requests[1]).model, "iterative");
  EXPECT_TRUE(scene.view.show_new_socket);
}

TEST(Stage, AnEmptyOneInALessonLeavesTheWayToTheLesson) {
  testing::PaneScene scene(draw_stage, Trace{}, {1119, 440});
  scene.lessons = {{"01-hello", "Hello", {}}};
  scene.lesson_id = "01-hello";
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("The lesson says what comes next."));
  EXPECT_FALSE(scene.driver.find("stage/first-lesson"));
  EXPECT_FALSE(scene.driver.find("stage/own-socket"));
}

TEST(Stage, InANarrowPlaceTheStartButtonsMoveUnderTheDeskAndStillWork) {
  testing::PaneScene scene(draw_stage, while_bob_waits(), {520, 420});
  scene.driver.frame(2);
  scene.driver.click("stage/start-client");
  EXPECT_EQ(scene.requests.size(), 2u);
}

TEST(Stage, ClocksAskForFramesOnlyWhileFollowingALiveSession) {
  testing::PaneScene scene(draw_stage, while_bob_waits(), {1119, 440});
  scene.driver.frame(2);
  EXPECT_LT(scene.driver.wake_in, 0);
  scene.live = scene.view.follow = true;
  scene.now = scene.trace().end() + 1;
  scene.driver.frame(2);
  EXPECT_FLOAT_EQ(scene.driver.wake_in, 0.25f);
  scene.now = scene.trace().end() + 600 * kSecond;
  scene.driver.frame(2);
  EXPECT_FLOAT_EQ(scene.driver.wake_in, 60);
}

}  // namespace stage_test
}  // namespace sockscope
