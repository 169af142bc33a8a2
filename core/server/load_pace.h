#pragma once
// How many clients of a load are under way at once. A server whose accept queue is full drops a SYN, and the
// client's kernel repeats it after 1 s, 3 s, 7 s…: so such a SYN makes them fewer, and answers slowly more
// again, as TCP itself does with its congestion window. Of this room only.

#include <algorithm>

#include "trace/clock.h"

namespace sockscope {

class LoadPace {
 public:
  static constexpr unsigned kAnswersForOneMore = 32;
  // A SYN answered sooner was not repeated (TCP_TIMEOUT_INIT is 1 s): the machine was slow, no queue full.
  static constexpr Time kSlow = 500 * kMillisecond;

  void limit(unsigned most) { most_ = at_once_ = most; }
  unsigned at_once() const { return at_once_; }
  bool has_room() const { return under_way_ < at_once_ && under_way_ + unanswered_ < most_; }

  void begins() { ++under_way_; }
  void ends() { --under_way_; }
  void answered() {
    if (++answers_ % kAnswersForOneMore == 0 && at_once_ < most_) ++at_once_;
  }

  // A client whose SYN is not answered: it does not count until its connect has ended, one way or the other,
  // but all together stay within the limit.
  struct Unanswered {
    Time since = -1;  // −1: it is not
    unsigned fewer = 0;
  };
  Unanswered unanswered(Time at) {
    --under_way_;
    ++unanswered_;
    const unsigned before = at_once_;
    at_once_ = std::clamp(under_way_, 2U, before + 1) - 1;  // one below what the server had room for
    return {at, before - at_once_};
  }
  void ended(Unanswered& client, Time at) {
    if (client.since < 0) return;
    ++under_way_;
    --unanswered_;
    if (at - client.since < kSlow) at_once_ = std::min(most_, at_once_ + client.fewer);
    client = {};
  }

 private:
  unsigned most_ = 1, at_once_ = 1;
  unsigned under_way_ = 0;  // with stay: not connected yet
  unsigned unanswered_ = 0;
  unsigned answers_ = 0;
};

}  // namespace sockscope
