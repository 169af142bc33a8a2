#include "session/lesson_proof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lesson/read_lesson.h"

namespace sockscope {
namespace proofs {

using testing::ElementsAre;
using testing::HasSubstr;
using What = Proved::What;

struct Heard {
  int exit = -1;
  std::vector<Proved> proved;
  std::vector<What> wrong() const {
    std::vector<What> kinds;
    for (const Proved& one : proved)
      if (!one.ok) kinds.push_back(one.what);
    return kinds;
  }
};

Heard prove(const std::string& body, LessonDriver::Options options = {}) {
  auto lesson = read_lesson("---\ntitle: T\nid: 01-t\n---\n" + body, "en.md");
  if (!lesson) {
    ADD_FAILURE() << lesson.error().to_string();
    return {};
  }
  auto ready = make_ready(std::move(*lesson));
  if (!ready) {
    ADD_FAILURE() << ready.error().to_string();
    return {};
  }
  Heard run;
  run.exit = prove_lesson(*ready, std::move(options), [&](const Proved& one) {
    run.proved.push_back(one);
    run.proved.back().step = nullptr;  // it does not outlive this
    run.proved.back().block = nullptr;
  });
  return run;
}

constexpr const char* kPlay = "```play\na>>> x, y = socketpair()\na>>> x.send(b'1')\n```\n";

TEST(ProveLesson, HearsOfEverythingInOrder) {
  const Heard run = prove(std::string("Opening.\n## One\n```predict\nid: p\nask: ?\n- 1  =a returned 1\n"
                                      "- 2  !m1 No.  =a returned 2\n```\n") +
                          kPlay + "```check\n- sent  =a returned 1\n```\n");
  EXPECT_EQ(run.exit, 0);
  std::vector<What> kinds;
  for (const Proved& one : run.proved) kinds.push_back(one.what);
  EXPECT_THAT(kinds, ElementsAre(What::step, What::step, What::before, What::ran, What::predicted,
                                 What::refuted, What::check));
  EXPECT_EQ(run.proved.back().text, "sent");
  EXPECT_EQ(run.proved.back().line, 18);
}

TEST(ProveLesson, WhatIsNotSo) {
  const std::string play = kPlay;
  EXPECT_THAT(prove("## One\n" + play + "```check\na returned 2 within 20ms\n```\n").wrong(),
              ElementsAre(What::check));
  EXPECT_THAT(prove("## One\n" + play + "```check\ncount(socket where open) < 9\n```\n").wrong(),
              ElementsAre(What::before));
  EXPECT_THAT(prove("## One\n```predict\nid: p\nask: ?\n- 2  =a returned 2 within 20ms\n- 1  !m1\n"
                    "    =a returned 1\n```\n" +
                    play)
                  .wrong(),
              ElementsAre(What::predicted, What::refuted));
  EXPECT_THAT(prove("## One\n```play\na>>> 1\n%expect a returned 2 within 20ms\n```\n").wrong(),
              ElementsAre(What::expectation));
}

TEST(ProveLesson, LinesThatDoNotEndAreGivenUp) {
  LessonDriver::Options options;
  options.longest = 50 * kMillisecond;
  const Heard run =
      prove("## One\n```play\n%wait 50s\n```\n## Two\n```play\na>>> 1\n```\n", std::move(options));
  EXPECT_EQ(run.exit, 1);
  EXPECT_THAT(run.wrong(), ElementsAre(What::trouble));
  EXPECT_THAT(run.proved.back().saw, HasSubstr("do not come to an end"));
}

TEST(ProveLesson, AStopEndsIt) {
  LessonDriver::Options options;
  options.stop = [] { return true; };
  const Heard run = prove("## One\n```play\n%wait 50s\n```\n", std::move(options));
  EXPECT_EQ(run.exit, 1);
  EXPECT_THAT(run.wrong(), ElementsAre(What::trouble));
}

}  // namespace proofs
}  // namespace sockscope
