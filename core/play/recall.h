#pragma once
// A trace read once more as conditions see it: at each moment of it, what is so, the names, and the latest
// line of each thread. What a recording does not keep (a value that was cut, a file) is unknown.

#include <map>
#include <memory>

#include "play/judge.h"

namespace sockscope::play {

class Recall {
 public:
  explicit Recall(const Trace& trace);  // outlives it
  ~Recall();
  Recall(const Recall&) = delete;
  Recall& operator=(const Recall&) = delete;

  bool more() const;
  const Event& next() const;  // the event that step() folds
  void step();
  Judged judge(const Condition& condition) const;
  const State& state() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sockscope::play
