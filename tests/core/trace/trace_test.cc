#include "trace/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace sockscope {
namespace {

Event tick(Time at, ServerId id = 1) {
  return Event{at, event::ServerEnded{id}};
}

std::vector<Time> times(const Trace& trace) {
  std::vector<Time> all;
  for (std::size_t i = 0; i < trace.size(); ++i) all.push_back(trace[i].at);
  return all;
}

Event sent(Time at, std::size_t bytes) {
  event::CallEntered e;
  e.call = e.thread = 1;
  e.name = Call::send;
  e.args.data = Blob(std::string(bytes, 'x'));
  return Event{at, std::move(e)};
}

std::size_t previews(const Trace& trace) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const auto* e = std::get_if<event::CallEntered>(&trace[i].body);
    n += e != nullptr && !e->args.data.view().empty();
  }
  return n;
}

std::vector<std::string> limit_notices(const Trace& trace) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const auto* e = std::get_if<event::Notice>(&trace[i].body);
    if (e != nullptr && e->code.view() == "limit") all.emplace_back(e->text.view());
  }
  return all;
}

TEST(Trace, IsEmptyAtFirst) {
  const Trace trace;
  EXPECT_TRUE(trace.empty());
  EXPECT_EQ(trace.start(), 0);
  EXPECT_EQ(trace.end(), 0);
  EXPECT_EQ(trace.upto(100), 0U);
}

TEST(Trace, CommitsInTimeOrderAndKeepsEqualTimesInOrder) {
  Trace trace;
  EXPECT_EQ(trace.commit({tick(5, 1), tick(3, 2), tick(5, 3), tick(1, 4)}), 4U);
  EXPECT_THAT(times(trace), testing::ElementsAre(1, 3, 5, 5));
  EXPECT_EQ(trace[2], tick(5, 1));
  EXPECT_EQ(trace[3], tick(5, 3));
}

TEST(Trace, KeepsWhatIsPastTheHorizonForTheNextCommit) {
  Trace trace;
  EXPECT_EQ(trace.commit({tick(5), tick(10), tick(20)}, 10), 2U);
  EXPECT_EQ(trace.pending(), 1U);
  EXPECT_EQ(trace.commit({tick(15)}, 14), 0U);
  EXPECT_EQ(trace.commit({}, 20), 2U);
  EXPECT_THAT(times(trace), testing::ElementsAre(5, 10, 15, 20));
  EXPECT_EQ(trace.pending(), 0U);
  EXPECT_FALSE(trace.late(2));
}

TEST(Trace, AppendsALateEventWhereItStandsAndMarksIt) {
  Trace trace;
  trace.commit({tick(10), tick(20)});
  trace.commit({tick(15), tick(20), tick(30)});
  EXPECT_THAT(times(trace), testing::ElementsAre(10, 20, 15, 20, 30));
  EXPECT_THAT((std::vector<bool>{trace.late(0), trace.late(1), trace.late(2), trace.late(3), trace.late(4)}),
              testing::ElementsAre(false, false, true, false, false));
  EXPECT_EQ(trace.end(), 30);
}

TEST(Trace, CursorForATimeTakesLateEventsWhereTheyStand) {
  Trace trace;
  trace.commit({tick(10), tick(20)});
  trace.commit({tick(5), tick(30)});
  EXPECT_EQ(trace.upto(9), 0U);
  EXPECT_EQ(trace.upto(10), 1U);
  EXPECT_EQ(trace.upto(19), 1U);
  EXPECT_EQ(trace.upto(20), 3U) << "the late one belongs to what was so when it came";
  EXPECT_EQ(trace.upto(30), 4U);
  EXPECT_EQ(trace.upto(1000), 4U);
}

