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
