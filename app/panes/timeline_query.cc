#include "panes/timeline_query.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "net/catalogue.h"
#include "net/names.h"
#include "net/packet.h"

namespace sockscope {
namespace {

constexpr int kMostErrno = 133;
constexpr std::size_t kLeastOfAText = 4;
constexpr int kStates = static_cast<int>(TcpState::CLOSING);

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}
std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}
bool begins_with(std::string_view text, std::string_view lower_start) {
  return text.size() >= lower_start.size() && std::equal(lower_start.begin(), lower_start.end(), text.begin(),
                                                         [](char a, char b) { return a == lower(b); });
}
bool is(std::string_view text, std::string_view lower_word) {
  return text.size() == lower_word.size() && begins_with(text, lower_word);
}

// Words as they stand: between spaces, but < and > are words of their own, and what is in quotes is one.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) words.push_back(word);
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c == '"' || c == '\'') && (word.empty() || word == "b")) {
      const std::size_t close = std::min(text.find(c, i + 1), text.size());
      words.push_back("\"" + std::string(text.substr(i + 1, close - i - 1)));
      word.clear();
      i = close;
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      end();
    } else if (c == '<' || c == '>') {
      end();
      word = c;
      if (i + 1 < text.size() && text[i + 1] == '=') word += text[++i];
      end();
    } else {
      word += c;
    }
  }
  end();
  return words;
}

std::optional<double> number_of(std::string_view text, std::string_view& rest) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value) || value < 0) return std::nullopt;
  rest = text.substr(static_cast<std::size_t>(end - text.data()));
  return value;
}

// "100ms", "0.5 s": how many words it took, 0: it is no length.
std::size_t read_length(const std::vector<std::string>& words, std::size_t at, Time& length) {
  if (at >= words.size()) return 0;
  std::string_view unit;
  const auto value = number_of(words[at], unit);
  if (!value) return 0;
  std::size_t used = 1;
  if (unit.empty() && at + 1 < words.size()) {
    unit = words[at + 1];
    used = 2;
  }
  constexpr std::array<std::pair<std::string_view, double>, 7> kUnits{
      {{"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}}};
  for (const auto& [name, nanoseconds] : kUnits) {
    if (!is(unit, name)) continue;
    length = static_cast<Time>(std::min(*value * nanoseconds, 9e18));
    return used;
  }
  return 0;
}

void read_errno(SearchTerm& term, bool begins) {
  for (int error = 1; error <= kMostErrno; ++error) {
    const std::string name = errno_name(error);
    if (begins ? begins_with(name, term.word) : is(name, term.word)) term.errors.push_back(error);
  }
  if (begins) return;
  std::string upper = term.word;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
  if (const auto number = errno_number(upper); number && term.errors.empty()) term.errors.push_back(*number);
}

// "refused", "reset": a word of what the errno's text says.
void read_errno_text(SearchTerm& term) {
  for (int error = 1; error <= kMostErrno; ++error) {
    const std::string text = " " + lowered(errno_text(error));
    if (text.find(" " + term.word) != std::string::npos) term.errors.push_back(error);
  }
}

// As Python calls it; what Python has no name for, as C does: accept4.
void read_calls(SearchTerm& term, bool begins) {
  for (const bool python : {true, false}) {
    for (const CallInfo& call : catalogue()) {
      const std::string_view name = python ? call.python : call.c;
      if (begins ? begins_with(name, term.word) : is(name, term.word))
        term.calls.set(static_cast<std::size_t>(call.call));
    }
    if (term.calls.any()) return;
  }
}

void read_states(SearchTerm& term, bool begins) {
  for (int state = 1; state <= kStates; ++state) {
    const std::string_view name = name_of(static_cast<TcpState>(state));
    if (begins ? begins_with(name, term.word) : is(name, term.word))
      term.states.set(static_cast<std::size_t>(state));
  }
}

void read_packet_words(SearchTerm& term) {
  std::string flags = term.word;
  std::transform(flags.begin(), flags.end(), flags.begin(), [](char c) {
    return c == '-' || c == '+' ? ',' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  term.flags = flags_of(flags).value_or(0);
  for (const char* protocol : {"TCP", "UDP", "ICMP", "ICMPv6", "ARP"}) {
    if (is(protocol, term.word)) term.protocol = protocol;
  }
  term.dropped = term.word == "dropped" || term.word == "lost";
  term.again = term.word == "again";
}

bool vocabulary(const SearchTerm& term) {
  return term.calls.any() || term.states.any() || !term.errors.empty() || term.flags != 0 ||
         !term.protocol.empty() || term.failed || term.blocked || term.dropped || term.again;
}

std::uint32_t whole_number(std::string_view text, std::uint32_t most) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value <= most ? value : 0;
}

SearchTerm read_word(const std::string& word) {
  SearchTerm term;
  if (word[0] == '"') {
    term.quoted = true;
    term.word = word.substr(1);
    return term;
  }
  term.word = lowered(word);
  if (word[0] == '#') term.socket = whole_number(std::string_view(word).substr(1), ~std::uint32_t{0});
  const std::string_view digits = word[0] == ':' ? std::string_view(word).substr(1) : std::string_view(word);
  if (const std::uint32_t port = whole_number(digits, 65535); port != 0)
    term.port = static_cast<std::int32_t>(port);
  term.failed = term.word == "failed" || term.word == "error";
  term.blocked = term.word == "blocked";
  read_packet_words(term);
  read_errno(term, false);
  read_calls(term, false);
  read_states(term, false);
  if (vocabulary(term) || term.port >= 0 || term.socket != 0 || term.word.size() < 2) return term;
  term.begins = true;
  read_errno(term, true);
  read_calls(term, true);
  read_states(term, true);
  if (term.errors.empty() && term.word.size() >= kLeastOfAText) read_errno_text(term);
  return term;
}

}  // namespace

SearchQuery read_query(std::string_view text) {
  SearchQuery query;
  const std::vector<std::string> words = words_of(text);
  for (std::size_t i = 0; i < words.size() && query.terms.size() < SearchQuery::kMostTerms; ++i) {
    if (words[i][0] != '<' && words[i][0] != '>') {
      query.terms.push_back(read_word(words[i]));
      continue;
    }
    SearchTerm term;
    term.compare = words[i][0] == '>' ? SearchTerm::Compare::more : SearchTerm::Compare::less;
    term.or_equal = words[i].size() == 2;
    const std::size_t used = read_length(words, i + 1, term.length);
    if (used == 0) {
      query.no_unit = true;
      query.terms.clear();
      return query;
    }
    i += used;
    query.terms.push_back(std::move(term));
  }
  return query;
}

bool name_fits(const SearchTerm& term, std::string_view name) {
  if (term.quoted || name.empty() || term.word.empty()) return false;
  return term.begins ? begins_with(name, term.word) : is(name, term.word);
}

bool length_fits(const SearchTerm& term, Time took) {
  if (took == term.length) return term.or_equal;
  return term.compare == SearchTerm::Compare::more ? took > term.length : took < term.length;
}

}  // namespace sockscope
