// The console: what it shows of a trace, what typing asks for, completion.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/call_errors.h"
#include "pane_scene.h"
#include "panes/console_complete.h"
#include "panes/console_hint.h"
#include "panes/console_lines.h"

namespace sockscope {
namespace console_test {

using T = TwoClients;

struct ConsolePane : ::testing::Test {
  testing::PaneScene scene{draw_console, two_clients_trace(), {1600, 300}};
  void SetUp() override {
    scene.live = true;
    scene.at(1000);
  }
  void type(const std::string& text) {
    scene.driver.click("console/prompt", 0.1f);
    scene.driver.type(text);
  }
  request::RunLine only_line() {
    EXPECT_EQ(scene.requests.size(), 1u);
    if (scene.requests.size() != 1) return {};
    const auto line = std::get<request::RunLine>(scene.requests.front());
    scene.requests.clear();
    return line;
  }
};

TEST_F(ConsolePane, ShowsEachLineWithItsPromptResultAndTime) {
  EXPECT_TRUE(scene.driver.shows("ann>>>"));
  EXPECT_TRUE(scene.driver.shows("a.connect(S.server_address)"));
  EXPECT_TRUE(scene.driver.shows("None"));
  EXPECT_TRUE(scene.driver.shows("blocked in recv"));
}

TEST_F(ConsolePane, AnAssignmentShowsWhatItBound) {
  EXPECT_TRUE(scene.driver.shows("b, #4"));
}

TEST_F(ConsolePane, ANameThatAnotherThreadBoundIsNotThisLinesResult) {
  TraceBuilder build;
  const ThreadId server = build.thread("server"), client = build.thread("client");
  const SocketId conn = build.socket(server);
  const LineId connect = build.line(client, 1, "s2.connect(s.getsockname())");
  const LineId accept = build.line(server, 2, "conn2, addr = s.accept()");
  build.name(NameKind::socket, conn, "conn", "<socket>").name(NameKind::value, 0, "addr", "('127.0.0.1', 7)");
  build.line_returned(accept, server).line_returned(connect, client);
  scene.replace_trace(build.trace());
  scene.view.cursor = scene.trace().end();
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("None"));
  EXPECT_TRUE(scene.driver.shows("('127.0.0.1', 7)"));
  EXPECT_FALSE(scene.driver.shows("conn, #"));
}

TEST_F(ConsolePane, AClickBesideEverythingMeansThePrompt) {
  scene.driver.click_at({1500, 120});
  scene.driver.type("b.close()");
  EXPECT_EQ(scene.view.prompt, "b.close()");
}

TEST_F(ConsolePane, BeforeTheCursorALineHasNotHappened) {
  scene.at(300);
  EXPECT_FALSE(scene.driver.shows("b.sendall(b'hello\\n')"));
  scene.at(750);
  EXPECT_TRUE(scene.driver.shows("b.sendall(b'hello\\n')"));
}

TEST_F(ConsolePane, EnterRunsTheLineOnTheChosenThreadAndClearsThePrompt) {
  scene.driver.click("console/thread-main");
  scene.view.thread = "bob";
  type("b.close()");
  scene.driver.key(ui::Key::enter);
  const request::RunLine line = only_line();
  EXPECT_EQ(line.thread, "bob");
  EXPECT_EQ(line.text, "b.close()");
  EXPECT_EQ(scene.view.prompt, "");
  // The caret stays: the next line can be typed at once.
  scene.driver.type("b.recv(1)");
  scene.driver.key(ui::Key::enter);
  EXPECT_EQ(only_line().text, "b.recv(1)");
}

TEST_F(ConsolePane, BlankLinesAreNotRun) {
  type("   ");
  scene.driver.key(ui::Key::enter);
  EXPECT_TRUE(scene.requests.empty());
}

TEST_F(ConsolePane, UpAndDownGoThroughTheHistory) {
  scene.view.history = {"first()", "second()"};
  type("");
  scene.driver.key(ui::Key::up);
  EXPECT_EQ(scene.view.prompt, "second()");
  scene.driver.key(ui::Key::up);
  EXPECT_EQ(scene.view.prompt, "first()");
  scene.driver.key(ui::Key::up);
  EXPECT_EQ(scene.view.prompt, "first()");
  scene.driver.key(ui::Key::down);
  scene.driver.key(ui::Key::down);
  EXPECT_EQ(scene.view.prompt, "");
}

TEST_F(ConsolePane, TabCompletesAndWithNothingToCompleteGoesOn) {
  type("a.conn");
  scene.driver.key(ui::Key::tab);
  EXPECT_EQ(scene.view.prompt, "a.connect(");
  scene.driver.key(ui::Key::tab);
  EXPECT_EQ(scene.view.prompt, "a.connect(");
  EXPECT_NE(scene.driver.ring.at(), "console/prompt");
}

TEST_F(ConsolePane, CtrlCAndTheButtonInterruptABlockedThread) {
  scene.replace_trace([] {
    Trace cut;
    const Trace whole = two_clients_trace();
    for (std::size_t seq = 0; seq < whole.upto(whole.start() + 1000 * kMillisecond); ++seq)
      cut.append(whole[seq], false);
    return cut;
  }());
  scene.view.thread = "bob";
  scene.driver.frame(2);
  type("");
  scene.driver.key(ui::Key::c, true);
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_EQ(std::get<request::Interrupt>(scene.requests[0]).thread, T::bob);
  scene.driver.click("console/interrupt");
  ASSERT_EQ(scene.requests.size(), 2u);
  scene.view.thread = "ann";  // idle: there is nothing to interrupt
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.find("console/interrupt"));
}

