#pragma once
// The same clients against several servers, side by side: what of each server and its load can be drawn over
// one time axis. Pure; reads a trace once, and what it has grown by since.

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "trace/trace.h"

namespace sockscope {

struct RaceStep {  // so from here on
  Time at = 0;
  std::uint64_t value = 0;
  friend bool operator==(const RaceStep&, const RaceStep&) = default;
};

struct RaceRunner {  // one client of the load
  SocketId socket = 0;
  Time connects = 0;
  Time answered = -1;  // when its last answer so far was whole; −1: it has none
  Time refused = -1;   // ECONNREFUSED
  Time ended = -1;     // it closed
  friend bool operator==(const RaceRunner&, const RaceRunner&) = default;
};

struct RaceLane {
  ServerId server = 0;
  std::string name, model;
  SocketId listener = 0;
  std::uint32_t limit = 0;                     // of the accept queue
  std::vector<RaceStep> queue, busy, threads;  // in the accept queue · being served · alive
  std::vector<RaceStep> memory, switches;      // bytes of stacks · context switches by waiting
  std::vector<RaceRunner> runners;             // in the order in which they began
  std::uint32_t clients = 0;                   // of its loads
  Time from = -1, to = -1;                     // of its loads; −1: not begun, not ended
};

class Race {
 public:
  // Reads what `trace` has beyond what was read; another trace, or one that begins otherwise, anew.
  void extend(const Trace& trace);
  // The servers that have had a load, in the order in which they started.
  std::vector<const RaceLane*> lanes() const;
  // At least two of them were under load at once.
  bool is_one() const;
  // When the first load began; when the last one ended, or `now` while one runs.
  Time from() const;
  Time to(Time now) const;

 private:
  void note(const Event& event);
  void on(const event::ServerStarted& e, Time at);
  void on(const event::ServerSampled& e, Time at);
  void on(const event::ThreadStarted& e, Time at);
  void on(const event::ThreadEnded& e, Time at);
  void on(const event::LoadStarted& e, Time at);
  void on(const event::LoadEnded& e, Time at);
  void on(const event::ClientStarted& e, Time at);
  void on(const event::ClientEnded& e, Time at);
  void on(const event::ListenerSampled& e, Time at);
  void on(const event::CallEntered& e, Time at);
  void on(const event::CallReturned& e, Time at);
  void on(const event::SocketClosed& e, Time at);
  template <typename Other>
  void on(const Other&, Time) {}
  RaceLane* lane_of(std::string_view to);
  RaceRunner* runner(SocketId socket);

  struct Place {
    std::size_t lane, runner;
  };
  struct Counts {
    std::uint64_t busy = 0, threads = 0;
  };
  const Trace* trace_ = nullptr;
  Time start_ = 0;
  std::size_t read_ = 0;
  std::vector<RaceLane> lanes_;
  std::vector<Counts> counts_;                          // by lane
  std::vector<std::string> addresses_;                  // by lane
  std::unordered_map<std::string, std::size_t> loads_;  // a load's name → its lane
  std::unordered_map<ServerId, std::size_t> load_ids_;
  std::unordered_map<ThreadId, std::size_t> of_load_, of_server_;  // thread → lane
  std::unordered_map<SocketId, Place> places_;
  std::unordered_map<CallId, SocketId> calls_;  // to one of them: connect, recv
};

// The value at `at`; 0 before the first step.
std::uint64_t value_at(const std::vector<RaceStep>& steps, Time at);

}  // namespace sockscope
