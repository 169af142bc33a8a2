#include "server/told_ring.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "server/told_event.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

std::vector<std::string> all_told(ToldRing& ring) {
  std::vector<std::string> told;
  ring.take([&](std::string_view record) { told.emplace_back(record); });
  return told;
}

TEST(ToldRing, GivesRecordsWholeInTheirOrder) {
  ToldRing ring;
  ASSERT_TRUE(ring.ok());
  EXPECT_TRUE(ring.empty());
  EXPECT_FALSE(ring.put("one"));
  EXPECT_FALSE(ring.put(""));
  EXPECT_FALSE(ring.put(std::string("\0\n", 2)));
  EXPECT_FALSE(ring.empty());
  EXPECT_THAT(all_told(ring), ::testing::ElementsAre("one", "", std::string("\0\n", 2)));
  EXPECT_TRUE(ring.empty());
  EXPECT_TRUE(all_told(ring).empty());
}

TEST(ToldRing, WakesOnceTheOneThatSaidItWouldWait) {
  ToldRing ring;
  ring.will_wait();
  EXPECT_TRUE(ring.put("first"));
  EXPECT_FALSE(ring.put("second"));
}

TEST(ToldRing, CutsWhatIsTooLong) {
  ToldRing ring;
  EXPECT_FALSE(ring.put(std::string(ToldRing::kLongest + 1, 'x')));
  const auto told = all_told(ring);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0], std::string(ToldRing::kLongest, 'x'));
}

// Many times its room, so that records lie across its end and who puts must wait.
TEST(ToldRing, KeepsEveryRecordOfManyThatPut) {
  constexpr int kProcesses = 3, kRecords = 5'000;
  ToldRing ring;
  std::vector<pid_t> processes;
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      for (int i = 0; i < kRecords; ++i) {
        std::string record(static_cast<std::size_t>(100 + i % 50), static_cast<char>('a' + process));
        record += std::to_string(i);
        static_cast<void>(ring.put(record));
      }
      ::_exit(0);
    }
    processes.push_back(pid);
  }
  std::vector<int> next(kProcesses, 0);
  const Time deadline = now() + 60 * kSecond;
  int left = kProcesses * kRecords;
  while (left > 0 && now() < deadline) {
    ring.take([&](std::string_view record) {
      --left;
      const auto process = static_cast<std::size_t>(record[0] - 'a');
      ASSERT_LT(process, next.size());
      const int i = next[process]++;
      ASSERT_EQ(record, std::string(static_cast<std::size_t>(100 + i % 50), record[0]) + std::to_string(i));
    });
    if (::testing::Test::HasFatalFailure()) break;
  }
  EXPECT_EQ(left, 0);
  for (const pid_t pid : processes) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
}

// Killed at any moment, among them that of putting.
TEST(ToldRing, AKilledProcessHoldsUpNobody) {
  ToldRing ring;
  for (int round = 0; round < 50; ++round) {
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      const std::string record(2'000, 'k');
      for (;;) static_cast<void>(ring.put(record));
    }
    for (const Time deadline = now() + 60 * kSecond; ring.empty() && now() < deadline;) {
    }
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    for (const std::string& told : all_told(ring)) ASSERT_EQ(told, std::string(2'000, 'k'));
    ASSERT_FALSE(ring.put("alive"));
    ASSERT_THAT(all_told(ring), ::testing::ElementsAre("alive"));
  }
}

Event entered_with(std::string_view data) {
  event::CallEntered e{7, 3, 9, Call::sendall, {}};
  e.args.numbers = {1, -2, 3, -4, 5};
  e.args.data = preview_of(data);
  return {123'456'789, e};
}

TEST(ToldEvent, EntriesAndReturnsComeBackAsTheyWere) {
  event::CallReturned returned{};
  returned.call = 7;
  returned.thread = 3;
  returned.error = 11;
  returned.result = -5;
  returned.timed_out = true;
  returned.data = "hello";
  event::CallReturned empty{};
  empty.interrupted = true;
  std::string record;
  for (const Event& event : {entered_with(""), entered_with("hello"), entered_with(std::string(5'000, 'x')),
                             Event{1, returned}, Event{2, empty}}) {
    put_told(record, event);
    const auto back = told_event(record);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, event);
  }
}

TEST(ToldEvent, WhatHasAnAddressGoesAsALine) {
  event::CallEntered connect{1, 1, 1, Call::connect, {}};
  connect.args.address = loopback(80);
  event::CallReturned accept{};
  accept.address = loopback(81);
  std::string record;
  for (const Event& event : {Event{1, connect}, Event{1, accept}, Event{1, event::ThreadEnded{4}}}) {
    put_told(record, event);
    EXPECT_EQ(record[0], '{');
    EXPECT_FALSE(told_event(record).has_value());
  }
}

TEST(ToldEvent, ACutRecordIsNone) {
  std::string record;
  put_told(record, entered_with(""));
  for (std::size_t length = 0; length < record.size(); ++length)
    EXPECT_FALSE(told_event(record.substr(0, length)).has_value());
  EXPECT_FALSE(told_event(record + "x").has_value());  // data without its head
}

}  // namespace
}  // namespace sockscope