TEST_F(ConsolePane, ANewThreadIsNamedAndItsFirstLineMakesIt) {
  scene.driver.click("console/new-thread");
  scene.driver.frame(2);
  scene.driver.type("eve");
  scene.driver.key(ui::Key::enter);
  EXPECT_EQ(scene.view.thread, "eve");
  EXPECT_FALSE(scene.view.naming_thread);
  EXPECT_TRUE(scene.driver.find("console/thread-eve"));
}

TEST_F(ConsolePane, AThreadOnAHostIsMadeByTheLineThatSaysSo) {
  const auto with = [](std::vector<Body> more) {
    TraceBuilder b;
    b.thread("main");
    Trace trace = b.trace();
    for (Body& body : more) trace.commit({{trace.end() + 1, std::move(body)}});
    return trace;
  };
  const event::HostStarted host{1, 1, 1, "B", inet(0x0a000002, 0), {}};
  scene.replace_trace(with({host}));
  scene.view.cursor = scene.trace().end();
  scene.driver.frame(2);
  scene.driver.click("console/new-thread");
  scene.driver.frame(2);
  scene.driver.type("eve@C");
  scene.driver.key(ui::Key::enter);
  EXPECT_TRUE(scene.view.naming_thread);  // no such host
  scene.view.new_thread = "eve";
  scene.driver.frame(2);
  scene.driver.click("console/@B");
  EXPECT_EQ(scene.view.thread, "eve@B");
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("eve@B>>>"));
  scene.driver.type("s = socket()");
  scene.driver.key(ui::Key::enter);
  ASSERT_EQ(scene.requests.size(), 1u);
  EXPECT_EQ(std::get<request::RunLine>(scene.requests[0]).thread, "main");
  EXPECT_EQ(std::get<request::RunLine>(scene.requests[0]).text, "eve@B>>> s = socket()");
  EXPECT_EQ(scene.view.thread, "eve@B");  // until it is there: the line may be refused
  scene.replace_trace(with({host, event::ThreadStarted{2, 0, 1, ThreadRole::play, "eve", "B", {}}}));
  scene.driver.frame(2);
  EXPECT_EQ(scene.view.thread, "eve");
}

TEST_F(ConsolePane, ANameThatIsNotOneIsNotTaken) {
  scene.driver.click("console/new-thread");
  scene.driver.frame(2);
  scene.driver.type("no name");
  scene.driver.key(ui::Key::enter);
  EXPECT_EQ(scene.view.thread, "main");
  EXPECT_TRUE(scene.view.naming_thread);
}

TEST_F(ConsolePane, AParseErrorStandsUnderThePromptWithItsCaret) {
  scene.console_error = "console:1:3: frob is not a socket method\nb.frob(1\n  ^";
  scene.driver.frame(2);
  EXPECT_TRUE(scene.driver.shows("frob is not a socket method"));
  EXPECT_TRUE(scene.driver.shows("  ^"));
}

TEST_F(ConsolePane, ALineThatWaitsIsShownWithWhy) {
  scene.waiting = {{"bob", "b.close()", "bob is in recv"}};
  scene.driver.frame(3);
  EXPECT_TRUE(scene.driver.shows("b.close()"));
  EXPECT_TRUE(scene.driver.shows("waits: bob is in recv"));
}

TEST_F(ConsolePane, ItsLinksAskForWhatTheySay) {
  scene.driver.click("console/save");
  EXPECT_TRUE(scene.view.browsing.saving && scene.view.browsing.as_play);
  scene.driver.click("console/sentences");
  EXPECT_TRUE(scene.view.show_narration);
  scene.driver.click("console/new-socket");
  EXPECT_TRUE(scene.view.show_new_socket);
}

