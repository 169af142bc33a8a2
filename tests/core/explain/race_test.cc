#include "explain/race.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trace_builder.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;

constexpr Time kMs = kMillisecond;

// A server of that name with one client of a load to it, from `begins` on for 100 ms.
void serves(TraceBuilder& b, ServerId id, const char* name, double begins) {
  b.at(begins);
  const ThreadId accepts = b.thread(std::string(name) + ".accept", ThreadRole::accept, name);
  const SocketId listener = b.socket(accepts);
  b.put(event::ServerStarted{id, listener, std::string_view(name), "thread", "upper", loopback(9000)});
  const std::string load = std::string("to_") + name;
  b.at(begins + 10).put(event::LoadStarted{id + 100, 1, std::string_view(load), std::string_view(name)});
  const ThreadId client = b.thread(load + ".1", ThreadRole::load, load);
  const SocketId c = b.socket(client);
  b.at(begins + 20);
  b.ret(b.enter(client, Call::connect, c, b.to(loopback(9000))), 0);
  b.put(event::ListenerSampled{listener, 1, 5, 0, 0});
  const ThreadId serves = b.thread(std::string(name) + ".client1", ThreadRole::client, name);
  b.at(begins + 30).put(event::ClientStarted{id, serves, 99, loopback(1)});
  b.put(event::ListenerSampled{listener, 0, 5, 0, 0});
  const CallId call = b.enter(client, Call::recv, c, {});
  b.at(begins + 70).received(call, "HELLO");
  b.put(event::ClientEnded{id, serves, 99});
  b.put(event::ServerSampled{id, 2, 8192, 3, 1, kMs});
  b.end_thread(serves);
  b.at(begins + 110).put(event::LoadEnded{id + 100, 1, 0, 0, 0});
}

std::vector<std::uint64_t> values(const std::vector<RaceStep>& steps) {
  std::vector<std::uint64_t> all;
  for (const RaceStep& one : steps) all.push_back(one.value);
  return all;
}

TEST(Race, ALaneTellsOfItsServerAndItsClients) {
  TraceBuilder b;
  serves(b, 1, "S", 0);
  const Trace trace = b.trace();
  Race race;
  race.extend(trace);
  ASSERT_EQ(race.lanes().size(), 1u);
  const RaceLane& lane = *race.lanes()[0];
  EXPECT_EQ(lane.name, "S");
  EXPECT_EQ(lane.clients, 1u);
  EXPECT_THAT(values(lane.busy), ElementsAre(1, 0));
  EXPECT_THAT(values(lane.queue), ElementsAre(1, 0));
  EXPECT_THAT(values(lane.threads), ElementsAre(1, 2, 1));
  EXPECT_THAT(values(lane.memory), ElementsAre(8192));
  ASSERT_EQ(lane.runners.size(), 1u);
  EXPECT_EQ(lane.runners[0].connects - race.from(), 10 * kMs);
  EXPECT_EQ(lane.runners[0].answered - race.from(), 60 * kMs);
  EXPECT_EQ(race.to(0) - race.from(), 100 * kMs);
  EXPECT_FALSE(race.is_one());
}

TEST(Race, TwoUnderLoadAtOnceAreOneAndOneAfterTheOtherAreNot) {
  TraceBuilder at_once;
  at_once.at(0).put(event::ServerStarted{1, 1, "A", "iterative", "upper", loopback(1)});
  at_once.put(event::ServerStarted{2, 2, "B", "thread", "upper", loopback(2)});
  at_once.put(event::LoadStarted{3, 1, "a", "A"});
  at_once.put(event::LoadStarted{4, 1, "b", "127.0.0.1:2"});
  const Trace both = at_once.trace();
  Race race;
  race.extend(both);
  EXPECT_TRUE(race.is_one());
  EXPECT_EQ(race.to(TraceBuilder::kStart + kSecond), TraceBuilder::kStart + kSecond);

  TraceBuilder in_turn;
  serves(in_turn, 1, "A", 0);
  serves(in_turn, 2, "B", 200);
  const Trace turns = in_turn.trace();
  race.extend(turns);  // another trace: it is read anew
  EXPECT_EQ(race.lanes().size(), 2u);
  EXPECT_FALSE(race.is_one());
}

TEST(Race, GrowsWithItsTrace) {
  TraceBuilder b;
  serves(b, 1, "A", 0);
  const Trace whole = b.trace();
  Trace growing;
  Race race, at_once;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    growing.append(whole[i], false);
    race.extend(growing);
  }
  at_once.extend(whole);
  ASSERT_EQ(race.lanes().size(), 1u);
  EXPECT_EQ(race.lanes()[0]->busy, at_once.lanes()[0]->busy);
  EXPECT_EQ(race.lanes()[0]->runners, at_once.lanes()[0]->runners);
}

TEST(Race, AValueStandsUntilTheNext) {
  const std::vector<RaceStep> steps{{10, 1}, {20, 3}};
  EXPECT_EQ(value_at(steps, 9), 0u);
  EXPECT_EQ(value_at(steps, 10), 1u);
  EXPECT_EQ(value_at(steps, 19), 1u);
  EXPECT_EQ(value_at(steps, 99), 3u);
}

TEST(Race, WithoutALoadThereIsNone) {
  TraceBuilder b;
  b.put(event::ServerStarted{1, 1, "A", "iterative", "upper", loopback(1)});
  b.put(event::LoadStarted{3, 1, "a", "somewhere else"});
  const Trace trace = b.trace();
  Race race;
  race.extend(trace);
  EXPECT_TRUE(race.lanes().empty());
  EXPECT_EQ(race.from(), -1);
}

}  // namespace
}  // namespace sockscope
