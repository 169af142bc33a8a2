#include "server/service.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace sockscope {
namespace {

constexpr Time kFirstBackOff = 10 * kMillisecond;
constexpr Time kLongestBackOff = kSecond;
constexpr Time kBetweenCosts = 20 * kMillisecond;
constexpr Time kForGood = 365LL * 24 * 3600 * kSecond;

Reply run(Caller& caller, Call call, SocketId socket, Numbers numbers = {}, const Address& address = {}) {
  Request request;
  request.call = call;
  request.socket = socket;
  request.numbers = numbers;
  request.address = address;
  return perform(caller, request);
}

std::int64_t default_of(Call call, std::size_t slot) {
  for (const Param& param : info(call).params) {
    if (param.slot == slot && param.absent) return *param.absent;
  }
  return 0;
}

}  // namespace

std::string describe_error(int error) {
  return fmt::format("{} ({}), {}", errno_name(error), error, errno_text(error));
}

Service::Service(Engine& engine, ServerId id, ServerOptions options)
    : engine_(&engine), id_(id), options_(std::move(options)) {}
Service::Service(ServerId id, ServerOptions options, SocketHandle listener)
    : engine_(nullptr), id_(id), options_(std::move(options)), listener_(std::move(listener)) {}

std::optional<ServerError> Service::listen(Caller& caller) {
  const auto failed = [](std::string what, int error) {
    return ServerError{fmt::format("cannot {}: {}", what, describe_error(error)), error};
  };
  const int family = options_.address.family;
  Reply reply = run(caller, Call::socket, 0,
                    {family, options_.type, default_of(Call::socket, 2), default_of(Call::socket, 3)});
  if (!reply.ok()) return failed("make a socket", reply.error);
  listener_ = caller.room().sockets().find(reply.socket);
  const SocketId id = reply.socket;
  if (options_.reuse_addr) {
    reply = run(caller, Call::setsockopt, id, {SOL_SOCKET, SO_REUSEADDR, 1});
    if (!reply.ok()) return failed("set SO_REUSEADDR", reply.error);
  }
  reply = run(caller, Call::bind, id, {}, options_.address);
  if (!reply.ok()) return failed("bind " + to_text(options_.address), reply.error);
  if (options_.type == SOCK_STREAM) {
    reply = run(caller, Call::listen, id, {options_.backlog});
    if (!reply.ok()) return failed("listen on " + to_text(options_.address), reply.error);
  }
  reply = run(caller, Call::getsockname, id);
  address_ = reply.ok() ? reply.address : options_.address;
  caller.put(event::ServerStarted{id_, id, std::string_view(options_.name), std::string_view(options_.model),
                                  std::string_view(options_.handler), address_});
  return std::nullopt;
}

bool Service::is_final(int error) {
  return error == EBADF || error == EINVAL || error == ENOTSOCK || error == EOPNOTSUPP || error == EFAULT;
}

std::optional<Client> Service::accept(Caller& caller, BackOff& back_off) {
  while (!must_leave(caller)) {
    int error = 0;
    if (auto client = accept_once(caller, back_off, error)) return client;
    if (error == EINTR) continue;
    if (is_final(error)) return std::nullopt;
    rest(caller, back_off);  // also after EAGAIN: somebody made it non-blocking
  }
  return std::nullopt;
}

std::optional<Client> Service::accept_once(Caller& caller, BackOff& back_off, int& error) {
  SocketHandle made;
  const Reply reply = call_accept(caller, listener_, made);
  if (reply.ok()) {
    if (std::exchange(back_off, {}).error != 0) said_error_ = 0;
    return Client{made, reply.address};
  }
  error = reply.error;
  failed_with(caller, "accept", error, back_off);
  return std::nullopt;
}

bool Service::failed_with(Caller& caller, std::string_view call, int error, BackOff& back_off) {
  if (error == EINTR || error == EAGAIN) return true;
  if (is_final(error)) {
    if (!must_leave(caller)) {
      notice(caller, "server-ended",
             fmt::format("{} ends: {} failed with {}", options_.name, call, describe_error(error)));
    }
    return false;
  }
  const bool again = back_off.delay != 0 && error == back_off.error;
  back_off.delay = again ? std::min(back_off.delay * 2, kLongestBackOff) : kFirstBackOff;
  if (said_error_.exchange(error) != error) {
    notice(caller, fmt::format("{}-failed", call),
           fmt::format("{} cannot {}: {}; it tries again, slower and slower", options_.name, call,
                       describe_error(error)));
  }
  back_off.error = error;
  return true;
}

