#include "play/runner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <map>

#include "play/check.h"
#include "play/names_used.h"
#include "play/step.h"

namespace sockscope {
namespace {

constexpr Time kEndCap = 5 * kSecond;  // for blocked calls to come back at the end

Time sooner(Time a, Time b) {
  if (a < 0 || b < 0) return std::max(a, b);
  return std::min(a, b);
}

}  // namespace

namespace {

bool makes_host(const PlayLine& line, const std::string& name) {
  const auto* host = line.directive ? std::get_if<play::directive::Host>(&line.directive->what) : nullptr;
  return host != nullptr && host->name == name;
}

}  // namespace

struct Runner::Impl {
  struct Queued {
    PlayLine line;
    std::string file;
    std::uint64_t serial = 0;  // in the order they came
  };

  // Lines that run one after another: a play, what was typed at one prompt, the typed directives.
  struct Sequence {
    std::deque<Queued> lines;
    std::optional<play::Step> step;
    Time held_since = -1;
    std::string held_by;
  };

  Impl(Engine& engine, const Trace& trace, const State& state, Options chosen)
      : options(std::move(chosen)),
        crew(engine, state, options.lab),
        stage{engine,
              crew,
              {trace, state, crew.names(), crew.lines(), calls,
               [this](const std::string& name) { return crew.figures(name); }},
              0,
              5 * kSecond,
              options.interactive,
              {}} {}

  Options options;
  play::CallLog calls;
  play::Crew crew;
  play::Stage stage;
  Sequence script;
  std::map<std::string, Sequence> typed;  // by thread; "%" holds the directives
  std::uint64_t last_serial = 0;
  bool loaded = false, open = false, ending = false, over = false;
  Time end_begun = 0;
  int code = 0;
  std::string error;

