#include "session/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/server.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

constexpr std::string_view kTalk = R"(server>>> s = socket(AF_INET, SOCK_STREAM)
server>>> s.bind(('127.0.0.1', 0))
server>>> s.listen(5)
server>>> conn, peer = s.accept()
client>>> c = socket(AF_INET, SOCK_STREAM)
client>>> c.connect(s.getsockname())
client>>> c.sendall(b'hello\n')
server>>> conn.recv(1024)
%expect server returned b'hello\n'
client>>> c.recv(1024)
)";

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sockscope-session-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~SessionTest() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  static Play play(std::string_view text) {
    auto parsed = parse_play(text, "talk.play");
    EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().to_string());
    return std::move(*parsed);
  }
  static bool never() { return false; }
  static State folded(const Trace& trace) {
    State state;
    for (std::size_t seq = 0; seq < trace.size(); ++seq) state.apply(trace[seq], seq);
    return state;
  }
  std::string folder_;
};

TEST_F(SessionTest, LiveIsWhatTheRecordingGivesBack) {
  const auto session = Session::live(false);
  ASSERT_TRUE(session->record_to(path("r.jsonl")));
  session->load(play(kTalk));
  std::size_t grew = 0;
  session->run_to_end([&] { ++grew; }, never);
  EXPECT_EQ(session->runner().exit_code(), 0) << session->runner().error();
  EXPECT_GT(grew, 3u);
  ASSERT_TRUE(session->end_recording());
  const auto loaded = load_recording(path("r.jsonl"));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->size(), session->trace().size());
  EXPECT_TRUE(folded(*loaded) == session->state());
}

TEST_F(SessionTest, AStopInTheMiddleLosesNothing) {
  const auto session = Session::live(false);
  ASSERT_TRUE(session->record_to(path("r.jsonl")));
  session->load(play(std::string(kTalk) + "%wait 3600s\n"));
  session->run_to_end([] {},
                      [&] {
                        const ThreadState* client = session->state().thread("client");
                        return client != nullptr && client->blocked &&
                               client->calls.back().name == Call::recv;
                      });
  ASSERT_TRUE(session->end_recording());
  const auto loaded = load_recording(path("r.jsonl"));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_TRUE(folded(*loaded) == session->state());
  bool interrupted = false;
  for (std::size_t seq = 0; seq < loaded->size(); ++seq) {
    const auto* back = std::get_if<event::CallReturned>(&(*loaded)[seq].body);
    interrupted = interrupted || (back != nullptr && back->interrupted);
  }
  EXPECT_TRUE(interrupted);
}

TEST_F(SessionTest, AFullDiskIsSaidAndTheTraceIsWhole) {
  const auto session = Session::live(false);
  const auto begun = session->record_to("/dev/full");
  session->load(play(kTalk));
  session->run_to_end([] {}, never);
  EXPECT_EQ(session->runner().exit_code(), 0) << session->runner().error();
  const auto ended = session->end_recording();
  ASSERT_FALSE(begun && ended);
  const std::string message = begun ? ended.error().message : begun.error().message;
  EXPECT_THAT(message, HasSubstr("/dev/full"));
  EXPECT_THAT(message, HasSubstr("No space left"));
}

TEST_F(SessionTest, ARecordingThatCannotBeMadeIsRefusedBeforeAnythingRuns) {
  const auto session = Session::live(false);
  const auto begun = session->record_to(path("no/such/folder/r.jsonl"));
  ASSERT_FALSE(begun);
  EXPECT_THAT(begun.error().message, HasSubstr("no/such/folder/r.jsonl"));
}

TEST_F(SessionTest, RecordingCanBeginLateAndHasTheBeginning) {
  const auto session = Session::live(false);
  session->load(play(kTalk));
  session->run_to_end([] {}, never);
  ASSERT_TRUE(session->record_to(path("late.jsonl")));
  ASSERT_TRUE(session->end_recording());
  const auto loaded = load_recording(path("late.jsonl"));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_TRUE(folded(*loaded) == session->state());
}

TEST_F(SessionTest, AReplayIsAtItsEndAndCanBeScrubbed) {
  const auto live = Session::live(false);
  ASSERT_TRUE(live->record_to(path("r.jsonl")));
  live->load(play(kTalk));
  live->run_to_end([] {}, never);
  ASSERT_TRUE(live->end_recording());
  const auto replay = Session::replay(load_recording(path("r.jsonl")).value(), "r.jsonl");
  EXPECT_FALSE(replay->is_live());
  EXPECT_FALSE(replay->tick());
  EXPECT_EQ(replay->wake_fd(), -1);
  EXPECT_EQ(replay->next_due(), -1);
  EXPECT_TRUE(replay->state() == live->state());
  for (std::size_t seq = replay->trace().size() + 1; seq-- > 0;) {
    ASSERT_TRUE(replay->state_at(seq) == live->state_at(seq)) << seq;
  }
}

// Somebody else's connection waits in the queue and wakes no thread of ours.
TEST_F(SessionTest, AQueueThatOnlyTheKernelChangesIsSeen) {
  const auto session = Session::live(true);
  const auto server = Server::start(session->engine(), 1, ServerOptions{});
  ASSERT_TRUE(server);
  const auto until = [&](const std::function<bool()>& holds) {
    const Time deadline = now() + 20 * kSecond;
    while (!holds() && now() < deadline) {
      session->tick();
      session->wait(kSecond);
    }
    return holds();
  };
  sockaddr_storage address{};
  const socklen_t length = to_sockaddr((*server)->address(), address);
  const int first = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(connect(first, reinterpret_cast<sockaddr*>(&address), length), 0);
  EXPECT_TRUE(until([&] {
    const ThreadState* accept = session->state().thread("S.accept");
    return accept != nullptr && accept->blocked && accept->calls.back().name == Call::recv;
  }));
  const int second = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(connect(second, reinterpret_cast<sockaddr*>(&address), length), 0);
  EXPECT_TRUE(until([&] {
    const SocketState* listener = session->state().socket((*server)->listener());
    return listener != nullptr && listener->accept_queue == 1;
  }));
  close(first);
  close(second);
}

TEST_F(SessionTest, WaitComesBackWhenTheOtherDescriptorIsReadable) {
  const auto session = Session::live(true);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "x", 1), 1);
  session->tick();
  session->wait(3600 * kSecond, ends[0]);  // a hang is the failure
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace sockscope
