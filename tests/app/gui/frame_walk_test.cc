#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "gui/frame.h"
#include "gui/lesson_shown.h"
#include "session/lesson_proof.h"
#include "trace/clock.h"

namespace sockscope {
namespace frame_walk {

using Do = request::Walk::Do;
using Now = LessonShown::Now;

constexpr const char* kLesson = R"(---
title: One seat
id: 50-one-seat
minutes: 6
needs:
place: loopback
detail: simple
new: socket(), bind(), listen(), getsockname(), connect(), accept()
---

Who sits in it?

## The first client

```setup
server>>> s = socket(AF_INET, SOCK_STREAM)
server>>> s.bind(('127.0.0.1', 0))
server>>> s.listen(0)
```

```predict
id: first
ask: What will connect() do?
- return at once     =ann returned _
- fail               !m3b Nothing came back.  =ann raised ECONNREFUSED
```

```play
ann>>> a = socket(AF_INET, SOCK_STREAM)
ann>>> a.{{connect}}(s.getsockname())
```

```check
- ann is in the queue   =s.accept_queue == 1
```

## Now you

```hint
Who takes a connection out?
```

```solution
server>>> conn, addr = s.accept()
```

```check
- the queue is empty   =server returned (socket, _)
```
)";

struct Walked : ::testing::Test {
  std::string root = ::testing::TempDir() + "walk" + std::to_string(::getpid());
  LessonShelf shelf{root};
  std::unique_ptr<Session> session = Session::live(true);
  std::optional<LessonWalk> walk;
  void SetUp() override {
    std::filesystem::create_directories(root + "/50-one-seat");
    open(kLesson);
  }
  // The lesson has this text from now on, and is opened.
  void open(const std::string& text) {
    std::ofstream(root + "/50-one-seat/en.md") << text;
    auto ready = shelf.ready("50-one-seat", "en");
    ASSERT_TRUE(ready) << ready.error();
    walk.emplace(std::move(*ready));
  }
  void TearDown() override {
    session->stop();
    std::filesystem::remove_all(root);
  }
  LessonShown shown() { return shown_of(*walk, {}, {}); }
  bool until(const std::function<bool()>& holds) {
    const Time end = now() + 20 * kSecond;
    while (!holds() && now() < end) {
      walk->tick(*session, session->tick());
      session->wait(10 * kMillisecond);
    }
    return holds();
  }
  bool rest(bool met = false) {
    const Time end = now() + 20 * kSecond;
    do {
      if (walk->wants_session()) {
        session = Session::live(true);
        session->runner().keep_open();
        walk->began();
      }
      walk->tick(*session, session->tick());
      session->wait(10 * kMillisecond);
    } while ((walk->looks() || (met && !walk->all_met())) && now() < end);
    return now() < end;
  }
};

// Where nothing can run, the lesson's own recording is shown and judges what was guessed.
TEST_F(Walked, ByItsGoldenRecording) {
  const std::string folder = root + "/50-one-seat";
  LessonDriver::Options options;
  options.record = folder + "/golden.jsonl";
  ASSERT_EQ(prove_lesson(walk->lesson(), std::move(options), [](const Proved&) {}), 0);
  std::string with = kLesson;
  with.insert(with.find("```setup"), "```recording golden.jsonl\n```\n");
  std::ofstream(folder + "/en.md") << with;
  auto ready = shelf.ready("50-one-seat", "en");
  ASSERT_TRUE(ready) << ready.error();
  auto golden = Golden::of(*ready);
  ASSERT_TRUE(golden && *golden);
  EXPECT_TRUE((*golden)->recording_of(0).empty());
  EXPECT_EQ((*golden)->recording_of(2), folder + "/golden.jsonl");
  walk.emplace(std::move(*ready));
  walk->next();
  walk->use_golden(std::move(**golden));
  EXPECT_TRUE(walk->wants_session());
  auto loaded = load_recording(folder + "/golden.jsonl");
  ASSERT_TRUE(loaded);
  session = Session::replay(std::move(*loaded), "golden.jsonl");
  const Trace* trace = &session->trace();
  walk->began();
  EXPECT_FALSE(walk->tick(*session, false));
  EXPECT_FALSE(walk->looks());
  EXPECT_TRUE(shown().golden);
  EXPECT_EQ(shown().now, Now::guess);
  walk->choose(1, *session);
  EXPECT_EQ(shown().now, Now::show);
  const Time from = step_begins(*trace, walk->lesson(), 1);
  EXPECT_LT(trace->start(), from);
  const Time until = lines_end(*trace, from, walk->lines_at_hand());
  EXPECT_LT(from, until);
  EXPECT_LT(until, step_begins(*trace, walk->lesson(), 2) + kSecond);
  walk->show();
  EXPECT_EQ(shown().now, Now::running);
  walk->was_shown();
  EXPECT_EQ(shown().now, Now::next_step);
  EXPECT_TRUE(walk->all_met());
  EXPECT_TRUE(walk->answered().at(0).seen);
  walk->next();
  EXPECT_EQ(shown().now, Now::show);  // a solution too: nobody can type it here
  walk->show();
  walk->was_shown();
  EXPECT_EQ(shown().now, Now::finished);
  EXPECT_TRUE(walk->all_met());
}

std::size_t calls_of(const Trace& trace, Call call) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const auto* entered = std::get_if<event::CallEntered>(&trace[i].body);
    count += entered != nullptr && entered->name == call;
  }
  return count;
}

