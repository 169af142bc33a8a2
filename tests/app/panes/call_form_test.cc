// The forms of the calls: what a click fills in, and the line that comes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "pane_scene.h"
#include "panes/call_form.h"
#include "panes/forms.h"

namespace sockscope {
namespace call_form_test {

using ::testing::ElementsAre;

// u and v are UDP sockets, v bound; s listens; x is an AF_UNIX datagram socket.
constexpr SocketId kU = 1, kV = 2, kS = 3, kX = 4;
Trace four_sockets() {
  TraceBuilder b;
  const ThreadId main = b.thread("main");
  const auto make = [&](SocketId id, const char* name, int family, int type) {
    event::SocketOpened opened;
    opened.socket = id;
    opened.fd = static_cast<std::int32_t>(id) + 4;
    opened.family = family;
    opened.type = type;
    b.put(opened).name(NameKind::socket, id, name);
  };
  make(kU, "u", AF_INET, SOCK_DGRAM);
  make(kV, "v", AF_INET, SOCK_DGRAM);
  b.put(event::SocketNamed{kV, loopback(4000), {}});
  make(kS, "s", AF_INET, SOCK_STREAM);
  b.put(event::SocketNamed{kS, loopback(5000), {}});
  b.ret(b.enter(main, Call::listen, kS, TraceBuilder::numbers(2)), 0);
  make(kX, "x", AF_UNIX, SOCK_DGRAM);
  return b.trace();
}

struct Form : ::testing::Test {
  testing::PaneScene scene{draw_new_socket, four_sockets(), {1119, 560}};
  void SetUp() override { scene.driver.frame(2); }
  // Picks a call of a socket the way a person does.
  void pick(SocketId socket, const std::string& call) {
    scene.open = [=](const Scene& now, View& view) { open_calls(now, view, socket); };
    scene.driver.frame(2);
    scene.driver.click("new-socket/call-" + call);
  }
  void pick(const std::string& call) { scene.driver.click("new-socket/call-" + call); }
  void click(const std::string& key) { scene.driver.click("new-socket/" + key); }
  void replace(const std::string& key, const std::string& text) {
    click(key);
    scene.driver.key(ui::Key::a, true);
    scene.driver.key(ui::Key::backspace);
    scene.driver.type(text);
  }
  std::vector<std::string> made() {
    scene.requests.clear();
    click("make");
    std::vector<std::string> out;
    for (const WindowRequest& asked : scene.requests) {
      out.push_back(std::get<request::RunLine>(asked).thread + ">>> " +
                    std::get<request::RunLine>(asked).text);
    }
    return out;
  }
};

TEST_F(Form, ADatagramIsSentToABoundSocketByClickOnly) {
  pick(kU, "sendto");
  EXPECT_THAT(made(), ElementsAre("main>>> u.sendto(b'hello\\n', v.getsockname())"));
  click("flags-MSG_DONTWAIT");
  click("flags-MSG_OOB");
  EXPECT_THAT(made(), ElementsAre("main>>> u.sendto(b'hello\\n', MSG_OOB | MSG_DONTWAIT, v.getsockname())"));
  click("address-v.getsockname()");
  click("flags-MSG_OOB");
  EXPECT_THAT(made(), ElementsAre("main>>> u.sendto(b'hello\\n', MSG_DONTWAIT, ('127.0.0.1', 9999))"));
}

TEST_F(Form, BytesAreWrittenAsPythonReadsThem) {
  pick(kU, "send");
  replace("data", "it's \\x00 好");
  EXPECT_THAT(made(), ElementsAre("main>>> u.send(b'it\\'s \\x00 \\xe5\\xa5\\xbd')"));
  replace("data", "\\");
  EXPECT_THAT(made(), ElementsAre("main>>> u.send(b'\\\\')")) << "a lone backslash does not eat the quote";
}

TEST_F(Form, AnAddressIsTypedInPartsAndAnAbstractNameBeginsWithNul) {
  pick(kV, "bind");
  replace("address-port", "70000");
  EXPECT_THAT(made(), ElementsAre("main>>> v.bind(('127.0.0.1', 70000))")) << "Python says what is wrong";
  pick(kX, "bind");
  click("address-abstract");
  EXPECT_THAT(made(), ElementsAre("main>>> x.bind('\\0server.sock')"));
}

TEST_F(Form, AnOptionBringsItsLevelAndAValueThatFits) {
  pick(kS, "setsockopt");
  EXPECT_THAT(made(), ElementsAre("main>>> s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)"));
  click("value-0");
  EXPECT_THAT(made(), ElementsAre("main>>> s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 0)"));
  scene.driver.tab_to("new-socket/level");
  scene.driver.key(ui::Key::down);
  EXPECT_THAT(made(), ElementsAre("main>>> s.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)"));
}

TEST_F(Form, WhatACallNeedsIsMadeFirst) {
  pick(kV, "recv_into");
  EXPECT_THAT(made(), ElementsAre("main>>> buf = bytearray(1024)", "main>>> v.recv_into(buf)"));
  pick(kS, "sendfile");
  EXPECT_THAT(made(), ElementsAre("main>>> %file file.txt 64k", "main>>> f = open('file.txt', 'rb')",
                                  "main>>> s.sendfile(f)"));
}

TEST_F(Form, SelectAndPollTakeSeveralSockets) {
  pick("select");
  click("rlist-x");
  click("wlist-u");
  EXPECT_THAT(made(), ElementsAre("main>>> select.select([u, v, s], [u], [])"));
  replace("timeout", "0.5");
  EXPECT_THAT(made(), ElementsAre("main>>> select.select([u, v, s], [u], [], 0.5)"));
  pick("poll");
  replace("registered", "u, v");
  replace("timeout", "100");
  EXPECT_THAT(made(), ElementsAre("main>>> p = select.poll()", "main>>> p.register(u, select.POLLIN)",
                                  "main>>> p.register(v, select.POLLIN)", "main>>> p.poll(100)"));
}

TEST_F(Form, FunctionsTakeKeywordsAcrossAGapAndMethodsPlaces) {
  pick("create_connection");
  EXPECT_THAT(made(), ElementsAre("main>>> c = create_connection(s.getsockname())"));
  click("all_errors");
  EXPECT_THAT(made(), ElementsAre("main>>> c = create_connection(s.getsockname(), all_errors=True)"));
  pick("getaddrinfo");
  click("flags-AI_PASSIVE");
  EXPECT_THAT(made(), ElementsAre("main>>> getaddrinfo('localhost', 80, flags=AI_PASSIVE)"));
  pick(kU, "recvmsg");
  click("flags-MSG_PEEK");
  EXPECT_THAT(made(), ElementsAre("main>>> u.recvmsg(1024, 0, MSG_PEEK)"));
  pick(kU, "sendmsg");
  click("flags-MSG_NOSIGNAL");
  EXPECT_THAT(made(), ElementsAre("main>>> u.sendmsg([b'hello, ', b'world\\n'], [], MSG_NOSIGNAL)"));
}

TEST_F(Form, EnterInAFieldOfTheKeyboardReachesTheButton) {
  pick(kV, "recvfrom");
  scene.driver.tab_to("new-socket/make");
  scene.requests.clear();
  scene.driver.key(ui::Key::enter);
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_EQ(std::get<request::RunLine>(scene.requests[0]).text, "v.recvfrom(1024)");
}

TEST_F(Form, ItSaysWhatTheCallWouldComeToAndRunsItAllTheSame) {
  pick(kU, "send");
  EXPECT_TRUE(scene.driver.shows("EDESTADDRREQ"));
  EXPECT_EQ(made().size(), 1u);
  pick(kS, "accept");
  EXPECT_TRUE(scene.driver.shows("it blocks until a client connects"));
}

TEST_F(Form, EveryCallOfTheCatalogueHasItsPlaceAndOpensAForm) {
  std::size_t placed = 0;
  for (const bool of_a_socket : {false, true}) {
    for (const CallGroup group : groups_of(of_a_socket)) {
      for (const CallInfo* call : calls_of(group)) {
        ++placed;
        EXPECT_EQ(call->is_method(), of_a_socket) << call->python;
        if (of_a_socket) {
          pick(kS, std::string(call->python));
        } else {
          scene.open = [](const Scene&, View& view) { open_new_socket(view); };
          scene.driver.frame(2);
          pick(std::string(call->python));
        }
        EXPECT_EQ(scene.view.draft.call, call->call) << call->python;
        const std::vector<std::string> lines = made();
        ASSERT_FALSE(lines.empty()) << call->python;
        EXPECT_NE(lines.back().find(std::string(call->python) + "("), std::string::npos) << lines.back();
      }
    }
  }
  const auto inner = std::count_if(catalogue().begin(), catalogue().end(),
                                   [](const CallInfo& call) { return call.owner == Owner::inner; });
  EXPECT_EQ(placed, catalogue().size() - static_cast<std::size_t>(inner)) << "all that a learner makes";
  EXPECT_EQ(inner, 4) << "os.sendfile, and the three of epoll";
}

}  // namespace call_form_test
}  // namespace sockscope
