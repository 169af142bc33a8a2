// What the Stage shows of the kernel's own word: seats, drops, timers, tanks, what is left after close.
#include <gtest/gtest.h>

#include <algorithm>

#include "kernel_trace.h"
#include "pane_scene.h"
#include "panes/frame.h"
#include "panes/stage_layout.h"

namespace sockscope {
namespace stage_kernel_test {

using testing::PaneScene;
using Q = FullQueue;
using W = ShutWindow;

const ImVec2 kSize{1119, 440};

struct Shown : PaneScene {
  explicit Shown(Trace trace, ImVec2 size = kSize) : PaneScene(draw_stage, std::move(trace), size) {
    driver.frame(2);
  }
  bool tooltip(const std::string& key, const std::string& text) {
    const auto item = driver.need("stage/" + key);
    driver.move_mouse({(item.min.x + item.max.x) / 2, (item.min.y + item.max.y) / 2});
    driver.frame(40);
    return driver.shows(text);
  }
};

TEST(StageSeats, AForeignClientHasItsPortAndIsSelected) {
  Shown stage(full_queue_trace());
  EXPECT_TRUE(stage.driver.shows(":54321"));
  EXPECT_TRUE(stage.driver.shows("other program"));
  stage.driver.click("stage/seat-1-2");
  EXPECT_EQ(stage.view.selection, (Selection{Selection::Kind::socket, Q::other, 0}));
}

TEST(StageSeats, AClientThatClosedKeepsItsSeatAndTheServersSideSaysSo) {
  Shown stage(full_queue_trace());
  EXPECT_TRUE(stage.driver.shows("from a"));
  EXPECT_TRUE(stage.driver.shows("CLOSE_WAIT"));
  EXPECT_TRUE(stage.driver.shows("6 B wait here"));
}

TEST(StageDoor, AFullQueueSaysWhoKnocksAndWhenTheNextSynComes) {
  Shown stage(full_queue_trace(), {1600, 440});
  EXPECT_TRUE(stage.driver.shows("Full. The kernel drops each new SYN: 4 so far."));
  EXPECT_TRUE(stage.driver.shows("No answer yet: c and d. Next SYN in 1.00 s."));
  EXPECT_TRUE(stage.driver.shows("SYN queue 1"));
  EXPECT_TRUE(stage.driver.shows("SYN again in 1.00 s"));
  EXPECT_TRUE(stage.driver.shows("try 3"));
}

TEST(StageDoor, NothingOfItIsCutWhereThereIsLittleRoom) {
  Shown stage(full_queue_trace(), {760, 560});
  for (const std::string& cut : stage.driver.record.cut) {
    EXPECT_EQ(cut.find("SYN"), std::string::npos) << cut;
  }
  EXPECT_TRUE(stage.driver.shows("Full. SYNs dropped: 4"));
}

TEST(StageDoor, OverFiveDropsAreANumber) {
  TraceBuilder b = full_queue_builder();
  b.put(event::ListenerSampled{Q::s, 3, 2, 0, 5});
  Shown five(b.trace());
  const auto alone = [](const Shown& stage, const char* text) {
    const auto& texts = stage.driver.record.texts;
    return std::find(texts.begin(), texts.end(), text) != texts.end();
  };
  EXPECT_FALSE(alone(five, "5"));
  b.put(event::ListenerSampled{Q::s, 3, 2, 0, 12});
  EXPECT_TRUE(alone(Shown(b.trace()), "12"));
}

TEST(StageDoor, ACountdownAsksForFramesOnlyUntilItHasRunOut) {
  Shown stage(full_queue_trace());
  stage.live = stage.view.follow = true;
  stage.now = stage.trace().end() + 500 * kMillisecond;
  stage.driver.frame(2);
  EXPECT_TRUE(stage.driver.shows("SYN again in 0.50 s"));
  EXPECT_FLOAT_EQ(stage.driver.wake_in, 0.25f);
}

TEST(StageDoor, WhoAsksInVainIsKnownByItsConnect) {
  const StageModel model = stage_model(fold(full_queue_trace()));
  ASSERT_EQ(model.servers.size(), 1u);
  EXPECT_EQ(model.servers[0].knocking, (std::vector<SocketId>{Q::c, Q::d}));
}

TEST(StageDoor, ALowListenerStillHasRoomForWhatIsWrong) {
  const StageModel model = stage_model(fold(full_queue_trace()));
  for (const float height : {200.0f, 240.0f, 300.0f, 400.0f}) {
    const StageLayout layout = stage_layout(model, {{0, 0}, {1087, height}}, 1);
    const StageBlock& block = layout.blocks.at(0);
    if (is_empty(block.queue)) continue;
    EXPECT_FALSE(is_empty(block.note)) << height;
    EXPECT_TRUE(contains(block.listener, block.note)) << height;
    EXPECT_TRUE(is_empty(block.knocks) || contains(block.listener, block.knocks)) << height;
    for (const Rect seat : block.seats) EXPECT_FALSE(overlap(seat, block.note)) << height;
  }
}

TEST(StageDoor, AskingForMoreThanTheMachineGivesIsSaid) {
  Shown stage(shut_window_trace());
  EXPECT_TRUE(stage.driver.shows("listen(100000): somaxconn gives 4096 + 1"));
}

TEST(StageTanks, AShutWindowIsSaidAtThePeerAndWhatWaitsAtEachEnd) {
  Shown stage(shut_window_trace());
  EXPECT_TRUE(stage.driver.shows("window 0"));
  EXPECT_TRUE(stage.driver.shows("90 kB unread")) << "the rest has not left the sender";
  EXPECT_TRUE(stage.driver.shows("210 kB"));
}

TEST(StageTanks, ADatagramQueueIsCountedInDatagramsOfOursAndTheLostAreSaid) {
  TraceBuilder b;
  const ThreadId t = b.thread("main");
  b.of(AF_INET, SOCK_DGRAM);
  const SocketId in = b.socket(t, "u"), out = b.socket(t, "v");
  b.bind(t, in, loopback(6000), loopback(6000)).bind(t, out, loopback(6001), loopback(6001));
  b.sendto(t, out, "12345", loopback(6000));
  b.put(event::QueuesSampled{in, 768, 0, 0, 0, 0, 0, 0, 0, 2304, 0, 41});
  Shown stage(b.trace());
  EXPECT_TRUE(stage.driver.shows("5 B unread"));
  EXPECT_TRUE(stage.driver.shows("41 lost"));
}

TEST(StageAfterClose, TimeWaitStaysWithItsTimeAndNoDescriptor) {
  Shown stage(many_past_builder(1).trace());
  EXPECT_TRUE(stage.driver.shows("TIME_WAIT"));
  EXPECT_TRUE(stage.driver.shows("60 s"));
  EXPECT_TRUE(stage.driver.shows("#2 no fd"));
  EXPECT_TRUE(stage.tooltip("socket-2", "closed first. The kernel forgets it in 60 s."));
}

TEST(StageAfterClose, TimeWaitIsCountedDownOnceASecondAndOnlyWhileItRuns) {
  for (const unsigned past : {1u, 400u}) {
    testing::PaneScene scene{draw_stage, many_past_builder(past).trace(), {1119, 440}};
    scene.live = scene.view.follow = true;
    const State end = fold(scene.trace());
    Time ends = 0;
    for (const SocketState& socket : end.sockets()) ends = std::max(ends, socket.timer_ends);
    ASSERT_GT(ends, scene.trace().end());
    scene.now = ends - 42'600 * kMillisecond;
    scene.driver.frame(2);
    EXPECT_TRUE(scene.driver.shows("43 s")) << past;
    EXPECT_NEAR(scene.driver.wake_in, 0.6, 0.02) << past;
    scene.now = ends + kSecond;
    scene.driver.frame(2);
    EXPECT_LT(scene.driver.wake_in, 0) << past;
    scene.view.follow = false;  // in the past it is the cursor's moment
    scene.view.cursor = ends - 20 * kSecond;
    scene.driver.frame(2);
    EXPECT_TRUE(scene.driver.shows("20 s")) << past;
    EXPECT_LT(scene.driver.wake_in, 0) << past;
  }
}

TEST(StageAfterClose, ManyInTimeWaitAreCountedAndTheLivingKeepTheirCards) {
  const TraceBuilder b = many_past_builder(400);
  const StageModel model = stage_model(fold(b.trace()));
  EXPECT_EQ(model.past, 400u);
  EXPECT_EQ(model.clients.size(), 1u);
  const StageLayout layout = stage_layout(model, {{0, 0}, {1087, 380}}, 1);
  EXPECT_EQ(layout.clients.cells.size(), 1u);
  EXPECT_FALSE(overlap(layout.clients.past, layout.clients.cells[0].socket));
  Shown stage(b.trace());
  EXPECT_TRUE(stage.driver.shows("400 closed, in TIME_WAIT"));
}

TEST(StageKernel, DrawsAtEverySizeScaleThemeAndLanguage) {
  for (const ImVec2 size : {ImVec2{1119, 440}, {900, 300}, {700, 260}, {420, 500}}) {
    for (const TraceBuilder& b : {full_queue_builder(), shut_window_builder(), many_past_builder(6)}) {
      Shown stage(b.trace(), size);
      for (const ui::Language language : {ui::Language::en, ui::Language::zh}) {
        stage.driver.language = language;
        stage.driver.frame(2);
        EXPECT_TRUE(stage.driver.shows("localhost"));
      }
    }
  }
}

}  // namespace stage_kernel_test
}  // namespace sockscope
