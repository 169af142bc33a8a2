#include "trace/recording.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "random_events.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Directory {
 public:
  Directory() {
    std::string pattern = testing::TempDir() + "recordingXXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~Directory() {
    for (const char* name : {"r.jsonl", "again.jsonl", "r.jsonl.part"}) ::unlink(file(name).c_str());
    ::rmdir(path_.c_str());
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  std::string file(const std::string& name = "r.jsonl") const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void expect_same(const Trace& a, const Trace& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i], b[i]) << "event " << i << ", kind " << a[i].body.index();
    ASSERT_EQ(a.late(i), b.late(i)) << "event " << i;
  }
  EXPECT_EQ(fold(a), fold(b));
}

Trace again(const Trace& trace) {
  const Directory directory;
  const auto saved = save_recording(trace, directory.file());
  EXPECT_TRUE(saved) << saved.error().message;
  auto loaded = load_recording(directory.file());
  EXPECT_TRUE(loaded) << loaded.error().message;
  return loaded ? std::move(*loaded) : Trace{};
}

std::string line_of(const Body& body, bool late = false) {
  std::string out;
  write_event(out, Event{1500, body}, late, 1000);
  return out;
}

constexpr std::string_view kHeader =
    R"({"sockscope":"recording","version":1,"program":"0.1.0","clock":"CLOCK_MONOTONIC","start":1000})"
    "\n";

tl::expected<Trace, FileError> parse(std::string_view lines) {
  return parse_recording(std::string(kHeader) + std::string(lines), "r.jsonl");
}
std::string error_of(std::string_view lines) {
  const auto parsed = parse(lines);
  return parsed ? "no error" : parsed.error().message;
}

TEST(RecordingRoundTrip, ALiveRunLoadedIsTheSameTraceAndState) {
  const Trace trace = two_clients_trace();
  expect_same(trace, again(trace));
}

TEST(RecordingRoundTrip, EveryKindAndFieldWithManyRandomValues) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    Trace trace;
    bool late = false;
    for (Event& event : RandomEvents(seed).make(260, 7 * kSecond))
      trace.append(std::move(event), late = !late);
    SCOPED_TRACE(seed);
    expect_same(trace, again(trace));
  }
}

TEST(RecordingRoundTrip, ALoadedRecordingSavedAgainIsTheSameFile) {
  const Directory directory;
  ASSERT_TRUE(save_recording(two_clients_trace(), directory.file()));
  const auto loaded = load_recording(directory.file());
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(loaded->origin().known());
  EXPECT_GT(loaded->origin().wall, 1'500'000'000 * kSecond);
  ASSERT_TRUE(save_recording(*loaded, directory.file("again.jsonl")));
  EXPECT_EQ(content(directory.file()), content(directory.file("again.jsonl")));
}

TEST(RecordingRoundTrip, ATraceOfNothing) {
  EXPECT_EQ(again(Trace{}).size(), 0U);
}

TEST(RecordingRoundTrip, FieldsAtTheirDefaultsAreLeftOut) {
  EXPECT_EQ(line_of(event::ThreadEnded{4}), R"({"t":500,"kind":"thread_ended","thread":4})");
  EXPECT_EQ(line_of(event::CallReturned{1, 2, 0, 0, 0, 0, 0, {}, {}, false, false}),
            R"({"t":500,"kind":"call_returned","call":1,"thread":2,"result":0})");
}

TEST(RecordingRoundTrip, TextIsAStringWhereThatLosesNothing) {
  EXPECT_THAT(line_of(event::Notice{"c", "套\"\\\n\x01"}),
              EndsWith(R"("code":"c","text":"套\"\\\n\u0001"})"));
  EXPECT_THAT(line_of(event::Notice{"c", "\xff"}), EndsWith(R"("text":{"base64":"/w=="}})"));
  EXPECT_THAT(line_of(event::Notice{"c", Blob("ab", 9)}), EndsWith(R"("text":{"base64":"YWI=","total":9}})"));
}

TEST(RecordingRoundTrip, TheHashOfAllBytesIsKeptWithACutPreview) {
  event::CallReturned e{1, 2, 0, 0, 0, 0, 9, {}, Blob("ab", 9, 0xc0ffee), false, false};
  const std::string line = line_of(e);
  EXPECT_THAT(line, EndsWith(R"("data":{"base64":"YWI=","total":9,"xxh3":"0000000000c0ffee"}})"));
  const auto read = parse(line + "\n");
  ASSERT_TRUE(read);
  EXPECT_EQ(std::get<event::CallReturned>((*read)[0].body).data.hash(), 0xc0ffeeU);
}

TEST(RecordingRoundTrip, AHashOfBytesThatAreAllThereSaysNothingMore) {
  const auto read =
      parse(R"({"t":1,"kind":"notice","code":"c","text":{"base64":"YWI=","xxh3":"0000000000c0ffee"}})"
            "\n");
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)[0].body, Body(event::Notice{"c", "ab"}));
}

