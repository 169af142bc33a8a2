#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "desk.h"
#include "few_descriptors.h"
#include "server/service.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

bool has_notice(Desk& desk, std::string_view code) {
  for (const auto& notice : desk.all<event::Notice>()) {
    if (notice.code.view() == code) return true;
  }
  return false;
}

ServerError start_error(ServerOptions options) {
  Desk desk;
  const auto server = Server::start(desk.engine, 1, std::move(options));
  return server ? ServerError{"it started", -1} : server.error();
}

TEST(ServerStart, APortInUseIsEaddrinuse) {
  Desk desk;
  const auto first = desk.serve("iterative");
  ServerOptions options;
  options.address = first->address();
  const auto second = Server::start(desk.engine, 2, options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().error, EADDRINUSE);
  EXPECT_EQ(second.error().message,
            "cannot bind " + to_text(first->address()) + ": EADDRINUSE (98), Address already in use");
  EXPECT_TRUE(desk.until([&] { return desk.calls(Call::close) == 1; }));
}

TEST(ServerStart, AnUnknownNameIsAnsweredWithThoseThereAre) {
  ServerOptions options;
  options.model = "fast";
  const ServerError error = start_error(options);
  EXPECT_EQ(error.error, 0);
  EXPECT_EQ(error.message,
            "no server model is called 'fast'; there is iterative, thread, fork, pool, prethread, select, "
            "poll, epoll, "
            "epoll-edge");
  options.model = "thread";
  options.handler = "lower";
  EXPECT_THAT(start_error(options).message, HasSubstr("no handler is called 'lower'"));
}

TEST(ServerStart, WithReuseAddrThereIsASetsockopt) {
  Desk desk;
  const auto server = desk.serve("thread", [](ServerOptions& options) { options.reuse_addr = true; });
  EXPECT_EQ(desk.calls(Call::setsockopt), 1u);
}

std::vector<Time> times_of_failed_accepts(Desk& desk) {
  std::vector<Time> times;
  desk.drain();
  for (std::size_t seq = 0; seq < desk.trace.size(); ++seq) {
    const auto* back = std::get_if<event::CallReturned>(&desk.trace[seq].body);
    if (back != nullptr && back->error == EMFILE) times.push_back(desk.trace[seq].at);
  }
  return times;
}

TEST(Accept, WithoutDescriptorsItTriesSlowerAndSlowerSaysSoOnceAndServesLater) {
  Desk desk;
  std::atomic<int> warnings{0};
  const auto server = desk.serve(
      "thread", [&](ServerOptions& options) { options.warn = [&](std::string_view) { ++warnings; }; });
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.accept", Call::accept); }));
  Peer silent, late;  // their descriptors are there before
  {
    const FewDescriptors few;
    silent.reach(server->address());  // gets the one that the blocked accept has already
    ASSERT_TRUE(desk.until([&] { return times_of_failed_accepts(desk).size() >= 5; }));
    late.reach(server->address());
    late.say("late");
    EXPECT_TRUE(has_notice(desk, "accept-failed"));
    EXPECT_EQ(warnings.load(), 1);
  }
  EXPECT_EQ(late.hear_all(), "LATE");
  const std::vector<Time> times = times_of_failed_accepts(desk);
  for (std::size_t i = 1; i < 5; ++i) EXPECT_GE(times[i] - times[i - 1], (10 * kMillisecond) << (i - 1));
}

TEST(Thread, NoMoreThreadsClosesTheClientAndSaysSo) {
  Desk desk;
  const auto server = desk.serve("thread");
  for (;;) {
    const ThreadId filler = desk.engine.spawn({"filler", ThreadRole::load, 0, "localhost", ""},
                                              [](Caller& caller) { work(caller, 3600 * kSecond); });
    if (filler == 0) break;
  }
  Peer peer(server->address());
  EXPECT_EQ(peer.hear_all(), "");
  ASSERT_TRUE(desk.until([&] { return has_notice(desk, "thread-limit"); }));
  EXPECT_TRUE(server->running());
}

}  // namespace
}  // namespace sockscope
