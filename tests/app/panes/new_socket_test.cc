#include <gtest/gtest.h>

#include "net/names.h"
#include "pane_scene.h"
#include "panes/new_socket_form.h"

namespace sockscope {
namespace new_socket_test {

struct NewSocketPane : ::testing::Test {
  testing::PaneScene scene{draw_new_socket, Trace{}, {1119, 410}};
  void SetUp() override { scene.driver.frame(2); }
};

TEST_F(NewSocketPane, EveryCellWritesItsLineAndIsRunAlsoWhereTheKernelWillRefuse) {
  for (const SocketChoice& family : families()) {
    for (const SocketChoice& type : types()) {
      scene.requests.clear();
      const std::string key = std::string(family.name) + "-" + std::string(type.name);
      scene.driver.click("new-socket/" + key);
      scene.driver.click("new-socket/make");
      ASSERT_EQ(scene.requests.size(), 1u) << key;
      const auto line = std::get<request::RunLine>(scene.requests[0]);
      EXPECT_EQ(line.thread, "main");
      EXPECT_EQ(line.text, "s = socket(" + std::string(family.name) + ", " + std::string(type.name) + ")");
    }
  }
}

TEST_F(NewSocketPane, AProtocolIsWrittenWhenItIsNotTheDefault) {
  scene.driver.click("new-socket/AF_INET-SOCK_RAW");
  scene.driver.click("new-socket/protocol-IPPROTO_ICMP");
  scene.driver.click("new-socket/make");
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_EQ(std::get<request::RunLine>(scene.requests[0]).text,
            "s = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)");
}

TEST_F(NewSocketPane, TheVariableAndTheThreadAreTheLearners) {
  scene.view.variable = "c";
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
  scene.view.variable = scene.view.proposed = "a";
  scene.driver.frame(1);
  EXPECT_EQ(scene.view.variable, "a") << "ann has closed hers";
  TraceBuilder build;
  build.socket(build.thread("main"), "s");
  scene.replace_trace(build.trace());
  scene.view.variable = scene.view.proposed = "s";
  scene.driver.frame(1);
  EXPECT_EQ(scene.view.variable, "s2");
  scene.view.variable = "s";
  scene.driver.frame(1);
  EXPECT_EQ(scene.view.variable, "s") << "the learner's";
}

TEST_F(NewSocketPane, CloseHidesIt) {
  scene.view.show_new_socket = true;
  scene.driver.click("new-socket/close");
  EXPECT_FALSE(scene.view.show_new_socket);
}

TEST(NewSocketForm, EveryNameItWritesIsAConstantOfTheSocketModule) {
  for (const auto& choices : {families(), types(), protocols()}) {
    for (const SocketChoice& choice : choices) {
      EXPECT_TRUE(choice.name == "0" || constant(choice.name)) << choice.name;
    }
  }
}

TEST(NewSocketForm, ADamagedChoiceIsTheNearestOne) {
  View view;
  view.family = -4;
  view.type = 99;
  EXPECT_EQ(socket_line(view), "s = socket(AF_INET, SOCK_SEQPACKET)");
}

}  // namespace new_socket_test
}  // namespace sockscope