TEST(RecordingRoundTrip, NumbersAreThreeOrFive) {
  event::CallEntered e;
  e.call = e.thread = 1;
  e.name = Call::recv_into;
  e.args.numbers = {0, 2, 16};
  EXPECT_THAT(line_of(e), EndsWith(R"("name":"recv_into","numbers":[0,2,16]})"));
  e.args.numbers[4] = 2;
  EXPECT_THAT(line_of(e), EndsWith(R"("numbers":[0,2,16,0,2]})"));
}

TEST(RecordingRoundTrip, AddressesAreReadable) {
  Address six;
  six.family = AF_INET6;
  six.ip[15] = 1;
  six.port = 80;
  EXPECT_THAT(line_of(event::SocketNamed{1, loopback(9999), six}),
              EndsWith(R"("local":"127.0.0.1:9999","peer":"[::1]:80"})"));
  Address abstract;
  abstract.family = AF_UNIX;
  abstract.path = Blob(std::string_view("\0name", 5));
  EXPECT_THAT(line_of(event::SocketNamed{1, abstract, {}}),
              EndsWith(R"("local":{"family":1,"path":"\u0000name"}})"));
}

TEST(RecordingRoundTrip, ATextOfAMegabyteIsCutSoThatItsLineCanBeLoaded) {
  Trace trace;
  trace.append(Event{1, event::LineEnded{1, 1, 0, {}, Blob(std::string(5'000'000, '\x01'))}}, false);
  trace.append(Event{2, event::Notice{"next", {}}}, false);
  const Trace loaded = again(trace);
  ASSERT_EQ(loaded.size(), 2U);
  EXPECT_EQ(std::get<event::LineEnded>(loaded[0].body).text.total(), 5'000'000U);
}

TEST(RecordingFollow, AppendsOnlyWhatIsNew) {
  const Directory directory;
  auto writer = RecordingWriter::create(directory.file());
  ASSERT_TRUE(writer);
  Trace trace;
  Trace all = two_clients_trace();
  for (std::size_t i = 0; i < all.size(); ++i) {
    trace.append(all[i], all.late(i));
    ASSERT_TRUE(writer->follow(trace));
    if (i % 20 == 0) {  // what is written is on its way to the disk already
      const auto now_there = load_recording(directory.file());
      ASSERT_TRUE(now_there);
      EXPECT_EQ(now_there->size(), trace.size());
    }
  }
  const auto loaded = load_recording(directory.file());
  ASSERT_TRUE(loaded);
  expect_same(all, *loaded);
}

TEST(RecordingFollow, AWriterOfNothingLeavesARecordingOfNothing) {
  const Directory directory;
  { const auto writer = RecordingWriter::create(directory.file()); }
  const auto loaded = load_recording(directory.file());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_TRUE(loaded->empty());
}

TEST(RecordingFollow, AFullDiskIsSaidOnceAndTheTraceIsWhole) {
  auto writer = RecordingWriter::create("/dev/full");
  ASSERT_TRUE(writer);
  const Trace trace = two_clients_trace();
  EXPECT_FALSE(writer->follow(trace));
  EXPECT_THAT(writer->error(), StartsWith("/dev/full: cannot be written: ENOSPC (28)"));
  EXPECT_FALSE(writer->follow(trace));
}

TEST(RecordingFollow, APlaceThatCannotBeWrittenIsNamed) {
  const auto writer = RecordingWriter::create("/no/such/place.jsonl");
  ASSERT_FALSE(writer);
  EXPECT_THAT(writer.error().message, StartsWith("/no/such/place.jsonl: cannot be written: ENOENT (2)"));
  const Directory directory;
  EXPECT_FALSE(RecordingWriter::create(directory.path()));
}

