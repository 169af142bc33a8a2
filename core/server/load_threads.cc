#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <mutex>
#include <utility>
#include <vector>

#include "server/load_clients.h"
#include "server/load_talk.h"

namespace sockscope {
namespace {

struct LoadThreads {
  LoadThreads(Engine& its_engine, ServerId its_id, LoadOptions its_options)
      : engine(its_engine), id(its_id), options(std::move(its_options)), message(options) {}
  Engine& engine;
  const ServerId id;
  const LoadOptions options;
  const LoadMessage message;
  LoadCounts counts;
  std::atomic<unsigned> alive{0};
  std::mutex mutex;  // threads
  std::vector<ThreadId> threads;
};

// One client of a load, on its thread.
class LoadClient {
 public:
  LoadClient(LoadThreads& shared, Caller& caller)
      : shared_(shared),
        options_(shared.options),
        caller_(caller),
        talk_(options_, shared.message),
        buffer_(talk_.room()) {}

  void run(Time begins) {
    if (begins > now()) caller_.wait_until(begins);
    if (!caller_.asked_back() && reach()) {
      if (options_.stay) settle();
      const bool answered = converse();
      if (options_.stay || (answered && options_.end == LoadEnd::never)) {
        settle();
        work(caller_, std::numeric_limits<Time>::max() / 4);
      }
    }
    if (socket_) call(Call::close);
    settle();
  }

 private:
  using Then = LoadTalk::Then;

  void settle() {
    if (!std::exchange(settled_, true)) ++shared_.counts.settled;
  }

  Reply make(Request request) {
    request.socket = socket_ ? socket_->id : 0;
    return perform(caller_, request);
  }
  Reply call(Call name, const Numbers& numbers = {}, const Address& address = {}) {
    Request request;
    request.call = name;
    request.numbers = numbers;
    request.address = address;
    return make(std::move(request));
  }

  bool reach() {
    const Reply made = call(Call::socket, {options_.to.family, SOCK_STREAM, 0, -1});
    if (!made.ok()) {
      ++shared_.counts.errors;
      return false;
    }
    socket_ = caller_.room().sockets().find(made.socket);
    const Reply connected = call(Call::connect, {}, options_.to);
    if (connected.ok()) return true;
    ++(connected.error == ECONNREFUSED ? shared_.counts.refused : shared_.counts.errors);
    return false;
  }

  // Whether every message was answered. Asked to end, it still waits for what it waited for.
  bool converse() {
    talk_.begin(now());
    Then then = Then::more;
    while (then == Then::more || then == Then::whole) {
      then = go_on();
      if (then == Then::half_close) then = call(Call::shutdown, {SHUT_WR}).ok() ? Then::more : Then::error;
      if (caller_.asked_back() && (then == Then::more || then == Then::error)) return false;
      wait_for_answer(then == Then::more && talk_.all_sent());
    }
    if (then == Then::reset) make(linger_none());
    if (then == Then::error) ++shared_.counts.errors;
    if (then == Then::over) ++shared_.counts.answered;
    return then == Then::over;
  }

  void wait_for_answer(bool waits) {
    if (std::exchange(waits_, waits) == waits) return;
    if (waits)
      ++shared_.counts.waiting;
    else
      --shared_.counts.waiting;
  }

  Then go_on() {
    const LoadTalk::Wants wants = talk_.wants(now());
    if (wants.sends) return say(wants);
    if (wants.reads) return hear(0);
    caller_.wait_until(wants.until);
    return Then::more;
  }

  // A long message does not wait for room alone: a server that answers meanwhile waits until we read.
  Then say(const LoadTalk::Wants& wants) {
    const std::string_view piece = talk_.next();
    if (shared_.message.is_one_piece() && options_.drip == 0) {
      int error = 0;
      const std::int64_t sent = call_sendall(caller_, socket_, piece, error);
      return sent < 0 ? Then::error : talk_.sent(piece.size(), now());
    }
    if (full_) return wait_for_room(wants);
    Request request;
    request.call = Call::send;
    request.numbers = {MSG_DONTWAIT};
    request.data = piece;
    const Reply sent = make(std::move(request));
    full_ = sent.error == EAGAIN;
    if (!sent.ok()) return full_ ? Then::more : Then::error;
    return talk_.sent(static_cast<std::size_t>(sent.result), now());
  }

  Then wait_for_room(const LoadTalk::Wants& wants) {
    const Time left = std::max<Time>(wants.until - now(), 0);
    Request request;
    request.call = Call::poll;
    request.text = fmt::format("{}:{}", socket_->id, POLLOUT | (wants.reads ? POLLIN : 0));
    request.numbers = {wants.until < 0 ? -1 : (left + kMillisecond - 1) / kMillisecond};
    const Reply reply = perform(caller_, request);
    if (!reply.ok()) return Then::error;
    if (reply.ready.empty()) return Then::more;
    const int which = reply.ready.front().which;
    full_ = wants.reads && (which & POLLOUT) == 0;  // what is wrong with the socket the next send says
    return wants.reads && (which & ~POLLOUT) != 0 ? hear(MSG_DONTWAIT) : Then::more;
  }

  Then hear(int flags) {
    int error = 0;
    const std::int64_t got = call_recv(caller_, socket_, buffer_.data(), buffer_.size(), flags, error);
    if (got > 0) return talk_.heard({buffer_.data(), static_cast<std::size_t>(got)}, now());
    if (got == 0) return talk_.heard_end(now());
    return error == EAGAIN && flags != 0 ? Then::more : Then::error;
  }

  LoadThreads& shared_;
  const LoadOptions& options_;
  Caller& caller_;
  LoadTalk talk_;
  SocketHandle socket_;
  std::vector<char> buffer_;
  bool settled_ = false, waits_ = false;
  bool full_ = false;  // its send queue
};

bool begin_client(const std::shared_ptr<LoadThreads>& shared, int number, Time begins) {
  const LoadOptions& options = shared->options;
  ++shared->alive;
  const ThreadId thread = shared->engine.spawn(
      {fmt::format("{}.{}", options.name, number), ThreadRole::load, 0, options.host, options.name},
      [shared, begins](Caller& caller) {
        LoadClient(*shared, caller).run(begins);
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
  const std::vector<Time> begins = load_begins(options);
  const Time started = now();
  shared->alive = 1;  // this one, so that none of them is the last before all are begun
  for (int i = 1; i <= options.clients; ++i) {
    if (begin_client(shared, i, started + begins[static_cast<std::size_t>(i - 1)])) continue;
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
