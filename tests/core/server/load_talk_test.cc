#include "server/load_talk.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

using Then = LoadTalk::Then;

std::string whole(const LoadMessage& message) {
  std::string all;
  while (static_cast<std::int64_t>(all.size()) < message.size())
    all += message.from(static_cast<std::int64_t>(all.size()));
  return all;
}

LoadOptions sized(std::int64_t size) {
  LoadOptions options;
  options.size = size;
  return options;
}

TEST(LoadMessage, IsTheText) {
  LoadOptions options;
  options.text = "a\nb";
  const LoadMessage message(options);
  EXPECT_EQ(whole(message), "a\nb");
  EXPECT_EQ(message.lines(), 1);
  EXPECT_TRUE(message.is_one_piece());
}

TEST(LoadMessage, OfASizeIsLinesOfThatManyBytesAndEndsWithANewline) {
  for (const std::int64_t size :
       {1, 2, 36, 37, 38, 1'000, 65'526, 65'527, 65'528, 131'054, 131'055, 300'000}) {
    const LoadMessage message(sized(size));
    const std::string all = whole(message);
    EXPECT_EQ(static_cast<std::int64_t>(all.size()), size);
    EXPECT_EQ(all.back(), '\n') << size;
    EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), message.lines()) << size;
  }
  EXPECT_EQ(whole(LoadMessage(sized(40))), "0123456789abcdefghijklmnopqrstuvwxyz\n01\n");
}

TEST(LoadMessage, OfAGigabyteIsNeverThereAtOnce) {
  const LoadMessage message(sized(kMostLoadSize));
  EXPECT_EQ(message.size(), 1 << 30);
  EXPECT_FALSE(message.is_one_piece());
  EXPECT_LE(message.from(0).size(), LoadMessage::kPiece);
  EXPECT_EQ(message.from(kMostLoadSize - 1), "\n");
  EXPECT_EQ(message.from(37 * 1'000'000).front(), '0');
  EXPECT_EQ(message.from(37 * 1'000'000 + 5).front(), '5');
}

struct Talk {
  explicit Talk(LoadOptions its) : options(std::move(its)), message(options), talk(options, message) {
    talk.begin(100);
  }
  Then say_all(Time at) {
    Then then = Then::more;
    while (!talk.all_sent()) then = talk.sent(talk.next().size(), at);
    return then;
  }
  bool sends(Time at) const { return talk.wants(at).sends; }
  bool reads(Time at) const { return talk.wants(at).reads; }
  LoadOptions options;
  LoadMessage message;
  LoadTalk talk;
};

TEST(LoadTalk, OfATextIsAnsweredByWhatOneReceiveGives) {
  LoadOptions options;
  options.messages = 2;
  Talk one(options);
  EXPECT_TRUE(one.sends(100));
  EXPECT_FALSE(one.reads(100));
  EXPECT_EQ(one.talk.next(), "hello\n");
  EXPECT_EQ(one.talk.room(), 1024U);
  EXPECT_EQ(one.say_all(101), Then::more);
  EXPECT_FALSE(one.sends(101));
  EXPECT_TRUE(one.reads(101));
  EXPECT_EQ(one.talk.heard("x", 102), Then::whole);
  EXPECT_EQ(one.say_all(103), Then::more);
  EXPECT_EQ(one.talk.heard("HELLO", 104), Then::over);
}

TEST(LoadTalk, AStreamThatEndsWithoutAnAnswerIsAnError) {
  Talk one({});
  EXPECT_EQ(one.talk.heard_end(100), Then::error);
  one.say_all(100);
  EXPECT_EQ(one.talk.heard_end(101), Then::error);
}

