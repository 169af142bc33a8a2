#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "generators.h"
#include "net/catalogue.h"
#include "read_back.h"

namespace sockscope {
namespace {

// Not equal(): True == 1 == 1.0 there, and -0.0 == 0.0.
void expect_the_very_same(const play::Value& value) {
  const std::string printed = play::repr(value);
  const auto read = read_back(printed);
  RC_TAG(play::type_name(value));
  RC_LOG() << "printed: " << printed << "\n";
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->held.index() == value.held.index());
  RC_ASSERT(play::equal(*read, value));
  RC_ASSERT(play::repr(*read) == printed);
}

RC_GTEST_PROP(Literal, AnyValueReadsBackFromItsRepr, ()) {
  expect_the_very_same(*any::literal());
}
RC_GTEST_PROP(Literal, AnyTextReadsBackFromItsRepr, ()) {
  expect_the_very_same(play::text(*any::utf8()));
}
RC_GTEST_PROP(Literal, AnyBytesReadBackFromTheirRepr, ()) {
  expect_the_very_same(play::bytes(*any::bytes()));
}
RC_GTEST_PROP(Literal, AnyFloatReadsBackFromItsRepr, ()) {
  expect_the_very_same(*any::finite());
}

// The narration and the forms spell values with net's functions, the play with its own: one spelling.
RC_GTEST_PROP(Literal, NetAndPlayQuoteAlike, ()) {
  const std::string held = *any::bytes();
  RC_ASSERT(python_bytes(held) == play::repr(play::bytes(held)));
}

}  // namespace
}  // namespace sockscope
