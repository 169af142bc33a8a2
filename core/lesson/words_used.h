#pragma once
// Which calls, names and terms a text uses. Pure.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sockscope {

// `line`: from 0, of the text.
using WordSeen = std::function<void(std::string_view word, int line)>;

// Words that stand for a call: before a '(' (accept(), s.accept(), listen(2)), or alone in `code`.
void call_words(std::string_view markdown, const WordSeen& seen);
// Words in capitals: SYN_SENT, ECONNREFUSED, SO_REUSEADDR.
void capital_words(std::string_view markdown, const WordSeen& seen);

// The first place of `term` that is not inside one of `masks`; its line alone, −1: nowhere. Latin words
// are found whole, in any case, also with an s, which
// behind a capital makes it a name (Windows); others wherever they stand.
struct TermPlace {
  std::string said;  // as it stands there, an s with it
  int line = 0;      // from 0, of the text
};
std::optional<TermPlace> place_of_term(std::string_view text, const std::string& term,
                                       const std::vector<std::string>& masks);
int line_of_term(std::string_view text, const std::string& term, const std::vector<std::string>& masks);

}  // namespace sockscope
