#pragma once
// What a person looks for in the timeline, in plain words: "ECONNREFUSED", "recv > 100ms", "9999",
// "ann TIME_WAIT", "SYN dropped". All words must fit one call, socket or packet. Pure.

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trace/event.h"

namespace sockscope {

struct SearchTerm {
  std::string word;     // in lower case; a name may be this, or begin with it
  bool begins = false;  // a name that only begins with it fits too
  std::bitset<64> calls;
  std::bitset<16> states;
  std::vector<int> errors;
  std::int32_t port = -1;
  std::uint32_t socket = 0;                                              // "#5"
  std::uint8_t flags = 0;                                                // of TCP: all of them must be set
  std::string protocol;                                                  // "UDP"
  bool failed = false, blocked = false, dropped = false, again = false;  // words of their own
  bool quoted = false;                                                   // word: bytes that were moved
  enum class Compare : std::uint8_t { none, more, less } compare = Compare::none;
  bool or_equal = false;
  Time length = 0;  // compared with how long the call took
};

struct SearchQuery {
  static constexpr std::size_t kMostTerms = 32;  // what stands behind them is left out
  std::vector<SearchTerm> terms;
  bool no_unit = false;  // a length without a unit or a number: "recv > 100"
  bool empty() const { return terms.empty(); }
};

// Upper and lower case are the same, but for bytes in quotes. A word that names a call, an errno, a state or
// a flag exactly is only that, or a name; any other of two letters or more also finds what begins with it.
SearchQuery read_query(std::string_view text);

bool name_fits(const SearchTerm& term, std::string_view name);
bool length_fits(const SearchTerm& term, Time took);

}  // namespace sockscope
