// The forms, in a session: every line they write is a play line, what is done by click happens, what is
// foretold comes true, and nothing is cut in the faces people see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <functional>
#include <memory>

#include "driver.h"
#include "frame_turns.h"
#include "gui/fonts.h"
#include "gui/frame.h"
#include "panes/call_advice.h"
#include "panes/call_form.h"
#include "panes/forms.h"
#include "play/play.h"
#include "state_home.h"
#include "trace/clock.h"

namespace sockscope {
namespace forms_test {

using testing::Driver;

// A window without a window, its forms open.
struct FormDesk {
  explicit FormDesk(ImVec2 size = {1600, 1000}) : driver([this](ui::Ui& ui) { draw(ui); }, size) {
    driver.bare_window = false;
    frame.view.first_run = false;
    driver.frame(2);
  }
  void draw(ui::Ui& ui) {
    driver.language = frame.view.language;
    frame.draw(ui, ImGui::GetIO().DisplaySize, alone);
  }
  bool until(const std::function<bool()>& so) { return testing::turn_until(frame, driver, so); }
  const State& state() { return frame.session().state(); }
  SocketId named(std::string_view name) {
    const BoundName* bound = state().name(name);
    return bound != nullptr && bound->kind == NameKind::socket ? bound->id : 0;
  }
  // Runs a line and waits until it has ended or waits for something; 0, or the errno it raised.
  int run(const std::string& text) {
    frame.run(request::RunLine{"main", text});
    EXPECT_EQ(frame.console_error(), "") << text;
    const std::size_t before = lines;
    EXPECT_TRUE(until([&] { return ended() > before; })) << text;
    lines = ended();
    return state().thread("main")->line_error;
  }
  std::size_t ended() {
    std::size_t count = 0;
    for (std::size_t seq = 0; seq < frame.session().trace().size(); ++seq) {
      count += std::holds_alternative<event::LineEnded>(frame.session().trace()[seq].body) ? 1 : 0;
    }
    return count;
  }
  Scene scene() {
    const Trace& trace = frame.session().trace();
    return Scene{.trace = trace,
                 .state = state(),
                 .end = state(),
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
  }
  void click(const std::string& key) { driver.click("new-socket/" + key); }

  StateHome home;
  Frame frame{Session::live(true), LessonShelf{{}}};
  Pane alone = Pane::none;
  std::size_t lines = 0;
  Driver driver;
};

TEST(Forms, EveryCallOfTheCatalogueIsWrittenAsALineThatParses) {
  FormDesk desk;
  desk.run("s = socket(AF_INET, SOCK_STREAM)");
  desk.run("u = socket(AF_UNIX, SOCK_DGRAM)");
  for (const CallInfo& call : catalogue()) {
    if (call.owner == Owner::inner) continue;
    for (const SocketId socket : {desk.named("s"), desk.named("u")}) {
      CallDraft draft = draft_of(desk.scene(), call.call, socket);
      for (int filled = 0; filled < 2; ++filled) {
        for (const std::string& line : call_lines(desk.scene(), draft)) {
          const auto parsed = parse_line(line, "main");
          EXPECT_TRUE(parsed) << line << "\n" << (parsed ? "" : parsed.error().to_string());
        }
        // Once more with everything given that may be left out.
        for (std::size_t i = 0; i < draft.fields.size(); ++i) {
          if (draft.fields[i].text.empty()) draft.fields[i].text = "1";
          if (field_kind(desk.state(), draft, i) == FieldKind::yes_no) draft.fields[i].text = "True";
        }
      }
    }
  }
}

TEST(Forms, EveryOptionIsWrittenAsALineThatParsesAndTheKernelIsAsked) {
  FormDesk desk;
  desk.run("s = socket(AF_INET, SOCK_STREAM)");
  CallDraft draft = draft_of(desk.scene(), Call::setsockopt, desk.named("s"));
  for (const OptionChoice& option : option_choices()) {
    draft.fields[0].text = option.level;
    draft.fields[1].text = option.name;
    draft.fields[2].text = option.value;
    const std::string line = call_lines(desk.scene(), draft).back();
    EXPECT_TRUE(parse_line(line, "main")) << line;
  }
}

TEST(Forms, HostileTextInAFieldStaysInsideItsLiteral) {
  FormDesk desk;
  desk.run("u = socket(AF_UNIX, SOCK_DGRAM)");
  const std::string hostile[] = {"'",   "\\",  "\\'", "');u.close()#", "\n",
                                 "\\x", "好'", "\"",  "\t\x01\x7f",    "'''"};
  for (const Call call : {Call::send, Call::bind, Call::gethostbyname, Call::getaddrinfo}) {
    CallDraft draft = draft_of(desk.scene(), call, desk.named("u"));
    const std::string plain = call_lines(desk.scene(), draft).back();
    const std::string head = plain.substr(0, plain.find('(') + 1);
    for (const std::string& text : hostile) {
      draft.fields[0].text = text;
      const std::string line = call_lines(desk.scene(), draft).back();
      EXPECT_TRUE(line.starts_with(head) && line.ends_with(')')) << line;
      EXPECT_EQ(line.find('\n'), std::string::npos) << line;
      const auto parsed = parse_line(line, "main");
      const bool truncated_escape = text == "\\x";  // the learner's own, and Python's SyntaxError
      EXPECT_EQ(parsed.has_value(), !truncated_escape) << line;
    }
  }
}

TEST(Forms, ADatagramGoesFromSocketToSocketByClickOnly) {
  FormDesk desk;
  desk.frame.view.show_new_socket = true;
  // What was tried comes from another thread and moves what stands below it.
  ASSERT_TRUE(desk.until([&] { return desk.driver.shows("ESOCKTNOSUPPORT"); }));
  desk.driver.frame(2);
  for (const char* name : {"s", "s2"}) {
    desk.click("AF_INET-SOCK_DGRAM");
    desk.click("make");
    ASSERT_TRUE(desk.until([&] { return desk.named(name) != 0; }));
  }
  const auto of = [&](const char* name) { open_calls(desk.scene(), desk.frame.view, desk.named(name)); };
  of("s");
  desk.driver.frame(2);
  desk.click("call-bind");
  desk.click("make");
  ASSERT_TRUE(desk.until([&] { return desk.state().socket(desk.named("s"))->local.port != 0; }));
  of("s2");
  desk.driver.frame(2);
  desk.click("call-sendto");
  desk.click("make");
  ASSERT_TRUE(desk.until([&] { return desk.state().socket(desk.named("s2"))->sends == 1; }));
  of("s");
  desk.driver.frame(2);
  desk.click("call-recvfrom");
  desk.click("make");
  ASSERT_TRUE(desk.until([&] { return desk.state().socket(desk.named("s"))->bytes_received == 6; }));
  EXPECT_EQ(desk.state().socket(desk.named("s"))->last_received, "hello\n");
}

TEST(Forms, TheRealGridIsShownOnceItWasTried) {
  FormDesk desk;
  desk.frame.view.show_new_socket = true;
  EXPECT_TRUE(desk.until([&] { return desk.driver.shows("TCP") && desk.driver.shows("ESOCKTNOSUPPORT"); }));
}

TEST(Forms, ANamesAddressesAreATableAndAClickConnectsToOne) {
  FormDesk desk;
  desk.run("s = socket(AF_INET, SOCK_STREAM)");
  desk.run("s.bind(('127.0.0.1', 0))");
  desk.run("s.listen(1)");
  const auto port = desk.state().socket(desk.named("s"))->local.port;
  open_form(desk.scene(), desk.frame.view, Call::getaddrinfo);
  desk.frame.view.draft.fields[0].text = "127.0.0.1";
  desk.frame.view.draft.fields[1].text = std::to_string(port);
  desk.driver.frame(2);
  desk.click("make");
  ASSERT_TRUE(desk.until([&] { return desk.driver.find("new-socket/connect-0").has_value(); }));
  EXPECT_FALSE(desk.driver.find("new-socket/connect-1")) << "one address is one row";
  desk.click("connect-0");
  EXPECT_TRUE(desk.until(
      [&] { return desk.named("c") != 0 && desk.state().socket(desk.named("c"))->peer.port == port; }));
}

TEST(Forms, AnAnswerTypedForInTheConsoleIsATableAtAClick) {
  FormDesk desk;
  desk.run("getaddrinfo('127.0.0.1', 80)");
  desk.driver.frame(3);
  desk.driver.click("console/table");
  EXPECT_TRUE(desk.frame.view.show_new_socket);
  EXPECT_TRUE(desk.until([&] { return desk.driver.find("new-socket/connect-0").has_value(); }));
}

// What the form foretells of fresh, bound and listening sockets is what the kernel then says.
TEST(Forms, AForetoldErrorIsTheErrorThatComes) {
  FormDesk desk;
  const char* makers[] = {"socket(AF_INET, SOCK_STREAM)", "socket(AF_INET6, SOCK_DGRAM)",
                          "socket(AF_INET, SOCK_DGRAM)",  "socket(AF_UNIX, SOCK_STREAM)",
                          "socket(AF_UNIX, SOCK_DGRAM)",  "socket(AF_UNIX, SOCK_SEQPACKET)"};
  std::size_t foretold = 0;
  for (const char* maker : makers) {
    for (const CallInfo& call : catalogue()) {
      if (!call.is_method() || call.call == Call::sendfile) continue;
      if (desk.run(std::string("x = ") + maker) != 0) continue;  // no IPv6 here
      desk.run("x.setblocking(False)");
      const CallDraft draft = draft_of(desk.scene(), call.call, desk.named("x"));
      const Advice said = advice(ui::Translator(), desk.state(), draft);
      if (said.error == 0) continue;
      ++foretold;
      for (const std::string& line : call_lines(desk.scene(), draft)) {
        const int error = desk.run(line);
        if (line == call_lines(desk.scene(), draft).back()) {
          EXPECT_EQ(errno_name(error), errno_name(said.error)) << maker << " " << line << ": " << said.words;
        }
      }
    }
  }
  EXPECT_GT(foretold, 20u);
}

// Widgets that can be pressed and texts, in the faces and sizes of the program.
struct FormsInRealFaces : ::testing::TestWithParam<std::tuple<float, ui::Language, Call>> {};

TEST_P(FormsInRealFaces, CutNothingAndCoverNothing) {
  const auto [scale, language, call] = GetParam();
  for (const ImVec2 size : {ImVec2{1280, 720}, ImVec2{1600, 1000}}) {
    FormDesk desk({size.x * scale, size.y * scale});
    FontAtlas atlas;
    atlas.need_language(language);
    atlas.build(scale);
    if (language == ui::Language::zh && !atlas.has_chinese()) GTEST_SKIP() << "no font for Chinese here";
#if IMGUI_VERSION_NUM < 19200
    ImGui::GetIO().Fonts->SetTexID((ImTextureID)std::intptr_t{1});
#endif
    desk.driver.fonts = atlas.fonts();
    desk.driver.scale = scale;
    desk.frame.view.language = language;
    desk.alone = Pane::new_socket;
    desk.run("s = socket(AF_INET, SOCK_STREAM)");
    open_form(desk.scene(), desk.frame.view, call, info(call).is_method() ? desk.named("s") : 0);
    ASSERT_TRUE(desk.until([&] { return call != Call::socket || desk.driver.shows("ESOCKTNOSUPPORT"); }));
    EXPECT_THAT(desk.driver.record.cut, ::testing::IsEmpty()) << size.x;
    std::vector<std::pair<std::string, ui::Item>> items;
    for (const auto& [path, item] : desk.driver.record.items) {
      if (item.frame != desk.driver.record.frame || !path.starts_with("new-socket/")) continue;
      EXPECT_GE(item.min.x, 0) << path;
      EXPECT_LE(item.max.x, size.x * scale) << path;
      EXPECT_LE(item.max.y, size.y * scale) << path;
      for (const auto& [other, box] : items) {
        const bool apart = item.max.x <= box.min.x + 1 || box.max.x <= item.min.x + 1 ||
                           item.max.y <= box.min.y + 1 || box.max.y <= item.min.y + 1;
        EXPECT_TRUE(apart) << path << " covers " << other << " at " << size.x;
      }
      items.emplace_back(path, item);
    }
    EXPECT_GT(items.size(), 10u);
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, FormsInRealFaces,
                         ::testing::Combine(::testing::Values(1.0f, 1.5f, 2.0f),
                                            ::testing::Values(ui::Language::en, ui::Language::zh),
                                            ::testing::Values(Call::socket, Call::sendto, Call::setsockopt,
                                                              Call::getaddrinfo, Call::create_server,
                                                              Call::select)));

}  // namespace forms_test
}  // namespace sockscope
