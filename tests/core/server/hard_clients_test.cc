// Clients and machines at their worst, against every model: the others are served, and the server ends as it
// began.

#include <dirent.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <thread>

#include "desk.h"
#include "few_descriptors.h"

namespace sockscope {
namespace {

class HardClients : public testing::TestWithParam<std::string_view> {
 protected:
  static std::string model() { return std::string(GetParam()); }
  static bool serves_one_at_a_time() { return GetParam() == "iterative"; }
};
INSTANTIATE_TEST_SUITE_P(Models, HardClients, testing::ValuesIn(server_models()), [](const auto& model) {
  std::string name(model.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// When each thread's accepts came back without a descriptor.
std::map<ThreadId, std::vector<Time>> accepts_that_failed(Desk& desk) {
  std::map<ThreadId, std::vector<Time>> times;
  desk.drain();
  for (std::size_t seq = 0; seq < desk.trace.size(); ++seq) {
    const auto* back = std::get_if<event::CallReturned>(&desk.trace[seq].body);
    if (back != nullptr && back->error == EMFILE) times[back->thread].push_back(desk.trace[seq].at);
  }
  return times;
}

std::size_t notices(Desk& desk, std::string_view code) {
  std::size_t count = 0;
  for (const auto& notice : desk.all<event::Notice>()) count += notice.code.view() == code;
  return count;
}

TEST_P(HardClients, WithoutDescriptorsItTriesSlowerAndSlowerSaysSoOnceAndThenServesAll) {
  constexpr std::size_t kTries = 6;  // of one thread: some 300 ms
  Desk desk;
  std::deque<Peer> peers(8);  // more than there are threads with a descriptor in hand, inside accept
  int limit = lowest_free_descriptor();
  const auto server = desk.serve(model(), [](ServerOptions& options) { options.backlog = 16; });
  ASSERT_TRUE(desk.until([&] {
    const ThreadState* accepts = desk.state.thread("S.accept");
    return accepts != nullptr && accepts->blocked;
  }));
  const pid_t process = model() == "fork" ? desk.state.thread("S.accept")->tid : 0;
  if (process != 0) limit = lowest_free_descriptor(process);
  {
    const FewDescriptors none(limit, process);
    for (Peer& peer : peers) {
      peer.reach(server->address());
      peer.say("served");
    }
    ASSERT_TRUE(desk.until([&] {
      for (const auto& [thread, times] : accepts_that_failed(desk))
        if (times.size() >= kTries) return true;
      return false;
    }));
    for (const auto& [thread, times] : accepts_that_failed(desk))
      for (std::size_t i = 1; i < times.size(); ++i)
        EXPECT_GE(times[i] - times[i - 1], (10 * kMillisecond) << std::min(i - 1, std::size_t{6}));
    EXPECT_EQ(notices(desk, "accept-failed"), 1u);
  }
  for (Peer& peer : peers) EXPECT_EQ(peer.hear_all(), "SERVED");
  EXPECT_TRUE(server->running());
}

TEST_P(HardClients, WhoSendsAByteNowAndThenHoldsUpNobodyButTheOneThatServesOneAtATime) {
  Desk desk;
  const auto server = desk.serve(model(), [](ServerOptions& options) { options.handler = "upper-stream"; });
  std::deque<Peer> slow;
  for (int i = 0; i < 3; ++i) slow.emplace_back(server->address());  // of four workers
  for (int round = 0; round < 5; ++round) {
    for (Peer& peer : slow) peer.say("x");
    Peer other(server->address());
    other.say("other\n");
    other.finish();
    if (serves_one_at_a_time()) {  // by nature: the others wait for the first
      ASSERT_TRUE(desk.until([&] { return accept_queue_of(desk, server->listener()) == 3; }));
      EXPECT_TRUE(other.hears_nothing_yet());
      break;
    }
    EXPECT_EQ(other.hear_all(), "OTHER\n");
  }
  for (Peer& peer : slow) {
    EXPECT_TRUE(peer.hears_nothing_yet());
    peer.say("\n");
    peer.finish();
    EXPECT_THAT(peer.hear_all(), testing::MatchesRegex("X+\n"));
  }
}

TEST_P(HardClients, WhoResetsInMidSendHurtsNobodyElse) {
  Desk desk;
  const auto server = desk.serve(model(), [](ServerOptions& options) { options.handler = "echo"; });
  const std::string much(200'000, 'x');
  for (std::size_t round = 1; round <= 5; ++round) {
    Peer rude(server->address());
    // It never reads: the server's sends fill both queues, and it is in the middle of one, or would be.
    for (int i = 0; i < 100 && rude.offers(much); ++i) desk.until([] { return true; });
    rude.reset();
    ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientEnded>().size() == 2 * round - 1; }));
    Peer other(server->address());
    other.say("other");
    other.finish();
    EXPECT_EQ(other.hear_all(), "other");
    ASSERT_TRUE(desk.until([&] { return desk.all<event::ClientEnded>().size() == 2 * round; }));
  }
  EXPECT_TRUE(server->running());
}

std::size_t entries_in(const char* directory) {
  DIR* opened = opendir(directory);
  std::size_t count = 0;
  while (readdir(opened) != nullptr) ++count;
  closedir(opened);
  return count;
}

// scripts/soak has it more often.
int stops() {
  const char* asked = std::getenv("SOCKSCOPE_STOPS");
  return asked == nullptr ? 50 : std::max(std::atoi(asked), 1);
}

// One that is stuck in its handler, and two that are connected: accepted, or in the queue.
void start_and_stop(const std::string& model, bool traced) {
  Inbox inbox;
  Engine engine(inbox);
  engine.room().set_tracing(traced);
  std::atomic<int> printed{0};
  const auto server = Desk::serve_with(engine, model, [&](ServerOptions& options) {
    options.work = 3600 * kSecond;
    options.print = [&](std::string_view) { ++printed; };
  });
  ASSERT_NE(server, nullptr);
  Peer stuck(server->address()), silent(server->address()), other(server->address());
  stuck.say("x");
  const Time deadline = now() + Desk::kDeadline;
  while (printed < 2 && now() < deadline) poll(nullptr, 0, 1);
  ASSERT_EQ(printed, 2);
  server->stop();
  ASSERT_TRUE(engine.stop().empty());
  EXPECT_FALSE(server->running());
}

TEST_P(HardClients, StoppedAgainAndAgainWithClientsInsideItLeavesNothing) {
  start_and_stop(model(), true);  // what is made once and stays
  std::thread([] {}).join();
  const auto threads = [] { return entries_in("/proc/self/task"); };
  const std::size_t descriptors = entries_in("/proc/self/fd"), threads_before = threads();
  for (int i = 0; i < stops(); ++i) {
    start_and_stop(model(), i % 2 == 0);
    ASSERT_FALSE(HasFatalFailure()) << i;
    const Time deadline = now() + Desk::kDeadline;  // a joined thread stays in /proc for a moment
    while (threads() > threads_before && now() < deadline) poll(nullptr, 0, 1);
    ASSERT_LE(threads(), threads_before) << i;
    ASSERT_EQ(entries_in("/proc/self/fd"), descriptors) << i;
  }
}

}  // namespace
}  // namespace sockscope
