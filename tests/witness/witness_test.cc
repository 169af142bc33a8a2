// At every rest point of many plays: the same sockets, states, queues and timers as ss(8) shows, nothing of
// ours missing, nothing extra.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "lab_support.h"
#include "net/names.h"
#include "play_harness.h"
#include "ss.h"

namespace sockscope::testing {
namespace {

namespace fs = std::filesystem;

bool is_tcp(const SocketState& s) {
  return is_internet(s.family) && s.type == SOCK_STREAM;
}

std::string timer_of_ss(Timer timer) {
  switch (timer) {
    case Timer::none:
      return {};
    case Timer::retransmit:
      return "on";
    case Timer::keepalive:
      return "keepalive";
    case Timer::time_wait:
      return "timewait";
    case Timer::probe:
      return "persist";
  }
  return {};
}

// An inode is all that ss says of an AF_UNIX socket; the descriptor is this process's own.
std::uint64_t inode_of(const SocketState& s) {
  struct stat file {};
  return s.fd >= 0 && ::fstat(s.fd, &file) == 0 ? file.st_ino : 0;
}

bool may_hold_a_fin(const SocketState& s) {
  return is_tcp(s) && (s.state == TcpState::CLOSE_WAIT || s.state == TcpState::LAST_ACK ||
                       s.state == TcpState::CLOSING || s.state == TcpState::TIME_WAIT);
}

// What the state shows and ss's line of it, held against each other; empty: they agree.
std::string differs(const SocketState& s, const SsRow& row, Time now) {
  std::ostringstream out;
  const auto differ = [&](const char* what, const auto& ours, const auto& theirs) {
    if (ours != theirs)
      out << "#" << s.id << " " << what << ": we say " << ours << ", ss says " << theirs << "\n";
  };
  const bool listens = s.state == TcpState::LISTEN || (s.family == AF_UNIX && s.open && s.backlog >= 0);
  if (is_tcp(s)) differ("state", std::string(name_of(s.state)), row.state);
  // ss counts in sequence numbers: a FIN nobody has read or acknowledged, and a SYN on its way, are one each.
  // We count bytes.
  const std::uint64_t fin = may_hold_a_fin(s) && row.recv_queue == std::uint64_t{s.recv_queue} + 1 ? 1 : 0;
  const std::uint64_t syn = is_tcp(s) && s.state == TcpState::SYN_SENT ? 1 : 0;
  const std::uint64_t own_fin = is_tcp(s) && (s.state == TcpState::FIN_WAIT1 ||
                                              s.state == TcpState::CLOSING || s.state == TcpState::LAST_ACK)
                                    ? row.send_queue > 0 ? 1 : 0
                                    : 0;
  differ("Recv-Q", (listens ? s.accept_queue : s.recv_queue) + fin, row.recv_queue);
  differ("Send-Q", (listens ? s.limit : s.send_queue) + syn + own_fin, row.send_queue);
  if (is_internet(s.family))
    differ("drops", std::uint64_t{s.drops}, row.drops * (is_tcp(s) && !listens ? 0 : 1));
  if (s.recv_buffer != 0 && row.recv_buffer != 0 && s.recv_queue + s.send_queue > 0) {
    differ("SO_RCVBUF", std::uint64_t{s.recv_buffer}, row.recv_buffer);
    differ("SO_SNDBUF", std::uint64_t{s.send_buffer}, row.send_buffer);
  }
  if (!is_tcp(s) || listens) return out.str();
  // A timer of milliseconds is over before it can be compared.
  const double left = static_cast<double>(s.timer_ends - now) / 1e9;
  const bool long_one = row.timer_seconds > 0.4 || left > 0.4;
  if (!long_one) return out.str();
  differ("timer", timer_of_ss(s.timer), row.timer);
  if (!row.timer.empty() && std::abs(left - row.timer_seconds) > (row.timer_seconds > 60 ? 60 : 1.2))
    differ("timer's end", std::to_string(left), std::to_string(row.timer_seconds));
  if (!out.str().empty()) out << row.text;
  return out.str();
}

class Witness {
 public:
  explicit Witness(PlayStage& stage) : stage_(stage) {}

