#include "play/step.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "play/names_used.h"

namespace sockscope::play {
namespace {

// Looking again at a horizon that has to move first.
constexpr Time kAgain = 2 * kMillisecond;

std::string held_now(const State& state) {
  std::string all;
  for (std::size_t i = 0; i < state.packets().size() && all.size() < 200; ++i) {
    const PacketState& packet = state.packets()[i];
    if (packet.place != PacketPlace::held) continue;
    (all += all.empty() ? "" : ", ") += packet.known ? gist_of(packet.header) : "a frame";
  }
  return all.empty() ? "none is held" : "held are " + all;
}

}  // namespace

Crew::Done Step::start() {
  started_ = now();
  if (line_.statement) {
    if (auto done = stage_.crew.start(line_, file_); !done) return done;
    settle();
    return {};
  }
  if (auto done = tell(); !done) return done;
  auto begun = begin(*line_.directive);
  if (!begun) tell_end(begun.error().message);
  return begun;
}

// Expectations have events of their own; %deadline and %host do nothing that could be seen.
Crew::Done Step::tell() {
  const auto& what = line_.directive->what;
  if (std::holds_alternative<directive::Expect>(what) || std::holds_alternative<directive::Deadline>(what) ||
      std::holds_alternative<directive::Nothing>(what))
    return {};
  const auto told = stage_.crew.begin_directive(line_, file_);
  if (!told) return tl::unexpected(told.error());
  told_ = *told;
  return {};
}

void Step::tell_end(std::string_view failure) {
  if (told_) stage_.crew.end_directive(*told_, failure);
  told_.reset();
}

Crew::Done Step::begin(const Directive& directive) {
  const auto& what = directive.what;
  if (const auto* serve = std::get_if<directive::Serve>(&what)) {
    settle();
    return stage_.crew.serve(*serve);
  }
  if (const auto* load = std::get_if<directive::Load>(&what)) {
    if (load->meanwhile)
      settle();
    else
      phase_ = Phase::load;
    return stage_.crew.load(*load);
  }
  if (const auto* stop = std::get_if<directive::Stop>(&what)) {
    phase_ = stop->closes && stage_.crew.is_server(stop->name) ? Phase::leave : Phase::stop;
    return stage_.crew.stop(*stop);
  }
  if (const auto* interrupt = std::get_if<directive::Interrupt>(&what)) {
    if (stage_.crew.is_server(interrupt->thread)) {
      phase_ = Phase::leave;
      return {};
    }
    settle();
    return stage_.crew.interrupt(*interrupt);
  }
  if (const auto* file = std::get_if<directive::File>(&what)) {
    settle();
    return stage_.crew.file(*file);
  }
  if (const auto* host = std::get_if<directive::Host>(&what)) {
    settle();
    return stage_.crew.host(*host);
  }
  if (const auto* wire = std::get_if<directive::Wire>(&what)) {
    settle();
    return stage_.crew.wire(*wire);
  }
  if (std::holds_alternative<directive::Held>(what)) {
    phase_ = Phase::held;
    return {};
  }
  if (const auto* wait = std::get_if<directive::Wait>(&what)) {
    phase_ = Phase::wait;
    until_ = started_ + wait->time;
  } else if (const auto* condition = std::get_if<directive::WaitUntil>(&what)) {
    phase_ = Phase::until;
    until_ = started_ + (condition->within >= 0 ? condition->within : stage_.deadline);
  } else if (const auto* expect = std::get_if<directive::Expect>(&what)) {
    phase_ = Phase::expect;
    until_ = started_ + (expect->throughout >= 0 ? expect->throughout
                         : expect->within >= 0   ? expect->within
                                                 : kExpectWithin);
  } else if (const auto* deadline = std::get_if<directive::Deadline>(&what)) {
    stage_.deadline = deadline->time;
  }
  return {};
}

void Step::settle() {
  phase_ = settles_ ? Phase::settle : Phase::over;
  settling_ = now();
}

tl::expected<bool, Crew::Failure> Step::poll() {
  switch (phase_) {
    case Phase::load: {
      const std::string& name = std::get<directive::Load>(line_.directive->what).options.name;
      if (!stage_.crew.load_finished(name)) return overdue(fmt::format("the clients of load {}", name));
      settle();
      break;
    }
    case Phase::stop: {
      const std::string& name = std::get<directive::Stop>(line_.directive->what).name;
      if (!stage_.crew.stopped(name)) return overdue(fmt::format("the threads of {} to end", name));
      settle();
      break;
    }
    case Phase::leave: {
      const auto* stop = std::get_if<directive::Stop>(&line_.directive->what);
      const std::string& name =
          stop != nullptr ? stop->name : std::get<directive::Interrupt>(line_.directive->what).thread;
      if (!stage_.crew.left(name, stop != nullptr)) return overdue(fmt::format("{} to come back", name));
      settle();
      break;
    }
    case Phase::wait:
      if (now() < until_) return false;
      settle();
      break;
    case Phase::until:
    case Phase::expect:
      if (!judged()) return false;
      phase_ = Phase::over;
      break;
    case Phase::held:
      if (!let_go())
        return overdue(fmt::format("a held packet that fits; {}", held_now(stage_.ground.state)));
      settle();
      break;
    case Phase::settle:
    case Phase::over:
      break;
  }
  if (phase_ == Phase::settle && !stage_.engine.settled(settling_)) {
    if (now() < settling_ + kSettleCap) return false;
    stage_.crew.put(event::SettleTimedOut{
        line_.number, std::string_view(fmt::format("{}", fmt::join(stage_.engine.moving(settling_), ", ")))});
  }
  phase_ = Phase::over;
  tell_end({});
  return true;
}

tl::expected<bool, Crew::Failure> Step::overdue(const std::string& what) {
  if (stage_.interactive || now() < started_ + stage_.deadline) return false;
  const std::string message = fmt::format("waits for {}, longer than the deadline", what);
  tell_end(message);
  return tl::unexpected(Crew::Failure{1, message});
}

// False: no packet that is held fits (yet).
bool Step::let_go() {
  const auto& held = std::get<directive::Held>(line_.directive->what);
  const Packets& packets = stage_.ground.state.packets();
  bool any = false;
  for (std::size_t i = 0; i < packets.size() && (held.all || !any); ++i) {
    if (packets[i].id == 0 || packets[i].place != PacketPlace::held) continue;
    if (fits(packets[i], held.where.get(), stage_.ground))
      any = stage_.crew.let(packets[i].id, held.go) || any;
  }
  return any;
}

bool Step::judged() {
  const auto* expect = std::get_if<directive::Expect>(&line_.directive->what);
  const bool throughout = expect != nullptr && expect->throughout >= 0;
  const auto so =
      decide(*condition_of(*line_.directive), {started_, until_, throughout}, stage_.horizon, stage_.ground);
  if (!so) return false;
  const bool holds = so->verdict == Verdict::holds;
  if (expect != nullptr || !holds) conclude(holds, so->saw);
  return true;
}

// A %wait until that did not come is told as an expectation that failed.
void Step::conclude(bool met, const std::string& saw) {
  std::string_view condition = line_.said;
  for (const std::string_view before : {"%expect", "%wait", "until"}) {
    if (!condition.starts_with(before)) continue;
    condition.remove_prefix(before.size());
    condition.remove_prefix(std::min(condition.find_first_not_of(" \t"), condition.size()));
  }
  stage_.expectations.push_back({line_.number, std::string(condition), met, saw});
  stage_.crew.put(event::Expectation{line_.number, met, std::string_view(base_name(file_)), condition,
                                     std::string_view(saw)});
}

Time Step::next_wake() const {
  switch (phase_) {
    case Phase::load:
    case Phase::leave:
    case Phase::stop: {
      const Time due = stage_.interactive ? now() + 50 * kMillisecond : started_ + stage_.deadline;
      return std::min(due, now() + 50 * kMillisecond);
    }
    case Phase::held:
      return stage_.interactive ? now() + 50 * kMillisecond : started_ + stage_.deadline;
    case Phase::wait:
      return until_;
    case Phase::until:
    case Phase::expect:
      // Between the two times something happens, or nothing does and nothing changes.
      return now() < started_ + kAgain || stage_.horizon < started_ ? now() + kAgain
             : now() < until_                                       ? until_
                                                                    : now() + kAgain;
    case Phase::settle:
      return settling_ + kSettleCap;
    case Phase::over:
      break;
  }
  return now();
}

std::string Step::why() const {
  switch (phase_) {
    case Phase::load:
      return "the clients of the load";
    case Phase::stop:
      return "its threads to end";
    case Phase::leave:
      return "the server to come back";
    case Phase::held:
      return "a held packet that fits";
    case Phase::wait:
      return "the time to pass";
    case Phase::until:
    case Phase::expect:
      return "the condition to hold";
    case Phase::settle:
    case Phase::over:
      break;
  }
  return "the threads to settle";
}

}  // namespace sockscope::play