void Service::rest(Caller& caller, const BackOff& back_off) {
  work(caller, std::max(back_off.delay, kFirstBackOff));
}

void Service::notice(Caller& caller, std::string_view code, const std::string& text) {
  caller.put(event::Notice{code, std::string_view(text)});
  if (options_.warn) options_.warn(text);
}

void Service::begin(Caller& caller, const Client& client) {
  caller.put(event::ClientStarted{id_, caller.thread(), client.socket->id, client.address});
  tell_cost(caller);
}

void Service::end(Caller& caller, const Client& client) {
  caller.put(event::ClientEnded{id_, caller.thread(), client.socket->id});
  tell_cost(caller);
}

void Service::tell_cost(Caller& caller) {
  if (!tells_cost(caller) || !cost_is_due()) return;
  count_cost(caller.thread(), cost_of_this_thread(), false, [&](Body body) { caller.put(std::move(body)); });
}

bool Service::tells_cost(Caller& caller) const {
  return engine_ != nullptr && caller.room().tracing();
}

bool Service::cost_is_due() const {
  return now() - cost_told_.load(std::memory_order_relaxed) >= kBetweenCosts;
}

// Seldom, but for the last of a thread: that is counted always, and told when it is the server's last.
void Service::count_cost(ThreadId thread, const ThreadCost& own, bool ends,
                         const std::function<void(Body)>& put) {
  std::lock_guard lock(mutex_);
  count(thread, own, ends, put);
}

void Service::count(ThreadId thread, const ThreadCost& own, bool ends, const std::function<void(Body)>& put) {
  ThreadCost& told = costs_[thread];
  cost_.memory += own.memory - told.memory;
  cost_.switches += own.switches - told.switches;
  cost_.preempted += own.preempted - told.preempted;
  cost_.processor += own.processor - told.processor;
  told = own;
  if (ends) {
    cost_.memory -= own.memory;
    costs_.erase(thread);
  }
  const unsigned alive = alive_ + processes_;
  if (!cost_is_due() && alive > 0) return;
  cost_told_.store(now(), std::memory_order_relaxed);
  put(event::ServerSampled{id_, alive, cost_.memory, cost_.switches, cost_.preempted, cost_.processor});
}

std::unique_ptr<Handler> Service::handler_for(Caller& caller, const Client& client) {
  return make_handler(options_.handler, client.address, [this, &caller](std::string_view line) {
    caller.put(event::HandlerPrinted{id_, caller.thread(), line});
    if (options_.print) options_.print(line);
  });
}

// Whatever fails ends it, as an exception in handle() does.
void Service::handle(Caller& caller, const Client& client) {
  SocketHandle socket = client.socket;
  {
    std::lock_guard lock(talking_mutex_);
    talking_.push_back(socket);
  }
  begin(caller, client);
  const auto handler = handler_for(caller, client);
  std::array<char, Handler::kReads> buffer;
  for (;;) {
    int error = 0;
    const std::int64_t got = call_recv(caller, socket, buffer.data(), buffer.size(), 0, error);
    if (got < 0) break;
    const Handler::Answer answer = handler->take({buffer.data(), static_cast<std::size_t>(got)});
    if (answer.works && options_.work > 0) work(caller, options_.work);
    if (must_end(caller)) break;  // its work was cut short: it has no answer
    if (!answer.to_all.empty()) tell_all(caller, answer.to_all);
    if (answer.says && call_sendall(caller, socket, answer.bytes, error) < 0) break;
    if (answer.done || got == 0) break;
  }
  {
    std::lock_guard lock(talking_mutex_);
    std::erase(talking_, socket);
  }
  end(caller, client);
}

// Who cannot be told is another thread's to find out.
void Service::tell_all(Caller& caller, std::string_view text) {
  std::vector<SocketHandle> all;
  {
    std::lock_guard lock(talking_mutex_);
    all = talking_;
  }
  for (SocketHandle& socket : all) {
    int error = 0;
    call_sendall(caller, socket, text, error);
  }
}

void Service::shutdown_request(Caller& caller, const Client& client) {
  run(caller, Call::shutdown, client.socket->id, {SHUT_WR});
  close_request(caller, client);
}

