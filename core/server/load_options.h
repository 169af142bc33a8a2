#pragma once
// A load's options as %load and `sockscope load` spell them, in the same words. Pure.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/server.h"

namespace sockscope {

inline constexpr std::int64_t kMostLoadSize = std::int64_t{1} << 30;  // bytes of a message
inline constexpr int kMostLoadMessages = 100'000;                     // of a client

std::vector<std::string_view> load_arrivals();  // all-at-once, steady, poisson
std::vector<std::string_view> load_ends();      // close, half-close, reset, never
std::string_view word_of(LoadArrival arrival);
std::string_view word_of(LoadEnd end);
std::optional<LoadArrival> load_arrival_of(std::string_view word);
std::optional<LoadEnd> load_end_of(std::string_view word);

// "1000", "64k", "1m", "1g" (1,024 times as much each; a capital letter too): from 1 to kMostLoadSize.
std::optional<std::int64_t> load_size_of(std::string_view text);

// Of size, think, drip, slow-read, arrival and end those that are not as they are by themselves.
std::vector<std::string_view> load_ways(const LoadOptions& options);

// Options that do not go together: `word` is the one to point at, of those that were `given`.
struct LoadConflict {
  std::string_view word;
  std::string message;
};
std::optional<LoadConflict> load_conflict(const LoadOptions& options,
                                          std::span<const std::string_view> given);

// Whether its clients keep their connections until the load is stopped.
inline bool keeps_open(const LoadOptions& options) {
  return options.stay || options.end == LoadEnd::never;
}

// When each client begins, after the load's start, ascending. Poisson: a Poisson process of which so many
// arrivals fall within `over`.
std::vector<Time> load_begins(const LoadOptions& options);

}  // namespace sockscope
