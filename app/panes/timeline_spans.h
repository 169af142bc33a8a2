#pragma once
// Spans of one lane in time order, with a summary of every eight of them, of every 64, and so on: a lane of
// ten million spans is laid out by reading about as many summaries as there are pixels.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "trace/event.h"

namespace sockscope {

enum class SpanFlag : std::uint8_t {
  none = 0,
  failed = 1,   // a call came back with an errno; an expectation was not met
  blocked = 2,  // proved blocked for a part of its time
  full = 4,     // an accept queue at its limit
  derived = 8,  // a state that was worked out and not seen
};
constexpr SpanFlag operator|(SpanFlag a, SpanFlag b) {
  return static_cast<SpanFlag>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
constexpr bool has(SpanFlag set, SpanFlag one) {
  return (static_cast<std::uint8_t>(set) & static_cast<std::uint8_t>(one)) != 0;
}

struct Span {
  Time t0 = 0, t1 = 0;      // t1 of an open one is kOpen
  std::uint32_t seq = 0;    // of the event that began it
  std::uint32_t value = 0;  // a call: seq of its return; a step: the height
  std::uint8_t kind = 0;    // a Call, a TcpState, a mark's kind
  SpanFlag flags = SpanFlag::none;
};
inline constexpr Time kOpen = -1;

// One span, or several merged because they are too narrow to be told apart.
struct SpanRun {
  Time t0 = 0, t1 = 0;
  std::uint32_t first = 0, count = 0;  // spans [first, first + count)
  std::uint32_t high = 0;              // greatest value
  std::uint8_t kind = 0;               // of the last
  SpanFlag flags = SpanFlag::none;     // of all: what is wrong is never merged away
  Time blocked = 0;                    // of its time
};

class Spans {
 public:
  // Appends a span that begins at t0, or where the one before ends if that is later; an open one is first
  // closed there, so spans never overlap. Returns its index.
  std::size_t open(Time t0, std::uint32_t seq, std::uint8_t kind, std::uint32_t value = 0,
                   SpanFlag flags = SpanFlag::none);
  // Ends the last span. Nothing happens if it is not open.
  void close(Time t1, std::uint32_t value, SpanFlag flags);
  void close(Time t1);
  // The last span is blocked since `since`.
  void block(Time since);
  // A span without length.
  void point(Time at, std::uint32_t seq, std::uint8_t kind, SpanFlag flags = SpanFlag::none);

  std::size_t size() const { return spans_.size(); }
  bool empty() const { return spans_.empty(); }
  const Span& operator[](std::size_t i) const { return spans_[i]; }
  const Span& back() const { return spans_.back(); }
  bool is_open() const { return !spans_.empty() && spans_.back().t1 == kOpen; }
  // When span i was first seen blocked; its end if it was not. `now` ends an open one.
  Time blocked_since(std::size_t i, Time now) const;
  // The last span that begins at or before t; size() if there is none.
  std::size_t at(Time t) const;
  // The span that event `seq` began, and the last that an earlier event began; size() if there is none.
  std::size_t find(std::uint32_t seq) const;
  std::size_t before(std::uint32_t seq) const;

  // Calls emit(SpanRun) for what lies in [from, to], left to right. Spans whose summary is no longer than
  // `grain` come as one run; then neighbours that begin within `grain` of a run's start are merged into it,
  // but for those at least 2 × grain long. So at most (to − from) / grain + 2 runs come. `now` ends an open
  // span.
  template <typename Emit>
  void visit(Time from, Time to, Time grain, Time now, Emit&& emit) const;

 private:
  static constexpr std::size_t kShift = 3, kFan = std::size_t{1} << kShift;
  struct Node {
    Time t0 = 0, t1 = 0, blocked = 0;
    std::uint32_t high = 0;
    std::uint8_t kind = 0;
    SpanFlag flags = SpanFlag::none;
  };
  struct Blocked {
    std::uint32_t span;
    Time since;
  };
  struct Frame {
    std::size_t level, index;
  };

  Node node_of(std::size_t i) const;
  static void join(Node& node, const Node& later);
  void summarise();
  void add_level();
  SpanRun run_of(std::size_t i, Time now) const;
  std::size_t children(std::size_t level) const {
    return level == 0 ? spans_.size() : levels_[level - 1].size();
  }

  std::vector<Span> spans_;
  std::vector<std::vector<Node>> levels_;  // levels_[k][i]: spans [i << 3(k+1), …)
  std::vector<Blocked> blocked_;           // rare, in order
};

// Joins neighbours as visit() says; flush() gives the last.
template <typename Emit>
class RunMerger {
 public:
  RunMerger(Time grain, Emit& emit) : grain_(grain), emit_(emit) {}
  void add(const SpanRun& run) {
    if (run.t1 - run.t0 >= 2 * grain_) {
      flush();
      emit_(run);
    } else if (held_ && run.t0 < run_.t0 + grain_) {
      run_.t1 = run.t1 > run_.t1 ? run.t1 : run_.t1;
      run_.count += run.count;
      run_.high = run.high > run_.high ? run.high : run_.high;
      run_.kind = run.kind;
      run_.flags = run_.flags | run.flags;
      run_.blocked += run.blocked;
    } else {
      flush();
      run_ = run;
      held_ = true;
    }
  }
  void flush() {
    if (held_) emit_(run_);
    held_ = false;
  }

 private:
  Time grain_;
  Emit& emit_;
  SpanRun run_;
  bool held_ = false;
};

template <typename Emit>
void Spans::visit(Time from, Time to, Time grain, Time now, Emit&& emit) const {
  RunMerger<Emit> merger(grain, emit);
  std::vector<Frame> todo;
  const auto push = [&](std::size_t level, std::size_t first, std::size_t end) {
    for (std::size_t i = end; i > first; --i) todo.push_back({level, i - 1});
  };
  push(levels_.size(), 0, children(levels_.size()));
  while (!todo.empty()) {
    const Frame at = todo.back();
    todo.pop_back();
    if (at.level == 0) {
      const SpanRun run = run_of(at.index, now);
      if (run.t1 >= from && run.t0 <= to) merger.add(run);
      continue;
    }
    const Node& node = levels_[at.level - 1][at.index];
    if (node.t0 > to || node.t1 < from) continue;
    const std::size_t first = at.index << kShift;
    const std::size_t end = std::min(first + kFan, children(at.level - 1));
    if (node.t1 - node.t0 > grain) {
      push(at.level - 1, first, end);
      continue;
    }
    const std::size_t a = at.index << (kShift * at.level);
    const std::size_t b = std::min((at.index + 1) << (kShift * at.level), spans_.size());
    merger.add({node.t0, node.t1, static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b - a), node.high,
                node.kind, node.flags, node.blocked});
  }
  merger.flush();
}

}  // namespace sockscope
