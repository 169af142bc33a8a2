#include "lesson/words_used.h"

#include <algorithm>

namespace sockscope {
namespace {

bool small(char c) {
  return c >= 'a' && c <= 'z';
}
bool capital(char c) {
  return c >= 'A' && c <= 'Z';
}
bool word_part(char c) {
  return small(c) || capital(c) || c == '_' || (c >= '0' && c <= '9');
}

// Each run of word characters; `after`: what follows it.
template <typename Each>
void each_word(std::string_view text, const Each& each) {
  int line = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!word_part(text[at])) {
      line += text[at++] == '\n';
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && word_part(text[end])) ++end;
    each(at, end, line);
    at = end;
  }
}

std::string lowered(std::string_view text) {
  std::string low(text);
  for (char& c : low)
    if (capital(c)) c = static_cast<char>(c - 'A' + 'a');
  return low;
}

// Whether the word at `at` has a capital though it begins no sentence; what is not ASCII is taken for words.
bool is_name(std::string_view text, std::size_t at) {
  if (at < 2 || !capital(text[at]) || text[at - 1] != ' ') return false;
  const char before = text[at - 2];
  return word_part(before) || before == ',' || static_cast<unsigned char>(before) >= 0x80;
}

// Where `term` stands as a word of `text`; `low` and `term` are in small letters. In a name an s makes no
// plural: Windows has no window.
std::size_t find_word(std::string_view text, std::string_view low, std::string_view term, std::size_t from) {
  for (auto at = low.find(term, from); at != low.npos; at = low.find(term, at + 1)) {
    const bool name = term.find(' ') == term.npos && is_name(text, at);
    const bool latin = word_part(term.front()) && word_part(term.back());
    std::size_t end = at + term.size();
    if (end < low.size() && text[end] == 's' && !name) ++end;
    const bool whole = (at == 0 || !word_part(low[at - 1])) && (end >= low.size() || !word_part(low[end]));
    if (!latin || whole) return at;
  }
  return low.npos;
}

}  // namespace

void call_words(std::string_view markdown, const WordSeen& seen) {
  each_word(markdown, [&](std::size_t begin, std::size_t end, int line) {
    const bool called = end < markdown.size() && markdown[end] == '(';
    const bool alone =
        begin > 0 && markdown[begin - 1] == '`' && end < markdown.size() && markdown[end] == '`';
    if (called || alone) seen(markdown.substr(begin, end - begin), line);
  });
}

void capital_words(std::string_view markdown, const WordSeen& seen) {
  each_word(markdown, [&](std::size_t begin, std::size_t end, int line) {
    const std::string_view word = markdown.substr(begin, end - begin);
    if (std::none_of(word.begin(), word.end(), small) && std::any_of(word.begin(), word.end(), capital))
      seen(word, line);
  });
}

std::optional<TermPlace> place_of_term(std::string_view text, const std::string& term,
                                       const std::vector<std::string>& masks) {
  std::string low = lowered(text);
  const std::string wanted = lowered(term);
  if (wanted.empty()) return std::nullopt;
  for (const std::string& mask : masks) {
    const std::string hidden = lowered(mask);
    if (hidden.size() <= wanted.size()) continue;
    for (auto at = find_word(text, low, hidden, 0); at != low.npos; at = find_word(text, low, hidden, at + 1))
      low.replace(at, hidden.size(), hidden.size(), '\x01');
  }
  const auto at = find_word(text, low, wanted, 0);
  if (at == low.npos) return std::nullopt;
  const bool more =
      at + wanted.size() < low.size() && low[at + wanted.size()] == 's' && word_part(wanted.back());
  return TermPlace{
      std::string(text.substr(at, wanted.size() + more)),
      static_cast<int>(std::count(low.begin(), low.begin() + static_cast<std::ptrdiff_t>(at), '\n'))};
}

int line_of_term(std::string_view text, const std::string& term, const std::vector<std::string>& masks) {
  const auto place = place_of_term(text, term, masks);
  return place ? place->line : -1;
}

}  // namespace sockscope
