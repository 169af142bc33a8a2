// docs/recording.md is read by this test: its example loads, its tables name every kind and field.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "trace/fields.h"
#include "trace/narrate.h"
#include "trace/recording.h"
#include "trace/words.h"
#include "trace_builder.h"

namespace sockscope {
namespace {

std::string document() {
  std::ifstream in(SOCKSCOPE_SOURCE_DIR "/docs/recording.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string example() {
  const std::string text = document();
  const std::size_t from = text.find("```jsonl\n") + 9;
  return text.substr(from, text.find("```", from) - from);
}

// Field → whether it is always there.
using Fields = std::map<std::string, bool>;

// What fields() says of a kind.
struct FieldNames {
  Fields names;
  template <class T>
  void must(std::string_view key, const T&) {
    names[std::string(key)] = true;
  }
  template <class T>
  void may(std::string_view key, const T&) {
    names[std::string(key)] = false;
  }
  void id(std::string_view key, std::uint32_t value) { must(key, value); }
  void may_id(std::string_view key, std::uint32_t value) { may(key, value); }
  void time(std::string_view key, Time value) { must(key, value); }
  void may_time(std::string_view key, Time value) { may(key, value); }
  void bytes(std::string_view key, const Blob& value) { may(key, value); }
  void boxed(std::string_view key, const Boxed<Address>& value) { may(key, value); }
  void numbers(std::string_view key, const Numbers& value) { may(key, value); }
};

template <std::size_t... I>
std::map<std::string, Fields> fields_of_code(std::index_sequence<I...>) {
  std::map<std::string, Fields> all;
  const auto add = [&]<std::size_t K>() {
    FieldNames names;
    const std::variant_alternative_t<K, Body> body;
    fields(names, body);
    all[std::string(kKinds[K])] = names.names;
  };
  (add.template operator()<I>(), ...);
  return all;
}

// The text between the next two backticks from `at` on, which moves past them; empty: there is none.
std::string quoted(const std::string& text, std::size_t& at) {
  const std::size_t from = text.find('`', at);
  const std::size_t to = from == std::string::npos ? from : text.find('`', from + 1);
  if (to == std::string::npos) return {};
  at = to + 1;
  return text.substr(from + 1, to - from - 1);
}

// What is in brackets is said of a field and names none.
std::string without_notes(const std::string& text) {
  std::string out;
  int depth = 0;
  for (const char c : text) {
    depth += c == '(';
    if (depth == 0) out += c;
    depth -= c == ')';
  }
  return out;
}

// Rows are "| `kind` | **`always there`** `maybe` … |".
std::map<std::string, Fields> fields_of_document() {
  std::map<std::string, Fields> all;
  std::istringstream text(document());
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with("| `") || line.find("` | ") == std::string::npos) continue;
    std::size_t at = 0;
    const std::string kind = quoted(line, at);
    const std::string cells = without_notes(line.substr(at));
    if (!cells.starts_with(" | `") && !cells.starts_with(" | **`")) continue;
    at = 0;
    for (std::string field; !(field = quoted(cells, at)).empty();) {
      all[kind][field] = cells.compare(at, 2, "**") == 0;
    }
  }
  return all;
}

TEST(RecordingDocument, ItsExampleLoadsAndTellsWhatItSays) {
  const auto trace = parse_recording(example(), "docs/recording.md");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->size(), 12U);
  EXPECT_EQ(trace->origin().start, 81'234'567'890'123);
  EXPECT_TRUE(trace->late(11));
  const State state = fold(*trace);
  EXPECT_EQ(state.socket(1)->names.front(), "c");
  EXPECT_EQ(narrate((*trace)[5], fold(*trace, 5), untranslated),
            "client calls connect(('127.0.0.1', 9999)) on c.");
  EXPECT_EQ(narrate((*trace)[7], fold(*trace, 7), untranslated),
            "There is python3 (pid 123), at [::1]:9999, LISTEN.");
  EXPECT_EQ(narrate((*trace)[8], fold(*trace, 8), untranslated),
            "connect fails on client after 34 µs: ECONNREFUSED (111), Connection refused.");
}

TEST(RecordingDocument, ItsTablesHaveEveryKindAndFieldAndNoOther) {
  EXPECT_EQ(fields_of_document(), fields_of_code(std::make_index_sequence<kKinds.size()>()));
}

TEST(RecordingDocument, ItSaysTheVersionThatIsWritten) {
  EXPECT_THAT(document(),
              testing::HasSubstr("This is version " + std::to_string(kRecordingVersion) + " of the format."));
}

}  // namespace
}  // namespace sockscope
