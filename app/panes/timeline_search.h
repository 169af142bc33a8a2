#pragma once
// Searches a trace for what a query says, a part of it at a time, so that no frame waits for ten million
// events; what comes later is searched as it comes. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "panes/timeline_index.h"
#include "panes/timeline_query.h"

namespace sockscope {

struct SearchHit {
  enum class Kind : std::uint8_t { call, socket, packet, thread };
  Time at = 0;            // when it became so: a call that failed when it came back, else when it was made
  std::uint32_t seq = 0;  // call: of its CallEntered; else of the event
  std::uint32_t id = 0;   // of the call, socket, packet, thread
  Kind kind = Kind::call;
};

class TimelineSearch {
 public:
  static constexpr std::size_t kMostHits = 1'000'000;

  // Another query: what was found is forgotten.
  void ask(std::string_view text);
  const std::string& asked() const { return text_; }
  const SearchQuery& query() const { return query_; }

  // Looks at up to `events` events more of `trace`, which `index` has read; another trace begins anew. `now`:
  // until then calls that have not come back have lasted. Returns whether there is more to look at.
  bool advance(const Trace& trace, const TimelineIndex& index, Time now, std::size_t events);
  // Of the trace's events, from 0 to 1.
  double progress() const;

  const std::vector<SearchHit>& hits() const { return hits_; }  // by time
  bool too_many() const { return hits_.size() >= kMostHits; }   // there may be more
  // The first hit at or after `t`; size() if there is none.
  std::size_t from(Time t) const;

 private:
  struct OpenCall {
    std::uint32_t seq = 0;
    bool found = false, blocked = false;
  };
  // What a call is known by; `returned` and `took` < 0 are not known yet.
  struct CallFacts {
    const event::CallEntered* entered = nullptr;
    const event::CallReturned* returned = nullptr;
    Time took = -1;
    bool blocked = false;
  };
  void restart();
  void look(const Event& event, std::uint32_t seq);
  void on(const event::CallEntered& e, Time at, std::uint32_t seq);
  void on(const event::CallReturned& e, Time at, std::uint32_t seq);
  void on(const event::CallBlocked& e, Time at, std::uint32_t seq);
  void on(const event::StateChanged& e, Time at, std::uint32_t seq);
  void on(const event::ThreadStarted& e, Time at, std::uint32_t seq);
  void on(const event::PacketSent& e, Time at, std::uint32_t seq);
  void on(const event::PacketDropped& e, Time at, std::uint32_t seq);
  template <typename Other>
  void on(const Other&, Time, std::uint32_t) {}

  bool fits(const CallFacts& call) const;
  bool fits(const SearchTerm& term, const CallFacts& call) const;
  bool fits(const SearchTerm& term, const PacketState& packet) const;
  bool thread_fits(const SearchTerm& term, ThreadId id) const;
  bool socket_fits(const SearchTerm& term, SocketId id) const;
  // Which of the query's terms the thread, or the socket, fits: bit i is term i.
  std::uint32_t thread_terms(ThreadId id) const;
  std::uint32_t socket_terms(SocketId id) const;
  void look_at_packet(PacketId id, Time at, std::uint32_t seq);
  void open_calls(Time now);
  void found(SearchHit hit);

  std::string text_;
  SearchQuery query_;
  const Trace* trace_ = nullptr;
  const TimelineIndex* index_ = nullptr;  // within advance()
  Time start_ = 0;
  std::size_t next_ = 0;
  std::vector<SearchHit> hits_;
  std::unordered_map<CallId, OpenCall> open_;
  // Known within one advance(), by id; kNotAsked: not looked up yet.
  static constexpr std::uint64_t kNotAsked = ~std::uint64_t{0};
  mutable std::vector<std::uint64_t> thread_terms_, socket_terms_;
};

}  // namespace sockscope
