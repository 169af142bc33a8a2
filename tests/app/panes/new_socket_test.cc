// New socket: the grid of what was tried here, and the line each cell writes.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "net/names.h"
#include "pane_scene.h"
#include "panes/grid_model.h"

namespace sockscope {
namespace new_socket_test {

// As an ordinary user sees it.
Grid small_grid() {
  return {{AF_INET, SOCK_STREAM, 0, 0},
          {AF_INET, SOCK_STREAM, IPPROTO_SCTP, EPROTONOSUPPORT},
          {AF_INET, SOCK_DGRAM, 0, 0},
          {AF_INET, SOCK_RAW, 0, EPROTONOSUPPORT},
          {AF_INET, SOCK_RAW, IPPROTO_ICMP, EPERM},
          {AF_INET, SOCK_SEQPACKET, 0, ESOCKTNOSUPPORT},
          {AF_CAN, SOCK_RAW, 0, EAFNOSUPPORT},
          {AF_CAN, SOCK_RAW, 1, EAFNOSUPPORT}};
}

struct NewSocketPane : ::testing::Test {
  testing::PaneScene scene{draw_new_socket, Trace{}, {1119, 520}};
  Grid grid = small_grid();
  void SetUp() override { scene.driver.frame(2); }
  std::string made() {
    scene.requests.clear();
    scene.driver.click("new-socket/make");
    EXPECT_EQ(scene.requests.size(), 1u);
    if (scene.requests.size() != 1) return {};
    const auto line = std::get<request::RunLine>(scene.requests[0]);
    return line.thread + ">>> " + line.text;
  }
};

TEST_F(NewSocketPane, EveryCellWritesItsLineAndIsRunAlsoWhereTheKernelWillRefuse) {
  for (const NamedNumber& family : grid_families(nullptr)) {
    for (const NamedNumber& type : grid_types(nullptr)) {
      scene.driver.click("new-socket/" + family.name + "-" + type.name);
      EXPECT_EQ(made(), "main>>> s = socket(" + family.name + ", " + type.name + ")");
    }
  }
}

TEST_F(NewSocketPane, ACellOfARealGridTakesTheProtocolThatGetsFurthest) {
  scene.grid = &grid;
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("TCP"));
  EXPECT_TRUE(scene.driver.shows("EPERM"));
  EXPECT_TRUE(scene.driver.shows("ESOCKTNOSUPPORT"));
  scene.driver.click("new-socket/AF_INET-SOCK_RAW");
  EXPECT_EQ(made(), "main>>> s = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)");
  scene.driver.click("new-socket/protocol-0");
  EXPECT_EQ(made(), "main>>> s = socket(AF_INET, SOCK_RAW)");
  scene.driver.click("new-socket/AF_CAN-SOCK_RAW");
  EXPECT_EQ(made(), "main>>> s = socket(AF_CAN, SOCK_RAW)");
  scene.driver.click("new-socket/protocol-CAN_RAW");
  EXPECT_EQ(made(), "main>>> s = socket(AF_CAN, SOCK_RAW, CAN_RAW)");
}

TEST_F(NewSocketPane, AProtocolMayBeANumberOfOnesOwn) {
  scene.driver.click("new-socket/protocol-number");
  scene.driver.key(ui::Key::backspace);
  scene.driver.type("77");
  EXPECT_EQ(made(), "main>>> s = socket(AF_INET, SOCK_STREAM, 77)");
}

TEST_F(NewSocketPane, AFilenoIsFoldedAwayUntilAskedForAndThenStandsAlone) {
  EXPECT_FALSE(scene.driver.find("new-socket/fileno-number"));
  scene.driver.click("new-socket/fileno");
  scene.driver.click("new-socket/fileno-number");
  scene.driver.type("7");
  EXPECT_EQ(made(), "main>>> s = socket(fileno=7)");
}

TEST_F(NewSocketPane, TheVariableAndTheThreadAreTheLearners) {
  scene.view.draft.result = "c";
  scene.view.thread = "client";
  scene.driver.frame(2);
  scene.driver.tab_to("new-socket/make");
  scene.driver.key(ui::Key::enter);
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_EQ(std::get<request::RunLine>(scene.requests[0]).thread, "client");
  EXPECT_EQ(std::get<request::RunLine>(scene.requests[0]).text, "c = socket(AF_INET, SOCK_STREAM)");
}

TEST_F(NewSocketPane, ANameOfAnOpenSocketIsNotProposedTwiceButMayBeTyped) {
  scene.replace_trace(two_clients_trace());
  scene.view.draft.result = scene.view.draft.proposed = "a";
  scene.driver.frame(1);
  EXPECT_EQ(scene.view.draft.result, "a") << "ann has closed hers";
  TraceBuilder build;
  build.socket(build.thread("main"), "s");
  scene.replace_trace(build.trace());
  scene.view.draft.result = scene.view.draft.proposed = "s";
  scene.driver.frame(1);
  EXPECT_EQ(scene.view.draft.result, "s2");
  scene.view.draft.result = "s";
  scene.driver.frame(1);
  EXPECT_EQ(scene.view.draft.result, "s") << "the learner's";
}

TEST_F(NewSocketPane, CloseHidesIt) {
  scene.view.show_new_socket = true;
  scene.driver.click("new-socket/close");
  EXPECT_FALSE(scene.view.show_new_socket);
}

TEST(GridModel, WithoutAGridTheNamesAreConstantsOfTheSocketModule) {
  for (const auto& names : {grid_families(nullptr), grid_types(nullptr)}) {
    for (const NamedNumber& name : names) EXPECT_EQ(constant(name.name), name.value) << name.name;
  }
  EXPECT_EQ(summary_of(nullptr, AF_INET, SOCK_STREAM).best, nullptr);
}

TEST(GridModel, TheDefaultProtocolStandsFirstAlsoWhenItWasNotTried) {
  const Grid grid{
      {AF_INET, SOCK_RAW, 255, EPERM}, {AF_INET, SOCK_RAW, 1, EPERM}, {AF_INET, SOCK_RAW, 0, EPERM}};
  const auto found = grid_protocols(&grid, AF_INET, SOCK_RAW);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].name, "0");
  EXPECT_EQ(found[1].name, "IPPROTO_RAW");
  EXPECT_EQ(grid_protocols(&grid, AF_INET6, SOCK_RAW).size(), 1u);
}

TEST(GridModel, ACellRefusedWhateverTheProtocolSaysTheDefaultsError) {
  const Grid grid{{AF_INET, SOCK_RDM, 6, EPROTONOSUPPORT}, {AF_INET, SOCK_RDM, 0, ESOCKTNOSUPPORT}};
  EXPECT_EQ(summary_of(&grid, AF_INET, SOCK_RDM).name, "ESOCKTNOSUPPORT");
}

}  // namespace new_socket_test
}  // namespace sockscope