TEST(Trace, CursorForATimeAgreesWithACountOverManyChunks) {
  std::mt19937 random(7);
  Trace trace;
  Time at = 0;
  std::vector<Time> greatest;
  for (int i = 0; i < 20'000; ++i) {
    at += random() % 3;
    const Time here = random() % 50 == 0 ? at - Time(random() % 100) : at;
    trace.append(tick(here), false);
    greatest.push_back(greatest.empty() ? here : std::max(here, greatest.back()));
  }
  for (Time t = -1; t <= at + 1; t += 13) {
    const auto expected = std::upper_bound(greatest.begin(), greatest.end(), t) - greatest.begin();
    ASSERT_EQ(trace.upto(t), static_cast<std::size_t>(expected)) << t;
  }
}

TEST(Trace, LoadingNeverSortsAndKeepsMarksAsTheyAre) {
  Trace trace;
  trace.append(tick(10), true);
  trace.append(tick(5), false);
  EXPECT_THAT(times(trace), testing::ElementsAre(10, 5));
  EXPECT_TRUE(trace.late(0));
  EXPECT_FALSE(trace.late(1));
}

TEST(Trace, AddressesOfEventsStayWhileItGrows) {
  Trace trace;
  trace.append(tick(1), false);
  const Event* first = &trace[0];
  for (Time t = 2; t < 20'000; ++t) trace.append(tick(t), false);
  EXPECT_EQ(first, &trace[0]);
}

TEST(Trace, MovesEventsInsteadOfCopyingTheirBytes) {
  std::vector<Event> events;
  events.push_back(sent(2, 100));
  events.push_back(sent(1, 100));
  const char* bytes = std::get<event::CallEntered>(events[0].body).args.data.view().data();
  Trace trace;
  trace.commit(std::move(events));
  EXPECT_EQ(std::get<event::CallEntered>(trace[1].body).args.data.view().data(), bytes);
}

TEST(Trace, CountsPreviewsInItsBytes) {
  Trace trace;
  trace.append(sent(1, 10), false);
  const std::size_t before = trace.bytes();
  trace.append(sent(2, 1000), false);
  EXPECT_GE(trace.bytes(), before + 1000);
}

TEST(Trace, DropsTheOldestPreviewsPastItsBytesAndSaysSo) {
  Trace::Limits limits;
  limits.bytes = 1 << 20;
  Trace trace(limits);
  std::size_t appended = 0;
  for (Time t = 1; t <= 3000; ++t) {
    std::vector<Event> one;
    one.push_back(sent(t, 1000));
    appended += trace.commit(std::move(one));
    ASSERT_LE(trace.bytes(), limits.bytes + 2000);
  }
  EXPECT_EQ(appended, trace.size()) << "notices are counted";
  const auto notices = limit_notices(trace);
  EXPECT_GE(notices.size(), 1U);
  EXPECT_LE(notices.size(), 100U);
  EXPECT_EQ(std::get<event::CallEntered>(trace[0].body).args.data, Blob({}, 1000)) << "the count stays";
  EXPECT_EQ(std::get<event::CallEntered>(trace[trace.size() - 2].body).args.data.total(), 1000U);
  EXPECT_GT(previews(trace), 100U);
}

TEST(Trace, DropsTheOldestPreviewsPastItsCountOfEvents) {
  Trace::Limits limits;
  limits.events = 80;
  Trace trace(limits);
  for (Time t = 1; t <= 100; ++t) trace.append(sent(t, 10), false);
  EXPECT_LE(previews(trace), 80U);
  EXPECT_GE(previews(trace), 60U);
  EXPECT_GE(limit_notices(trace).size(), 1U);
  EXPECT_GE(trace.size(), 101U) << "no event is dropped";
}

TEST(Trace, SaysOnceThatNoPreviewFitsAnyMore) {
  Trace::Limits limits;
  limits.bytes = 1;
  Trace trace(limits);
  for (Time t = 1; t <= 500; ++t) trace.append(sent(t, 10), false);
  EXPECT_EQ(previews(trace), 0U);
  EXPECT_EQ(limit_notices(trace).size(), 1U);
}

}  // namespace
}  // namespace sockscope
