// A race in the Stage's place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pane_scene.h"
#include "panes/race.h"
#include "random_events.h"

namespace sockscope {
namespace race_test {

// Two servers, each with a load of two clients; both begin at 10 ms. The first answers one after the other.
Trace two_servers() {
  TraceBuilder b;
  std::vector<SocketId> listeners;
  for (const char* name : {"one", "two"}) {
    const ThreadId accepts = b.thread(std::string(name) + ".accept", ThreadRole::accept, name);
    listeners.push_back(b.socket(accepts));
    b.put(event::ServerStarted{static_cast<ServerId>(listeners.size()), listeners.back(),
                               std::string_view(name), "iterative", "upper",
                               loopback(static_cast<std::uint16_t>(listeners.size()))});
  }
  std::vector<std::pair<ThreadId, SocketId>> clients;
  for (ServerId id = 1; id <= 2; ++id) {
    const std::string load = "load" + std::to_string(id);
    b.at(10).put(event::LoadStarted{id + 10, 2, std::string_view(load), id == 1 ? "one" : "two"});
    for (int i = 0; i < 2; ++i) {
      const ThreadId thread = b.thread(load + "." + std::to_string(i), ThreadRole::load, load);
      clients.emplace_back(thread, b.socket(thread));
      b.ret(b.enter(thread, Call::connect, clients.back().second,
                    b.to(loopback(static_cast<std::uint16_t>(id)))),
            0);
    }
    b.put(event::ListenerSampled{listeners[id - 1], 2, 5, 0, 0});
    b.put(event::ServerSampled{id, 1, 8192, 4, 0, kMillisecond});
  }
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const CallId call =
        b.at(100 + 100 * static_cast<double>(i)).enter(clients[i].first, Call::recv, clients[i].second);
    b.after(10).received(call, "HELLO");
  }
  b.at(500).put(event::LoadEnded{11, 2, 0, 0, 0});
  b.put(event::LoadEnded{12, 2, 0, 0, 0});
  return b.trace();
}

TEST(DetailsPane, OfAServerUnderLoadTellsWhoWasAnsweredAndHowLongTheyWaited) {
  testing::PaneScene scene{draw_details, two_servers(), {480, 900}};
  scene.view.selection = {Selection::Kind::server, 1, 0};
  scene.at(150);
  EXPECT_TRUE(scene.driver.shows("Its load"));
  EXPECT_TRUE(scene.driver.shows("half of the 1 waited"));
  EXPECT_TRUE(scene.driver.shows("at most 1 in a bar of"));
  scene.at(50);
  EXPECT_FALSE(scene.driver.shows("waited no longer")) << "nobody has an answer yet";
}

TEST(RacePane, TwoServersUnderLoadAtOnceStandInTheStagesPlace) {
  testing::PaneScene scene{draw_stage, two_servers(), {1119, 440}};
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Race"));
  EXPECT_TRUE(scene.driver.shows("Each client: connect to answer"));
  EXPECT_TRUE(scene.driver.shows("2 of 2 answered"));
  EXPECT_TRUE(scene.driver.shows("8 KiB"));
  EXPECT_FALSE(scene.driver.shows("localhost"));
  scene.at(250);
  EXPECT_TRUE(scene.driver.shows("0 of 2 answered"));
  scene.driver.click("stage/race-two");
  EXPECT_EQ(scene.view.selection, (Selection{Selection::Kind::server, 2, 0}));
}

TEST(RacePane, AClickGoesToTheStageAndBack) {
  testing::PaneScene scene{draw_stage, two_servers(), {1119, 440}};
  scene.driver.frame(2);
  scene.driver.click("stage/race");
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("localhost"));
  scene.driver.click("stage/race");
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("Being served"));
}

TEST(RacePane, WithoutALoadThereIsNone) {
  testing::PaneScene scene{draw_stage, two_clients_trace(), {1119, 440}};
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.find("stage/race"));
}

TEST(RacePane, EverySizeAndRandomEventsAreDrawnWithoutHarm) {
  for (const ImVec2 size : {ImVec2{200, 60}, ImVec2{400, 120}, ImVec2{700, 300}, ImVec2{2000, 1200}}) {
    testing::PaneScene scene{draw_stage, two_servers(), size};
    scene.view.show_race = true;
    for (const double at : {0.0, 9.0, 120.0, 600.0}) scene.at(at);
  }
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    Trace trace;
    for (Event& event : RandomEvents(seed).make(400, 5 * kSecond)) trace.append(std::move(event), false);
    testing::PaneScene scene{draw_stage, std::move(trace), {900, 400}};
    scene.view.show_race = true;
    scene.driver.frame(2);
  }
}

}  // namespace race_test
}  // namespace sockscope