TEST_F(Walked, ShowMeStopsOneLineShortAndShowsThatOneWhenAskedAgain) {
  std::string two = kLesson;
  two.insert(two.find("server>>> conn, addr"), "server>>> s.getpeername()\n");
  ASSERT_NO_FATAL_FAILURE(open(two));
  walk->go_to(2, true);
  ASSERT_TRUE(rest());
  EXPECT_FALSE(walk->may_show());  // a try comes first
  ASSERT_TRUE(session->runner().type("s.getsockname()", "server"));
  walk->typed();
  ASSERT_TRUE(rest());
  walk->show();
  ASSERT_TRUE(rest());
  EXPECT_TRUE(shown().last_left);
  EXPECT_EQ(shown().now, Now::type);
  ASSERT_TRUE(until([&] { return calls_of(session->trace(), Call::getpeername) == 1; }));
  EXPECT_EQ(calls_of(session->trace(), Call::accept), 0U);
  EXPECT_FALSE(walk->done(2));
  walk->show();
  ASSERT_TRUE(rest(true));
  ASSERT_TRUE(until([&] { return shown().now == Now::finished; }));
  ASSERT_TRUE(until([&] { return calls_of(session->trace(), Call::accept) == 1; }));
  EXPECT_EQ(calls_of(session->trace(), Call::getpeername), 1U);
  EXPECT_FALSE(shown().last_left);
  EXPECT_TRUE(walk->done(2));
}

// What lasts is judged from when the lines have run, not from when they began.
TEST_F(Walked, AGuessThatSomethingLastsIsJudgedOnceItBegan) {
  std::string lasting = kLesson;
  const auto put = [&](std::string_view from, std::string_view to) {
    lasting.replace(lasting.find(from), from.size(), to);
  };
  put("- return at once     =ann returned _", "- block     =ann blocked in recv for 300ms");
  put("ann>>> a = socket(AF_INET, SOCK_STREAM)\nann>>> a.{{connect}}(s.getsockname())",
      "ann>>> a = socket(AF_INET, SOCK_STREAM)\nann>>> a.connect(s.getsockname())\nann>>> a.recv(1)");
  ASSERT_NO_FATAL_FAILURE(open(lasting));
  walk->go_to(1, true);
  ASSERT_TRUE(rest());
  walk->choose(0, *session);
  walk->show();
  ASSERT_TRUE(until([&] { return walk->answered().at(0).told; }));
  EXPECT_TRUE(walk->answered().at(0).seen) << walk->answered().at(0).saw;
}

TEST_F(Walked, AnOrderShowsEachPromptOnceAndAnyOrderRuns) {
  std::string order = kLesson;
  order.replace(order.find("```solution"), 11, "```order\nann>>> a.send(b'hello')");
  ASSERT_NO_FATAL_FAILURE(open(order));
  walk->go_to(2, true);
  ASSERT_TRUE(rest());
  const auto parts = shown().parts;
  const auto lines = std::find_if(parts.begin(), parts.end(), [](const LessonPart& part) {
    return part.kind == LessonPart::Kind::order;
  });
  ASSERT_NE(lines, parts.end());
  EXPECT_EQ(lines->lines,
            (std::vector<std::string>{"server>>> conn, addr = s.accept()", "ann>>> a.send(b'hello')"}));
  for (std::size_t i = 0; i < lines->lines.size(); ++i) {
    const LessonWalk::Line* line = walk->press(i);
    ASSERT_NE(line, nullptr);
    ASSERT_TRUE(session->runner().type(line->text, line->thread));
  }
  ASSERT_TRUE(rest(true));
  EXPECT_TRUE(walk->all_met());
}

std::size_t checks_shown(const LessonShown& shown) {
  return static_cast<std::size_t>(
      std::count_if(shown.parts.begin(), shown.parts.end(),
                    [](const LessonPart& part) { return part.kind == LessonPart::Kind::marks; }));
}

