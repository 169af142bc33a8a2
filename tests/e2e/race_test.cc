// sockscope race: several models at once, real clients.

#include "program.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

class RaceTest : public ProgramTest {};

TEST_F(RaceTest, EveryModelAnswersAllAndOneServesOneAtATime) {
  const std::string recording = path("race.jsonl");
  const Finished race = sockscope({"race", "--models", "iterative,thread,pool,prethread,select,poll",
                                   "--clients", "5", "--work", "50ms", "--json", "--record", recording});
  ASSERT_EQ(race.exit, 0) << race.err;
  EXPECT_EQ(race.err, "");
  constexpr const char* kCheck = R"(
import json, sys
race = json.load(open(sys.argv[1]))
assert race["clients"] == 5 and race["work_ns"] == 50_000_000
models = {m["model"]: m for m in race["models"]}
assert list(models) == "iterative thread pool prethread select poll".split()
for m in models.values():
    assert (m["answered"], m["waiting"], m["refused"], m["errors"]) == (5, 0, 0, 0), m
    assert 50_000_000 <= m["answer_ns"]["p50"] <= m["answer_ns"]["p99"] <= m["answer_ns"]["max"] <= m["took_ns"], m
one = models["iterative"]
assert one["busy_most"] == 1 and one["threads"] == 1 and one["took_ns"] >= 5 * 50_000_000, one
assert models["thread"]["threads"] == 6 and models["select"]["threads"] == 1
assert models["pool"]["threads"] == 5 and models["prethread"]["threads"] == 4
)";
  const std::string figures = write("race.json", race.out);
  const Finished checked = run({python(), "-c", kCheck, figures});
  EXPECT_EQ(checked.exit, 0) << checked.err << race.out;
  const Finished told = sockscope({"narrate", recording});
  EXPECT_EQ(told.exit, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("Load to_poll ends: 5 answered"));
}

TEST_F(RaceTest, AsATableItHasALineForEachModel) {
  const Finished race = sockscope({"race", "--models", "thread,select", "--clients", "2"});
  ASSERT_EQ(race.exit, 0) << race.err;
  EXPECT_THAT(race.out, testing::StartsWith("model "));
  EXPECT_THAT(race.out, HasSubstr("\nthread "));
  EXPECT_THAT(race.out, HasSubstr("\nselect "));
}

TEST_F(RaceTest, WhoGetsNoAnswerInTimeIsCounted) {
  const Finished race = sockscope(
      {"race", "--models", "thread", "--clients", "2", "--work", "30s", "--deadline", "300ms", "--json"});
  EXPECT_EQ(race.exit, 1);
  EXPECT_THAT(race.out, HasSubstr("\"answered\":0"));
  EXPECT_THAT(race.err, HasSubstr("not every client had an answer within 0.300 s"));
}

}  // namespace
}  // namespace sockscope