TEST(RecordingFollow, AFifoNobodyReadsIsRefusedAtOnce) {
  const Directory directory;
  ASSERT_EQ(::mkfifo(directory.file().c_str(), 0600), 0);
  const auto writer = RecordingWriter::create(directory.file());
  ASSERT_FALSE(writer);
  EXPECT_THAT(writer.error().message, HasSubstr("cannot be written: ENXIO"));
}

TEST(RecordingSave, AFailedSaveLeavesTheOldFile) {
  const Directory directory;
  ASSERT_TRUE(save_recording(two_clients_trace(), directory.file()));
  const std::string before = content(directory.file());
  ASSERT_EQ(::mkdir(directory.file("r.jsonl.part").c_str(), 0700), 0);  // its place to write is taken
  EXPECT_FALSE(save_recording(Trace{}, directory.file()));
  EXPECT_EQ(content(directory.file()), before);
  ::rmdir(directory.file("r.jsonl.part").c_str());
}

TEST(RecordingSave, WritesToADeviceInPlace) {
  const auto saved = save_recording(two_clients_trace(), "/dev/full");
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error().message, StartsWith("/dev/full: "));
  EXPECT_TRUE(save_recording(two_clients_trace(), "/dev/null"));
}

TEST(RecordingLoad, IsToldFromAPlayByItsBrace) {
  EXPECT_TRUE(looks_like_recording(kHeader));
  EXPECT_TRUE(looks_like_recording("\n {"));
  EXPECT_FALSE(looks_like_recording("# a play\nserver>>> s = socket()\n"));
  EXPECT_FALSE(looks_like_recording(""));
}

TEST(RecordingLoad, UnknownKindsAreKeptAndWrittenAsTheyWere) {
  const std::string line = R"({"t":5,"kind":"packet_seen","flags":["SYN"],"late":true})";
  const auto trace = parse(line + "\n");
  ASSERT_TRUE(trace) << trace.error().message;
  ASSERT_EQ(trace->size(), 1U);
  EXPECT_EQ((*trace)[0].at, 1005);
  EXPECT_EQ((*trace)[0].body, Body(event::Unknown{"packet_seen", Blob(line)}));
  EXPECT_TRUE(trace->late(0));
  std::string out;
  write_event(out, (*trace)[0], true, 1000);
  EXPECT_EQ(out, line);
}

TEST(RecordingLoad, AWordOfALaterVersionKeepsItsLineUnread) {
  const auto trace =
      parse(R"({"t":5,"kind":"call_entered","call":1,"thread":1,"name":"io_uring"})"
            "\n"
            R"({"t":6,"kind":"state_changed","socket":1,"from":"CLOSED","to":"NEW_SYN_RECV","how":"call"})"
            "\n");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(std::get<event::Unknown>((*trace)[0].body).kind.view(), "call_entered");
  EXPECT_EQ(std::get<event::Unknown>((*trace)[1].body).kind.view(), "state_changed");
}

TEST(RecordingLoad, FieldsInAnotherOrderAndFieldsMoreAreNoDamage) {
  const auto trace = parse(
      R"({ "to": "LISTEN", "how": "call", "colour": 3, "kind": "state_changed", "from": "CLOSED", "socket": 2, "t": 7 })"
      "\n");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ((*trace)[0],
            (Event{1007, event::StateChanged{2, TcpState::CLOSED, TcpState::LISTEN, How::call}}));
}

TEST(RecordingLoad, ALastLineWithoutItsNewlineIsTakenIfItIsWhole) {
  const auto trace = parse(R"({"t":5,"kind":"thread_ended","thread":1})");
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->size(), 1U);
  EXPECT_EQ((*trace)[0].body, Body(event::ThreadEnded{1}));
}

TEST(RecordingLoad, ATornLastLineIsLeftOutWithANotice) {
  const auto trace = parse("{\"t\":5,\"kind\":\"thread_ended\",\"thread\":1}\n{\"t\":6,\"kind\":\"thr");
  ASSERT_TRUE(trace);
  ASSERT_EQ(trace->size(), 2U);
  const auto& notice = std::get<event::Notice>((*trace)[1].body);
  EXPECT_EQ(notice.code.view(), "torn");
  EXPECT_THAT(std::string(notice.text.view()), HasSubstr("line 3"));
  EXPECT_EQ((*trace)[1].at, 1005);
}

TEST(RecordingLoad, ATailOfNulsIsTorn) {
  const auto trace =
      parse(std::string("{\"t\":5,\"kind\":\"thread_ended\",\"thread\":1}\n") + std::string(100, '\0'));
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->size(), 2U);
}