TEST(ConsoleRow, AFailureIsPythonsClassAndTheErrno) {
  TraceBuilder b;
  const ThreadId client = b.thread("client");
  const LineId line = b.line(client, 1, "c.connect(('127.0.0.1', 1))");
  b.line_raised(line, client, "ConnectionRefusedError", ECONNREFUSED, "[Errno 111] Connection refused");
  b.put(event::HandlerPrinted{1, client, "127.0.0.1 wrote:"});
  b.put(event::Expectation{3, false, "x.play", "client returned None", "ConnectionRefusedError"});
  const Trace trace = b.trace();
  const State end = fold(trace);
  ConsoleLog log;
  log.follow(trace);
  ASSERT_EQ(log.entries().size(), 3u);
  const Scene scene{.trace = trace,
                    .state = end,
                    .end = end,
                    .cursor_seq = trace.size(),
                    .cursor = trace.end(),
                    .start = trace.start(),
                    .now = trace.end(),
                    .file = {},
                    .lessons = {},
                    .lesson_id = {},
                    .lesson_markdown = {},
                    .walk = {},
                    .waiting = {},
                    .console_error = {},
                    .notice = {}};
  const ui::Translator english(ui::Language::en);
  const ui::Ui ui(ui::theme(ui::ThemeName::light), english, {}, 1);
  const ConsoleRow failed = console_row(ui, scene, log.entries()[0], trace.end());
  EXPECT_EQ(failed.mark, ConsoleRow::Mark::failed);
  EXPECT_EQ(failed.result, "ConnectionRefusedError 111");
  EXPECT_EQ(failed.lasted, 10 * kMicrosecond);
  EXPECT_EQ(console_row(ui, scene, log.entries()[1], trace.end()).mark, ConsoleRow::Mark::printed);
  EXPECT_EQ(console_row(ui, scene, log.entries()[2], trace.end()).result,
            "it does not hold: ConnectionRefusedError");
}

TEST(ConsoleLog, GrowsWithTheTraceAndStartsOverWithAnother) {
  const Trace whole = two_clients_trace();
  Trace growing;
  ConsoleLog log, at_once;
  for (std::size_t seq = 0; seq < whole.size(); ++seq) {
    growing.append(whole[seq], false);
    log.follow(growing);
  }
  at_once.follow(whole);
  ASSERT_EQ(log.entries().size(), at_once.entries().size());
  for (std::size_t i = 0; i < log.entries().size(); ++i)
    EXPECT_EQ(log.entries()[i].end, at_once.entries()[i].end) << i;
  TraceBuilder b;
  b.at(5);
  const ThreadId main = b.thread("main");
  b.line(main, 1, "s = socket()");
  log.follow(b.trace());
  EXPECT_EQ(log.entries().size(), 1u);
}

// ---- completion

State with_names() {
  TraceBuilder b;
  const ThreadId main = b.thread("main");
  b.socket(main, "server_socket");
  return fold(b.trace());
}

TEST(Completion, NamesOfTheSessionComeBeforeCallsAndConstants) {
  EXPECT_EQ(complete(with_names(), "ser").rest, "ver_socket");
  EXPECT_EQ(complete(with_names(), "x = sock").rest, "et(");
  EXPECT_EQ(complete(with_names(), "x = socket(AF_INET, SOCK_STR").rest, "EAM");
}

TEST(Completion, AfterADotOnlyMethodsFit) {
  const Completion found = complete(with_names(), "server_socket.acc");
  EXPECT_EQ(found.rest, "ept()");
  EXPECT_FALSE(found.does.empty());
  EXPECT_EQ(complete(with_names(), "server_socket.AF_").rest, "");
}

TEST(Completion, InsideTextNumbersAndNothingThereIsNothing) {
  for (const char* line : {"", "x.send(b'soc", "1", "12", "f(3.", "s.", "zzz", "  ", "'it\\'s soc"}) {
    EXPECT_EQ(complete(with_names(), line).rest, "") << line;
  }
}

TEST(Completion, ADirectiveIsCompletedFromItsFirstLetter) {
  EXPECT_EQ(complete(with_names(), "%ser").rest, "ve S model=thread handler=upper port=0");
}

