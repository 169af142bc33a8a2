// Loads of many clients: a process of its own, many sources, nothing lost.

#include <poll.h>
#include <sys/syscall.h>

#include <chrono>

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

class LoadTest : public ProgramTest {
 protected:
  // A play of that many clients, recorded.
  std::string recording_of(int clients, const std::string& backlog) {
    const std::string number = std::to_string(clients);
    const std::string file =
        write("load.play", "%deadline 100s\n%serve S model=iterative handler=upper" + backlog +
                               "\n%load L to=S clients=" + number + "\n%expect L.answered == " + number +
                               " and L.refused == 0 and L.errors == 0 and L.waiting == 0\n"
                               "%expect count(call where name == 'accept' and error == 0) == " +
                               number + " within 20s\n%stop S\n");
    const Finished played = sockscope({"play", file, "--record", path("r.jsonl"), "--json"});
    EXPECT_EQ(played.exit, 0) << played.err;
    return read(path("r.jsonl"));
  }
  // Whether the recording comes to tell of that many sockets that were opened.
  static bool has_opened(const std::string& file, std::size_t sockets) {
    const auto deadline = std::chrono::steady_clock::now() + Process::kDeadline;
    while (std::chrono::steady_clock::now() < deadline) {
      if (count(read(file), "\"kind\":\"socket_opened\"") == sockets) return true;
      poll(nullptr, 0, 20);
    }
    return false;
  }
  static void expect_whole(const std::string& recording, std::size_t clients) {
    EXPECT_EQ(count(recording, "\"how\":\"accept\""), clients);
    EXPECT_EQ(count(recording, "\"how\":\"socket\""), clients + 1);
    EXPECT_EQ(count(recording, "\"kind\":\"socket_closed\""), 2 * clients + 1);
    EXPECT_EQ(count(recording, "\"kind\":\"call_entered\""), count(recording, "\"kind\":\"call_returned\""));
    EXPECT_EQ(count(recording, "\"code\":\"load-"), 0u);
  }
};

