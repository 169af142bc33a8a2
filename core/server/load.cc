#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <limits>

#include "server/service.h"

namespace sockscope {

struct Load::Shared {
  Shared(Engine& its_engine, ServerId its_id, LoadOptions its_options)
      : engine(its_engine), id(its_id), options(std::move(its_options)) {}
  Engine& engine;
  const ServerId id;
  const LoadOptions options;
  std::atomic<unsigned> answered{0}, waiting{0}, refused{0}, errors{0};
  std::atomic<unsigned> settled{0};  // clients that finished; with stay: connected or refused
  std::atomic<unsigned> alive{0};
  std::mutex mutex;  // threads
  std::vector<ThreadId> threads;
  unsigned clients() const { return static_cast<unsigned>(options.clients); }
};

namespace {

// One client of a load, on its thread.
class LoadClient {
 public:
  LoadClient(Load::Shared& shared, Caller& caller) : shared_(shared), caller_(caller) {}

  void run() {
    if (open()) {
      if (shared_.options.stay) ++shared_.settled;
      converse();
      if (shared_.options.stay) work(caller_, std::numeric_limits<Time>::max() / 4);
    } else if (shared_.options.stay) {
      ++shared_.settled;
    }
    if (socket_) call(Call::close);
    if (!shared_.options.stay) ++shared_.settled;
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
      ++shared_.errors;
      return false;
    }
    socket_ = caller_.room().sockets().find(made.socket);
    const Reply connected = call(Call::connect, shared_.options.to);
    if (connected.ok()) return true;
    ++(connected.error == ECONNREFUSED ? shared_.refused : shared_.errors);
    return false;
  }

  void converse() {
    std::array<char, 1024> buffer;
    for (int i = 0; i < shared_.options.messages; ++i) {
      int error = 0;
      if (call_sendall(caller_, socket_, shared_.options.text, error) < 0) {
        ++shared_.errors;
        return;
      }
      ++shared_.waiting;
      const std::int64_t got = call_recv(caller_, socket_, buffer.data(), buffer.size(), 0, error);
      if (got < 0 && caller_.asked_back()) return;  // it still waits
      --shared_.waiting;
      if (got <= 0) {
        ++shared_.errors;
        return;
      }
    }
    ++shared_.answered;
  }

  Load::Shared& shared_;
  Caller& caller_;
  SocketHandle socket_;
};

event::LoadEnded load_ended(const Load::Shared& shared) {
  return {shared.id, shared.answered, shared.waiting, shared.refused, shared.errors};
}

bool begin_client(const std::shared_ptr<Load::Shared>& shared, int number) {
  const LoadOptions& options = shared->options;
  ++shared->alive;
  const ThreadId thread = shared->engine.spawn(
      {fmt::format("{}.{}", options.name, number), ThreadRole::load, 0, "localhost", options.name},
      [shared](Caller& caller) {
        LoadClient(*shared, caller).run();
        if (--shared->alive == 0) caller.put(load_ended(*shared));
      });
  if (thread == 0) {
    --shared->alive;
    return false;
  }
  std::lock_guard lock(shared->mutex);
  shared->threads.push_back(thread);
  return true;
}

using Put = std::function<void(Body)>;
void put_notice(const Put& put, std::string_view code, const std::string& text) {
  put(event::Notice{code, std::string_view(text)});
}

}  // namespace

Load::Load(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
Load::~Load() {
  stop();
}

std::unique_ptr<Load> Load::start(Engine& engine, ServerId id, LoadOptions options) {
  const int asked = options.clients;
  options.clients = std::clamp(asked, 0, kMostLoadClients);
  auto shared = std::make_shared<Shared>(engine, id, std::move(options));
  Inbox::Lane& lane = engine.inbox().lane();
  const Put put = [&](Body body) {
    if (engine.room().tracing()) lane.put(std::move(body));
  };
  const LoadOptions& said = shared->options;
  const std::string to = said.to_name.empty() ? to_text(said.to) : said.to_name;
  put(event::LoadStarted{id, shared->clients(), std::string_view(said.name), std::string_view(to)});
  if (said.clients != asked) {
    put_notice(put, "load-limit",
               fmt::format("{} has {} clients, not {}: that is the limit", said.name, said.clients, asked));
  }
  shared->alive = 1;  // this one, so that none of them is the last before all are begun
  for (int i = 1; i <= said.clients; ++i) {
    if (begin_client(shared, i)) continue;
    const auto left = static_cast<unsigned>(said.clients - i + 1);
    shared->errors += left;
    shared->settled += left;
    put_notice(put, "thread-limit",
               fmt::format("there can be no more threads: {} clients of {} did not start", left, said.name));
    break;
  }
  if (--shared->alive == 0) put(load_ended(*shared));
  engine.inbox().give_back(lane);
  return std::unique_ptr<Load>(new Load(std::move(shared)));
}

bool Load::finished() const {
  return shared_->settled.load() >= shared_->clients();
}

void Load::stop() {
  std::vector<ThreadId> threads;
  {
    std::lock_guard lock(shared_->mutex);
    threads = shared_->threads;
  }
  for (const ThreadId thread : threads) shared_->engine.ask_to_end(thread);
}

Load::Figures Load::figures() const {
  return {shared_->answered, shared_->waiting, shared_->refused, shared_->errors};
}

}  // namespace sockscope
