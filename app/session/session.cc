#include "session/session.h"

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "kernel/observer.h"
#include "session/keyframes.h"

namespace sockscope {
namespace {

Time earlier(Time a, Time b) {
  if (a < 0) return b;
  if (b < 0) return a;
  return std::min(a, b);
}

int milliseconds_until(Time when, Time from) {
  constexpr Time kLongest = 60 * 60 * 1000;
  if (when <= from) return 0;
  return static_cast<int>(std::min((when - from + kMillisecond - 1) / kMillisecond, kLongest));
}

}  // namespace

struct Session::Impl {
  std::string file;
  Trace trace;
  State state;
  Keyframes keyframes;
  std::optional<RecordingWriter> writer;
  std::string recording_error;
  // live; made in this order, so ended in the other
  std::unique_ptr<Inbox> inbox;
  Inbox::Lane* lane = nullptr;
  std::unique_ptr<Lab> lab;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Observer> observer;
  std::unique_ptr<Runner> runner;
  int wake = -1;  // an epoll of everything that is reason to tick; the inbox's own where there can be none
  bool hears_lab = false;  // the lab's own is among them
  Time moved = 0, commit_due = -1;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (wake >= 0) ::close(wake);
  }

  void watch_for_wakes() {
    wake = ::epoll_create1(EPOLL_CLOEXEC);
    for (const int fd : {inbox->wake_fd(), observer->wake_fd()}) watch(fd);
  }
  void watch(int fd) const {
    epoll_event readable{};
    readable.events = EPOLLIN;
    if (wake >= 0 && fd >= 0) ::epoll_ctl(wake, EPOLL_CTL_ADD, fd, &readable);
  }

  // Its keeper is gone: that is all the lab wakes us for.
  void look_at_lab() {
    const int fd = lab->wake_fd();
    if (fd >= 0 && !hears_lab) watch(fd);
    hears_lab = hears_lab || fd >= 0;
    const std::vector<std::string> ended = lab->poll();
    if (ended.empty()) return;
    if (wake >= 0) ::epoll_ctl(wake, EPOLL_CTL_DEL, fd, nullptr);
    runner->hosts_ended(ended);
  }

  void take_in(Time horizon) {
    std::vector<Event> arrived = inbox->take();
    if (!arrived.empty()) moved = now();
    trace.commit(std::move(arrived), horizon);
  }

  // Commits what has come up to `horizon`, folds and writes it. While something is held back it is due soon,
  // whatever else comes: nobody is to wake us then.
  bool advance(Time horizon) {
    inbox->disarm();
    take_in(horizon);
    if (trace.pending() == 0) {
      inbox->arm();
      take_in(horizon);
    }
    commit_due = trace.pending() > 0 ? now() + kCommitHold : -1;
    const bool grew = state.next() < trace.size();
    keyframes.fold(trace, state);
    write();
    return grew;
  }

  void write() {
    if (!writer || writer->follow(trace)) return;
    recording_error = writer->error();
    writer.reset();
    lane->put(event::Notice{"recording-stopped", std::string_view(recording_error)});
  }

  void observe() {
    if (!engine->room().tracing()) return;
    const bool ended = observer->hear();
    const Time clock = now();
    const Time quiet = clock - moved;
    const Time due = observer->next_due(quiet);
    const bool wanted = (due >= 0 && clock >= due) || observer->may_poll(quiet);
    if (!wanted && !ended) return;
    if (observer->poll() > 0) moved = clock;
  }
};

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

std::unique_ptr<Session> Session::live(bool interactive) {
  auto impl = std::make_unique<Impl>();
  impl->inbox = std::make_unique<Inbox>();
  impl->lane = &impl->inbox->lane();
  impl->lab = std::make_unique<Lab>(*impl->inbox, "/proc/self/exe");
  impl->engine = std::make_unique<Engine>(*impl->inbox);
  impl->observer =
      std::make_unique<Observer>(impl->engine->room().sockets(), impl->engine->room().hosts(), *impl->inbox);
  impl->runner = std::make_unique<Runner>(*impl->engine, impl->trace, impl->state,
                                          Runner::Options{{}, impl->lab.get(), interactive});
  impl->moved = now();
  impl->watch_for_wakes();
  return std::unique_ptr<Session>(new Session(std::move(impl)));
}

std::unique_ptr<Session> Session::replay(Trace trace, std::string file) {
  return replay(std::move(trace), std::move(file), [](float) { return true; });
}

