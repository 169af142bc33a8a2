// A recording cut or changed anywhere loads, or is refused with its line named; whatever loads also folds and
// can be told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "random_events.h"
#include "trace/header_line.h"
#include "trace/narrate.h"
#include "trace/recording.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

using testing::StartsWith;

std::string written(const Trace& trace) {
  std::string text;
  const Trace::Origin origin{trace.start(), 0};
  write_header(text, origin);
  for (std::size_t i = 0; i < trace.size(); ++i) {
    write_event(text, trace[i], trace.late(i), origin.start);
    text += '\n';
  }
  return text;
}

Trace of_every_kind() {
  Trace trace;
  for (Event& event : RandomEvents(3).make(2 * RandomEvents::kKinds, kSecond))
    trace.append(std::move(event), false);
  return trace;
}

// How many events it held, or −1 and an error that names the file and a line.
int digest(const std::string& text) {
  const auto loaded = parse_recording(text, "r.jsonl");
  if (!loaded) {
    EXPECT_THAT(loaded.error().message, StartsWith("r.jsonl:"));
    EXPECT_EQ(loaded.error().message.find('\n'), std::string::npos);
    return -1;
  }
  State state;
  for (std::size_t i = 0; i < loaded->size(); ++i) {
    narrate_line((*loaded)[i], state, loaded->start(), untranslated);
    state.apply((*loaded)[i], i);
  }
  return static_cast<int>(loaded->size());
}

TEST(RecordingTruncated, AtEveryByteGivesThePrefixAndANotice) {
  const Trace trace = of_every_kind();
  const std::string text = written(trace);
  const std::size_t header = text.find('\n');
  int whole = 0;
  for (std::size_t length = 1; length <= text.size(); ++length) {
    const int events = digest(text.substr(0, length));
    if (length < header) {
      ASSERT_EQ(events, -1) << length;
      continue;
    }
    if (length > header + 1 && (text[length - 1] == '\n')) ++whole;
    const bool clean =
        text[length - 1] == '\n' || length == header || length == text.size() || text[length] == '\n';
    const bool line_done = length > header + 1 && text[length - 1] != '\n' && text[length] == '\n';
    ASSERT_EQ(events, whole + (clean ? 0 : 1) + (line_done ? 1 : 0)) << length;
  }
  EXPECT_EQ(whole, static_cast<int>(2 * RandomEvents::kKinds));
}

TEST(RecordingFlipped, ByteFlipsNeverCrash) {
  const std::string text = written(of_every_kind());
  std::mt19937 random(11);
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = text;
    for (auto flips = 1 + random() % 3; flips > 0; --flips) {
      damaged[random() % damaged.size()] ^= static_cast<char>(1 + random() % 255);
    }
    refused += digest(damaged) < 0;
  }
  EXPECT_GT(refused, 500);
  EXPECT_LT(refused, 3000);
}

TEST(RecordingFlipped, DigitsAndPiecesMovedAroundNeverCrash) {
  const std::string text = written(two_clients_trace());
  std::mt19937 random(12);
  int loaded = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string damaged = text;
    for (int i = 0; i < 4; ++i) {
      const std::size_t digit = damaged.find_first_of("0123456789", random() % damaged.size());
      if (digit != std::string::npos) damaged[digit] = static_cast<char>('0' + random() % 10);
    }
    const std::size_t from = random() % damaged.size();
    const std::string piece = damaged.substr(from, random() % 40);
    if (random() % 2 == 0) damaged.insert(random() % damaged.size(), piece);
    loaded += digest(damaged) >= 0;
  }
  EXPECT_GT(loaded, 100);
}

TEST(RecordingFlipped, LinesInAnyOrderFold) {
  const Trace trace = two_clients_trace();
  std::mt19937 random(13);
  for (int round = 0; round < 100; ++round) {
    State state;
    for (std::size_t i = 0; i < 300; ++i) {
      const Event& event = trace[random() % trace.size()];
      narrate(event, state, untranslated);
      state.apply(event, i);
    }
    EXPECT_EQ(state.next(), 300U);
  }
}

TEST(RecordingFlipped, RandomEventsFoldAndAreTold) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    State state;
    std::uint64_t seq = 0;
    for (const Event& event : RandomEvents(seed).make(100 * RandomEvents::kKinds, kSecond)) {
      for (const char c : narrate(event, state, untranslated)) {
        ASSERT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7f) << "a terminal would obey it";
      }
      state.apply(event, seq++);
    }
  }
}

// Two sockets, few ids and many sends: what is kept stays small, and each prefix folds as the whole does.
TEST(RecordingFlipped, AStormOfSendsAndReceivesStaysSmall) {
  std::mt19937 random(14);
  TraceBuilder b;
  const ThreadId t = b.thread("t");
  b.pair(t);
  b.of(AF_INET, SOCK_DGRAM).socket(t);
  b.named(3, loopback(9));
  constexpr Call kMoves[] = {Call::send,     Call::sendto,  Call::sendmsg,     Call::recv,   Call::recv_into,
                             Call::recvfrom, Call::recvmsg, Call::os_sendfile, Call::detach, Call::sendall};
  for (int i = 0; i < 20'000; ++i) {
    Args args;
    args.data = Blob({}, random() % 2000);
    for (auto& number : args.numbers) number = static_cast<std::int64_t>(random() % 600) - 5;
    if (random() % 3 == 0) args.address = loopback(9);
    const CallId call =
        b.enter(t, kMoves[random() % std::size(kMoves)], static_cast<SocketId>(1 + random() % 5), args);
    event::CallReturned back;
    back.result = random() % 50 == 0 ? INT64_MAX : static_cast<std::int64_t>(random() % 900) - 20;
    if (random() % 4 == 0) back.address = loopback(9);
    if (random() % 3 != 0) b.ret(call, back);
    if (random() % 100 == 0)
      b.opened(static_cast<SocketId>(1 + random() % 6), SocketHow::dup,
               static_cast<SocketId>(1 + random() % 6));
    if (random() % 400 == 0) b.put(event::SocketClosed{static_cast<SocketId>(1 + random() % 6)});
  }
  const State state = fold(b.trace());
  for (const SocketState& socket : state.sockets()) {
    EXPECT_LE(socket.unread.size(), kPiecesKept);
    EXPECT_LE(socket.taken.size(), kPiecesKept);
  }
}

}  // namespace
}  // namespace sockscope
