// Several computers on the Stage: places, packets, what a click asks for.

#include <gtest/gtest.h>

#include "pane_scene.h"
#include "panes/frame.h"
#include "panes/packet_look.h"
#include "panes/stage_hosts.h"
#include "trace/recording.h"

namespace sockscope {
namespace hosts_test {

using testing::PaneScene;

State with_hosts(unsigned hosts, unsigned wires) {
  State state;
  std::uint64_t seq = 0;
  for (unsigned i = 1; i <= hosts; ++i)
    state.apply({1, event::HostStarted{i,
                                       1,
                                       1,
                                       std::string_view(std::string(1, static_cast<char>('A' + i - 1))),
                                       inet(0x0a000000 + i, 0),
                                       {}}},
                seq++);
  for (unsigned i = 1; i <= wires; ++i) state.apply({2, event::WireChanged{i, i + 1}}, seq++);
  return state;
}

TEST(HostsLayout, NothingLiesOnAnythingWhateverTheNumber) {
  for (const ImVec2 size : {ImVec2{1080, 330}, ImVec2{1500, 800}, ImVec2{500, 500}, ImVec2{760, 250}}) {
    for (unsigned hosts = 1; hosts <= 16; ++hosts) {
      SCOPED_TRACE(::testing::Message() << size.x << "x" << size.y << " hosts " << hosts);
      const Rect area{{16, 80}, {16 + size.x, 80 + size.y}};
      const HostsLayout layout = hosts_layout(with_hosts(hosts, hosts - 1), hosts % 2 == 0, area, 1);
      std::vector<Rect> things;
      for (const auto& desk : layout.desks) things.push_back(desk.box);
      for (const auto& lane : layout.lanes) things.push_back(lane.box);
      EXPECT_EQ(layout.desks.size(), hosts + (hosts % 2 == 0 ? 1 : 0));
      EXPECT_EQ(layout.lanes.size() + layout.hidden_wires, hosts - 1);
      for (std::size_t i = 0; i < things.size(); ++i) {
        EXPECT_TRUE(contains(area, things[i])) << i;
        for (std::size_t j = i + 1; j < things.size(); ++j)
          EXPECT_FALSE(overlap(things[i], things[j])) << i << j;
      }
    }
  }
}

TEST(PacketWay, IsItsAgeAndStopsInTheMiddleWhileHeld) {
  PacketState packet;
  packet.id = 1;
  packet.from = 1;
  packet.to = 2;
  packet.sent = 1'000;
  packet.due = 2'000;
  EXPECT_FLOAT_EQ(packet_way(packet, 1'250), 0.25f);
  EXPECT_FLOAT_EQ(packet_way(packet, 5'000), 1.0f);
  EXPECT_TRUE(packet_on_wire(packet, 1'500));
  EXPECT_FALSE(packet_on_wire(packet, 999));
  packet.place = PacketPlace::held;
  packet.held_at = 1'500;
  EXPECT_FLOAT_EQ(packet_way(packet, 9'000), 0.5f);
  packet.place = PacketPlace::under_way;
  packet.released_at = 10'000;
  packet.due = 10'500;
  EXPECT_FLOAT_EQ(packet_way(packet, 10'250), 0.75f);
  packet.place = PacketPlace::arrived;
  packet.ended = 10'500;
  EXPECT_FALSE(packet_on_wire(packet, 10'500));
}

Trace golden() {
  auto trace = load_recording(SOCKSCOPE_SOURCE_DIR "/tests/golden/wires.jsonl");
  EXPECT_TRUE(trace) << trace.error().message;
  return std::move(*trace);
}

class HostsOnStage : public ::testing::Test {
 protected:
  HostsOnStage() : scene(draw_stage, golden(), {1119, 395}) {
    for (std::size_t i = 0; i < scene.trace().size(); ++i)
      if (const auto* held = std::get_if<event::PacketHeld>(&scene.trace()[i].body);
          held && held->packet == 1)
        held_at = static_cast<double>(scene.trace()[i].at - scene.trace().start()) / 1e6;
  }
  PaneScene scene;
  double held_at = 0;
};

TEST_F(HostsOnStage, AHeldPacketCanBePickedAndTheDesksToo) {
  scene.at(held_at + 1);
  EXPECT_TRUE(scene.driver.shows("SYN"));
  EXPECT_TRUE(scene.driver.shows("10.0.0.2"));
  scene.driver.click("stage/packet-1");
  EXPECT_EQ(scene.view.selection, (Selection{Selection::Kind::packet, 1, 0}));
  scene.driver.click("stage/host-B/desk");
  EXPECT_EQ(scene.view.selection, (Selection{Selection::Kind::host, 2, 0}));
}

TEST_F(HostsOnStage, AWireIsHeldAndCutByAClickThatWritesALine) {
  scene.live = true;
  scene.at(held_at + 1);
  scene.driver.click("stage/wire1-2/cut");
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_EQ(std::get<request::RunLine>(scene.requests[0]).text.substr(0, 10), "%wire A B ");
  scene.driver.click("stage/wire1-2/release");
  ASSERT_EQ(scene.requests.size(), 2u);
  EXPECT_EQ(std::get<request::RunLine>(scene.requests[1]).text,
            "%release where wire == 'A->B' or wire == 'B->A'");
}

TEST_F(HostsOnStage, DetailsOfAPacketAndOfAHostSayWhatTheyAre) {
  PaneScene details(draw_details, golden(), {480, 420});
  details.view.selection = {Selection::Kind::packet, 1, 0};
  details.at(2000);
  EXPECT_TRUE(details.driver.shows("It asks for a connection: the first of three."));
  details.view.selection = {Selection::Kind::host, 1, 0};
  details.driver.frame(2);
  EXPECT_TRUE(details.driver.shows("10.0.0.1"));
}

TEST_F(HostsOnStage, TheLadderAndTheTimelineNameThePackets) {
  PaneScene ladder(draw_ladder, golden(), {1119, 420});
  ladder.at(2000);
  EXPECT_TRUE(ladder.driver.shows("SYN   seq 0"));
  PaneScene timeline(draw_timeline, golden(), {1119, 420});
  timeline.at(2000);
  EXPECT_TRUE(timeline.driver.shows("packets"));
}

}  // namespace hosts_test
}  // namespace sockscope
