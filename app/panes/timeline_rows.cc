// Which lanes the timeline has, top to bottom, and what of them is folded.
#include <algorithm>
#include <unordered_map>

#include "panes/timeline_layout.h"

namespace sockscope {
namespace {

bool listed(const std::vector<std::uint32_t>& list, std::uint32_t one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

class RowMaker {
 public:
  RowMaker(const TimelineIndex& index, const RowMeasures& measures, std::optional<ThreadId> only_open)
      : index_(index), measures_(measures), only_open_(only_open) {}

  void row(TimelineRow::Kind kind, std::uint32_t id, float height, bool whole = false) {
    rows_.push_back({kind, id, y_, height, indented_, whole});
    y_ += height;
  }
  void space(float height) { y_ += height; }
  void indent(bool on) { indented_ = on; }

  void thread(ThreadId id) {
    const ThreadLane* lane = index_.thread(id);
    if (lane == nullptr || (lane->calls.empty() && lane->sockets.empty())) return;
    row(TimelineRow::Kind::thread, id, measures_.thread);
    const std::size_t hidden = lane->sockets.size() - std::min(lane->sockets.size(), kMostSockets);
    std::vector<const SocketLane*> listeners;
    for (std::size_t i = 0; i < lane->sockets.size(); ++i) {
      const SocketLane* its = index_.socket(lane->sockets[i]);
      if (its == nullptr || (i < hidden && !its->listened)) continue;
      if (open(id)) row(TimelineRow::Kind::socket, its->id, measures_.socket);
      if (its->listened) listeners.push_back(its);
    }
    for (const SocketLane* listener : listeners) queue(*listener, open(id));
    space(measures_.gap);
  }

  void find_waiting() {
    for (const SocketLane& lane : index_.sockets()) {
      if (lane.thread != 0 || lane.from == 0) continue;
      std::vector<SocketId>& waiting = waiting_[lane.from];
      if (waiting.size() < kMostSockets) waiting.push_back(lane.id);
    }
  }

  // Takes back all rows from the first `keep` on.
  void cut(std::size_t keep) {
    if (keep < rows_.size()) y_ = rows_[keep].y;
    rows_.resize(keep);
  }
  std::size_t size() const { return rows_.size(); }
  std::vector<TimelineRow> take() { return std::move(rows_); }

 private:
  bool open(ThreadId id) const { return !only_open_ || *only_open_ == id; }

  // Who waits, then how many there were at each time.
  void queue(const SocketLane& listener, bool open) {
    if (const auto waiting = waiting_.find(listener.id); open && waiting != waiting_.end()) {
      for (const SocketId id : waiting->second) row(TimelineRow::Kind::socket, id, measures_.socket);
    }
    if (!open) space(5 * measures_.gap);  // its limit's name stands above it
    const auto seats = static_cast<float>(seats_of(listener));
    const float least = 2.7f * measures_.queue_label;  // its name stands in two lines
    row(TimelineRow::Kind::queue, listener.id,
        std::max(std::min(seats * measures_.seat, measures_.queue_most) + measures_.queue_label, least));
  }

  const TimelineIndex& index_;
  const RowMeasures& measures_;
  std::optional<ThreadId> only_open_;
  std::vector<TimelineRow> rows_;
  // By listening socket: the first connections nobody has accepted.
  std::unordered_map<SocketId, std::vector<SocketId>> waiting_;
  float y_ = 0;
  bool indented_ = false;
};

struct Folds {
  std::size_t above;
  const std::vector<std::uint32_t>& unfolded;
  const std::vector<std::uint32_t>& folded;
};

void server_rows(RowMaker& maker, const TimelineIndex& index, std::uint32_t g, float folded_height,
                 const Folds& folds) {
  const LaneGroup& group = index.groups()[g];
  const bool whole = listed(folds.folded, g);
  std::size_t clients = 0;
  for (const ThreadId id : group.threads) clients += index.thread(id)->role == ThreadRole::accept ? 0 : 1;
  const bool fold = whole || (clients > folds.above && !listed(folds.unfolded, g));
  for (const ThreadId id : group.threads) {
    if (whole || (fold && index.thread(id)->role != ThreadRole::accept)) continue;
    maker.thread(id);
  }
  if (fold) maker.row(TimelineRow::Kind::folded, g, folded_height, whole);
}

// What nobody said the host of is with the first.
void host_rows(RowMaker& maker, const TimelineIndex& index, std::string_view host, bool first,
               const RowMeasures& measures, const Folds& folds) {
  const auto here = [&](const std::string& name) { return name == host || (first && name.empty()); };
  maker.indent(false);
  for (const ThreadLane& lane : index.threads()) {
    if (lane.server.empty() && here(lane.host)) maker.thread(lane.id);
  }
  maker.indent(true);
  for (std::uint32_t g = 0; g < index.groups().size(); ++g) {
    if (!here(index.groups()[g].host)) continue;
    maker.row(TimelineRow::Kind::group, g, measures.group);
    server_rows(maker, index, g, measures.folded, folds);
  }
  maker.indent(false);
}

}  // namespace

std::vector<TimelineRow> timeline_rows(const TimelineIndex& index, const RowMeasures& measures,
                                       std::size_t fold_above, const std::vector<std::uint32_t>& unfolded,
                                       const std::vector<std::uint32_t>& folded,
                                       std::optional<ThreadId> only_open) {
  RowMaker maker(index, measures, only_open);
  maker.find_waiting();
  const Folds folds{fold_above, unfolded, folded};
  const std::size_t hosts = index.hosts().size();
  if (hosts <= 1) {
    host_rows(maker, index, hosts == 0 ? std::string_view() : index.hosts()[0].name, true, measures, folds);
    return maker.take();
  }
  for (std::uint32_t h = 0; h < hosts; ++h) {
    const std::size_t before = maker.size();
    maker.row(TimelineRow::Kind::host, h, measures.group);
    host_rows(maker, index, index.hosts()[h].name, h == 0, measures, folds);
    if (maker.size() == before + 1) {
      maker.cut(before);
    } else if (listed(folded, kHostFold | h)) {
      maker.cut(before + 1);
      maker.row(TimelineRow::Kind::folded_host, h, measures.folded);
    }
  }
  return maker.take();
}

}  // namespace sockscope
