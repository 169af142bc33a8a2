#include "server/load_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <random>

namespace sockscope {
namespace load_words {

constexpr std::array<std::string_view, 3> kArrivals{"all-at-once", "steady", "poisson"};
constexpr std::array<std::string_view, 4> kEnds{"close", "half-close", "reset", "never"};

template <typename Choice, typename Words>
std::optional<Choice> choice_of(const Words& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Choice>(found - words.begin());
}

}  // namespace load_words

std::vector<std::string_view> load_arrivals() {
  return {load_words::kArrivals.begin(), load_words::kArrivals.end()};
}
std::vector<std::string_view> load_ends() {
  return {load_words::kEnds.begin(), load_words::kEnds.end()};
}
std::string_view word_of(LoadArrival arrival) {
  return load_words::kArrivals.at(static_cast<std::size_t>(arrival));
}
std::string_view word_of(LoadEnd end) {
  return load_words::kEnds.at(static_cast<std::size_t>(end));
}
std::optional<LoadArrival> load_arrival_of(std::string_view word) {
  return load_words::choice_of<LoadArrival>(load_words::kArrivals, word);
}
std::optional<LoadEnd> load_end_of(std::string_view word) {
  return load_words::choice_of<LoadEnd>(load_words::kEnds, word);
}

std::optional<std::int64_t> load_size_of(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || number < 1) return std::nullopt;
  const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
  constexpr std::string_view kUnits = "kKmMgG";
  const auto place = unit.size() == 1 ? kUnits.find(unit[0]) : kUnits.npos;
  if (!unit.empty() && place == kUnits.npos) return std::nullopt;
  const auto shift = unit.empty() ? 0 : 10 * (place / 2 + 1);
  if (number > kMostLoadSize >> shift) return std::nullopt;
  return number << shift;
}

std::vector<std::string_view> load_ways(const LoadOptions& options) {
  std::vector<std::string_view> ways;
  if (options.size > 0) ways.push_back("size");
  if (options.think > 0) ways.push_back("think");
  if (options.drip > 0) ways.push_back("drip");
  if (options.slow_read > 0) ways.push_back("slow-read");
  if (options.arrival != LoadArrival::all_at_once) ways.push_back("arrival");
  if (options.end != LoadEnd::close) ways.push_back("end");
  return ways;
}

std::optional<LoadConflict> load_conflict(const LoadOptions& options,
                                          std::span<const std::string_view> given) {
  const auto is_given = [&](std::string_view word) {
    return std::find(given.begin(), given.end(), word) != given.end();
  };
  if (is_given("size") && is_given("text"))
    return LoadConflict{"size", "size and text both say what a message is: one of them is enough"};
  if (options.stay && is_given("end"))
    return LoadConflict{"end", "with stay a connection is kept: it has no end"};
  if (is_given("over") && options.arrival == LoadArrival::all_at_once)
    return LoadConflict{"over", "over is the time of an arrival that is steady or poisson"};
  if (is_given("seed") && options.arrival != LoadArrival::poisson)
    return LoadConflict{"seed", "seed is for an arrival that is poisson"};
  return std::nullopt;
}

std::vector<Time> load_begins(const LoadOptions& options) {
  const auto count = static_cast<std::size_t>(std::max(options.clients, 0));
  std::vector<Time> begins(count, 0);
  const auto over = static_cast<double>(options.over);
  if (options.arrival == LoadArrival::steady) {
    for (std::size_t i = 0; i < count; ++i)
      begins[i] = static_cast<Time>(over * static_cast<double>(i) / static_cast<double>(count));
  } else if (options.arrival == LoadArrival::poisson) {
    // Given how many there are, they are spread evenly by chance. Not std::uniform_real_distribution: what it
    // gives is the library's choice.
    std::mt19937_64 random(options.seed);
    for (Time& begin : begins)
      begin = static_cast<Time>(over * (static_cast<double>(random() >> 11) * 0x1p-53));
    std::sort(begins.begin(), begins.end());
  }
  return begins;
}

}  // namespace sockscope
