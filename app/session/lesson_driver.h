#pragma once
// A lesson's lines and questions on live sessions, one after another; every loop here ends. One owner thread.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "session/session.h"

namespace sockscope {

class LessonDriver {
 public:
  struct Options {
    bool interactive = false;                // lines are typed: one that has to wait is queued
    Time longest = 120 * kSecond;            // of one block's lines
    std::function<void(const Trace&)> each;  // called when its trace grew, but not by its end
    std::function<void()> begins;            // called before a new session's first events
    std::string record;          // the first session's recording; r.jsonl: then r.2.jsonl, r.3.jsonl…
    std::function<bool()> stop;  // ends everything early; told by `also`
    int also = -1;
  };
  explicit LessonDriver(Options options) : options_(std::move(options)) {}
  ~LessonDriver();
  LessonDriver(const LessonDriver&) = delete;
  LessonDriver& operator=(const LessonDriver&) = delete;

  // A new session; nothing of the one before is there any more.
  void begin();
  void end();  // interrupts what is blocked and joins all threads
  bool begun() const { return session_ != nullptr; }
  Session& session() { return *session_; }

  // Told to the trace; a step is there when it is back.
  void reached(std::string_view lesson, int step);
  void guessed(std::string_view guess);                    // guess_text()
  const std::string& trouble() const { return trouble_; }  // of recording; empty: there was none

  enum class Ran { through, gave_up, too_long, stopped };
  Ran run(const Play& play);  // until every line was run and all has settled
  // A line typed at `thread`'s prompt, until all has settled or half a second has passed.
  tl::expected<void, PlayError> type(std::string_view text, const std::string& thread);
  // Until something can be read there; meanwhile what happens is shown. False: it was stopped.
  bool listen(int fd);
  Runner::ExpectationResult ask(const PlayLine& expect, bool at_once);
  // Those of the present session since this was asked last.
  std::vector<Runner::ExpectationResult> expectations();
  bool stopped() const { return stopped_; }

 private:
  // Ticks until `over`, a stop or `most` has passed. Whether it was over.
  bool turn(const std::function<bool()>& over, Time most);
  void catch_up();  // what has happened is in the trace

  Options options_;
  std::unique_ptr<Session> session_;
  std::size_t told_ = 0;  // expectations
  bool stopped_ = false;
  int sessions_ = 0;
  std::string trouble_;
};

}  // namespace sockscope