TEST(RecordingDamage, AnotherVersionIsNamedWithTheOneRead) {
  const auto parsed = parse_recording("{\"sockscope\":\"recording\",\"version\":99}\n", "r.jsonl");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message,
            "r.jsonl:1: a recording of version 99; this program reads version 1: use a newer sockscope");
}

TEST(RecordingDamage, WhatIsNoRecordingIsSaidAtLineOne) {
  for (const std::string& text : {std::string("\x7f"
                                              "ELF\0\0\0\n\xff\xfe",
                                              10),
                                  std::string("hello\n"), std::string("{}\n"), std::string("[1]\n"),
                                  std::string("{\"sockscope\":\"lesson\",\"version\":1}\n"),
                                  std::string("\n"), std::string("{\"sockscope\":\"reco")}) {
    const auto parsed = parse_recording(text, "r.jsonl");
    ASSERT_FALSE(parsed);
    EXPECT_THAT(parsed.error().message, StartsWith("r.jsonl:1: not a recording of sockscope"));
  }
  const auto empty = parse_recording("", "r.jsonl");
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().message, StartsWith("r.jsonl:1: the file is empty; "));
}

TEST(RecordingDamage, AHeaderWithoutItsTimesIsAnError) {
  for (const char* text : {"{\"sockscope\":\"recording\"}\n", "{\"sockscope\":\"recording\",\"version\":1}\n",
                           "{\"sockscope\":\"recording\",\"version\":1,\"start\":-1}\n",
                           "{\"sockscope\":\"recording\",\"version\":1,\"start\":9223372036854775807}\n",
                           "{\"sockscope\":\"recording\",\"version\":\"1\",\"start\":1}\n"}) {
    const auto parsed = parse_recording(text, "r.jsonl");
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error().message, StartsWith("r.jsonl:1: the header"));
  }
}

TEST(RecordingDamage, MissingFilesAndDirectoriesAreNamed) {
  const auto missing = load_recording("/no/such.jsonl");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message,
            "/no/such.jsonl: cannot be opened: ENOENT (2), No such file or directory");
  const auto directory = load_recording("/");
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().message, "/: cannot be read: EISDIR (21), Is a directory");
}

TEST(RecordingDamage, AMissingOrWrongFieldIsNamedWithItsLine) {
  const std::string good = "{\"t\":5,\"kind\":\"thread_ended\",\"thread\":1}\n";
  const auto line = [&](std::string_view bad) { return error_of(good + std::string(bad) + "\n" + good); };
  const std::string mend = "; mend or remove this line";
  EXPECT_EQ(line(R"({"t":5,"kind":"thread_ended"})"),
            "r.jsonl:3: thread_ended: \"thread\" is missing" + mend);
  EXPECT_EQ(line(R"({"t":5,"kind":"thread_ended","thread":"one"})"),
            "r.jsonl:3: thread_ended: \"thread\" should be an integer that fits" + mend);
  EXPECT_EQ(line(R"({"t":5,"kind":"thread_ended","thread":-1})"),
            "r.jsonl:3: thread_ended: \"thread\" should be an integer that fits" + mend);
  EXPECT_EQ(line(R"({"t":5,"kind":"thread_ended","thread":4000000000})"),
            "r.jsonl:3: thread_ended: \"thread\" is 4000000000, more than 10000000" + mend);
  EXPECT_EQ(line(R"({"kind":"thread_ended","thread":1})"), "r.jsonl:3: \"t\" is missing" + mend);
  EXPECT_EQ(line(R"({"t":9223372036854775807,"kind":"thread_ended","thread":1})"),
            "r.jsonl:3: \"t\" is out of range" + mend);
  EXPECT_EQ(line(R"({"t":1.5,"kind":"thread_ended","thread":1})"),
            "r.jsonl:3: \"t\" should be an integer that fits" + mend);
  EXPECT_EQ(line(R"({"t":5,"thread":1})"), "r.jsonl:3: \"kind\" is missing" + mend);
  EXPECT_EQ(line(R"([5])"), "r.jsonl:3: not a JSON object" + mend);
  EXPECT_THAT(line("{\"t\":5,"), StartsWith("r.jsonl:3: not JSON ("));
  EXPECT_THAT(line(""), StartsWith("r.jsonl:3: not JSON ("));
  EXPECT_THAT(line("{\"t\":5,\"kind\":\"notice\",\"code\":\"\xff\",\"text\":\"\"}"),
              StartsWith("r.jsonl:3: not JSON ("));
  EXPECT_THAT(line(std::string(2000, '[')), StartsWith("r.jsonl:3: not JSON ("));
}

