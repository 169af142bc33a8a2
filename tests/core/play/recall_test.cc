#include "play/recall.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "play/from_repr.h"
#include "play/play.h"
#include "play_harness.h"

namespace sockscope {
namespace recalled {

using play::value_of_repr;

SocketId socket_of(int fd) {
  return static_cast<SocketId>(fd + 1);
}
std::string again(std::string_view repr) {
  const auto value = value_of_repr(repr, socket_of);
  return value ? play::repr(*value) : "nothing";
}

TEST(FromRepr, WhatComesBackIsTheSame) {
  for (const char* repr : {"None", "True", "12", "-3", "0.25", "1e+22", "\"it's\"", "b'a\\x00\\n'", "()",
                           "(1,)", "('127.0.0.1', 80)", "[]", "[1, (b'', None)]"})
    EXPECT_EQ(again(repr), repr);
  EXPECT_EQ(again("<AddressFamily.AF_INET: 2>"), "2");
  EXPECT_EQ(again("bytearray(b'ab')"), "b'ab'");
  EXPECT_EQ(again("(<socket.socket fd=9, family=AF_INET, type=SOCK_STREAM, proto=0>, ('::1', 1, 0, 0))"),
            "(<socket #10>, ('::1', 1, 0, 0))");
  EXPECT_EQ(again("[<socket.socket [closed] fd=-1, family=AF_INET, type=SOCK_STREAM, proto=0>]"),
            "[<socket #0>]");
}

TEST(FromRepr, WhatIsCutOrStrangeIsUnknown) {
  std::string deep(100'000, '(');
  for (const std::string& repr : {std::string(), std::string("b'ab"), std::string("(1, "), std::string("x"),
                                  std::string("<socket.socket fd=9"), std::string("<select.poll object>"),
                                  std::string("1 2"), std::string("1e999"), deep})
    EXPECT_FALSE(value_of_repr(repr, socket_of)) << repr.substr(0, 40);
}

// Every expectation that was met while the play ran is met by what was recorded of it.
void recalls_what_was_met(const std::string& path) {
  SCOPED_TRACE(path);
  const auto played = load_play(path);
  ASSERT_TRUE(played) << played.error().to_string();
  testing::PlayStage stage;
  stage.runner->load(*played);
  ASSERT_TRUE(stage.until([&] { return stage.runner->finished(); }));
  stage.house.fold_all();
  struct Asked {
    std::uint64_t until = 0;
    std::shared_ptr<const Directive> directive;
    std::string text;
  };
  std::vector<Asked> asked;
  for (std::size_t i = 0; i < stage.house.trace.size(); ++i)
    if (const auto* e = std::get_if<event::Expectation>(&stage.house.trace[i].body)) {
      const std::string text(e->text.view());
      const auto line = parse_line("%expect " + text, "main");
      ASSERT_TRUE(line) << text;
      asked.push_back({i, line->directive, text});
    }
  ASSERT_FALSE(asked.empty());
  play::Recall recall(stage.house.trace);
  // Held at some moment since the expectation before it.
  for (const Asked& one : asked) {
    const auto& condition = *std::get<play::directive::Expect>(one.directive->what).condition;
    play::Judged judged = recall.judge(condition);
    while (recall.more() && recall.state().next() <= one.until) {
      recall.step();
      if (judged.verdict != play::Verdict::holds) judged = recall.judge(condition);
    }
    EXPECT_EQ(judged.verdict, play::Verdict::holds) << one.text << " saw " << judged.saw;
  }
}

TEST(Recall, APlayIsJudgedByItsRecordingAsItWasLive) {
  std::size_t plays = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SOCKSCOPE_SOURCE_DIR "/tests/plays"))
    if (entry.path().extension() == ".play") {
      recalls_what_was_met(entry.path().string());
      ++plays;
    }
  EXPECT_GE(plays, 10u);
  for (const char* lesson : {"02-five-steps/hello.play", "08-one-at-a-time/silent-first.play"})
    recalls_what_was_met(std::string(SOCKSCOPE_SOURCE_DIR "/lessons/") + lesson);
}

}  // namespace recalled
}  // namespace sockscope