TEST_F(LoadTest, TwoThousandClientsOfAShallowQueueAreAllAnswered) {
  expect_whole(recording_of(2'000, ""), 2'000);
}

TEST_F(LoadTest, TenThousandConnectionsInOneListenersLifeAreAllThere) {
  const std::string recording = recording_of(10'000, " backlog=128");
  expect_whole(recording, 10'000);
  EXPECT_THAT(recording, HasSubstr("\"local\":\"127.0.0.1:"));
  EXPECT_THAT(recording, HasSubstr("\"local\":\"127.0.0.8:"));
  const Finished told = sockscope({"narrate", path("r.jsonl")});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("Load L ends: 10000 answered, 0 waiting, 0 refused, 0 errors."));
}

TEST_F(LoadTest, ASoftLimitOfDescriptorsIsRaised) {
  const std::string file =
      write("stay.play",
            "%deadline 60s\n%serve S model=thread handler=upper backlog=512\n"
            "%load L to=S clients=400 stay\n%expect L.answered == 400 within 20s\n%stop L\n"
            "%expect count(thread where role == 'load' and alive) == 0\n%stop S\n");
  const Finished played =
      run({"/bin/sh", "-c", "ulimit -Sn 128; exec \"$@\"", "sh", kProgram, "play", file}, environment());
  EXPECT_EQ(played.exit, 0) << played.err << played.out;
}

TEST_F(LoadTest, ItsProcessEndsWithUsHoweverWeEnd) {
  const std::string file = write("long.play",
                                 "%deadline 60s\n%serve S model=thread handler=upper backlog=512\n"
                                 "%load L to=S clients=300 stay\n%wait 500s\n");
  Process played(command({"play", file, "--record", path("r.jsonl")}), environment());
  ASSERT_TRUE(played.until_out("%wait")) << played.err();
  const std::string recording = read(path("r.jsonl"));
  const std::size_t at = recording.find("\"name\":\"L.load\"");
  ASSERT_NE(at, recording.npos);
  const std::size_t tid = recording.find("\"tid\":", at);
  const int child = std::stoi(recording.substr(tid + 6, 10));
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  ASSERT_GE(handle, 0);
  played.signal(SIGKILL);
  EXPECT_EQ(played.finish().exit, 128 + SIGKILL);
  pollfd ended{handle, POLLIN, 0};
  EXPECT_EQ(poll(&ended, 1, 20'000), 1);
  close(handle);
}

// Each way, of threads and of a process: what the JSON says of it.
TEST_F(LoadTest, EveryEndAndEveryArrivalHasItsFigures) {
  // Its handler prints nothing: nobody reads what the server says.
  Served server(command({"serve", "--model", "thread", "--handler", "echo", "--backlog", "300"}),
                environment());
  constexpr const char* kCheck = R"(
import json, sys
load, clients, answered, messages, over = json.loads(sys.argv[1]), *map(int, sys.argv[2:])
assert load["clients"] == clients and load["answered"] == answered, load
assert (load["waiting"], load["refused"], load["errors"]) == (0, 0, 0), load
assert load["connections"] == clients and load["messages_answered"] == messages, load
for key in "answer_ns", "connect_ns", "latency_ns":
    assert list(load[key]) == ["p50", "p90", "p99", "max"] and sorted(load[key].values()) == list(load[key].values())
assert 0 < load["connect_ns"]["p50"] and load["connections_per_second"] > 0, load
if messages: assert 0 < load["latency_ns"]["max"] <= load["answer_ns"]["max"] <= load["took_ns"], load
assert load["took_ns"] >= over, load
)";
  struct Way {
    std::vector<std::string> options;
    bool answered = true;
    int messages = 1, over = 0;
  };
  const std::vector<Way> ways{
      {{"--end", "close", "--arrival", "all-at-once"}},
      {{"--end", "half-close", "--messages", "2", "--think", "5ms"}, true, 2, 5'000'000},
      {{"--end", "reset"}, false, 0},
      {{"--arrival", "steady", "--over", "100ms", "--drip", "1ms"}, true, 1, 50'000'000},
      {{"--arrival", "poisson", "--over", "100ms", "--seed", "5", "--size", "3k"}, true, 1, 50'000'000}};
  for (const Way& way : ways) {
    for (const int clients : {3, 257}) {
      const std::string number = std::to_string(clients);
      std::vector<std::string> words{"load", "--to", "127.0.0.1:" + server.port(), "--clients", number};
      words.insert(words.end(), way.options.begin(), way.options.end());
      const Finished load = sockscope(words);
      EXPECT_EQ(load.exit, 0) << load.err << load.out;
      const Finished checked = run({python(), "-c", kCheck, load.out, number, way.answered ? number : "0",
                                    std::to_string(clients * way.messages), std::to_string(way.over)});
      EXPECT_EQ(checked.exit, 0) << checked.err << way.options[1];
    }
  }
}

TEST_F(LoadTest, OneThatNeverClosesEndsBySignalAndAtItsDeadline) {
  Served server(command({"serve", "--model", "thread", "--handler", "echo", "--backlog", "300"}),
                environment());
  const std::string to = "127.0.0.1:" + server.port();
  for (const std::string clients : {"3", "257"}) {
    Process load(command({"load", "--to", to, "--clients", clients, "--end", "never", "--record",
                          path("never" + clients)}),
                 environment());
    // A recording is written as it happens.
    ASSERT_TRUE(has_opened(path("never" + clients), std::stoul(clients))) << load.err();
    load.signal(SIGINT);
    const Finished ended = load.finish();
    EXPECT_EQ(ended.exit, 130) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("\"clients\":" + clients));
    EXPECT_EQ(count(read(path("never" + clients)), "\"kind\":\"socket_closed\""), std::stoul(clients));
  }
  const Finished late =
      sockscope({"load", "--to", to, "--clients", "3", "--end", "never", "--deadline", "3s"});
  EXPECT_EQ(late.exit, 0) << late.err;
  EXPECT_THAT(late.out, HasSubstr("\"answered\":3,\"waiting\":0"));
}

TEST_F(LoadTest, WhatNobodyAnswersEndsByAHalfClose) {
  Served server(command({"serve", "--model", "select", "--handler", "discard"}), environment());
  const std::string to = "127.0.0.1:" + server.port();
  const Finished half = sockscope({"load", "--to", to, "--clients", "3", "--end", "half-close"});
  EXPECT_EQ(half.exit, 0) << half.err << half.out;
  EXPECT_THAT(half.out, HasSubstr("\"answered\":0,\"waiting\":0,\"refused\":0,\"errors\":0"));
  const Finished waits = sockscope({"load", "--to", to, "--clients", "3", "--deadline", "200ms"});
  EXPECT_EQ(waits.exit, 1);
}

TEST_F(LoadTest, StartedByHandItSaysWhatItIsFor) {
  const Finished alone = sockscope({"load-child"});
  EXPECT_EQ(alone.exit, 2);
  EXPECT_THAT(alone.err, HasSubstr("%load"));
  EXPECT_EQ(sockscope({"load-child", "L", "nowhere", "1", "1", "close", "trace", ""}).exit, 2);
}

}  // namespace
}  // namespace sockscope
