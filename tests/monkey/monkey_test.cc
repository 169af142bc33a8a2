// A monkey at the window: it clicks, drags, turns the wheel, presses keys and types whatever comes, in a
// session that runs for real or that is replayed. Nothing it does may bring the window down, and afterwards
// a learner's line still runs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "driver.h"
#include "frame_turns.h"
#include "state_home.h"

namespace sockscope {
namespace monkey {

using testing::Driver;
using ui::Key;

constexpr int kSteps = 1000;
const std::string kRoot = SOCKSCOPE_SOURCE_DIR;

// Right and wrong ones; none waits for ever that an Interrupt or the end of the session does not end.
constexpr const char* kLines[] = {
    "s = socket(AF_INET, SOCK_STREAM)",
    "s.bind(('127.0.0.1', 0))",
    "s.listen(1)",
    "c = socket()",
    "c.connect(s.getsockname())",
    "conn, addr = s.accept()",
    "c.sendall('好'.encode())",
    "c.send(b'x' * 100000)",
    "conn.recv(3)",
    "conn.shutdown(SHUT_WR)",
    "c.close()",
    "s.setblocking(False)",
    "u = socket(AF_INET, SOCK_DGRAM)",
    "u.sendto(b'?', ('127.0.0.1', 9))",
    "a, b = socketpair()",
    "a.recv(1)",
    "nothing.at_all()",
    "1 +",
    "%help",
    "%serve S --model thread",
    "%load S --clients 3",
    "\"",
    "你好，端口",
};

constexpr Key kKeys[] = {Key::tab,    Key::left,  Key::right, Key::up,   Key::down,      Key::enter,
                         Key::escape, Key::space, Key::del,   Key::home, Key::end,       Key::f1,
                         Key::f2,     Key::f3,    Key::f5,    Key::f6,   Key::page_up,   Key::slash,
                         Key::plus,   Key::minus, Key::n1,    Key::n2,   Key::n3,        Key::n4,
                         Key::b,      Key::c,     Key::d,     Key::f,    Key::backspace, Key::l,
                         Key::n,      Key::p,     Key::t,     Key::v,    Key::x};

const ImVec2 kSizes[] = {{1600, 1000}, {1280, 720}, {900, 700}, {2560, 1440}};

class Monkey {
 public:
  // No recent files, no settings: its Frame keeps nothing but what it is told to save, in a folder of its
  // own.
  Monkey(std::unique_ptr<Session> session, unsigned seed)
      : random_(seed), frame_(std::move(session), LessonShelf{kRoot + "/lessons"}) {
    std::filesystem::current_path(home_.path());
    driver_.bare_window = false;
    driver_.frame(2);
  }
  ~Monkey() { std::filesystem::current_path(was_); }
  Monkey(const Monkey&) = delete;
  Monkey& operator=(const Monkey&) = delete;

  void open(const std::string& file) {
    const auto opened = frame_.open(kRoot + "/" + file);
    ASSERT_TRUE(opened) << opened.error();
    ASSERT_TRUE(turn([&] { return !frame_.loading(); }));
  }

  std::size_t clicked() const { return clicked_.size(); }
  void skip_first_screen() { frame_.view.first_run = false; }

  void play() {
    for (int step = 0; step < kSteps; ++step) {
      act();
      if (step % 4 == 0) frame_.tick();
    }
  }

  // What the monkey left open is closed, and a line runs, in a session begun anew where this is a recording.
  void expect_a_line_runs() {
    frame_.view = View{};
    frame_.view.first_run = false;
    for (int i = 0; i < 3;
         ++i) {  // a lesson in another language begins its step anew, in a session of its own
      driver_.frame();
      frame_.tick();
    }
    frame_.run(request::RunLine{"fresh", "after_the_monkey = 40 + 2"});
    EXPECT_TRUE(turn([&] { return bound("after_the_monkey"); }))
        << frame_.console_error() << " / " << frame_.notice() << "\n"
        << last_lines();
    EXPECT_FALSE(driver_.record.texts.empty());
  }

 private:
  bool turn(const std::function<bool()>& so) { return testing::turn_until(frame_, driver_, so); }
  bool bound(std::string_view name) {
    const Trace& trace = frame_.session().trace();
    for (std::size_t i = 0; i < trace.size(); ++i) {
      const auto* its = std::get_if<event::NameBound>(&trace[i].body);
      if (its != nullptr && its->name.view() == name && its->value.view() == "42") return true;
    }
    return false;
  }

  // What ran last, for who must find out why a line does not.
  std::string last_lines() {
    std::string lines;
    const Trace& trace = frame_.session().trace();
    for (std::size_t i = 0; i < trace.size(); ++i) {
      const auto* its = std::get_if<event::LineStarted>(&trace[i].body);
      if (its != nullptr)
        lines += std::to_string(its->thread) + ">>> " + std::string(its->text.view()) + "\n";
    }
    return lines.size() > 2000 ? lines.substr(lines.size() - 2000) : lines;
  }

