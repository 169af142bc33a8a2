// What a query means, and what of a trace it finds.
#include "panes/timeline_search.h"

#include <gtest/gtest.h>

#include "kernel_trace.h"
#include "trace_builder.h"

namespace sockscope {
namespace timeline_search_test {

using T = TwoClients;
using Q = FullQueue;

TEST(SearchQuery, AWordMayBeACallAnErrnoAStateAPortASocketOrAFlag) {
  const auto one = [](const char* text) { return read_query(text).terms.at(0); };
  EXPECT_TRUE(one("recv").calls[static_cast<std::size_t>(Call::recv)]);
  EXPECT_TRUE(one("accept4").calls[static_cast<std::size_t>(Call::accept)]);
  EXPECT_EQ(one("econnrefused").errors, std::vector<int>{ECONNREFUSED});
  EXPECT_TRUE(one("TIME_WAIT").states[static_cast<std::size_t>(TcpState::TIME_WAIT)]);
  EXPECT_EQ(one("9999").port, 9999);
  EXPECT_EQ(one(":80").port, 80);
  EXPECT_EQ(one("#5").socket, 5u);
  EXPECT_EQ(one("SYN").flags, kSyn);
  EXPECT_EQ(one("syn-ack").flags, kSyn | kAck);
  EXPECT_EQ(one("udp").protocol, "UDP");
  EXPECT_TRUE(one("failed").failed);
  EXPECT_TRUE(one("dropped").dropped);
  EXPECT_TRUE(one("'hello there'").quoted);
  EXPECT_EQ(one("b'hello there'").word, "hello there");
}

TEST(SearchQuery, WhatIsNamedExactlyIsOnlyThatAnythingElseMayBeTheBeginning) {
  const SearchTerm recv = read_query("recv").terms.at(0);
  EXPECT_EQ(recv.calls.count(), 1u);
  EXPECT_FALSE(recv.begins);
  const SearchTerm rec = read_query("rec").terms.at(0);
  EXPECT_GT(rec.calls.count(), 2u);
  EXPECT_TRUE(rec.begins);
  EXPECT_GT(read_query("ECONN").terms.at(0).errors.size(), 2u);
  EXPECT_EQ(read_query("refused").terms.at(0).errors, std::vector<int>{ECONNREFUSED});
  EXPECT_EQ(read_query("FIN_WAIT").terms.at(0).states.count(), 2u);
  EXPECT_FALSE(read_query("a").terms.at(0).begins);
}

TEST(SearchQuery, ALengthIsComparedInItsUnit) {
  for (const char* text :
       {"recv > 100ms", "recv>100ms", "recv > 0.1 s", "recv >100000us", "recv > 100000 µs"}) {
    const SearchQuery query = read_query(text);
    ASSERT_EQ(query.terms.size(), 2u) << text;
    EXPECT_EQ(query.terms[1].compare, SearchTerm::Compare::more) << text;
    EXPECT_EQ(query.terms[1].length, 100 * kMillisecond) << text;
    EXPECT_FALSE(length_fits(query.terms[1], 100 * kMillisecond)) << text;
    EXPECT_TRUE(length_fits(query.terms[1], 101 * kMillisecond)) << text;
  }
  EXPECT_TRUE(length_fits(read_query(">= 1s").terms.at(0), kSecond));
  EXPECT_TRUE(length_fits(read_query("< 1min").terms.at(0), kSecond));
  for (const char* text : {"recv > 100", "recv >", "> ms", "> -1ms", "recv > > 1ms", "> 1e"}) {
    EXPECT_TRUE(read_query(text).no_unit) << text;
    EXPECT_TRUE(read_query(text).empty()) << text;
  }
}

TEST(SearchQuery, NoTextBreaksIt) {
  for (const char* text : {"", "   ", "'", "\"", "b'", "#", ":", "<", ">=", "#99999999999", ":70000",
                           "\xff\xfe", "> 1e300h", "> nan ms", "> inf s", "回声"}) {
    const SearchQuery query = read_query(text);
    for (const SearchTerm& term : query.terms) EXPECT_GE(term.length, 0) << text;
  }
}

struct Found {
  Found(const Trace& trace, const char* text, std::size_t step = 1'000'000, Time now = 0) {
    TimelineIndex index;
    index.extend(trace);
    search.ask(text);
    for (int i = 0; i < 100'000 && search.advance(trace, index, std::max(now, trace.end()), step); ++i) {
    }
  }
  std::size_t count(SearchHit::Kind kind) const {
    std::size_t n = 0;
    for (const SearchHit& hit : search.hits()) n += hit.kind == kind;
    return n;
  }
  TimelineSearch search;
};

TEST(TimelineSearch, AnErrnoIsFoundWhereTheCallCameBack) {
  TraceBuilder b;
  const ThreadId t = b.thread("t");
  const SocketId s = b.socket(t, "s");
  const CallId call = b.at(100).enter(t, Call::connect, s, TraceBuilder::to(loopback(9)));
  b.at(300).fail(call, ECONNREFUSED);
  const Trace trace = b.trace();
  const Found found(trace, "ECONNREFUSED");
  ASSERT_EQ(found.search.hits().size(), 1u);
  const SearchHit hit = found.search.hits()[0];
  EXPECT_EQ(hit.at, trace.start() + 300 * kMillisecond);
  EXPECT_EQ(std::get<event::CallEntered>(trace[hit.seq].body).call, call);
  EXPECT_EQ(Found(trace, "failed").search.hits().size(), 1u);
  EXPECT_EQ(Found(trace, "ECONN").search.hits().size(), 1u);
  EXPECT_TRUE(Found(trace, "ETIMEDOUT").search.hits().empty());
}

TEST(TimelineSearch, CallsByNameThreadSocketLengthAndBytes) {
  const Trace trace = two_clients_trace();
  EXPECT_EQ(Found(trace, "connect").search.hits().size(), 2u);
  EXPECT_EQ(Found(trace, "bob connect").search.hits().size(), 1u);
  EXPECT_EQ(Found(trace, "b connect").search.hits().size(), 1u) << "the socket's name";
  EXPECT_EQ(Found(trace, "bob recv > 100ms").search.hits().size(), 1u);
  EXPECT_TRUE(Found(trace, "bob recv > 10s").search.hits().empty());
  EXPECT_EQ(Found(trace, "bob recv < 10s").search.hits().size(), 1u);
  EXPECT_GE(Found(trace, "'HELLO'").count(SearchHit::Kind::call), 1u);
  EXPECT_TRUE(Found(trace, "'hELLO'").search.hits().empty());
  EXPECT_TRUE(Found(trace, "nobody").search.hits().empty());
}

TEST(TimelineSearch, APortFindsWhatTalksThere) {
  const Trace trace = two_clients_trace();
  EXPECT_EQ(Found(trace, "9999 connect").search.hits().size(), 2u);
  EXPECT_EQ(Found(trace, "40001 connect").search.hits().size(), 1u) << "the socket got that port later";
  EXPECT_TRUE(Found(trace, "9998").search.hits().empty());
}

TEST(TimelineSearch, StatesAreFoundWithTheirSocket) {
  const Trace trace = two_clients_trace();
  const Found all(trace, "ESTABLISHED");
  EXPECT_GE(all.count(SearchHit::Kind::socket), 2u);
  EXPECT_EQ(all.count(SearchHit::Kind::call), 0u);
  const Found one(trace, "b CLOSE_WAIT");
  ASSERT_EQ(one.search.hits().size(), 1u);
  EXPECT_EQ(one.search.hits()[0].id, T::b);
}

TEST(TimelineSearch, ACallThatHasNotComeBackIsFoundWhenItIsLongEnough) {
  const Trace trace = full_queue_trace();
  const Time entered = trace.start() + 1300 * kMillisecond;
  EXPECT_TRUE(Found(trace, "carl connect > 1h").search.hits().empty());
  const Found found(trace, "carl connect > 5s", 1'000'000, entered + 10 * kSecond);
  ASSERT_EQ(found.search.hits().size(), 1u);
  EXPECT_NEAR(static_cast<double>(found.search.hits()[0].at - entered) / 1e9, 5, 0.01);
  EXPECT_EQ(Found(trace, "blocked").search.hits().size(), 2u);
}

TEST(TimelineSearch, PacketsByFlagAndWhetherTheyWereDropped) {
  TraceBuilder b;
  b.thread("main");
  b.put(event::HostStarted{1, 0, -1, "a", {}, {}});
  b.put(event::HostStarted{2, 0, -1, "b", {}, {}});
  // Ethernet, IPv4 and TCP headers: only what the reader of frames looks at.
  const auto frame = [](std::uint8_t flags) {
    std::string bytes(54, '\0');
    bytes[12] = 8;
    bytes[14] = 0x45;
    bytes[17] = 40;
    bytes[22] = 64;
    bytes[23] = 6;
    bytes[34] = 0x27;
    bytes[35] = 0x0f;  // port 9999
    bytes[46] = 0x50;
    bytes[47] = static_cast<char>(flags);
    return bytes;
  };
  b.put(event::PacketSent{1, 1, 2, 0, 54, b.now() + 1000, Blob(frame(kSyn))});
  b.put(event::PacketSent{2, 2, 1, 0, 54, b.now() + 1000, Blob(frame(kSyn | kAck))});
  b.put(event::PacketSent{3, 1, 2, 0, 54, 0, Blob(frame(kAck))});
  b.put(event::PacketDropped{3, Loss::lost});
  const Trace trace = b.trace();
  EXPECT_EQ(Found(trace, "SYN").count(SearchHit::Kind::packet), 2u);
  EXPECT_EQ(Found(trace, "SYN-ACK").count(SearchHit::Kind::packet), 1u);
  EXPECT_EQ(Found(trace, "tcp").count(SearchHit::Kind::packet), 3u);
  EXPECT_EQ(Found(trace, "9999").count(SearchHit::Kind::packet), 3u);
  const Found dropped(trace, "dropped");
  ASSERT_EQ(dropped.search.hits().size(), 1u);
  EXPECT_EQ(dropped.search.hits()[0].id, 3u);
  EXPECT_TRUE(Found(trace, "SYN dropped").search.hits().empty());
}

TEST(TimelineSearch, InPiecesItFindsTheSameAndSaysHowFarItIs) {
  const Trace trace = two_clients_trace();
  const Found whole(trace, "recv");
  const Found pieces(trace, "recv", 7);
  ASSERT_FALSE(whole.search.hits().empty());
  ASSERT_EQ(pieces.search.hits().size(), whole.search.hits().size());
  for (std::size_t i = 0; i < whole.search.hits().size(); ++i)
    EXPECT_EQ(pieces.search.hits()[i].seq, whole.search.hits()[i].seq);
  TimelineIndex index;
  index.extend(trace);
  TimelineSearch search;
  search.ask("recv");
  EXPECT_TRUE(search.advance(trace, index, trace.end(), trace.size() / 2));
  EXPECT_NEAR(search.progress(), 0.5, 0.02);
  EXPECT_FALSE(search.advance(trace, index, trace.end(), trace.size()));
  EXPECT_EQ(search.progress(), 1);
}

TEST(TimelineSearch, WhatComesLaterIsFoundAndHitsStandInTime) {
  const std::vector<Event> events = two_clients_builder().events();
  Trace trace;
  TimelineIndex index;
  TimelineSearch search;
  search.ask("recv > 1ms");
  for (const Event& event : events) {
    trace.append(event, false);
    index.extend(trace);
    search.advance(trace, index, trace.end(), 1000);
  }
  const Found whole(trace, "recv > 1ms");
  EXPECT_EQ(search.hits().size(), whole.search.hits().size());
  for (std::size_t i = 1; i < search.hits().size(); ++i)
    EXPECT_LE(search.hits()[i - 1].at, search.hits()[i].at);
  EXPECT_EQ(search.from(trace.start()), 0u);
  EXPECT_EQ(search.from(trace.end() + kSecond), search.hits().size());
}

TEST(TimelineSearch, AnotherTraceBeginsAnew) {
  const Trace one = two_clients_trace(), two = full_queue_trace();
  TimelineIndex first, second;
  first.extend(one);
  second.extend(two);
  TimelineSearch search;
  search.ask("bob");
  search.advance(one, first, one.end(), 1'000'000);
  ASSERT_FALSE(search.hits().empty());
  search.advance(two, second, two.end(), 1'000'000);
  for (const SearchHit& hit : search.hits()) EXPECT_LT(hit.seq, two.size());
}

}  // namespace timeline_search_test
}  // namespace sockscope