TEST_F(Walked, AnUnansweredQuestionHidesTheChecksBehindIt) {
  std::string two = kLesson;
  two.insert(
      two.find("## Now you"),
      "```predict\nid: second\nask: And now?\n- it fails  !m3b No.\n- it returns  =ann returned _\n```\n\n"
      "```play\nann>>> a.getpeername()\n```\n\n```check\n- ann knows  =ann returned _\n```\n\n");
  ASSERT_NO_FATAL_FAILURE(open(two));
  walk->next();
  ASSERT_TRUE(rest());
  EXPECT_EQ(checks_shown(shown()), 0U);
  walk->choose(0, *session);
  EXPECT_EQ(checks_shown(shown()), 1U);
  walk->show();
  ASSERT_TRUE(until([&] { return shown().now == Now::guess; }));
  EXPECT_EQ(checks_shown(shown()), 1U);
  walk->choose(1, *session);
  EXPECT_EQ(checks_shown(shown()), 2U);
}

TEST_F(Walked, TheChecksOfLaterLinesWaitForThem) {
  std::string two = kLesson;
  two.insert(
      two.find("## Now you"),
      "And then?\n\n```play\nann>>> a.getpeername()\n```\n\n```check\n- ann knows  =ann returned _\n```\n\n");
  ASSERT_NO_FATAL_FAILURE(open(two));
  walk->next();
  ASSERT_TRUE(rest());
  walk->choose(0, *session);
  EXPECT_EQ(checks_shown(shown()), 1U);
  walk->show();
  EXPECT_TRUE(until([&] { return checks_shown(shown()) == 2U; }));
}

TEST_F(Walked, WhatWasAskedStandsAboveItsVerdict) {
  walk->go_to(1, true);
  ASSERT_TRUE(rest());
  walk->choose(1, *session);
  walk->show();
  ASSERT_TRUE(until([&] { return walk->answered().at(0).told; }));
  const auto parts = shown().parts;
  const auto verdict = std::find_if(parts.begin(), parts.end(), [](const LessonPart& part) {
    return part.kind == LessonPart::Kind::verdict;
  });
  ASSERT_NE(verdict, parts.end());
  ASSERT_NE(verdict, parts.begin());
  EXPECT_EQ((verdict - 1)->text, "What will connect() do?");
}

// Once they have tried; then the written ones follow.
TEST_F(Walked, TheFirstHintIsOfWhatTheLearnerDid) {
  walk->go_to(2, true);
  ASSERT_TRUE(rest());
  EXPECT_EQ(shown().hints_left, 1u);
  walk->hint("too early");
  EXPECT_EQ(shown().hints_left, 0u);
  EXPECT_EQ(walk->so_far(), "");
  ASSERT_TRUE(session->runner().type("ann>>> a.bind(s.getsockname())", "ann"));
  walk->typed();
  ASSERT_TRUE(rest());
  EXPECT_EQ(shown().hints_left, 1u);
  EXPECT_EQ(walk->first_unmet()->words, "the queue is empty");
  walk->hint("ann called bind, and it failed.");
  const LessonShown now = shown();
  EXPECT_EQ(now.hints_left, 0u);
  const auto said = std::find_if(now.parts.begin(), now.parts.end(), [](const LessonPart& part) {
    return part.kind == LessonPart::Kind::so_far;
  });
  ASSERT_NE(said, now.parts.end());
  EXPECT_EQ(said->text, "ann called bind, and it failed.");
  EXPECT_EQ((said + 1)->kind, LessonPart::Kind::hint);
  walk->go_to(2, true);
  EXPECT_EQ(walk->so_far(), "");
  EXPECT_EQ(shown().hints_left, 1u);
}

TEST_F(Walked, FromTheOpeningToTheEnd) {
  EXPECT_EQ(shown().now, Now::next_step);
  walk->next();
  ASSERT_TRUE(rest());
  EXPECT_EQ(shown().now, Now::guess);
  walk->show();  // nothing is shown before a guess
  EXPECT_EQ(shown().now, Now::guess);
  walk->choose(1, *session);
  EXPECT_EQ(shown().now, Now::show);
  walk->show();
  ASSERT_TRUE(rest(true));
  EXPECT_EQ(shown().now, Now::next_step);
  EXPECT_TRUE(walk->all_met());
  EXPECT_TRUE(walk->answered().at(0).seen) << walk->answered().at(0).saw;
  walk->next();
  ASSERT_TRUE(rest());
  EXPECT_EQ(shown().now, Now::type);
  EXPECT_FALSE(walk->may_show());
  ASSERT_TRUE(session->runner().type("conn, addr = s.accept()", "server"));
  walk->typed();
  ASSERT_TRUE(rest(true));
  EXPECT_TRUE(walk->all_met());
  walk->next();
  ASSERT_TRUE(rest());
  EXPECT_EQ(shown().now, Now::finished);
  walk->go_to(2, true);
  ASSERT_TRUE(rest());
  EXPECT_FALSE(walk->all_met());
}

}  // namespace frame_walk
}  // namespace sockscope