  std::size_t below(std::size_t end) { return random_() % end; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  ImVec2 anywhere() {
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    return {size.x * static_cast<float>(below(1000)) / 1000, size.y * static_cast<float>(below(1000)) / 1000};
  }

  void act() {
    switch (below(10)) {
      case 0:
      case 1:
      case 2:
        return click_an_item();
      case 3:
        driver_.move_mouse(anywhere());
        driver_.frame();
        return press(one_in(3) ? 1 : 0);
      case 4:
        return driver_.drag(anywhere(), anywhere(), 3);
      case 5:
        driver_.move_mouse(anywhere());
        driver_.frame();
        return driver_.wheel(one_in(2) ? 1 : -1, one_in(4) ? 1 : 0);
      case 6:
      case 7:
        return driver_.key(kKeys[below(std::size(kKeys))], one_in(4), one_in(4), one_in(8));
      case 8:
        return type_a_line();
      default:
        return change_the_room();
    }
  }

  // Every item but the consent to leave this machine: the monkey's traffic stays here.
  void click_an_item() {
    std::vector<std::string> paths;
    for (const auto& [path, item] : driver_.record.items) {
      if (item.frame == driver_.record.frame && item.visible && path.find("consent") == std::string::npos)
        paths.push_back(path);
    }
    if (paths.empty()) return;
    std::sort(paths.begin(), paths.end());  // the same walk for the same seed
    const std::string& path = paths[below(paths.size())];
    clicked_.insert(path);
    const ui::Item item = *driver_.find(path);
    driver_.move_mouse({(item.min.x + item.max.x) / 2, (item.min.y + item.max.y) / 2});
    driver_.frame();
    press(one_in(5) ? 1 : 0);
  }
  void press(int button) {
    driver_.mouse_button(true, button);
    driver_.frame();
    driver_.mouse_button(false, button);
    driver_.frame();
  }

  void type_a_line() {
    if (one_in(2)) driver_.ring.go("console/prompt");
    driver_.frame(2);
    driver_.type(kLines[below(std::size(kLines))]);
    driver_.key(Key::enter);
  }

  void change_the_room() {
    switch (below(5)) {
      case 0:
        ImGui::GetIO().DisplaySize = kSizes[below(std::size(kSizes))];
        break;
      case 1:
        frame_.view.language = one_in(2) ? ui::Language::zh : ui::Language::en;
        break;
      case 2:
        frame_.view.theme = one_in(2) ? ui::ThemeName::dark : ui::ThemeName::contrast;
        break;
      case 3:
        driver_.scale = one_in(2) ? 1 : 2;
        break;
      default:
        break;
    }
    driver_.frame(2);
  }

  void draw(ui::Ui& ui) {
    driver_.language = frame_.view.language;
    driver_.theme = frame_.view.theme;
    frame_.draw(ui, ImGui::GetIO().DisplaySize);
  }

  std::filesystem::path was_ = std::filesystem::current_path();
  StateHome home_;
  std::mt19937 random_;
  std::set<std::string> clicked_;
  Frame frame_;
  Driver driver_{[this](ui::Ui& ui) { draw(ui); }};
};

struct Start {
  const char* name;
  const char* file;  // opened first; empty: nothing
  unsigned seed;
  bool skips_first_screen = true;
};

class MonkeyAt : public ::testing::TestWithParam<Start> {};

// So many walks of other seeds: scripts/soak asks for more.
unsigned rounds() {
  const char* asked = std::getenv("SOCKSCOPE_MONKEY_ROUNDS");
  return asked == nullptr ? 1 : static_cast<unsigned>(std::max(1, std::atoi(asked)));
}

TEST_P(MonkeyAt, BringsNothingDown) {
  for (unsigned round = 0; round < rounds(); ++round) {
    const unsigned seed = GetParam().seed + 100 * round;
    SCOPED_TRACE(seed);
    Monkey monkey(Session::live(true), seed);
    if (*GetParam().file != '\0') {
      ASSERT_NO_FATAL_FAILURE(monkey.open(GetParam().file));
    }
    if (GetParam().skips_first_screen) monkey.skip_first_screen();
    monkey.play();
    EXPECT_GT(monkey.clicked(), 40U) << "it got around";
    monkey.expect_a_line_runs();
  }
}

INSTANTIATE_TEST_SUITE_P(Starts, MonkeyAt,
                         ::testing::Values(Start{"FirstScreen", "", 1, false}, Start{"AnEmptyDesk", "", 2},
                                           Start{"APlay", "tests/plays/stream-has-no-messages.play", 3},
                                           Start{"APlayThatGoesWrong", "tests/plays/wrong-calls.play", 4},
                                           Start{"ALesson", "lessons/02-five-steps", 5},
                                           Start{"AServersLesson", "lessons/09-one-word", 6},
                                           Start{"ARecording", "tests/golden/two-clients.jsonl", 7}),
                         [](const auto& start) { return start.param.name; });

}  // namespace monkey
}  // namespace sockscope
