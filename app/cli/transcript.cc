#include "cli/transcript.h"

#include <fmt/format.h>

#include "cli/output.h"
#include "engine/engine.h"
#include "explain/error_desk.h"
#include "explain/waiting.h"

namespace sockscope::cli {
namespace {

// As a play has it: the host of a thread that is not on this machine.
std::string prompt_of(const ThreadState& thread) {
  const std::string host = network_of(thread.host);
  return host.empty() ? thread.name : thread.name + "@" + host;
}

}  // namespace

void Transcript::follow(const Trace& trace) {
  if (state_.next() >= trace.size()) return;
  trace_ = &trace;
  while (state_.next() < trace.size()) {
    const Event& event = trace[state_.next()];
    std::visit([this](const auto& body) { show(body); }, event.body);
    state_.apply(event, state_.next());
  }
  trace_ = nullptr;
  flush();
}

void Transcript::show(const event::LineStarted& line) {
  const ThreadState* thread = state_.thread(line.thread);
  const std::string_view text = line.text.view();
  const bool directive = text.starts_with('%');
  if (!typed_)
    say_line(directive || thread == nullptr ? std::string(text)
                                            : fmt::format("{}>>> {}", prompt_of(*thread), text));
  lines_[line.line_id] = line.line;
  failed_.erase(line.thread);
  deadlocked_.clear();
  last_ = line.line_id;
}

void Transcript::show(const event::LineEnded& line) {
  const auto begun = lines_.find(line.line_id);
  const std::int32_t number = begun == lines_.end() ? 0 : begun->second;
  if (begun != lines_.end()) lines_.erase(begun);
  const bool failed = !line.exception.empty();
  if (!failed && (line.text.empty() || line.text.view() == "None")) return;
  std::string result;
  if (line.line_id != last_) {
    const ThreadState* thread = state_.thread(line.thread);
    result = fmt::format("[{}, line {}] ", thread == nullptr ? "?" : thread->name, number);
  }
  if (failed) {
    result += fmt::format("{}: {}", line.exception.view(), line.text.view());
  } else {
    result += line.text.view();
  }
  say_line(result);
  const std::string words = plain_words(line);
  if (!words.empty()) say_line("  # " + words);
  last_ = 0;
}

// connect_ex fails without an exception.
std::string Transcript::plain_words(const event::LineEnded& line) const {
  const auto call = failed_.find(line.thread);
  if (call != failed_.end()) return call->second;
  const auto explained = explain_line(*trace_, state_, state_.next(), untranslated);
  return explained ? explained->plain : std::string();
}

void Transcript::show(const event::CallReturned& call) {
  const ThreadState* thread = state_.thread(call.thread);
  if (call.interrupted) {
    // Who is let out of a circle leaves a smaller one behind: that is the same deadlock.
    const std::size_t told = deadlocked_.size();
    for (const ThreadId one : deadlock(state_)) deadlocked_.insert(one);
    if (deadlocked_.size() > told) say_line("[deadlock] " + deadlock_text(state_, untranslated));
  }
  if (thread == nullptr || thread->role != ThreadRole::play || !thread->line_running) return;
  const auto explained = explain(*trace_, state_, state_.next(), untranslated);
  if (explained && !call.interrupted)
    failed_[call.thread] = explained->plain;
  else
    failed_.erase(call.thread);
}

void Transcript::show(const event::Expectation& expectation) {
  say_line(fmt::format("%expect {}", expectation.text.view()));
  say_line(expectation.met ? std::string("ok") : fmt::format("FAILED; saw {}", expectation.saw.view()));
  last_ = 0;
}

void Transcript::show(const event::HandlerPrinted& printed) {
  const ServerState* server = state_.server(printed.server);
  say_line(fmt::format("[{} prints] {}", server == nullptr ? "server" : server->name, printed.text.view()));
  last_ = 0;
}

void Transcript::show(const event::Notice& notice) {
  say_line(fmt::format("[notice] {}", notice.text.view()));
  last_ = 0;
}

void Transcript::show(const event::SettleTimedOut& settle) {
  say_line(fmt::format("[line {}] goes on while {} still moves", settle.line, settle.moving.view()));
  last_ = 0;
}

}  // namespace sockscope::cli
