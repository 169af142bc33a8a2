#include "panes/timeline_spans.h"

#include <algorithm>
#include <limits>

namespace sockscope {

std::size_t Spans::open(Time t0, std::uint32_t seq, std::uint8_t kind, std::uint32_t value, SpanFlag flags) {
  if (!spans_.empty()) {
    t0 = std::max(t0, spans_.back().t1 == kOpen ? spans_.back().t0 : spans_.back().t1);
    close(t0);
  }
  spans_.push_back({t0, kOpen, seq, value, kind, flags});
  summarise();
  return spans_.size() - 1;
}

void Spans::close(Time t1) {
  if (is_open()) close(t1, spans_.back().value, SpanFlag::none);
}

void Spans::close(Time t1, std::uint32_t value, SpanFlag flags) {
  if (!is_open()) return;
  Span& last = spans_.back();
  last.t1 = std::max(t1, last.t0);
  last.value = value;
  last.flags = last.flags | flags;
  summarise();
}

void Spans::block(Time since) {
  if (spans_.empty() || has(spans_.back().flags, SpanFlag::blocked)) return;
  Span& last = spans_.back();
  last.flags = last.flags | SpanFlag::blocked;
  blocked_.push_back({static_cast<std::uint32_t>(spans_.size() - 1), std::max(since, last.t0)});
  summarise();
}

void Spans::point(Time at, std::uint32_t seq, std::uint8_t kind, SpanFlag flags) {
  open(at, seq, kind, 0, flags);
  close(spans_.back().t0);
}

Spans::Node Spans::node_of(std::size_t i) const {
  const Span& span = spans_[i];
  // An open span leaves its nodes open-ended: they are never taken as one run and always looked into.
  const bool open = span.t1 == kOpen;
  Node node{span.t0, open ? std::numeric_limits<Time>::max() : span.t1, 0, span.value, span.kind, span.flags};
  if (has(span.flags, SpanFlag::blocked) && !open)
    node.blocked = span.t1 - std::min(span.t1, blocked_since(i, span.t1));
  return node;
}

// `later` begins where `node` ends or after, or is the new form of its last part.
void Spans::join(Node& node, const Node& later) {
  node.t1 = later.t1;
  node.high = std::max(node.high, later.high);
  node.kind = later.kind;
  node.flags = node.flags | later.flags;
  node.blocked += later.blocked;
}

// Brings the summaries over the last span up to date; to be called after each change of it.
void Spans::summarise() {
  const std::size_t last = spans_.size() - 1;
  const Node node = node_of(last);
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    const std::size_t index = last >> (kShift * (level + 1));
    if (index == levels_[level].size()) {
      levels_[level].push_back(node);
    } else {
      join(levels_[level].back(), node);
    }
  }
  if (children(levels_.size()) > kFan) add_level();
}

void Spans::add_level() {
  const std::size_t below = levels_.size();
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < children(below); ++i) {
    const Node child = below == 0 ? node_of(i) : levels_[below - 1][i];
    if (i % kFan == 0) {
      nodes.push_back(child);
    } else {
      join(nodes.back(), child);
    }
  }
  levels_.push_back(std::move(nodes));
}

Time Spans::blocked_since(std::size_t i, Time now) const {
  const auto found = std::lower_bound(blocked_.begin(), blocked_.end(), i,
                                      [](const Blocked& b, std::size_t span) { return b.span < span; });
  if (found != blocked_.end() && found->span == i) return found->since;
  return spans_[i].t1 == kOpen ? now : spans_[i].t1;
}

std::size_t Spans::at(Time t) const {
  const auto after = std::upper_bound(spans_.begin(), spans_.end(), t,
                                      [](Time time, const Span& span) { return time < span.t0; });
  return after == spans_.begin() ? spans_.size() : static_cast<std::size_t>(after - spans_.begin()) - 1;
}

std::size_t Spans::before(std::uint32_t seq) const {
  const auto first =
      std::partition_point(spans_.begin(), spans_.end(), [&](const Span& span) { return span.seq < seq; });
  return first == spans_.begin() ? spans_.size() : static_cast<std::size_t>(first - spans_.begin()) - 1;
}

std::size_t Spans::find(std::uint32_t seq) const {
  const std::size_t found = before(seq + 1);
  return found < spans_.size() && spans_[found].seq == seq ? found : spans_.size();
}

SpanRun Spans::run_of(std::size_t i, Time now) const {
  const Span& span = spans_[i];
  const Time t1 = span.t1 == kOpen ? std::max(now, span.t0) : span.t1;
  const Time blocked = has(span.flags, SpanFlag::blocked) ? t1 - std::min(t1, blocked_since(i, now)) : 0;
  return {span.t0, t1, static_cast<std::uint32_t>(i), 1, span.value, span.kind, span.flags, blocked};
}

}  // namespace sockscope
