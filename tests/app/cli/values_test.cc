#include <gtest/gtest.h>

#include "cli/command.h"
#include "cli/json.h"
#include "trace/clock.h"

namespace sockscope::cli {
namespace {

TEST(Size, IsTwoNumbersAroundAnX) {
  EXPECT_EQ(parse_size("1600x1000"), (std::pair{1600, 1000}));
  EXPECT_EQ(parse_size("0x0"), (std::pair{0, 0}));
  for (const char* bad : {"", "x", "1600", "1600x", "x1000", "1600X1000", "1600x1000x2", " 1x1", "1e3x2",
                          "99999999999x1", "+1x1"}) {
    EXPECT_FALSE(parse_size(bad)) << bad;
  }
}

TEST(Duration, HasAUnitOrIsSeconds) {
  EXPECT_EQ(parse_duration("300ms"), 300 * kMillisecond);
  EXPECT_EQ(parse_duration("1.5s"), 1500 * kMillisecond);
  EXPECT_EQ(parse_duration("20us"), 20 * kMicrosecond);
  EXPECT_EQ(parse_duration("2"), 2 * kSecond);
  EXPECT_EQ(parse_duration("0"), 0);
  EXPECT_EQ(parse_duration("3600s"), 3600 * kSecond);
  for (const char* bad : {"", "s", "ms", "-1s", "3601", "nan", "inf", "1e300", "1 s", "1m", "0x10"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

std::string quoted(std::string_view text) {
  return Json().string(text).text();
}

TEST(JsonText, IsValidWhateverTheBytes) {
  EXPECT_EQ(quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(quoted(std::string_view("\0\n\x7f", 3)), R"("\u0000\u000a\u007f")");
  EXPECT_EQ(quoted("套接字 😀"), "\"套接字 😀\"");
  EXPECT_EQ(quoted("\xff"), R"("\ufffd")");
  EXPECT_EQ(quoted("\xe5\xa5"), R"("\ufffd\ufffd")");            // cut
  EXPECT_EQ(quoted("\xc0\xaf"), R"("\ufffd\ufffd")");            // overlong
  EXPECT_EQ(quoted("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");  // a surrogate
  EXPECT_EQ(quoted("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");
}

TEST(JsonText, SeparatesWhatItNests) {
  Json json;
  json.begin_object().key("a").begin_array().number(-1).null().boolean(true).end_array();
  json.key("b").begin_object().end_object().key("c").string("").end_object();
  EXPECT_EQ(json.text(), R"({"a":[-1,null,true],"b":{},"c":""})");
}

tl::expected<Command, Answer> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "sockscope");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

std::string load_refused(std::vector<const char*> words) {
  words.insert(words.begin(), {"load", "--to", "127.0.0.1:9"});
  const auto parsed = parse(std::move(words));
  if (parsed) return "parsed";
  EXPECT_EQ(parsed.error().exit, kBadInput);
  return parsed.error().text;
}

TEST(CommandLine, OfALoadHasTheOptionsOfADirective) {
  const auto parsed =
      parse({"load", "--to",        "127.0.0.1:9", "--size",     "64k",     "--think",   "50ms", "--drip",
             "1ms",  "--slow-read", "100ms",       "--arrival",  "poisson", "--over",    "2s",   "--seed",
             "7",    "--end",       "half-close",  "--messages", "3",       "--clients", "300"});
  ASSERT_TRUE(parsed) << parsed.error().text;
  const LoadOptions& options = std::get<LoadCommand>(*parsed).options;
  EXPECT_EQ(options.size, 64 << 10);
  EXPECT_EQ(options.think, 50 * kMillisecond);
  EXPECT_EQ(options.drip, kMillisecond);
  EXPECT_EQ(options.slow_read, 100 * kMillisecond);
  EXPECT_EQ(options.arrival, LoadArrival::poisson);
  EXPECT_EQ(options.over, 2 * kSecond);
  EXPECT_EQ(options.seed, 7U);
  EXPECT_EQ(options.end, LoadEnd::half_close);
  EXPECT_EQ(options.messages, 3);
  EXPECT_EQ(options.clients, 300);
}

TEST(CommandLine, OfALoadSaysWhatIsAllowed) {
  const auto says = [](std::vector<const char*> words, std::string_view what) {
    const std::string text = load_refused(std::move(words));
    EXPECT_NE(text.find(what), std::string::npos) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  };
  says({"--size", "0"}, "--size 0: bytes from 1 to 1g");
  says({"--size", "2g"}, "--size 2g: bytes from 1 to 1g");
  says({"--size", ""}, "--size : bytes from 1 to 1g");
  says({"--size", "1k", "--text", "a"}, "--size: size and text");
  says({"--think", "soon"}, "--think soon: not a time");
  says({"--drip", "-1s"}, "--drip -1s: not a time");
  says({"--slow-read", "x"}, "--slow-read x: not a time");
  says({"--over", "2s"}, "--over: over is the time");
  says({"--over", "x", "--arrival", "steady"}, "--over x: not a time");
  says({"--arrival", "now"}, "--arrival now: there is all-at-once, steady, poisson");
  says({"--seed", "1"}, "--seed: seed is for");
  says({"--seed", "-1", "--arrival", "poisson"}, "--seed");
  says({"--end", "open"}, "--end open: there is close, half-close, reset, never");
  says({"--messages", "0"}, "--messages");
}

TEST(CommandLine, AFileAloneOpensTheWindow) {
  EXPECT_EQ(std::get<WindowCommand>(parse({"r.jsonl"}).value()).file, "r.jsonl");
  EXPECT_EQ(std::get<WindowCommand>(parse({}).value()).file, "");
}

TEST(CommandLine, ServeHasTheDefaultsOfSocketserver) {
  const auto serve = std::get<ServeCommand>(parse({"serve"}).value());
  EXPECT_EQ(serve.model, "iterative");
  EXPECT_EQ(serve.handler, "upper");
  EXPECT_EQ(serve.host, "127.0.0.1");
  EXPECT_EQ(serve.backlog, 5);
  EXPECT_FALSE(serve.reuse_addr);
  const auto other =
      std::get<ServeCommand>(parse({"serve", "--work", "300ms", "--backlog", "0", "--reuse-addr"}).value());
  EXPECT_EQ(other.work, 300 * kMillisecond);
  EXPECT_EQ(other.backlog, 0);
  EXPECT_TRUE(other.reuse_addr);
}

TEST(CommandLine, ShotTakesItsOptions) {
  const auto shot =
      std::get<ShotCommand>(parse({"shot", "a.png", "x.play", "--at", "1.5", "--size", "320x200", "--scale",
                                   "2", "--theme", "dark", "--lang", "zh", "--pane", "new-socket"})
                                .value());
  EXPECT_EQ(shot.at, 1.5);
  EXPECT_EQ(shot.width, 320);
  EXPECT_EQ(shot.scale, 2.0F);
  EXPECT_EQ(shot.language, "zh");
  EXPECT_EQ(shot.pane, "new-socket");
}

}  // namespace
}  // namespace sockscope::cli
