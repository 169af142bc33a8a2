#include "net/text.h"

#include <gtest/gtest.h>

#include <string>

namespace sockscope {
namespace {

TEST(FirstCharacters, WhatIsShortEnoughIsWhole) {
  EXPECT_EQ(first_characters("", 0), "");
  EXPECT_EQ(first_characters("好", 3), "好");
}

TEST(FirstCharacters, ACharacterIsNeverHalved) {
  EXPECT_EQ(first_characters("a好b", 4), "a好");
  EXPECT_EQ(first_characters("a好b", 3), "a");
  EXPECT_EQ(first_characters("a好b", 2), "a");
  EXPECT_EQ(first_characters("好", 2), "");
}

TEST(FirstCharacters, BytesThatContinueNothingAreCutToNothing) {
  EXPECT_EQ(first_characters(std::string(9, '\x80'), 5), "");
}

}  // namespace
}  // namespace sockscope