TEST(LoadTalk, OfASizeIsWholeWithAsManyBytes) {
  Talk one(sized(100'000));
  EXPECT_TRUE(one.sends(100));
  EXPECT_TRUE(one.reads(100));  // or both sides could wait for each other
  const std::string all = whole(one.message);
  const auto first = one.talk.next().size();
  EXPECT_EQ(one.talk.sent(first, 101), Then::more);
  EXPECT_EQ(one.talk.heard(all.substr(0, 50'000), 102), Then::more);
  EXPECT_EQ(one.talk.sent(one.talk.next().size(), 103), Then::more);
  EXPECT_TRUE(one.talk.all_sent());
  EXPECT_EQ(one.talk.heard(all.substr(50'000, 49'999), 104), Then::more);
  EXPECT_EQ(one.talk.heard("\n", 105), Then::over);
}

TEST(LoadTalk, OfASizeIsWholeWithAsManyLines) {
  Talk one(sized(74));
  one.say_all(101);
  EXPECT_EQ(one.talk.heard("ok\n", 102), Then::more);
  EXPECT_EQ(one.talk.heard("ok\n", 103), Then::over);
}

TEST(LoadTalk, OfASizeIsWholeAtTheEndOfTheStream) {
  Talk one(sized(1'000));
  one.say_all(101);
  EXPECT_EQ(one.talk.heard("HELLO", 102), Then::more);
  EXPECT_EQ(one.talk.heard_end(103), Then::over);
}

TEST(LoadTalk, AnAnswerBeforeAllIsSentIsWholeOnlyThen) {
  Talk one(sized(100'000));
  one.talk.sent(one.talk.next().size(), 101);
  EXPECT_EQ(one.talk.heard(std::string(100'000, 'x'), 102), Then::more);
  EXPECT_EQ(one.talk.sent(one.talk.next().size(), 103), Then::over);
}

TEST(LoadTalk, ItThinksBetweenAnAnswerAndTheNextMessage) {
  LoadOptions options;
  options.messages = 2;
  options.think = 50;
  Talk one(options);
  one.say_all(101);
  EXPECT_EQ(one.talk.heard("x", 110), Then::whole);
  EXPECT_FALSE(one.sends(159) || one.reads(159));
  EXPECT_EQ(one.talk.wants(120).until, 160);
  EXPECT_TRUE(one.sends(160));
}

TEST(LoadTalk, ItDripsByteByByteAndCountsTheAnswer) {
  LoadOptions options;
  options.text = "ab\n";
  options.drip = 10;
  Talk one(options);
  EXPECT_EQ(one.talk.next(), "a");
  EXPECT_EQ(one.talk.sent(1, 100), Then::more);
  EXPECT_FALSE(one.sends(109) || one.reads(109));
  EXPECT_EQ(one.talk.wants(101).until, 110);
  EXPECT_TRUE(one.sends(110) && one.reads(110));
  EXPECT_EQ(one.talk.next(), "b");
  EXPECT_EQ(one.talk.sent(1, 111), Then::more);
  EXPECT_EQ(one.talk.heard("ab", 121), Then::more);
  EXPECT_EQ(one.talk.sent(1, 122), Then::more);
  EXPECT_EQ(one.talk.heard("\n", 123), Then::over);
}

TEST(LoadTalk, ASlowReaderWaitsBeforeEachReceive) {
  LoadOptions options = sized(100'000);
  options.slow_read = 100;
  Talk one(options);
  EXPECT_EQ(one.talk.room(), 1024U);
  EXPECT_TRUE(one.sends(100));
  EXPECT_FALSE(one.reads(100));
  EXPECT_EQ(one.talk.wants(100).until, 200);
  EXPECT_TRUE(one.reads(200));
  one.talk.heard("x", 210);
  EXPECT_FALSE(one.reads(309));
  one.say_all(220);
  EXPECT_EQ(one.talk.wants(220).until, 310);
  EXPECT_TRUE(one.reads(310));
}

TEST(LoadTalk, AHalfCloseReadsToTheEnd) {
  LoadOptions options;
  options.messages = 2;
  options.end = LoadEnd::half_close;
  Talk one(options);
  EXPECT_EQ(one.say_all(100), Then::more);  // not the last
  EXPECT_EQ(one.talk.heard("HELLO\n", 101), Then::whole);
  EXPECT_EQ(one.say_all(102), Then::half_close);
  EXPECT_EQ(one.talk.heard("HELLO\n", 103), Then::more);
  EXPECT_EQ(one.talk.heard_end(104), Then::over);
  options.messages = 1;
  Talk silent(options);
  EXPECT_EQ(silent.say_all(100), Then::half_close);
  EXPECT_EQ(silent.talk.heard_end(101), Then::unanswered);
}

TEST(LoadTalk, AResetComesWhenTheLastMessageIsSent) {
  LoadOptions options = sized(100'000);
  options.end = LoadEnd::reset;
  Talk one(options);
  EXPECT_EQ(one.talk.sent(1'000, 100), Then::more);
  EXPECT_EQ(one.say_all(101), Then::reset);
}

}  // namespace
}  // namespace sockscope
