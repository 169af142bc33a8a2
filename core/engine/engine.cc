#include "engine/engine.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "engine/outside.h"
#include "engine/worker.h"
#include "kernel/address_look.h"
#include "kernel/closed_look.h"

namespace sockscope {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kStack = std::size_t{1} << 20;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::size_t kStack = std::size_t{1} << 20;
#else
constexpr std::size_t kStack = std::size_t{256} << 10;
#endif
#else
constexpr std::size_t kStack = std::size_t{256} << 10;
#endif

// Threads of the engine take no signals but those of their own faults and, unblocked by Caller, the
// interrupt.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS})
      sigdelset(&all, fault);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

int make_thread(pthread_t& thread, void* (*body)(void*), void* context) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStack);
  const SignalsBlocked blocked;
  const int error = pthread_create(&thread, &attributes, body, context);
  pthread_attr_destroy(&attributes);
  return error;
}

void tell_no_thread(CallRoom& room, const std::string& name, const std::string& why) {
  if (!room.tracing()) return;
  const std::string text = "thread " + name + " could not be started: " + why;
  Inbox::Lane& lane = room.inbox().lane();  // the caller may be any thread
  lane.put(event::Notice{"threads", std::string_view(text)});
  room.inbox().give_back(lane);
}

}  // namespace

Engine::Engine(Inbox& inbox) : room_(std::make_shared<CallRoom>(inbox)), lane_(inbox.lane()) {
  sigset_t signal;
  sigemptyset(&signal);
  sigaddset(&signal, CallRoom::interrupt_signal());
  pthread_sigmask(SIG_BLOCK, &signal, nullptr);
  room_->set_failure_look(look_at_address);
  room_->set_closed_look([looks = std::make_shared<ClosedLooks>(room_->hosts())](const LeftBehind& left) {
    return (*looks)(left);
  });
}

Engine::~Engine() {
  if (stop().empty()) inbox().give_back(lane_);
}

ThreadId Engine::start(const Spec& spec) {
  WorkerPtr worker;
  const ThreadId id = launch(spec, nullptr, false, worker);
  if (id == 0) return 0;
  std::unique_lock lock(worker->mutex);
  worker->wake.wait(lock, [&] { return worker->started; });
  return id;
}

ThreadId Engine::spawn(const Spec& spec, Task task) {
  WorkerPtr worker;
  return launch(spec, std::move(task), true, worker);
}

ThreadId Engine::launch(const Spec& spec, Task task, bool once, WorkerPtr& made) {
  std::string why;
  bury_ended();  // a server's threads come and go while the owner sleeps
  {
    // Held over the making of the thread: whoever finds the worker here finds its thread too.
    std::lock_guard lock(mutex_);
    if (stopping_) return 0;
    if (workers_.size() >= kMostThreads) {
      why = "the limit of " + std::to_string(kMostThreads) + " threads is reached";
    } else {
      made = std::make_shared<Worker>(last_ + 1, spec, once, room_, ended_);
      if (task) made->queue.push_back(std::move(task));
      auto context = std::make_unique<WorkerPtr>(made);
      const int error = make_thread(made->thread, run_thread, context.get());
      if (error == 0) {
        static_cast<void>(context.release());  // run_thread's
        workers_.emplace(++last_, made);
        return made->id;
      }
      why = std::generic_category().message(error);
    }
  }
  tell_no_thread(*room_, spec.name, why);
  return 0;
}

ThreadId Engine::reserve() {
  std::lock_guard lock(mutex_);
  return ++last_;
}

void Engine::attach(std::shared_ptr<Outside> thread) {
  std::lock_guard lock(mutex_);
  const ThreadId id = thread->id();
  outside_.emplace(id, std::move(thread));
}

void Engine::detach(ThreadId thread) {
  std::lock_guard lock(mutex_);
  if (outside_.erase(thread) > 0) last_end_ = std::max(last_end_, now());
}

