#include "play/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "engine/engine.h"

namespace sockscope::play {

void Words::skip_space() {
  while (at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == '\t')) ++at_;
  if (at_ < line_.size() && line_[at_] == '#') at_ = line_.size();
}

Word Words::take() {
  Word word;
  word.begin = at_;
  while (at_ < line_.size() && line_[at_] != ' ' && line_[at_] != '\t') {
    const bool literal_may_begin = at_ == word.begin || (word.value && at_ == word.value_at);
    if (literal_may_begin && begins_string(line_, at_)) {
      lex_string(line_, at_);
      continue;
    }
    if (line_[at_] == '=' && !word.value) {
      word.key = line_.substr(word.begin, at_ - word.begin);
      word.value_at = at_ + 1;
      word.value = std::string_view();
    }
    ++at_;
  }
  word.spelled = line_.substr(word.begin, at_ - word.begin);
  if (word.value)
    word.value = line_.substr(word.value_at, at_ - word.value_at);
  else
    word.key = word.spelled;
  skip_space();
  return word;
}

std::string Words::name(std::string_view what) {
  if (!more()) throw SyntaxError{line_.size(), fmt::format("{} is missing", what)};
  const Word word = take();
  if (!is_name(word.spelled))
    throw SyntaxError{word.begin, fmt::format("'{}' is no name; {} is wanted here", word.spelled, what)};
  return std::string(word.spelled);
}

void Words::expect_end(std::string_view what) const {
  if (more()) throw SyntaxError{at_, fmt::format("nothing more is wanted here: {}", what)};
}

std::int64_t whole_number(const Word& word, std::int64_t least, std::int64_t most) {
  std::int64_t number = 0;
  const std::string_view text = word.value.value_or("");
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < least || number > most)
    throw SyntaxError{word.value ? word.value_at : word.begin,
                      fmt::format("{} is a whole number from {} to {}", word.key, least, most)};
  return number;
}

Time time_value(const Word& word) {
  const auto time = parse_time(word.value.value_or(""));
  if (!time)
    throw SyntaxError{word.value ? word.value_at : word.begin,
                      fmt::format("{} is a time like 300ms or 5s", word.key)};
  return *time;
}

std::string plain_value(const Word& word) {
  if (!word.value || word.value->empty())
    throw SyntaxError{word.begin, fmt::format("{} needs a value: {}=…", word.key, word.key)};
  return std::string(*word.value);
}

std::string one_of(const Word& word, std::span<const std::string_view> known) {
  const std::string value = plain_value(word);
  if (std::find(known.begin(), known.end(), value) != known.end()) return value;
  throw SyntaxError{word.value_at, fmt::format("no {} is called '{}'; there is {}", word.key, value,
                                               fmt::join(known, ", "))};
}

std::string host_value(const Word& word) {
  const std::string name = plain_value(word);
  if (name == "127.0.0.1") return std::string(kThisMachine);
  if (!is_name(name)) throw SyntaxError{word.value_at, "host is the name of a host"};
  return name;
}

namespace {

std::string literal(std::string_view line, std::size_t at, const Word& word) {
  const Token token = lex_string(line, at);
  if (at != word.begin + word.spelled.size()) throw SyntaxError{at, "a space is missing behind the quote"};
  const auto* as_text = token.value.as<Text>();
  return as_text != nullptr ? as_text->utf8 : token.value.as<Bytes>()->data;
}

}  // namespace

std::string text_value(std::string_view line, const Word& word) {
  std::string plain = plain_value(word);
  return begins_string(line, word.value_at) ? literal(line, word.value_at, word) : plain;
}

std::string literal_or_bare(std::string_view line, const Word& word) {
  return begins_string(line, word.begin) ? literal(line, word.begin, word) : std::string(word.spelled);
}

}  // namespace sockscope::play
