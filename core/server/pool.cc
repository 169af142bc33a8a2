// A fixed count of threads. pool: one accepts and hands each client to a worker that is free. prethread: all
// of them wait in accept, and the kernel wakes one.

#include <deque>

#include "server/service.h"

namespace sockscope {
namespace {

// Clients that were accepted and wait for a worker.
class Handover {
 public:
  void give(Client client) {
    std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(client));
    if (idle_.empty()) return;
    idle_.back()->nudge();
    idle_.pop_back();
  }
  // The next one; none: the server ends.
  std::optional<Client> take(Caller& caller) {
    constexpr Time kForGood = 365LL * 24 * 3600 * kSecond;
    for (;;) {
      {
        std::lock_guard lock(mutex_);
        std::erase(idle_, &caller);
        if (caller.asked_back()) return std::nullopt;
        if (!waiting_.empty()) {
          Client client = std::move(waiting_.front());
          waiting_.pop_front();
          return client;
        }
        if (closed_) return std::nullopt;
        idle_.push_back(&caller);
      }
      caller.wait_until(now() + kForGood);
    }
  }
  // By a worker that is asked to end, when no more come: those that no worker will take.
  std::deque<Client> leave(const Caller& caller) {
    std::lock_guard lock(mutex_);
    return closed_ && caller.asked_back() ? std::exchange(waiting_, {}) : std::deque<Client>();
  }
  // No more come. Those that no worker took.
  std::deque<Client> close(bool now_at_once) {
    std::lock_guard lock(mutex_);
    closed_ = true;
    for (Caller* worker : idle_) worker->nudge();
    idle_.clear();
    return now_at_once ? std::exchange(waiting_, {}) : std::deque<Client>();
  }

 private:
  std::mutex mutex_;
  std::deque<Client> waiting_;
  std::vector<Caller*> idle_;
  bool closed_ = false;
};

void serve_one(Service& service, Caller& caller, const Client& client) {
  service.handle(caller, client);
  service.shutdown_request(caller, client);
}

}  // namespace

void serve_pool(Service& service, Caller& caller) {
  const auto handover = std::make_shared<Handover>();
  int workers = 0;
  for (; workers < service.options().workers; ++workers) {
    const bool begun = service.spawn(caller, "worker", [&service, handover](Caller& own) {
      while (const auto client = handover->take(own)) serve_one(service, own, *client);
      for (const Client& client : handover->leave(own)) service.shutdown_request(own, client);
    });
    if (!begun) break;
  }
  Service::BackOff back_off;
  while (workers > 0) {
    auto client = service.accept(caller, back_off);
    if (!client) break;
    handover->give(std::move(*client));
  }
  for (const Client& client : handover->close(service.must_end(caller)))
    service.shutdown_request(caller, client);
}

void serve_prethread(Service& service, Caller& caller) {
  const auto serve = [&service](Caller& own) {
    Service::BackOff back_off;
    while (const auto client = service.accept(own, back_off)) serve_one(service, own, *client);
  };
  for (int i = 1; i < service.options().workers; ++i)
    if (!service.spawn(caller, "worker", serve)) break;
  serve(caller);
}

}  // namespace sockscope