std::vector<Engine::OutsidePtr> Engine::outside() const {
  std::lock_guard lock(mutex_);
  std::vector<OutsidePtr> result;
  result.reserve(outside_.size());
  for (const auto& [id, thread] : outside_) result.push_back(thread);
  return result;
}

void* Engine::run_thread(void* context) {
  const std::unique_ptr<WorkerPtr> worker(static_cast<WorkerPtr*>(context));
  (*worker)->run();
  return nullptr;
}

void Engine::submit(ThreadId worker, Task task) {
  const WorkerPtr found = find(worker);
  if (!found) return;
  std::lock_guard lock(found->mutex);
  if (found->ending || found->ended) return;
  found->queue.push_back(std::move(task));
  found->wake.notify_all();
}

Engine::WorkerPtr Engine::find(ThreadId thread) const {
  std::lock_guard lock(mutex_);
  const auto found = workers_.find(thread);
  return found == workers_.end() ? nullptr : found->second;
}

std::vector<Engine::WorkerPtr> Engine::all() const {
  std::lock_guard lock(mutex_);
  std::vector<WorkerPtr> result;
  result.reserve(workers_.size());
  for (const auto& [id, worker] : workers_) result.push_back(worker);
  return result;
}

bool Engine::alive(ThreadId thread) const {
  const WorkerPtr found = find(thread);
  return found && !found->is_ended();
}

bool Engine::idle(ThreadId thread) const {
  const WorkerPtr found = find(thread);
  return !found || found->is_idle();
}

void Engine::ask_to_end(ThreadId thread) {
  if (const WorkerPtr found = find(thread)) found->end();
}

void Engine::EndedThreads::add(ThreadId id) {
  std::lock_guard lock(mutex);
  ids.push_back(id);
  any = true;
}

std::vector<ThreadId> Engine::EndedThreads::take() {
  std::lock_guard lock(mutex);
  any = false;
  return std::exchange(ids, {});
}

// False: it has not quite left yet. Whoever makes threads does not wait for that.
bool Engine::bury(const WorkerPtr& worker) {
  std::lock_guard lock(mutex_);
  if (!workers_.contains(worker->id)) return true;  // stop() has given it up
  if (pthread_tryjoin_np(worker->thread, nullptr) == EBUSY) return false;
  workers_.erase(worker->id);
  last_end_ = std::max(last_end_, worker->at_rest_since());
  return true;
}

void Engine::bury_ended() {
  if (!ended_->any) return;
  for (const ThreadId id : ended_->take()) {
    const WorkerPtr worker = find(id);
    if (worker && !bury(worker)) ended_->add(id);
  }
}

std::vector<std::string> Engine::stop(Time deadline) {
  constexpr timespec kBetweenPokes{0, 500'000};
  const Time until = now() + deadline;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  for (;;) {
    for (const WorkerPtr& worker : all()) {
      if (!worker->is_ended()) worker->end();
    }
    bury_ended();
    std::unique_lock lock(mutex_);
    if (workers_.empty() || now() >= until) break;
    lock.unlock();
    nanosleep(&kBetweenPokes, nullptr);
  }
  std::map<ThreadId, WorkerPtr> given_up;
  {
    std::lock_guard lock(mutex_);
    given_up.swap(workers_);
  }
  std::vector<std::string> left;
  for (const auto& [id, worker] : given_up) {
    left.push_back(worker->spec.name);
    pthread_detach(worker->thread);
  }
  if (left.empty()) {
    close_sockets();
    room_->remove_directory();
  } else {
    room_->abandon();
  }
  return left;
}

void Engine::close_sockets() {
  for (const SocketHandle& socket : room_->sockets().open()) {
    const Sockets::Taken taken = room_->sockets().take(*socket);
    if (taken.fd < 0) continue;
    for (const SocketHandle& closed : taken.entries) {
      if (room_->tracing()) lane_.put(event::SocketClosed{closed->id});
    }
    ::close(taken.fd);
  }
  for (const int fd : room_->sockets().take_detached()) ::close(fd);
}

void work(Caller& caller, Time duration) {
  caller.wait_until(now() + duration);
}

}  // namespace sockscope
