#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <limits>
#include <mutex>
#include <vector>

#include "server/load_clients.h"

namespace sockscope {
namespace {

struct LoadThreads {
  LoadThreads(Engine& its_engine, ServerId its_id, LoadOptions its_options)
      : engine(its_engine), id(its_id), options(std::move(its_options)) {}
  Engine& engine;
  const ServerId id;
  const LoadOptions options;
  LoadCounts counts;
  std::atomic<unsigned> alive{0};
  std::mutex mutex;  // threads
  std::vector<ThreadId> threads;
};

// One client of a load, on its thread.
class LoadClient {
 public:
  LoadClient(LoadThreads& shared, Caller& caller) : shared_(shared), caller_(caller) {}

  void run() {
    if (open()) {
      if (shared_.options.stay) ++shared_.counts.settled;
      converse();
      if (shared_.options.stay) work(caller_, std::numeric_limits<Time>::max() / 4);
    } else if (shared_.options.stay) {
      ++shared_.counts.settled;
    }
    if (socket_) call(Call::close);
    if (!shared_.options.stay) ++shared_.counts.settled;
  }

 private:
  Reply call(Call name, const Address& address = {}) {
    Request request;
    request.call = name;
    request.socket = socket_ ? socket_->id : 0;
    request.address = address;
    if (name == Call::socket) request.numbers = {shared_.options.to.family, SOCK_STREAM, 0, -1};
    return perform(caller_, request);
  }

  bool open() {
    const Reply made = call(Call::socket);
    if (!made.ok()) {
      ++shared_.counts.errors;
      return false;
    }
    socket_ = caller_.room().sockets().find(made.socket);
    const Reply connected = call(Call::connect, shared_.options.to);
    if (connected.ok()) return true;
    ++(connected.error == ECONNREFUSED ? shared_.counts.refused : shared_.counts.errors);
    return false;
  }

  void converse() {
    std::array<char, 1024> buffer;
    for (int i = 0; i < shared_.options.messages; ++i) {
      int error = 0;
      if (call_sendall(caller_, socket_, shared_.options.text, error) < 0) {
        ++shared_.counts.errors;
        return;
      }
      ++shared_.counts.waiting;
      const std::int64_t got = call_recv(caller_, socket_, buffer.data(), buffer.size(), 0, error);
      if (got < 0 && caller_.asked_back()) return;  // it still waits
      --shared_.counts.waiting;
      if (got <= 0) {
        ++shared_.counts.errors;
        return;
      }
    }
    ++shared_.counts.answered;
  }

  LoadThreads& shared_;
  Caller& caller_;
  SocketHandle socket_;
};

bool begin_client(const std::shared_ptr<LoadThreads>& shared, int number) {
  const LoadOptions& options = shared->options;
  ++shared->alive;
  const ThreadId thread = shared->engine.spawn(
      {fmt::format("{}.{}", options.name, number), ThreadRole::load, 0, options.host, options.name},
      [shared](Caller& caller) {
        LoadClient(*shared, caller).run();
        if (--shared->alive == 0) caller.put(load_ended(shared->id, shared->counts.figures()));
      });
  if (thread == 0) {
    --shared->alive;
    return false;
  }
  std::lock_guard lock(shared->mutex);
  shared->threads.push_back(thread);
  return true;
}

class ThreadClients : public Load::Clients {
 public:
  explicit ThreadClients(std::shared_ptr<LoadThreads> shared) : shared_(std::move(shared)) {}
  bool finished() const override {
    return shared_->counts.settled >= static_cast<unsigned>(shared_->options.clients);
  }
  bool ended() const override { return shared_->alive == 0; }
  Load::Figures figures() const override { return shared_->counts.figures(); }
  void stop() override {
    std::vector<ThreadId> threads;
    {
      std::lock_guard lock(shared_->mutex);
      threads = shared_->threads;
    }
    for (const ThreadId thread : threads) shared_->engine.ask_to_end(thread);
  }

 private:
  std::shared_ptr<LoadThreads> shared_;
};

}  // namespace

std::unique_ptr<Load::Clients> run_in_threads(Engine& engine, ServerId id, const LoadOptions& options) {
  auto shared = std::make_shared<LoadThreads>(engine, id, options);
  Inbox::Lane& lane = engine.inbox().lane();
  const auto put = [&](auto body) {
    if (engine.room().tracing()) lane.put(std::move(body));
  };
  shared->alive = 1;  // this one, so that none of them is the last before all are begun
  for (int i = 1; i <= options.clients; ++i) {
    if (begin_client(shared, i)) continue;
    const auto left = static_cast<unsigned>(options.clients - i + 1);
    shared->counts.errors += left;
    shared->counts.settled += left;
    const std::string text =
        fmt::format("there can be no more threads: {} clients of {} did not start", left, options.name);
    put(event::Notice{"thread-limit", std::string_view(text)});
    break;
  }
  if (--shared->alive == 0) put(load_ended(id, shared->counts.figures()));
  engine.inbox().give_back(lane);
  return std::make_unique<ThreadClients>(std::move(shared));
}

}  // namespace sockscope
