// A student's copy of a lesson: its own every time, and true where the lesson was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lesson/pack.h"

namespace sockscope {
namespace pack_test {

using ::testing::HasSubstr;
using ::testing::Not;

std::string packed_text(const std::string& text, std::string_view student) {
  return packed({{"en.md", text}}, "11-backlog", student).front().text;
}

TEST(Pack, TheSameStudentHasTheSameAndAnotherHasAnother) {
  const std::string text = "c.sendall(b'the quick brown fox jumps over the lazy dog')\n";
  EXPECT_EQ(packed_text(text, "ann"), packed_text(text, "ann"));
  EXPECT_NE(packed_text(text, "ann"), packed_text(text, "bob"));
  EXPECT_NE(packed_text(text, "ann"), text);
}

TEST(Pack, WhatTwoPayloadsMakeTogetherAndHowTheyBeginStaysTrue) {
  const std::string made = packed_text(
      "b'hello' b'world\\n' b'helloworld\\n' b'he' b'HELLO' '你好hello'.encode() b'\\x41\\n'", "ann");
  std::vector<std::string> parts;
  for (std::size_t at = 0; (at = made.find("b'", at)) != made.npos; at += 2)
    parts.push_back(made.substr(at + 2, made.find('\'', at + 2) - at - 2));
  ASSERT_EQ(parts.size(), 6u);
  EXPECT_EQ(parts[0].size(), 5u);
  EXPECT_TRUE(parts[1].ends_with("\\n")) << parts[1];
  EXPECT_EQ(parts[2], parts[0] + parts[1]);
  EXPECT_EQ(parts[3], parts[0].substr(0, 2));
  std::string low = parts[4];
  for (char& c : low) c = static_cast<char>(c - 'A' + 'a');
  EXPECT_EQ(low, parts[0]);
  EXPECT_THAT(made, HasSubstr("'你好" + parts[0] + "'.encode()"));
  EXPECT_EQ(parts[5], "\\x41\\n");
}

TEST(Pack, NamesAddressesAndWordsOfTheTextStay) {
  const std::string text = "It's `call where name == 'connect'`, not 'hello', at ('127.0.0.1', 0). Don't.\n";
  EXPECT_EQ(packed_text(text, "ann"), text);
}

TEST(Pack, APortOfAnAddressIsAnotherOneWhereverItIsSaid) {
  const std::string text =
      "s.bind(('127.0.0.1', 9999)) recv(9999) port 9999 x9999 19999 ('a', 80) 127.0.0.1\n";
  const std::string made = packed_text(text, "ann");
  EXPECT_THAT(made, Not(HasSubstr("', 9999)")));
  EXPECT_THAT(made, HasSubstr("x9999 19999 ('a', 80) 127.0.0.1\n"));
  const std::string port = made.substr(made.find("', ") + 3, 5);
  EXPECT_GE(std::stoi(port), 20000);
  EXPECT_LT(std::stoi(port), 30000);
  EXPECT_THAT(made, HasSubstr("port " + port));
}

TEST(Pack, APortWhoseBytesTheLessonTurnsRoundStays) {
  const std::string text = "s.bind(('127.0.0.1', 9999)) and htons() makes 3879 of it\n";
  EXPECT_EQ(packed_text(text, "ann"), text);
}

TEST(Pack, AFilesTextIsAPayloadToo) {
  const std::string made = packed_text("%file page 'Hello\\n'\na>>> b'Hello\\n'\n", "ann");
  const auto from = made.find('\'') + 1;
  EXPECT_THAT(made, HasSubstr("b'" + made.substr(from, made.find('\'', from) - from) + "'"));
  EXPECT_THAT(made, Not(HasSubstr("Hello")));
}

TEST(Pack, OnlyTheUsualNumberOfListenIsAnotherOne) {
  bool other = false;
  for (const char* student : {"ann", "bob", "cem", "dan", "eve", "fay"}) {
    const std::string made = packed_text("s.listen(5) s.listen(2) s.listen(50) recv(5)", student);
    EXPECT_THAT(made, HasSubstr("s.listen(2) s.listen(50) recv(5)"));
    other = other || !made.starts_with("s.listen(5)");
  }
  EXPECT_TRUE(other);
}

TEST(Pack, AnotherOnesRunIsLeftOut) {
  EXPECT_EQ(packed_text("a\n```recording golden.jsonl\n```\nb\n```play\n```\n", "ann"),
            "a\nb\n```play\n```\n");
}

TEST(Pack, DamagedTextIsAsLongAsItWas) {
  for (const std::string& text : {std::string("b'abc"), std::string("b'\\"), std::string("'"),
                                  std::string("b'a\nb'"), std::string("'', "), std::string("port=")})
    EXPECT_EQ(packed_text(text, "ann").size(), text.size()) << text;
}

}  // namespace pack_test
}  // namespace sockscope