TEST(RecordingDamage, WrongShapesOfEveryTypeAreErrors) {
  const auto field = [](std::string_view fields) {
    return error_of(R"({"t":5,"kind":"call_entered","call":1,"thread":1,"name":"send",)" +
                    std::string(fields) + "}\n");
  };
  EXPECT_THAT(field(R"("numbers":[1,2])"), HasSubstr("\"numbers\" should be three or five integers"));
  EXPECT_THAT(field(R"("numbers":[1,2,3,4])"), HasSubstr("\"numbers\" should be three or five integers"));
  EXPECT_THAT(field(R"("numbers":[1,2,3,4,5,6])"), HasSubstr("\"numbers\" should be three or five integers"));
  EXPECT_THAT(field(R"("numbers":[1,2,3,4,1.5])"), HasSubstr("\"numbers\" should be three or five integers"));
  EXPECT_THAT(field(R"("text":5)"), HasSubstr("\"text\" should be text, or bytes"));
  EXPECT_THAT(field(R"("numbers":[1,2,"3"])"), HasSubstr("\"numbers\" should be three or five integers"));
  for (const char* address :
       {R"("nowhere")", R"("1.2.3:80")", R"("1.2.3.4:65536")", R"("1.2.3.4:")", R"("[::g]:1")",
        R"({"port":1})", R"({"family":2,"ip":"7f"})",
        R"({"family":2,"ip":"zz00000000000000000000000000000000"})", "5", "null", R"({"family":70000})"}) {
    EXPECT_THAT(field("\"address\":" + std::string(address)), HasSubstr("\"address\" should be an address"))
        << address;
  }
  for (const char* data :
       {"5", "[]", "{}", R"({"base64":"a"})", R"({"base64":"a==="})", R"({"base64":"!!!!"})",
        R"({"base64":"YQ==","total":0})", R"({"base64":"YQ==","total":-1})",
        R"({"base64":"YQ==","total":9,"xxh3":"00c0ffee00c0ffe"})",
        R"({"base64":"YQ==","total":9,"xxh3":"00c0ffee00c0ffee0"})",
        R"({"base64":"YQ==","total":9,"xxh3":"0xc0ffee00c0ffee"})",
        R"({"base64":"YQ==","total":9,"xxh3":"-0c0ffee00c0ffee"})",
        R"({"base64":"YQ==","total":9,"xxh3":12})", R"({"base64":"YQ==","total":9,"xxh3":null})",
        R"({"base64":"YR=="})"}) {
    EXPECT_THAT(field("\"data\":" + std::string(data)), HasSubstr("\"data\" should be text, or bytes"))
        << data;
  }
  EXPECT_THAT(error_of(R"({"t":5,"kind":"expectation","text":"x","met":1})"
                       "\n"),
              HasSubstr("\"met\" should be true or false"));
  EXPECT_THAT(error_of(R"({"t":5,"kind":"thread_started","thread":1,"name":"a","role":3})"
                       "\n"),
              HasSubstr("\"role\" should be a word"));
}

TEST(RecordingDamage, AFileOfOneEndlessLineFailsEarlyAndSmall) {
  const Directory directory;
  const int fd = ::open(directory.file().c_str(), O_WRONLY | O_CREAT, 0600);
  ASSERT_EQ(::ftruncate(fd, 200'000'000), 0);  // sparse: 200 MB of NUL
  ::close(fd);
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const auto loaded = load_recording(directory.file());
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr(":1: a line longer than 1048576 bytes"));
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 * 1024) << "KiB";
  const auto second = parse(std::string(2 * kLongestLine, 'x'));
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, StartsWith("r.jsonl:2: a line longer than"));
}

TEST(RecordingDamage, ALineOfExactlyTheLongestLengthIsRead) {
  const std::string start = R"({"t":5,"kind":"notice","code":"c","text":")";
  const std::string line = start + std::string(kLongestLine - start.size() - 2, 'x') + "\"}";
  ASSERT_EQ(line.size(), kLongestLine);
  EXPECT_EQ(error_of(line + "\n"), "no error");
  EXPECT_EQ(error_of(line), "no error") << "and no newline";
  EXPECT_THAT(error_of("x" + line + "\n"), HasSubstr("longer than"));
}

}  // namespace
}  // namespace sockscope