  // Empty: they agree; else what differs. Looks afresh, asks ss, looks again: what moved meanwhile is no
  // rest.
  std::string disagreement(std::size_t& compared) {
    for (int i = 0; i < 3; ++i) stage_.tick();
    stage_.house.fold_all();
    const State before = stage_.house.state;
    const std::vector<SsRow> rows = ask_everywhere(before);
    for (int i = 0; i < 3; ++i) stage_.tick();
    stage_.house.fold_all();
    if (before.sockets() != stage_.house.state.sockets()) return "it moves";
    return compare(before, rows, compared);
  }

 private:
  // This machine, and each host by the very command that its Details offer.
  static std::vector<SsRow> ask_everywhere(const State& state) {
    std::vector<SsRow> all = ask_ss();
    for (SsRow& row : all) row.host = kThisMachine;
    for (const HostState& host : state.hosts()) {
      if (!host.alive) continue;
      const std::string keeper = std::to_string(host.keeper);
      for (SsRow& row : ask_ss("nsenter -U --preserve-credentials -t " + keeper + " --net=/proc/" + keeper +
                               "/fd/" + std::to_string(host.net))) {
        row.host = host.name;
        all.push_back(std::move(row));
      }
    }
    return all;
  }

  const SsRow* row_of(const SocketState& s, const std::vector<SsRow>& rows) const {
    const std::uint64_t inode = s.family == AF_UNIX ? inode_of(s) : 0;
    const auto same = [&](const SsRow& row) {
      const bool is_unix = row.kind.starts_with("u_");
      if (row.host != s.host) return false;
      if (s.family == AF_UNIX) return is_unix && inode != 0 && row.inode == inode;
      return !is_unix && s.cookie != 0 && row.cookie == s.cookie;
    };
    const auto found = std::find_if(rows.begin(), rows.end(), same);
    return found == rows.end() ? nullptr : &*found;
  }

  // Whether ss lists such a socket at all: not a TCP one that is neither connected nor listening, nor a
  // datagram socket without a port.
  static bool is_listed(const SocketState& s) {
    if (s.same_as != 0) return false;
    if (is_tcp(s)) return s.state != TcpState::CLOSED && s.state != TcpState::not_known;
    if (is_internet(s.family))
      return s.type == SOCK_DGRAM && s.protocol != IPPROTO_ICMP && s.open && s.local.port != 0;
    return s.family == AF_UNIX && s.open;
  }

  std::string compare(const State& state, const std::vector<SsRow>& rows, std::size_t& compared) const {
    std::ostringstream out;
    std::set<std::uint64_t> cookies;
    std::set<std::uint64_t> inodes;
    for (const SocketState& s : state.sockets()) {
      if (s.id == 0) continue;
      cookies.insert(s.cookie);
      if (s.family == AF_UNIX) inodes.insert(inode_of(s));
      if (!is_listed(s)) continue;
      const SsRow* row = row_of(s, rows);
      if (row == nullptr) {
        out << "#" << s.id << " " << name_of(s.state) << " is not in ss\n";
        continue;
      }
      ++compared;
      out << differs(s, *row, now());
    }
    for (const SsRow& row : rows) out << extra(state, row, cookies, inodes);
    return out.str();
  }

  // Of this process, or of one of our connections, and not shown.
  static std::string extra(const State& state, const SsRow& row, const std::set<std::uint64_t>& cookies,
                           const std::set<std::uint64_t>& inodes) {
    const bool is_unix = row.kind.starts_with("u_");
    const bool known = is_unix ? inodes.contains(row.inode) : cookies.contains(row.cookie);
    if (known) return {};
    const bool of_ours =
        row.kind == "tcp" && row.inode == 0 && row.state != "TIME_WAIT" &&
        std::any_of(state.sockets().begin(), state.sockets().end(), [&](const SocketState& s) {
          return s.id != 0 && s.open && s.local.port != 0 && is_tcp(s) && to_text(s.local) == row.local;
        });
    if (row.kind == "u_seq" && !state.hosts().empty()) return {};  // the way to the keeper of the hosts
    if (row.pid != ::getpid() && !of_ours) return {};
    return "ss has more of ours: " + row.text;
  }

