#pragma once
// The same lines run here and by the real python3, and both answers: "= repr" or "! class errno".

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "house.h"
#include "play/evaluate.h"
#include "play/parser.h"

namespace sockscope::testing {

inline std::string python_literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

inline std::vector<std::string> ask_python(const std::vector<std::string>& lines) {
  const std::string directory = scratch_path(".dir"), path = scratch_path(".py");
  std::filesystem::create_directory(directory);
  std::ofstream file(path);
  file << "import select, struct, sys\nfrom socket import *\n"
          "sys.stdout.reconfigure(encoding='utf-8')\nnames = dict(globals())\nfor line in [";
  for (const auto& line : lines) file << python_literal(line) << ",\n";
  file << "]:\n try:\n"
          "  try: code = compile(line, 'line', 'eval')\n"
          "  except SyntaxError: code = compile(line, 'line', 'exec')\n"
          "  print('=', repr(eval(code, names)))\n"
          " except BaseException as x:\n"
          "  n = getattr(x, 'errno', None)\n"
          "  print('!', type(x).__name__, n if isinstance(n, int) else 0)\n";
  file.close();
  std::vector<std::string> answers;
  FILE* python = popen(("cd " + directory + " && LC_ALL=C.UTF-8 python3 -E -W ignore " + path).c_str(), "r");
  if (python == nullptr) return answers;
  std::string all;
  char buffer[4096];
  for (std::size_t got; (got = fread(buffer, 1, sizeof buffer, python)) > 0;) all.append(buffer, got);
  pclose(python);
  unlink(path.c_str());
  std::filesystem::remove_all(directory);
  std::istringstream answer(all);
  for (std::string line; std::getline(answer, line);) answers.push_back(line);
  return answers;
}

inline std::string our_answer(const std::string& line, play::Names& names, Caller& caller) {
  try {
    const Statement statement = play::Parser(line, 0).statement();
    const play::Outcome outcome = play::run_statement(statement, names, caller);
    if (outcome.raised) return "! " + outcome.error.type + " " + std::to_string(outcome.error.number);
    return "= " + play::repr(statement.what == Statement::What::expression ? outcome.value : play::Value());
  } catch (const play::SyntaxError& error) {
    return "? " + error.message;
  }
}

// Runs the lines on one worker, in order, and compares each answer with python3's.
inline void expect_as_python(const std::vector<std::string>& lines) {
  std::vector<std::string> here;
  House house;
  {
    Engine engine(house.inbox);
    const ThreadId worker = engine.start({"main"});
    engine.submit(worker, [&](Caller& caller) {
      play::Names names;
      for (const auto& line : lines) here.push_back(our_answer(line, names, caller));
    });
    const Time give_up = now() + 30 * kSecond;
    while (!engine.idle(worker) && now() < give_up) {
      engine.poll();
      house.inbox.arm();
      house.fold();
      pollfd wake{house.inbox.wake_fd(), POLLIN, 0};
      ::poll(&wake, 1, 5);
    }
    ASSERT_TRUE(engine.idle(worker));
    EXPECT_TRUE(engine.stop().empty());
  }
  const auto there = ask_python(lines);
  ASSERT_EQ(there.size(), lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_EQ(here[i], there[i]) << lines[i];
  expect_house_property(house);
}

}  // namespace sockscope::testing