TEST(Completion, AnArgumentIsCompletedFromItsGroup) {
  const State state = with_names();
  EXPECT_EQ(complete(state, "socket(").rest, "AF_INET");
  EXPECT_EQ(complete(state, "socket(AF_INET, ").rest, "SOCK_STREAM");
  EXPECT_EQ(complete(state, "socket(AF_UNIX, SOCK_D").rest, "GRAM");
  EXPECT_EQ(complete(state, "c.shutdown(").rest, "SHUT_WR");
  EXPECT_EQ(complete(state, "c.recv(10, MSG_PEEK | MSG_DONTW").rest, "AIT");
  EXPECT_EQ(complete(state, "c.setsockopt(SOL_SOCKET, SO_REUSEA").rest, "DDR");
  EXPECT_EQ(complete(state, "c.setsockopt(IPPROTO_TCP, ").rest, "TCP_NODELAY");
  EXPECT_EQ(complete(state, "c.setsockopt(IPPROTO_").rest, complete(state, "x = IPPROTO_").rest);
  EXPECT_EQ(complete(state, "c.recv(").rest, "") << "a number has no constants";
}

TEST(Completion, AFunctionsKeywordsFitOnceAndAMethodHasNone) {
  EXPECT_EQ(complete(with_names(), "create_server(('', 0), back").rest, "log=");
  EXPECT_EQ(complete(with_names(), "create_server(('', 0), backlog=1, back").rest, "");
  EXPECT_EQ(complete(with_names(), "c.recv(10, fla").rest, "");
}

TEST(Completion, SelectNeedsItsModuleAndPollItsObject) {
  EXPECT_EQ(complete(with_names(), "r = sel").rest, "ect.select(");
  EXPECT_EQ(complete(with_names(), "p.pol").rest, "l(");
  EXPECT_EQ(complete(with_names(), "p.regi").rest, "ster(");
  EXPECT_EQ(complete(with_names(), "os.send").rest.find("file"), std::string::npos);
}

std::string marked(std::string_view line) {
  const auto hint = call_hint(line);
  if (!hint) return "no call";
  return std::string(hint->call->python) + ": " + (hint->at ? signature(*hint->call)[*hint->at].text : "-");
}

TEST(CallHint, TheParameterAtTheCaretIsTheOneOfTheInnermostOpenCall) {
  EXPECT_EQ(marked("s = socket("), "socket: family=AF_INET");
  EXPECT_EQ(marked("s = socket(AF_INET, SOCK_STREAM, "), "socket: proto=0");
  EXPECT_EQ(marked("s = socket(proto=6"), "socket: proto=0");
  EXPECT_EQ(marked("s = socket(nonsense=6"), "socket: -");
  EXPECT_EQ(marked("c.connect(('127.0.0.1', 80"), "connect: address");
  EXPECT_EQ(marked("c.connect(s.getsockname("), "getsockname: -");
  EXPECT_EQ(marked("c.connect(s.getsockname()"), "connect: address");
  EXPECT_EQ(marked("c.send(b'a, b(', "), "send: flags=0");
  EXPECT_EQ(marked("u.sendto(b'x', ("), "sendto: address");
  EXPECT_EQ(marked("u.sendto(b'x', MSG_"), "sendto: flags=0");
  EXPECT_EQ(marked("u.sendmsg([b'x', b'y'], [], "), "sendmsg: flags=0");
  EXPECT_EQ(marked("create_server(('', 0), AF_INET6"), "create_server: -") << "a keyword is needed";
  EXPECT_EQ(marked("create_server(('', 0), family=AF"), "create_server: family=AF_INET");
  EXPECT_EQ(marked("select.select([a, b], "), "select: wlist");
  EXPECT_EQ(marked("p.poll("), "poll: timeout=None");
}

TEST(CallHint, WhatIsNoCallOfOursHasNone) {
  for (const char* line : {"", "frob(", "(", "s.accept()", "x.socket(", "recv(", "select.poll(", "%serve S(",
                           "))", "f('s.recv("}) {
    EXPECT_EQ(marked(line), "no call") << line;
  }
}

TEST_F(ConsolePane, TheCallBeingTypedIsShownWithWhatItDoes) {
  type("a.recv(");
  EXPECT_TRUE(scene.driver.shows("bufsize"));
  EXPECT_TRUE(scene.driver.shows(info(Call::recv).does));
  scene.driver.type("10)");
  EXPECT_FALSE(scene.driver.shows(info(Call::recv).does));
}

TEST_F(ConsolePane, HowTheCallMayFailIsShownUnlessOnlyLittleIsSaid) {
  scene.view.detail = Detail::full;
  type("a.connect(");
  EXPECT_TRUE(scene.driver.shows("may give " + error_name(errors_of(Call::connect).front().error)));
  scene.view.detail = Detail::simple;
  scene.driver.frame(2);
  EXPECT_FALSE(scene.driver.shows("may give"));
}

}  // namespace console_test
}  // namespace sockscope
