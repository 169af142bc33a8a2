// sockscope serve with clients that take all it has: descriptors, time, and the reader of what it prints.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>

#include "program.h"
#include "server/server.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

class HardServe : public ProgramTest, public testing::WithParamInterface<std::string_view> {
 protected:
  static std::string model() { return std::string(GetParam()); }
};
std::string name_of_model(const testing::TestParamInfo<std::string_view>& model) {
  std::string name(model.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Models, HardServe, testing::ValuesIn(server_models()), name_of_model);

// Plain; a read gives up after the deadline.
class Caller {
 public:
  explicit Caller(const std::string& port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{60, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  ~Caller() { close(fd_); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  bool say(std::string_view text) const {
    return send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  void finish() const { shutdown(fd_, SHUT_WR); }
  std::string hear_all() const {
    std::string heard;
    char piece[1024];
    ssize_t got = 0;
    while ((got = recv(fd_, piece, sizeof piece, 0)) > 0) heard.append(piece, static_cast<std::size_t>(got));
    return got == 0 ? heard : heard + " and then an error";
  }

 private:
  int fd_;
};

// Of the threads that serve: all but the main one, which observes and records.
Time serving_time(pid_t pid) {
  clockid_t clock{};
  timespec all{};
  EXPECT_EQ(clock_getcpuclockid(pid, &clock), 0);
  EXPECT_EQ(clock_gettime(clock, &all), 0);
  const std::string main_task = "/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid);
  Time main_time = 0;
  std::ifstream(main_task + "/schedstat") >> main_time;
  return Time{all.tv_sec} * kSecond + all.tv_nsec - main_time;
}

TEST_P(HardServe, OutOfDescriptorsItRestsServesOnAndTheRecordingIsWhole) {
  // One client at a time; no client's descriptor is the server's own for long: they never run out.
  if (GetParam() == "iterative" || GetParam() == "fork") return;
  const std::string recording = path("r.jsonl");
  std::vector<std::string> limited{"sh", "-c", "ulimit -n 40 && exec \"$@\"", "sh"};
  for (const std::string& word : command({"serve", "--model", model(), "--handler", "upper-stream",
                                          "--backlog", "64", "--workers", "48", "--record", recording}))
    limited.push_back(word);
  Served server(limited, environment());
  std::deque<Caller> holding;
  for (int i = 0; i < 45; ++i) holding.emplace_back(server.port());
  const auto failed_accepts = [&] { return count(read(recording), "\"error\":24"); };
  ASSERT_TRUE(until([&] { return failed_accepts() > 0; }));
  const Time begun = now(), before = serving_time(server.process().pid());
  ASSERT_TRUE(until([&] { return now() > begun + kSecond && failed_accepts() >= 8; }));
  const Time took = serving_time(server.process().pid()) - before;
  const Time elapsed = now() - begun;
  EXPECT_LT(took * 20, elapsed) << "more than 5 % of a processor";
  // Some close: those that waited are served.
  while (holding.size() > 5) holding.pop_front();
  Caller late(server.port());
  EXPECT_TRUE(late.say("late\n"));
  late.finish();
  EXPECT_EQ(late.hear_all(), "LATE\n");
  EXPECT_TRUE(until([&] { return count(read(recording), "\"kind\":\"client_started\"") == 46; }));
  server.process().signal(SIGTERM);
  const Finished end = server.process().finish();
  EXPECT_EQ(end.exit, 143);
  EXPECT_THAT(end.err, testing::StartsWith("sockscope serve: S cannot accept: EMFILE (24)"));
  const Finished told = sockscope({"narrate", recording});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_EQ(told.err, "");
  EXPECT_THAT(told.out, HasSubstr("LATE"));
  EXPECT_EQ(count(read(recording), "\"kind\":\"client_ended\""), 46u);
  EXPECT_EQ(count(read(recording), "\"kind\":\"server_ended\""), 1u);
}

std::size_t most_memory(pid_t pid) {  // KiB
  std::ifstream lines("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
  return 0;
}

TEST_P(HardServe, AGigabyteFromOneClientIsTakenWhileOthersAreServed) {
  constexpr std::size_t kPieces = 1'000;
  const bool one_at_a_time = GetParam() == "iterative";  // there the other waits until the first is through
  Served server(command({"serve", "--model", model(), "--handler", "discard"}), environment());
  std::atomic<std::size_t> sent{0};
  std::atomic<bool> others_served{one_at_a_time};
  std::string end;
  std::thread sender([&] {
    const std::string piece(1'000'000, 'x');
    const Caller client(server.port());
    while ((sent < kPieces || !others_served) && client.say(piece)) ++sent;
    client.finish();
    end = client.hear_all();
  });
  EXPECT_TRUE(until([&] { return sent > 0; }));
  for (int i = 0; i < (one_at_a_time ? 1 : 50); ++i) {
    const Caller other(server.port());
    other.finish();
    EXPECT_EQ(other.hear_all(), "");
  }
  EXPECT_TRUE(!one_at_a_time || sent >= kPieces);
  others_served = true;
  sender.join();
  EXPECT_GE(sent, kPieces);
  EXPECT_EQ(end, "");  // an error if it had closed with bytes unread
  EXPECT_LT(most_memory(server.process().pid()), 400'000u);
}

TEST_P(HardServe, NobodyReadsWhatItPrintsAndItServesOn) {
  Served server(command({"serve", "--model", model(), "--handler", "upper"}), environment());
  server.process().close_out();
  for (int i = 0; i < 3; ++i) {
    const Caller client(server.port());
    EXPECT_TRUE(client.say("still there?"));
    EXPECT_EQ(client.hear_all(), "STILL THERE?");
  }
  server.process().signal(SIGTERM);
  EXPECT_EQ(server.process().finish().exit, 143);
}

}  // namespace
}  // namespace sockscope
