// The run as Python, and as sentences.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pane_scene.h"
#include "panes/code_text.h"
#include "panes/narration_lines.h"
#include "random_events.h"

namespace sockscope {
namespace {

using testing::PaneScene;
using T = TwoClients;

std::vector<CodeLine> code_at(const Trace& trace, double milliseconds) {
  CodeOutline outline;
  extend(outline, trace);
  const std::size_t seq = trace.upto(trace.start() + static_cast<Time>(milliseconds * 1e6));
  return code_text(outline, trace, fold(trace, seq), seq, 1000);
}

std::vector<std::string> texts_of(const std::vector<CodeLine>& lines) {
  std::vector<std::string> texts;
  for (const CodeLine& line : lines) texts.push_back(line.text);
  return texts;
}

TEST(CodeText, TheRunIsAProgramWithItsThreadsAsComments) {
  const std::vector<std::string> wanted = {"# %serve S model=iterative handler=upper port=9999",
                                           "class Handler(BaseRequestHandler):",
                                           "    def handle(self):",
                                           "        data = self.request.recv(1024).strip()",
                                           "        print(f'{self.client_address[0]} wrote:')",
                                           "        print(data)",
                                           "        self.request.sendall(data.upper())",
                                           "S = TCPServer(('127.0.0.1', 9999), Handler)",
                                           "S.serve_forever()",
                                           "    # after handle(): shutdown, close",
                                           "# thread ann",
                                           "a = socket(AF_INET, SOCK_STREAM)",
                                           "a.connect(S.server_address)",
                                           "# thread bob",
                                           "b = socket(AF_INET, SOCK_STREAM)",
                                           "b.connect(S.server_address)",
                                           "b.sendall(b'hello\\n')",
                                           "b.recv(1024)"};
  EXPECT_EQ(texts_of(code_at(two_clients_trace(), T::bob_waits)), wanted);
}

// One word makes the model; every handler has its lines.
TEST(CodeText, EveryModelAndHandlerIsWritten) {
  const auto text = [](std::string_view model, std::string_view handler) {
    TraceBuilder b;
    Trace trace = b.trace();
    trace.commit({{trace.end() + 1, event::ServerStarted{1, 1, "S", model, handler, loopback(9999)}}});
    std::string all;
    for (const CodeLine& line : code_at(trace, 1e6)) {
      all += line.text + "\n";
      if (line.mark_to > line.mark_from)
        all += "<" + line.text.substr(line.mark_from, line.mark_to - line.mark_from) + ">\n";
    }
    return all;
  };
  using ::testing::HasSubstr;
  EXPECT_THAT(text("thread", "echo"), HasSubstr("        while data := self.request.recv(1024):\n"
                                                "            self.request.sendall(data)\n"));
  EXPECT_THAT(text("thread", "echo"), HasSubstr("<ThreadingTCPServer>"));
  EXPECT_THAT(text("fork", "upper"), HasSubstr("self.request.sendall(data.upper())\n"));
  EXPECT_THAT(text("fork", "upper"), HasSubstr("<ForkingTCPServer>"));
  EXPECT_THAT(text("pool", "upper"),
              HasSubstr("def serve(conn, addr):\n    data = conn.recv(1024).strip()\n"));
  EXPECT_THAT(text("pool", "upper"), HasSubstr("<ThreadPoolExecutor>"));
  EXPECT_THAT(text("prethread", "upper-stream"), HasSubstr("    for data in conn.makefile('rb'):\n"));
  EXPECT_THAT(text("select", "chat"), HasSubstr("<select>"));
  EXPECT_THAT(text("select", "chat"),
              HasSubstr("        for each in clients:\n            each.sendall(data)\n"));
  EXPECT_THAT(text("poll", "discard"), HasSubstr("<poll>"));
  EXPECT_THAT(text("epoll", "echo"),
              HasSubstr("ep.register(S, EPOLLIN)\nwhile True:\n    ready = ep.poll()\n<ep.poll>"));
  EXPECT_THAT(text("epoll-edge", "echo"), HasSubstr("ep.register(S, EPOLLIN | EPOLLET)\n<EPOLLET>"));
  EXPECT_THAT(text("iterative", "http-hello"), HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(text("iterative", "slow"), HasSubstr("time.sleep(1)"));
}

// UDPServer and its like: the word says the type and the family.
TEST(CodeText, AServerOfDatagramsIsPythons) {
  for (const auto& [family, model, word] : std::vector<std::tuple<int, std::string, std::string>>{
           {AF_INET, "iterative", "UDPServer"},
           {AF_INET, "thread", "ThreadingUDPServer"},
           {AF_UNIX, "thread", "ThreadingUnixDatagramServer"}}) {
    TraceBuilder b;
    const ThreadId accepts = b.thread("S.accept", ThreadRole::accept, "S");
    const SocketId s = b.of(family, SOCK_DGRAM).socket(accepts);
    b.put(event::ServerStarted{1, s, "S", std::string_view(model), "upper",
                               family == AF_UNIX ? unix_address("S") : loopback(9)});
    const CallId call = b.enter(accepts, Call::recvfrom, s);
    std::string all, lit;
    for (const CodeLine& line : code_at(b.trace(), 1e6)) {
      all += line.text + "\n";
      if (!line.here.empty()) lit = line.text;
    }
    EXPECT_THAT(all, ::testing::HasSubstr("S = " + word + "(")) << call;
    EXPECT_THAT(all,
                ::testing::HasSubstr("        socket.sendto(data.strip().upper(), self.client_address)\n"));
    EXPECT_EQ(lit, "S.serve_forever()");
  }
}

TEST(CodeText, SaysWhichLineEachThreadIsOn) {
  const std::vector<CodeLine> lines = code_at(two_clients_trace(), T::bob_waits);
  EXPECT_EQ(lines[3].here, std::vector<ThreadId>{T::accept});  // serves ann: in recv
  EXPECT_EQ(lines[17].here, std::vector<ThreadId>{T::bob});
  EXPECT_TRUE(lines[8].here.empty());
  const std::vector<CodeLine> before = code_at(two_clients_trace(), 100);
  EXPECT_EQ(before[8].here, std::vector<ThreadId>{T::accept});  // in accept
}

TEST(CodeText, AsCTheThreadsAreOnTheLastStatementOfTheirLine) {
  const Trace trace = two_clients_trace();
  const State state = fold(trace, trace.upto(trace.start() + static_cast<Time>(T::bob_waits * 1e6)));
  const std::uint64_t seq = state.thread(T::bob)->line_seq;
  const std::vector<CodeLine> lines = code_lines(
      {{"// thread bob", 0}, {"struct address to;", seq}, {"recv(b, buffer, 1024, 0);", seq}}, state);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_TRUE(lines[0].comment);
  EXPECT_TRUE(lines[1].here.empty());
  EXPECT_EQ(lines[2].here, std::vector<ThreadId>{T::bob});
}

TEST(CodePane, TheOtherLanguageIsAskedForWhenALineWasAddedOnly) {
  PaneScene scene(draw_code, two_clients_trace(), {480, 300});
  std::vector<std::uint64_t> asked;
  scene.c_code = [&](std::uint64_t end, std::size_t) {
    asked.push_back(end);
    return std::vector<CodeStatement>{{"bind(s, OF(to));", 0}};
  };
  scene.at(T::bob_waits);
  EXPECT_TRUE(asked.empty()) << "Python is shown";
  scene.driver.click("code/c");
  scene.at(T::bob_waits);
  EXPECT_EQ(scene.view.code, CodeShown::c);
  EXPECT_EQ(asked.size(), 1U);
  EXPECT_TRUE(scene.driver.shows("bind(s"));
  scene.at(T::bob_waits + 1);
  EXPECT_EQ(asked.size(), 1U) << "nothing was added";
  scene.at(T::bob_answered + 100);
  EXPECT_EQ(asked.size(), 2U);
}

TEST(CodePane, TheServersOwnSourceStandsWithWhoIsOnWhichLine) {
  const Trace trace = two_clients_trace();
  const State state = fold(trace, trace.upto(trace.start() + static_cast<Time>(T::bob_waits * 1e6)));
  std::vector<std::string> lit;
  CodeOutline outline;
  for (const CodeLine& line : source_lines(outline, state))
    if (!line.here.empty()) lit.push_back(line.text);
  ASSERT_EQ(lit.size(), 1u) << "the server has one thread";
  EXPECT_THAT(lit[0], ::testing::HasSubstr("call_recv(")) << "it serves ann";
  PaneScene scene(draw_code, two_clients_trace(), {480, 900});
  scene.at(T::bob_waits);
  EXPECT_FALSE(scene.driver.shows("void serve_iterative"));
  scene.driver.click("code/servers");
  scene.at(T::bob_waits);
  EXPECT_TRUE(scene.driver.shows("serve_iterative"));
  EXPECT_TRUE(scene.driver.shows("core/server/iterative.cc"));
  EXPECT_FALSE(scene.driver.shows("serve_forever"));
}

TEST(CodePane, WhereThereIsRoomPythonAndTheServersSourceStandSideBySide) {
  PaneScene scene(draw_code, two_clients_trace(), {1000, 900});
  scene.at(T::bob_waits);
  EXPECT_TRUE(scene.driver.shows("serve_forever"));
  EXPECT_TRUE(scene.driver.shows("serve_iterative"));
}

TEST(CodeText, TheWordThatMakesTheDifferenceIsMarked) {
  for (const bool threads : {false, true}) {
    TraceBuilder b;
    b.thread("S.accept", ThreadRole::accept, "S");
    b.put(event::ServerStarted{1, 1, "S", threads ? "thread" : "iterative", "upper", loopback(9)});
    const std::vector<CodeLine> lines = code_at(b.trace(), 1000);
    const CodeLine& line = lines[6];
    EXPECT_EQ(line.text.substr(line.mark_from, line.mark_to - line.mark_from),
              threads ? "ThreadingTCPServer" : "TCPServer");
  }
}

TEST(CodeText, ALineThatRaisedIsMarkedAndOnlyTheLastPartsAreGiven) {
  TraceBuilder b;
  const ThreadId t = b.thread("t");
  for (int i = 0; i < 50; ++i) b.line_returned(b.line(t, i, "x = " + std::to_string(i)), t);
  b.line_raised(b.line(t, 51, "y"), t, "NameError", 0, "name 'y' is not defined");
  const Trace trace = b.trace();
  CodeOutline outline;
  extend(outline, trace);
  const auto lines = code_text(outline, trace, fold(trace), trace.size(), 3);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[1].text, "x = 48");
  EXPECT_TRUE(lines[3].failed);
  EXPECT_FALSE(lines[2].failed);
}

TEST(CodeText, TheOutlineReadsOnlyWhatIsNew) {
  Trace trace;
  CodeOutline outline;
  std::size_t count = 0;
  for (const Event& event : two_clients_builder().events()) {
    trace.append(event, false);
    extend(outline, trace);
    EXPECT_GE(outline.parts.size(), count);
    count = outline.parts.size();
    EXPECT_EQ(outline.read, trace.size());
  }
  CodeOutline at_once;
  extend(at_once, trace);
  EXPECT_EQ(at_once.parts.size(), count);
}

TEST(CodePieces, StringsNumbersWordsAndCommentsAreToldApart) {
  const auto pieces = code_pieces("b.sendall(b'it\\'s' + x2, 10)  # 'c'");
  std::string all;
  for (const CodePiece& piece : pieces) all += piece.text;
  EXPECT_EQ(all, "b.sendall(b'it\\'s' + x2, 10)  # 'c'");
  const auto ink = [&](std::string_view text) {
    for (const CodePiece& piece : pieces) {
      if (piece.text == text) return piece.ink;
    }
    return CodeInk::keyword;
  };
  EXPECT_EQ(ink("b'it\\'s'"), CodeInk::text);
  EXPECT_EQ(ink("10"), CodeInk::number);
  EXPECT_EQ(ink("# 'c'"), CodeInk::comment);
}

TEST(CodePieces, UnfinishedStringsAndAnyBytesLoseNothing) {
  for (const std::string& line : {std::string("x = 'abc"), std::string("'\\"), std::string("b'"),
                                  std::string(), std::string("\xff\xfe '\x80"), std::string("名 = '字'")}) {
    std::string all;
    for (const CodePiece& piece : code_pieces(line)) all += piece.text;
    EXPECT_EQ(all, line);
  }
}

TEST(CodePane, LightsTheLinesAndSaysHowLongTheyAreBlocked) {
  PaneScene pane(&draw_code, two_clients_trace(), {480, 500});
  pane.at(T::bob_waits);
  EXPECT_TRUE(pane.driver.shows("blocked 170 ms"));
  EXPECT_TRUE(pane.driver.shows("TCPServer"));
}

TEST(CodePane, EmptyItSaysWhatComesHere) {
  PaneScene pane(&draw_code, Trace(), {480, 200});
  pane.driver.frame(2);
  EXPECT_TRUE(pane.driver.shows("Each call you make appears here as Python."));
}

TEST(CodePane, KeepsTheCurrentLineInSightInASmallPane) {
  PaneScene pane(&draw_code, two_clients_trace(), {480, 172});
  pane.at(T::bob_waits);
  pane.driver.frame(2);
  EXPECT_TRUE(pane.driver.shows("blocked 170 ms"));
  EXPECT_FALSE(pane.driver.shows("# %serve"));
  pane.view.focus = Pane::code;
  for (int i = 0; i < 5; ++i) pane.driver.key(ui::Key::page_up);
  EXPECT_TRUE(pane.driver.shows("# %serve"));
}

TEST(NarrationPane, ShowsTheSentencesUpToTheCursorNewestAtTheBottom) {
  PaneScene pane(&draw_narration, two_clients_trace(), {900, 500});
  pane.at(T::bob_waits);
  pane.driver.frame(2);
  EXPECT_TRUE(pane.driver.shows("recv(1024) on b"));
  EXPECT_FALSE(pane.driver.shows("AT LAST"));
  pane.at(1900);
  pane.driver.frame(2);
  EXPECT_TRUE(pane.driver.shows("S"));
}

TEST(NarrationPane, CopyTakesEverySentenceUpToTheCursor) {
  PaneScene pane(&draw_narration, two_clients_trace(), {900, 500});
  pane.at(T::bob_waits);
  pane.driver.click("narration/copy");
  const std::string copied = ImGui::GetClipboardText();
  EXPECT_NE(copied.find("recv(1024) on b"), std::string::npos);
  EXPECT_EQ(copied.find("AT LAST"), std::string::npos);
  EXPECT_EQ(copied.back(), '\n');
}

TEST(NarrationPane, AClickOnASentencePutsTheCursorThere) {
  PaneScene pane(&draw_narration, two_clients_trace(), {900, 500});
  pane.at(T::bob_waits);
  pane.driver.frame(3);
  std::uint64_t first = ~std::uint64_t{0};
  for (const auto& [path, item] : pane.driver.record.items) {
    if (item.frame != pane.driver.record.frame || path.rfind("narration/line-", 0) != 0) continue;
    if (item.visible && item.min.y > 60) first = std::min(first, std::uint64_t{std::stoull(path.substr(15))});
  }
  ASSERT_NE(first, ~std::uint64_t{0});
  pane.driver.click("narration/line-" + std::to_string(first));
  EXPECT_EQ(pane.view.cursor, pane.trace()[first].at);
}

TEST(NarrationLines, ReadInStepsComesToTheSameAndCountsEveryEvent) {
  const Trace trace = two_clients_trace();
  const Translate english = [](std::string_view text) { return std::string(text); };
  NarrationLines at_once, steps;
  EXPECT_TRUE(at_once.extend(trace, "en", english, 1'000'000));
  int turns = 0;
  while (!steps.extend(trace, "en", english, 7)) ++turns;
  EXPECT_EQ(turns, static_cast<int>((trace.size() - 1) / 7));
  ASSERT_EQ(steps.lines.size(), at_once.lines.size());
  for (std::size_t i = 0; i < steps.lines.size(); ++i) EXPECT_EQ(steps.lines[i].text, at_once.lines[i].text);
  steps.extend(
      trace, "zh", [](std::string_view) { return std::string("x"); }, 1'000'000);
  EXPECT_NE(steps.lines[0].text, at_once.lines[0].text);
}

TEST(NarrationPane, RandomEventsAreToldWithoutHarm) {
  Trace trace;
  for (Event& event : RandomEvents(3).make(500, 5 * kSecond)) trace.append(std::move(event), false);
  PaneScene narration(&draw_narration, std::move(trace), {700, 400});
  narration.driver.frame(3);
  EXPECT_TRUE(narration.driver.find("narration/copy"));
}

TEST(CodePane, RandomEventsAreWrittenWithoutHarm) {
  Trace trace;
  for (Event& event : RandomEvents(4).make(500, 5 * kSecond)) trace.append(std::move(event), false);
  PaneScene code(&draw_code, std::move(trace), {500, 400});
  code.driver.frame(3);
  EXPECT_TRUE(code.driver.find("code/maximise"));
}

}  // namespace
}  // namespace sockscope
