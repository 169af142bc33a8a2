#include "session/lesson_driver.h"

#include <poll.h>

#include <algorithm>

#include "coach/grade.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

constexpr Time kLook = 20 * kMillisecond;  // between two looks, when nothing comes
constexpr Time kListen = 200 * kMillisecond;
constexpr Time kTypedSettles = 500 * kMillisecond;
constexpr Time kLongestEnd = 6 * kSecond;
constexpr Time kLongestAsk = 65 * kSecond;  // more than any within of a lesson

// r.jsonl, r.2.jsonl…
std::string numbered(const std::string& path, int number) {
  if (number == 1) return path;
  const auto slash = path.rfind('/') + 1;  // npos + 1: 0
  const auto dot = path.rfind('.');
  const auto end = dot == path.npos || dot < slash ? path.size() : dot;
  return path.substr(0, end) + "." + std::to_string(number) + path.substr(end);
}

}  // namespace

LessonDriver::~LessonDriver() {
  end();
}

void LessonDriver::begin() {
  end();
  if (options_.begins) options_.begins();
  session_ = Session::live(options_.interactive);
  session_->runner().keep_open();
  told_ = 0;
  if (options_.record.empty()) return;
  const auto begun = session_->record_to(numbered(options_.record, ++sessions_));
  if (!begun) trouble_ = begun.error().message;
}

void LessonDriver::end() {
  if (!session_) return;
  session_->runner().end();
  const Time until = now() + kLongestEnd;
  while (!session_->runner().finished() && now() < until) {
    session_->tick();
    session_->wait(kLook);
  }
  session_->stop();
  if (const auto saved = session_->end_recording(); !saved) trouble_ = saved.error().message;
  session_.reset();
}

void LessonDriver::reached(std::string_view lesson, int step) {
  session_->tell(event::StepReached{step, lesson});
  catch_up();
}

void LessonDriver::guessed(std::string_view guess) {
  session_->tell(event::Notice{kGuessNotice, guess});
}

bool LessonDriver::turn(const std::function<bool()>& over, Time most) {
  const Time until = now() + most;
  while (true) {
    if (session_->tick() && options_.each) options_.each(session_->trace());
    if (over()) return true;
    if (now() >= until || stopped_) return false;
    if (options_.stop && options_.stop()) {
      stopped_ = true;
      return false;
    }
    session_->wait(std::min(kLook, until - now()), options_.also);
  }
}

void LessonDriver::catch_up() {
  const Runner& runner = session_->runner();
  turn([&, since = now()] { return runner.caught_up(since); }, kTypedSettles);
}

LessonDriver::Ran LessonDriver::run(const Play& play) {
  session_->load(play);
  const bool over = turn([this] { return session_->runner().through(); }, options_.longest);
  if (stopped_) return Ran::stopped;
  if (!over) return Ran::too_long;
  catch_up();
  return session_->runner().exit_code() != 0 && !session_->runner().error().empty() ? Ran::gave_up
                                                                                    : Ran::through;
}

tl::expected<void, PlayError> LessonDriver::type(std::string_view text, const std::string& thread) {
  auto typed = session_->runner().type(text, thread);
  if (!typed) return typed;
  const Time since = now();
  turn([&] { return session_->runner().waiting().empty() && session_->engine().settled(since); },
       kTypedSettles);
  catch_up();
  return {};
}

bool LessonDriver::listen(int fd) {
  while (!stopped_) {
    pollfd readable{fd, POLLIN, 0};
    if (::poll(&readable, 1, 0) != 0) return true;
    if (session_->tick() && options_.each) options_.each(session_->trace());
    stopped_ = options_.stop && options_.stop();
    session_->wait(kListen, fd);
  }
  return false;
}

Runner::ExpectationResult LessonDriver::ask(const PlayLine& expect, bool at_once) {
  const Time since = now();
  std::optional<Runner::ExpectationResult> result;
  turn(
      [&] {
        result = session_->runner().ask(expect, since, at_once);
        return result.has_value();
      },
      kLongestAsk);
  return result.value_or(Runner::ExpectationResult{expect.number, expect.said, false, "it was stopped"});
}

std::vector<Runner::ExpectationResult> LessonDriver::expectations() {
  const auto& all = session_->runner().expectations();
  std::vector<Runner::ExpectationResult> fresh(all.begin() + static_cast<std::ptrdiff_t>(told_), all.end());
  told_ = all.size();
  return fresh;
}

}  // namespace sockscope
