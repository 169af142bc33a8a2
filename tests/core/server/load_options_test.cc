#include "server/load_options.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sockscope {
namespace {

TEST(LoadWords, AreReadAsTheyAreWritten) {
  for (const auto word : load_arrivals()) EXPECT_EQ(word_of(load_arrival_of(word).value()), word);
  for (const auto word : load_ends()) EXPECT_EQ(word_of(load_end_of(word).value()), word);
  EXPECT_FALSE(load_arrival_of("all_at_once"));
  EXPECT_FALSE(load_end_of(""));
}

TEST(LoadSize, IsBytesOrTheirMultiples) {
  EXPECT_EQ(load_size_of("1"), 1);
  EXPECT_EQ(load_size_of("1000"), 1'000);
  EXPECT_EQ(load_size_of("1k"), 1'024);
  EXPECT_EQ(load_size_of("3M"), 3 << 20);
  EXPECT_EQ(load_size_of("1g"), 1 << 30);
  for (const char* bad : {"", "0", "-1", "k", "1 k", "1kb", "2g", "1025m", "1.5k", "0x10", "+1",
                          "99999999999999999999", "9223372036854775807k"})
    EXPECT_FALSE(load_size_of(bad)) << bad;
}

std::string_view conflict(const LoadOptions& options, std::vector<std::string_view> given) {
  const auto found = load_conflict(options, given);
  return found ? found->word : std::string_view();
}

TEST(LoadConflict, IsFoundInWhatWasGiven) {
  LoadOptions options;
  EXPECT_EQ(conflict(options, {"to", "text", "end", "clients"}), "");
  EXPECT_EQ(conflict(options, {"text", "size"}), "size");
  EXPECT_EQ(conflict(options, {"over"}), "over");
  EXPECT_EQ(conflict(options, {"seed"}), "seed");
  options.arrival = LoadArrival::steady;
  EXPECT_EQ(conflict(options, {"arrival", "over"}), "");
  EXPECT_EQ(conflict(options, {"arrival", "seed"}), "seed");
  options.arrival = LoadArrival::poisson;
  EXPECT_EQ(conflict(options, {"arrival", "over", "seed"}), "");
  options.stay = true;
  EXPECT_EQ(conflict(options, {"stay", "end"}), "end");
}

LoadOptions arriving(LoadArrival arrival, int clients) {
  LoadOptions options;
  options.arrival = arrival;
  options.clients = clients;
  options.over = kSecond;
  return options;
}

TEST(LoadBegins, AreAllAtOnceOrSteady) {
  EXPECT_EQ(load_begins(arriving(LoadArrival::all_at_once, 3)), (std::vector<Time>{0, 0, 0}));
  EXPECT_EQ(load_begins(arriving(LoadArrival::steady, 4)),
            (std::vector<Time>{0, kSecond / 4, kSecond / 2, 3 * kSecond / 4}));
  EXPECT_TRUE(load_begins(arriving(LoadArrival::steady, 0)).empty());
}

TEST(LoadBegins, OfAPoissonProcessAreTheSameForTheSameSeed) {
  LoadOptions options = arriving(LoadArrival::poisson, 1'000);
  const auto begins = load_begins(options);
  EXPECT_EQ(begins, load_begins(options));
  EXPECT_TRUE(std::is_sorted(begins.begin(), begins.end()));
  EXPECT_GE(begins.front(), 0);
  EXPECT_LT(begins.back(), kSecond);
  // By chance, not evenly: of a thousand some gap is several times the mean, as good as none is not.
  Time longest = 0;
  for (std::size_t i = 1; i < begins.size(); ++i) longest = std::max(longest, begins[i] - begins[i - 1]);
  EXPECT_GT(longest, 3 * kMillisecond);
  options.seed = 2;
  EXPECT_NE(begins, load_begins(options));
}

}  // namespace
}  // namespace sockscope