std::unique_ptr<Session> Session::replay(Trace trace, std::string file,
                                         const std::function<bool(float part)>& go_on) {
  constexpr std::size_t kFoldAtOnce = 20'000;
  auto impl = std::make_unique<Impl>();
  impl->file = std::move(file);
  impl->trace = std::move(trace);
  while (impl->keyframes.fold(impl->trace, impl->state, kFoldAtOnce)) {
    if (!go_on(static_cast<float>(impl->state.next()) / static_cast<float>(impl->trace.size())))
      return nullptr;
  }
  return std::unique_ptr<Session>(new Session(std::move(impl)));
}

Session::~Session() {
  if (is_live()) stop();
}

bool Session::is_live() const {
  return impl_->engine != nullptr;
}
bool Session::recording() const {
  return impl_->writer.has_value();
}
const std::string& Session::file() const {
  return impl_->file;
}
const Trace& Session::trace() const {
  return impl_->trace;
}
const State& Session::state() const {
  return impl_->state;
}
Engine& Session::engine() {
  return *impl_->engine;
}
Runner& Session::runner() {
  return *impl_->runner;
}
int Session::wake_fd() const {
  if (!is_live()) return -1;
  return impl_->wake >= 0 ? impl_->wake : impl_->inbox->wake_fd();
}

const State& Session::state_at(std::size_t seq) {
  if (seq >= impl_->state.next()) return impl_->state;
  return impl_->keyframes.at(impl_->trace, seq);
}

tl::expected<void, FileError> Session::record_to(const std::string& path) {
  auto writer = RecordingWriter::create(path);
  if (!writer) return tl::unexpected(writer.error());
  impl_->writer.emplace(std::move(*writer));
  impl_->write();
  return {};
}

void Session::load(const Play& play) {
  impl_->file = play.file;
  impl_->runner->load(play);
}

void Session::tell(Body body) {
  impl_->lane->put(std::move(body));
}

bool Session::tick() {
  if (!is_live()) return false;
  impl_->engine->poll();
  impl_->look_at_lab();
  impl_->observe();
  const Time horizon = now() - kCommitHold;
  const bool grew = impl_->advance(horizon);
  // What the kernel says is so only up to the last look.
  impl_->runner->committed(std::min(horizon, impl_->observer->complete()));
  impl_->runner->poll();
  return grew;
}

Time Session::next_due() const {
  if (!is_live()) return -1;
  Time due = earlier(impl_->engine->next_look(), impl_->runner->next_wake());
  due = earlier(due, impl_->commit_due);
  if (!impl_->engine->room().tracing()) return due;
  return earlier(due, impl_->observer->next_due(now() - impl_->moved));
}

void Session::wait(Time most, int also) {
  const Time begun = now();
  const Time due = earlier(next_due(), begun + most);
  pollfd fds[2] = {{also, POLLIN, 0}, {wake_fd(), POLLIN, 0}};
  poll(fds, 2, milliseconds_until(due, begun));
  if (fds[0].revents != 0 || fds[1].revents == 0) return;
  // What came cannot be committed before the hold has passed; meanwhile more may come.
  const Time woken = now();
  poll(fds, 1, milliseconds_until(std::min(due, woken + kCommitHold), woken));
}

void Session::run_to_end(const std::function<void()>& each, const std::function<bool()>& stop, int also) {
  bool stopping = false;
  while (!impl_->runner->finished()) {
    if (tick()) each();
    if (!stopping && stop()) {
      stopping = true;
      impl_->runner->end();
    }
    if (!impl_->runner->finished()) wait(kSecond, stopping ? -1 : also);
  }
  settle_trace();
  each();
}

void Session::settle_trace() {
  if (!is_live()) return;
  const Time horizon = now();
  impl_->advance(std::numeric_limits<Time>::max());
  impl_->runner->committed(std::min(horizon, impl_->observer->complete()));
}

tl::expected<void, FileError> Session::end_recording() {
  impl_->write();
  impl_->writer.reset();
  if (!impl_->recording_error.empty()) return tl::unexpected(FileError{impl_->recording_error});
  return {};
}

std::vector<std::string> Session::stop() {
  if (!is_live()) return {};
  std::vector<std::string> stuck = impl_->engine->stop();
  settle_trace();
  return stuck;
}

}  // namespace sockscope