  PlayStage& stage_;
};

std::vector<std::string> lines_of(const fs::path& play) {
  std::ifstream in(play);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line.front() != '#') lines.push_back(line);
  return lines;
}

// Plays whose sockets ss does not list (files, calls that fail), or counts otherwise: of a receive queue with
// an urgent byte SIOCINQ counts what comes before it.
bool is_left_out(const std::string& name) {
  static const std::set<std::string> kOut = {"wrong-calls.play", "oob.play"};
  return kOut.contains(name);
}

std::vector<fs::path> plays() {
  std::vector<fs::path> all;
  const auto add = [&](const fs::path& folder) {
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.path().extension() == ".play" && !is_left_out(entry.path().filename()))
        all.push_back(entry.path());
  };
  for (const auto& entry : fs::directory_iterator(SOCKSCOPE_SOURCE_DIR "/tests/plays"))
    if (entry.path().extension() == ".play" && !is_left_out(entry.path().filename()))
      all.push_back(entry.path());
  add(SOCKSCOPE_SOURCE_DIR "/tests/witness");
  add(SOCKSCOPE_SOURCE_DIR "/lessons");
  std::sort(all.begin(), all.end());
  return all;
}

class WitnessTest : public ::testing::TestWithParam<fs::path> {
 protected:
  void watch_play(const fs::path& play);
};

TEST_P(WitnessTest, ShowsWhatSsShows) {
  watch_play(GetParam());
}

void WitnessTest::watch_play(const fs::path& play) {
  ASSERT_FALSE(ask_ss().empty()) << "ss(8) of iproute2 is not there";
  PlayStage stage(true);
  Witness witness(stage);
  std::size_t compared = 0, rests = 0;
  std::string thread = "main";
  for (const std::string& line : lines_of(play)) {
    SCOPED_TRACE(line);
    if (line.starts_with("%deadline")) continue;
    ASSERT_TRUE(stage.type(line, thread));
    const Time typed = now();
    // Every line has begun, and nothing moves; a line that waits for its thread is let be.
    const Time patience = typed + 3 * kSecond;
    stage.until(
        [&] { return (stage.runner->waiting().empty() && stage.engine.settled(typed)) || now() > patience; });
    const Time give_up = now() + 6 * kSecond;
    std::string disagreement;
    stage.until([&] {
      disagreement = witness.disagreement(compared);
      return disagreement.empty() || now() > give_up;
    });
    EXPECT_EQ(disagreement, "");
    if (!disagreement.empty()) break;
    ++rests;
  }
  EXPECT_GT(rests, 0u);
  RecordProperty("compared", static_cast<int>(compared));
}

std::string name_of_test(const ::testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.parent_path().filename().string() + "_" + info.param.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Plays, WitnessTest, ::testing::ValuesIn(plays()), name_of_test);

// On hosts, where ss must be asked inside.
class LabWitness : public WitnessTest {};

TEST_P(LabWitness, ShowsWhatSsShowsInsideTheHosts) {
  if (const auto possible = probe_lab(kKeeper); !possible) GTEST_SKIP() << describe(possible.error());
  watch_play(GetParam());
}

std::vector<fs::path> lab_plays() {
  std::vector<fs::path> all;
  for (const char* name : {"handshake-300ms", "whole-life-300ms", "full-queue", "ipv6", "loopback-of-a-host",
                           "simultaneous-close", "refused-and-reset"})
    all.push_back(SOCKSCOPE_SOURCE_DIR "/tests/plays/lab/" + std::string(name) + ".play");
  return all;
}

INSTANTIATE_TEST_SUITE_P(Plays, LabWitness, ::testing::ValuesIn(lab_plays()), name_of_test);

TEST(Witness, ThereAreThirtyPlays) {
  EXPECT_GE(plays().size(), 30u);
}

TEST(Witness, ReadsTheTimesOfSs) {
  EXPECT_DOUBLE_EQ(ss_seconds("1min19sec"), 79);
  EXPECT_DOUBLE_EQ(ss_seconds("9.072ms"), 9.072);
  EXPECT_DOUBLE_EQ(ss_seconds("200ms"), 0.2);
  EXPECT_DOUBLE_EQ(ss_seconds("59sec"), 59);
}

}  // namespace
}  // namespace sockscope::testing
