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
      const HostsLayout layout = hosts_layout(with_hosts(hosts, hosts - 1), hosts % 2 == 0, {}, area, 1);
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

TEST(HostsLayout, WiresThatCarrySomethingHaveTheRoom) {
  State state = with_hosts(16, 15);
  state.apply({3, event::PacketSent{1, 14, 13, 0, 60, 0, {}}}, 100);
  const HostsLayout layout = hosts_layout(state, false, {}, {{0, 0}, {1080, 330}}, 1);
  ASSERT_GT(layout.hidden_wires, 0u);
  ASSERT_FALSE(layout.lanes.empty());
  EXPECT_EQ(layout.lanes[0].pair, (WirePair{13, 14}));
}

std::vector<std::string> names_of(const HostsLayout& layout) {
  std::vector<std::string> names;
  for (const auto& desk : layout.desks) names.push_back(desk.host);
  return names;
}

TEST(HostsLayout, DesksStandWhereThePersonPutThemAndNewOnesBehind) {
  const Rect area{{0, 0}, {1080, 330}};
  const std::vector<std::string> order{"C", "gone", "A"};
  EXPECT_EQ(names_of(hosts_layout(with_hosts(3, 0), false, order, area, 1)),
            (std::vector<std::string>{"C", "A", "B"}));
  EXPECT_EQ(names_of(hosts_layout(with_hosts(4, 0), true, order, area, 1)),
            (std::vector<std::string>{"C", "A", "B", "D", "localhost"}));
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

// Up to the first packet that is held.
Trace until_held() {
  const Trace all = golden();
  std::vector<Event> first;
  for (std::size_t i = 0; i < all.size(); ++i) {
    first.push_back(all[i]);
    if (std::holds_alternative<event::PacketHeld>(all[i].body)) break;
  }
  Trace until;
  until.commit(std::move(first));
  return until;
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

TEST_F(HostsOnStage, AWireCanBePickedAndItsDelayAndLossSet) {
  PaneScene held(draw_stage, until_held(), {1119, 395});
  held.live = true;
  held.driver.click("stage/lane1-2", 0.01f);
  EXPECT_EQ(held.view.selection, (Selection{Selection::Kind::wire, 1, 2}));
  held.driver.frame(2);
  EXPECT_TRUE(held.driver.shows("A – B"));
  held.driver.click("stage/delay=300ms");
  held.driver.click("stage/loss=20%");
  ASSERT_EQ(held.requests.size(), 2u);
  EXPECT_EQ(std::get<request::RunLine>(held.requests[0]).text, "%wire A B delay=300ms");
  EXPECT_EQ(std::get<request::RunLine>(held.requests[1]).text, "%wire A B loss=20%");
  PaneScene details(draw_details, golden(), {480, 420});
  details.view.selection = {Selection::Kind::wire, 1, 2};
  details.at(2000);
  EXPECT_TRUE(details.driver.shows("A → B"));
}

TEST_F(HostsOnStage, WhatIsHeldGoesOnByKeys) {
  PaneScene held(draw_stage, until_held(), {1119, 395});
  held.live = true;
  held.view.focus = Pane::stage;
  held.driver.frame(2);
  held.driver.key(ui::Key::space);
  held.view.selection = {Selection::Kind::wire, 1, 2};
  held.driver.key(ui::Key::d);
  held.driver.key(ui::Key::del);
  ASSERT_EQ(held.requests.size(), 3u);
  EXPECT_EQ(std::get<request::RunLine>(held.requests[0]).text, "%release");
  EXPECT_EQ(std::get<request::RunLine>(held.requests[1]).text,
            "%double where wire == 'A->B' or wire == 'B->A'");
  EXPECT_EQ(std::get<request::RunLine>(held.requests[2]).text,
            "%drop where wire == 'A->B' or wire == 'B->A'");
  held.view.focus = Pane::timeline;
  held.driver.key(ui::Key::d);
  EXPECT_EQ(held.requests.size(), 3u);
}

// A packet between hosts that no wire joins, and one of a host to itself.
TEST(PacketStrips, HostsWithoutAWireAndAHostAloneHaveOneToo) {
  State state = with_hosts(3, 1);
  std::uint64_t seq = 100;
  state.apply({3, event::PacketSent{1, 3, 1, 0, 60, 0, {}}}, seq++);
  state.apply({4, event::PacketSent{2, 2, 2, 0, 60, 0, {}}}, seq++);
  EXPECT_EQ(wire_pairs(state), (std::vector<WirePair>{{1, 2}, {1, 3}}));
  EXPECT_EQ(packet_strips(state), (std::vector<WirePair>{{1, 3}, {2, 2}}));
}

TEST_F(HostsOnStage, AnArrowOfTheTimelineAndOfTheLadderCanBePicked) {
  PaneScene ladder(draw_ladder, golden(), {1119, 420});
  ladder.at(2000);
  ladder.driver.click("ladder/packet-1");
  EXPECT_EQ(ladder.view.selection, (Selection{Selection::Kind::packet, 1, 0}));
  PaneScene timeline(draw_timeline, golden(), {1119, 700});
  timeline.at(2000);
  for (int y = 1; y < 6 && timeline.view.selection.kind == Selection::Kind::none; ++y)
    for (int x = 1; x < 60 && timeline.view.selection.kind == Selection::Kind::none; ++x)
      timeline.driver.click("timeline/ground", static_cast<float>(x) / 60, static_cast<float>(y) / 12);
  EXPECT_EQ(timeline.view.selection.kind, Selection::Kind::packet);
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

// Four hosts and nothing on their desks.
Trace four_desks(unsigned count = 4) {
  TraceBuilder b;
  b.thread("main");
  for (unsigned i = 1; i <= count; ++i)
    b.put(event::HostStarted{i,
                             1,
                             1,
                             std::string_view(std::string(1, static_cast<char>('A' + i - 1))),
                             inet(0x0a000000 + i, 0),
                             {}});
  return b.trace();
}

struct Desks : ::testing::Test {
  PaneScene scene{draw_stage, four_desks(), {1119, 500}};
  ui::Item title(const std::string& host) { return scene.driver.need("stage/host-" + host + "/desk"); }
  void drag(const std::string& from, const std::string& to) {
    const ui::Item a = title(from), b = title(to);
    scene.driver.drag({a.min.x + 40, a.min.y + 12}, {b.min.x + 60, b.min.y + 40});
  }
};

TEST_F(Desks, ADeskIsDraggedToAnothersPlaceAndBack) {
  const ImVec2 first = title("A").min, third = title("C").min;
  drag("A", "C");
  EXPECT_EQ(title("A").min.x, third.x);
  EXPECT_EQ(title("A").min.y, third.y);
  EXPECT_EQ(title("B").min.x, first.x);
  EXPECT_EQ(scene.view.desks, (std::vector<std::string>{"B", "C", "A", "D"}));
  scene.replace_trace(four_desks(5));
  scene.view.cursor = scene.trace().end();
  scene.driver.frame(2);
  EXPECT_LT(title("B").min.x, title("C").min.x);  // as put, also when a host has come
  scene.view.focus = Pane::stage;
  put_desks_back(scene.view);
  scene.driver.frame(2);
  EXPECT_EQ(title("A").min.x, first.x);
}

TEST_F(Desks, AClickAndADropBesideMoveNothing) {
  scene.driver.click("stage/host-B/desk");
  const ui::Item a = title("A");
  scene.driver.drag({a.min.x + 40, a.min.y + 12}, {5, 5});
  EXPECT_TRUE(scene.view.desks.empty());
}

}  // namespace hosts_test
}  // namespace sockscope
