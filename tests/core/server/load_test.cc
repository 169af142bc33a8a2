#include <gtest/gtest.h>

#include "desk.h"

namespace sockscope {
namespace {

LoadOptions load_to(const Address& to, int clients) {
  LoadOptions options;
  options.to = to;
  options.clients = clients;
  return options;
}

TEST(Load, EveryClientIsAnswered) {
  Desk desk;
  const auto server = desk.serve("thread");
  const auto load = Load::start(desk.engine, 2, load_to(server->address(), 5));
  ASSERT_TRUE(desk.until([&] { return !desk.all<event::LoadEnded>().empty(); }));
  EXPECT_TRUE(load->finished());
  EXPECT_EQ(load->figures().answered, 5u);
  const auto ended = desk.all<event::LoadEnded>();
  EXPECT_EQ(ended[0].answered, 5u);
  EXPECT_EQ(ended[0].errors + ended[0].waiting + ended[0].refused, 0u);
  EXPECT_NE(desk.state.thread("L.5"), nullptr);
}

TEST(Load, WhereNobodyListensAllAreRefused) {
  Desk desk;
  Peer nobody;
  const auto load = Load::start(desk.engine, 2, load_to(nobody.take_port(), 3));
  ASSERT_TRUE(desk.until([&] { return load->finished(); }));
  EXPECT_EQ(load->figures().refused, 3u);
}

TEST(Load, BehindASilentClientTheyWait) {
  Desk desk;
  const auto server = desk.serve("iterative");
  Peer silent(server->address());
  ASSERT_TRUE(desk.until([&] { return desk.blocked_in("S.accept", Call::recv); }));
  const auto load = Load::start(desk.engine, 2, load_to(server->address(), 3));
  ASSERT_TRUE(desk.until([&] { return load->figures().waiting == 3; }));
  EXPECT_FALSE(load->finished());
  silent.shut();
  ASSERT_TRUE(desk.until([&] { return load->finished(); }));
  EXPECT_EQ(load->figures().answered, 3u);
}

TEST(Load, ThoseThatStayAreFinishedOnceConnected) {
  Desk desk;
  const auto server = desk.serve("thread");
  LoadOptions options = load_to(server->address(), 4);
  options.stay = true;
  const auto load = Load::start(desk.engine, 2, options);
  ASSERT_TRUE(desk.until([&] { return load->finished() && load->figures().answered == 4; }));
  EXPECT_TRUE(desk.all<event::LoadEnded>().empty());
  load->stop();
  ASSERT_TRUE(desk.until([&] { return desk.all<event::LoadEnded>().size() == 1; }));
  EXPECT_EQ(desk.all<event::LoadEnded>()[0].answered, 4u);
}

TEST(Load, MoreClientsThanPermittedAreSaid) {
  Desk desk;
  LoadOptions options = load_to(loopback(1), 10'001);
  options.program = "/bin/true";
  const auto load = Load::start(desk.engine, 2, options);
  ASSERT_TRUE(desk.until([&] { return load->finished(); }));
  EXPECT_EQ(desk.all<event::LoadStarted>().at(0).clients, 10'000u);
  EXPECT_EQ(desk.all<event::Notice>().at(0).text.view(), "L has 10000 clients, not 10001: that is the limit");
}

TEST(Load, OfNoClientsIsOverAtOnce) {
  Desk desk;
  const auto load = Load::start(desk.engine, 2, load_to(loopback(1), 0));
  EXPECT_TRUE(load->finished());
  EXPECT_EQ(desk.all<event::LoadEnded>().size(), 1u);
}

}  // namespace
}  // namespace sockscope