  bool advance(Sequence& sequence);
  bool may_start(Sequence& sequence);
  bool start(Sequence& sequence);
  std::optional<std::string> held_by(const Queued& next) const;
  void fail(const Queued& queued, const play::Crew::Failure& failure);
  void begin_end();
  void poll_end();
  tl::expected<void, PlayError> check_typed(const PlayLine& line) const;
  Time wake_of(const Sequence& sequence) const;
};

Runner::Runner(Engine& engine, const Trace& trace, const State& state, Options options)
    : impl_(std::make_unique<Impl>(engine, trace, state, std::move(options))) {
  Lab* lab = impl_->options.lab;
  if (lab == nullptr) return;
  Hosts& hosts = engine.room().hosts();
  hosts.set_make_socket([lab](const std::string& host, int family, int type, int protocol) {
    return lab->make_socket(host, family, type, protocol);
  });
  hosts.set_namespaces([lab](const std::string& host) { return lab->namespaces(host); });
}
Runner::~Runner() = default;

void Runner::hosts_ended(const std::vector<std::string>& hosts) {
  impl_->crew.hosts_ended(hosts);
}

void Runner::load(const Play& play) {
  impl_->loaded = true;
  for (const PlayLine& line : play.lines)
    impl_->script.lines.push_back({line, play.file, ++impl_->last_serial});
}

void Runner::keep_open() {
  impl_->open = true;
}

bool Runner::through() const {
  return impl_->ending || (impl_->script.lines.empty() && !impl_->script.step);
}

std::optional<Runner::ExpectationResult> Runner::ask(const PlayLine& expect, Time since, bool at_once) const {
  const auto& what = std::get<play::directive::Expect>(expect.directive->what);
  const bool throughout = what.throughout >= 0 && !at_once;
  const Time most = at_once                ? 0
                    : what.throughout >= 0 ? what.throughout
                    : what.within >= 0     ? what.within
                                           : play::kExpectWithin;
  const auto so = play::decide(*what.condition, {since, since + most, throughout}, impl_->stage.horizon,
                               impl_->stage.ground);
  if (!so) return std::nullopt;
  return ExpectationResult{expect.number, expect.said, so->verdict == play::Verdict::holds, so->saw};
}

void Runner::committed(Time horizon) {
  impl_->stage.horizon = std::max(impl_->stage.horizon, horizon);
}

bool Runner::caught_up(Time with) const {
  return impl_->stage.horizon >= with;
}

void Runner::poll() {
  if (impl_->over) return;
  bool moved = true;
  while (moved && !impl_->ending) {
    moved = impl_->advance(impl_->script);
    for (auto& [thread, sequence] : impl_->typed) moved = impl_->advance(sequence) || moved;
  }
  const bool ends = !impl_->options.interactive && !impl_->open;
  if (ends && impl_->loaded && through() && !impl_->ending) impl_->begin_end();
  if (impl_->ending) impl_->poll_end();
}

// Returns whether it got further.
bool Runner::Impl::advance(Sequence& sequence) {
  if (ending) return false;
  if (!sequence.step) return !sequence.lines.empty() && may_start(sequence) && start(sequence);
  const auto done = sequence.step->poll();
  if (done && !*done) return false;
  const Queued queued = std::move(sequence.lines.front());
  sequence.lines.pop_front();
  sequence.step.reset();
  if (!done) fail(queued, done.error());
  return true;
}

bool Runner::Impl::may_start(Sequence& sequence) {
  const Queued& next = sequence.lines.front();
  const auto why = held_by(next);
  if (!why) {
    sequence.held_since = -1;
    return true;
  }
  if (sequence.held_since < 0) sequence.held_since = now();
  sequence.held_by = *why;
  if (options.interactive || now() < sequence.held_since + stage.deadline) return false;
  const Queued late = next;
  sequence.lines.pop_front();
  sequence.held_since = -1;
  fail(late, {1, fmt::format("waits for {}; move it below the line that frees it", *why)});
  return false;
}

// Its thread or a name that a running line will bind; of what was typed, also one that a line typed earlier
// will.
std::optional<std::string> Runner::Impl::held_by(const Queued& next) const {
  auto why = crew.held_by(next.line);
  if (why || !next.line.statement) return why;
  if (!next.line.host.empty() && !crew.has_host(next.line.host))
    for (const auto& [thread, sequence] : typed)
      for (const Queued& earlier : sequence.lines)
        if (earlier.serial < next.serial && makes_host(earlier.line, next.line.host))
          return fmt::format("the host {}, which '{}' will make", next.line.host, earlier.line.text);
  play::names_read(*next.line.statement, [&](const std::string& name, std::size_t) {
    if (why || crew.names().bound(name)) return;
    for (const auto& [thread, sequence] : typed)
      for (const Queued& earlier : sequence.lines) {
        if (earlier.serial >= next.serial || !earlier.line.statement) continue;
        const auto binds = play::names_bound(*earlier.line.statement);
        if (std::find(binds.begin(), binds.end(), name) != binds.end())
          why = fmt::format("the name {}, which '{}' will bind", name, earlier.line.text);
      }
  });
  return why;
}

bool Runner::Impl::start(Sequence& sequence) {
  const Queued& next = sequence.lines.front();
  sequence.step.emplace(stage, next.line, next.file, &sequence == &script);
  const auto started = sequence.step->start();
  if (started) return true;
  const Queued failed = std::move(sequence.lines.front());
  sequence.lines.pop_front();
  sequence.step.reset();
  fail(failed, started.error());
  return true;
}

// A play ends here; in the window the line is given up and said so.
void Runner::Impl::fail(const Queued& queued, const play::Crew::Failure& failure) {
  const std::string message = failure.message.starts_with("waits for")
                                  ? fmt::format("line {} {}", queued.line.number, failure.message)
                                  : fmt::format("line {}: {}", queued.line.number, failure.message);
  if (options.interactive) {
    crew.put(
        event::Notice{"line-given-up", std::string_view(queued.line.number > 0 ? message : failure.message)});
    return;
  }
  code = failure.code;
  error = queued.file.empty() ? message : fmt::format("{}: {}", queued.file, message);
  begin_end();
}

void Runner::Impl::begin_end() {
  ending = true;
  end_begun = now();
  // Emptied, not erased: this may be called while they are gone through.
  const auto empty = [](Sequence& sequence) {
    sequence.lines.clear();
    sequence.step.reset();
  };
  empty(script);
  for (auto& [thread, sequence] : typed) empty(sequence);
  crew.end();
}

void Runner::Impl::poll_end() {
  if (crew.ended()) {
    over = true;
    return;
  }
  if (now() < end_begun + kEndCap) return;
  over = true;
  if (code == 0) code = 1;
  error = fmt::format("these did not come back: {}", fmt::join(crew.not_ended(), ", "));
}

tl::expected<void, PlayError> Runner::type(std::string_view text, const std::string& thread) {
  auto line = parse_line(text, thread);
  if (!line) return tl::unexpected(std::move(line.error()));
  if (!line->statement && !line->directive) return {};
  if (auto checked = impl_->check_typed(*line); !checked) return checked;
  if (impl_->ending) return {};
  const std::string queue = line->directive ? "%" : line->thread;
  impl_->typed[queue].lines.push_back({std::move(*line), impl_->options.file, ++impl_->last_serial});
  return {};
}

// One name for two kinds, and what nothing is called.
tl::expected<void, PlayError> Runner::Impl::check_typed(const PlayLine& line) const {
  const auto refuse = [&](std::size_t at, std::string message) {
    return tl::unexpected(play::play_error("typed", 0, line.text, {at, std::move(message), false}));
  };
  const auto clash = [&](const std::string& name, std::string_view kind) {
    const std::string_view known = crew.names().kind(name);
    return !known.empty() && known != kind;
  };
  const auto message = [&](const std::string& name, std::string_view kind) {
    return fmt::format("'{}' is a {} and cannot be a {} too; choose another name", name,
                       crew.names().kind(name), kind);
  };
  if (line.statement) {
    if (clash(line.thread, "thread")) return refuse(0, message(line.thread, "thread"));
    for (const std::string& name : play::names_bound(*line.statement))
      if (clash(name, "variable") || name == line.thread || name == "main")
        return refuse(line.text.find(name), clash(name, "variable") ? message(name, "variable")
                                                                    : fmt::format("'{}' is a thread", name));
    return {};
  }
  const auto& what = line.directive->what;
  const std::size_t at = line.directive->subject_at;
  if (const auto* serve = std::get_if<play::directive::Serve>(&what);
      serve != nullptr && clash(serve->options.name, "server"))
    return refuse(at, message(serve->options.name, "server"));
  if (const auto* load = std::get_if<play::directive::Load>(&what);
      load != nullptr && clash(load->options.name, "load"))
    return refuse(at, message(load->options.name, "load"));
  if (const auto* host = std::get_if<play::directive::Host>(&what);
      host != nullptr && clash(host->name, "host"))
    return refuse(at, message(host->name, "host"));
  return {};
}

std::vector<Runner::Waiting> Runner::waiting() const {
  std::vector<Waiting> all;
  const auto add = [&all](const Impl::Sequence& sequence) {
    for (std::size_t i = 0; i < sequence.lines.size(); ++i) {
      if (i == 0 && sequence.step && sequence.lines[0].line.statement) continue;  // it runs
      const PlayLine& line = sequence.lines[i].line;
      const std::string why = i > 0           ? "the line before it"
                              : sequence.step ? sequence.step->why()
                                              : sequence.held_by;
      all.push_back({line.directive ? "main" : line.thread, line.said, why});
    }
  };
  add(impl_->script);
  for (const auto& [thread, sequence] : impl_->typed) add(sequence);
  return all;
}

Time Runner::Impl::wake_of(const Sequence& sequence) const {
  if (sequence.step) return sequence.step->next_wake();
  if (sequence.lines.empty() || sequence.held_since < 0 || options.interactive) return -1;
  return sequence.held_since + stage.deadline;
}

Time Runner::next_wake() const {
  if (impl_->over) return -1;
  if (impl_->ending) return std::min(now() + 20 * kMillisecond, impl_->end_begun + kEndCap);
  Time next = impl_->wake_of(impl_->script);
  if (!impl_->script.step && !impl_->script.lines.empty() && impl_->script.held_since < 0) next = now();
  for (const auto& [thread, sequence] : impl_->typed) {
    if (!sequence.step && !sequence.lines.empty() && sequence.held_since < 0) next = now();
    next = sooner(next, impl_->wake_of(sequence));
  }
  if (!impl_->options.interactive && !impl_->open && impl_->loaded && impl_->script.lines.empty())
    next = now();
  return next;
}

bool Runner::finished() const {
  return impl_->over;
}

int Runner::exit_code() const {
  if (impl_->code != 0) return impl_->code;
  const auto& all = impl_->stage.expectations;
  return std::all_of(all.begin(), all.end(), [](const auto& e) { return e.ok; }) ? 0 : 1;
}

const std::string& Runner::error() const {
  return impl_->error;
}

const std::vector<Runner::ExpectationResult>& Runner::expectations() const {
  return impl_->stage.expectations;
}

void Runner::end() {
  if (!impl_->ending) impl_->begin_end();
}

}  // namespace sockscope
