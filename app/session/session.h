#pragma once
// A session: live (an engine, an observer, a runner) or replay (a loaded recording). Everything above it
// reads trace() and state() and cannot tell which. Per tick: observe → commit → fold → run. One owner thread.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.h"
#include "play/play.h"
#include "play/runner.h"
#include "trace/recording.h"
#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

class Session {
 public:
  static std::unique_ptr<Session> live(bool interactive);
  static std::unique_ptr<Session> replay(Trace trace, std::string file);
  // The same; `go_on` is told now and then what part is done, from 0 to 1. nullptr: it said false.
  static std::unique_ptr<Session> replay(Trace trace, std::string file,
                                         const std::function<bool(float part)>& go_on);
  ~Session();  // stops the engine, commits what is left, closes the recording
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  bool is_live() const;
  bool recording() const;
  const std::string& file() const;
  const Trace& trace() const;
  const State& state() const;  // at the end of the trace
  // The state after the first `seq` events; folded from the nearest earlier point.
  const State& state_at(std::size_t seq);

  // Live only.
  Engine& engine();
  Runner& runner();
  tl::expected<void, FileError> record_to(const std::string& path);
  void load(const Play& play);
  void tell(Body body);  // into the trace

  // One turn. Returns whether the trace grew.
  bool tick();
  // Sleeps until something that came into the inbox can be committed, something is due, `also` becomes
  // readable (a signalfd; −1: none), or `most` passes.
  void wait(Time most, int also = -1);
  Time next_due() const;  // when tick() has something to do even if nothing happens; −1: nothing
  int wake_fd() const;    // readable when something came since the last tick; −1 in replay
  // Runs until the play has finished and everything is committed (headless). `each` is called after every
  // tick that grew the trace; `stop` ends the play early when it returns true (a signal, told by `also`).
  void run_to_end(const std::function<void()>& each, const std::function<bool()>& stop, int also = -1);
  // Commits everything in the inbox, without the hold, and writes it.
  void settle_trace();
  // Writes what was committed and closes the recording. Error: the recording is not whole.
  tl::expected<void, FileError> end_recording();
  // Interrupts and joins all threads; names of those that did not come back.
  std::vector<std::string> stop();

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sockscope
