#pragma once
// A directive's arguments as words: `NAME key=value key='quoted text' flag`. Pure.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "play/lexer.h"

namespace sockscope::play {

struct Word {
  std::size_t begin = 0;
  std::string_view spelled;  // whole: key=value
  std::string_view key;      // before the first '=', or all of it
  std::optional<std::string_view> value;
  std::size_t value_at = 0;
};

class Words {
 public:
  Words(std::string_view line, std::size_t from) : line_(line), at_(from) { skip_space(); }
  bool more() const { return at_ < line_.size(); }  // a comment ends the line
  Word take();
  std::size_t at() const { return at_; }
  // The next word, which must be there and be a name.
  std::string name(std::string_view what);
  void expect_end(std::string_view what) const;

 private:
  void skip_space();
  std::string_view line_;
  std::size_t at_;
};

// The values of key=value. All throw SyntaxError with what is allowed.
std::int64_t whole_number(const Word& word, std::int64_t least, std::int64_t most);
Time time_value(const Word& word);
std::string text_value(std::string_view line, const Word& word);  // 'quoted' or bare; text or bytes
std::string plain_value(const Word& word);
std::string one_of(const Word& word, std::span<const std::string_view> known);
std::string host_value(const Word& word);                              // a host's name
std::string literal_or_bare(std::string_view line, const Word& word);  // a word that is no key=value

}  // namespace sockscope::play