void Service::close_request(Caller& caller, const Client& client) {
  run(caller, Call::close, client.socket->id);
}

bool Service::spawn(Caller& caller, std::string_view kind, std::function<void(Caller&)> serve) {
  std::lock_guard lock(mutex_);
  if (stopping_) return false;
  unsigned& spawned = spawned_[std::string(kind)];
  const std::string name = fmt::format("{}.{}{}", options_.name, kind, spawned + 1);
  ++alive_;  // before the thread can end
  const ThreadId thread =
      engine_->spawn({name, ThreadRole::client, caller.thread(), options_.host, options_.name},
                     [self = shared_from_this(), serve = std::move(serve)](Caller& own) {
                       serve(own);
                       self->thread_ended(own);
                     });
  if (thread == 0) {
    --alive_;
    notice(caller, "thread-limit",
           fmt::format("{} can have no more threads{}", options_.name,
                       kind == "client" ? ": it closes this client unanswered" : ""));
    return false;
  }
  ++spawned;
  threads_.push_back(thread);
  return true;
}

void Service::close_listener(Caller& caller) {
  if (listener_) run(caller, Call::close, listener_->id);
}

void Service::thread_began() {
  std::lock_guard lock(mutex_);
  ++alive_;
}

// Counted and gone at once: of two that end together one is the last, and tells it.
void Service::thread_ended(Caller& caller) {
  const bool tells = tells_cost(caller);
  const ThreadCost own = tells ? cost_of_this_thread() : ThreadCost{};
  std::lock_guard lock(mutex_);
  std::erase(threads_, caller.thread());
  --alive_;
  if (tells) count(caller.thread(), own, true, [&](Body body) { caller.put(std::move(body)); });
  if (joining_ != nullptr) joining_->nudge();
  if (alive_ > 0) return;
  caller.put(event::ServerEnded{id_});
  ended_ = true;
}

void Service::set_accept_thread(ThreadId thread) {
  std::lock_guard lock(mutex_);
  if (alive_ == 0) return;
  accept_thread_ = thread;
  threads_.push_back(thread);
}

void Service::stop() {
  stopping_ = true;
  ask_all_to_end(0);
}

void Service::ask_all_to_end(ThreadId except) {
  std::vector<ThreadId> threads;
  {
    std::lock_guard lock(mutex_);
    threads = threads_;
  }
  for (const ThreadId thread : threads)
    if (thread != except) engine_->ask_to_end(thread);
}

void Service::leave(bool closes) {
  if (left_) return;
  closes_ = closes;
  leaving_ = true;
  ThreadId accepts = 0;
  {
    std::lock_guard lock(mutex_);
    accepts = accept_thread_;
  }
  if (accepts != 0) engine_->interrupt(accepts);
}

// ThreadingMixIn: server_close() waits for the threads (block_on_close); a program that was interrupted waits
// for them too before it ends, and its listening socket is open until then. Daemons end with the program.
void Service::after_serving(Caller& caller) {
  if (leaving_ && !must_end(caller)) {
    left_ = true;
    if (closes_) close_listener(caller);
    if (options_.daemon_threads)
      ask_all_to_end(caller.thread());
    else
      wait_for_threads(caller);
  }
  if (!closes_) close_listener(caller);
}

void Service::wait_for_threads(Caller& caller) {
  const auto others = [&]() -> std::size_t {
    std::lock_guard lock(mutex_);
    joining_ = alive_ > 1 ? &caller : nullptr;
    return alive_ - 1;
  };
  std::size_t left = others();
  if (left > 0) tell_waiting(caller, left);
  for (; left > 0 && !must_end(caller); left = others()) caller.wait_until(now() + kForGood);
  std::lock_guard lock(mutex_);
  joining_ = nullptr;
}

void Service::tell_waiting(Caller& caller, std::size_t threads) {
  const std::string kept =
      fmt::format("{} of its threads {} not ended", threads, threads == 1 ? "has" : "have");
  notice(caller, "server-waits",
         closes_
             ? fmt::format("{} is closed, and waits: {} (block_on_close)", options_.name, kept)
             : fmt::format("{} was interrupted: it accepts nobody any more, and waits: {} (daemon_threads is "
                           "False). Its listening socket is open until then: the kernel takes connections "
                           "that nobody answers",
                           options_.name, kept));
}

}  // namespace sockscope
