#include <gtest/gtest.h>

#include <set>

#include "net/catalogue.h"
#include "play_harness.h"
#include "plays.h"

namespace sockscope::testing {
namespace {

TEST(Torture, ThePlaysMakeEveryCallOfTheCatalogue) {
  std::set<std::string_view> missing;
  for (const CallInfo& call : catalogue()) missing.insert(call.python);
  for (const Call call : {Call::epoll_create, Call::epoll_ctl, Call::epoll_wait})
    missing.erase(info(call).python);  // no play can: the servers of epoll make them
  for (const std::string& name : torture_plays()) {
    SCOPED_TRACE(name);
    PlayStage stage;
    EXPECT_EQ(stage.run(torture_play(name)), 0) << stage.runner->error();
    for (const auto& entered : stage.house.all<event::CallEntered>())
      missing.erase(info(entered.name).python);
  }
  std::string names;
  for (const std::string_view name : missing) names += " " + std::string(name);
  EXPECT_EQ(names, "");
}

}  // namespace
}  // namespace sockscope::testing
