#include "server/service.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace sockscope {
namespace {

constexpr Time kFirstBackOff = 10 * kMillisecond;
constexpr Time kLongestBackOff = kSecond;

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

// The listening socket itself is no good: to try again would never end.
bool is_final(int error) {
  return error == EBADF || error == EINVAL || error == ENOTSOCK || error == EOPNOTSUPP || error == EFAULT;
}

}  // namespace

std::string describe_error(int error) {
  return fmt::format("{} ({}), {}", errno_name(error), error, errno_text(error));
}

Service::Service(Engine& engine, ServerId id, ServerOptions options)
    : engine_(engine), id_(id), options_(std::move(options)) {}

std::optional<ServerError> Service::listen(Caller& caller) {
  const auto failed = [](std::string what, int error) {
    return ServerError{fmt::format("cannot {}: {}", what, describe_error(error)), error, false};
  };
  const int family = options_.address.family;
  Reply reply = run(caller, Call::socket, 0,
                    {family, SOCK_STREAM, default_of(Call::socket, 2), default_of(Call::socket, 3)});
  if (!reply.ok()) return failed("make a socket", reply.error);
  listener_ = caller.room().sockets().find(reply.socket);
  const SocketId id = reply.socket;
  if (options_.reuse_addr) {
    reply = run(caller, Call::setsockopt, id, {SOL_SOCKET, SO_REUSEADDR, 1});
    if (!reply.ok()) return failed("set SO_REUSEADDR", reply.error);
  }
  reply = run(caller, Call::bind, id, {}, options_.address);
  if (!reply.ok()) return failed("bind " + to_text(options_.address), reply.error);
  reply = run(caller, Call::listen, id, {options_.backlog});
  if (!reply.ok()) return failed("listen on " + to_text(options_.address), reply.error);
  reply = run(caller, Call::getsockname, id);
  address_ = reply.ok() ? reply.address : options_.address;
  caller.put(event::ServerStarted{id_, id, std::string_view(options_.name), std::string_view(options_.model),
                                  std::string_view(options_.handler), address_});
  return std::nullopt;
}

std::optional<Client> Service::accept(Caller& caller) {
  while (!must_end(caller)) {
    SocketHandle made;
    const Reply reply = call_accept(caller, listener_, made);
    if (reply.ok()) {
      back_off_ = 0;
      last_error_ = 0;
      return Client{made, reply.address};
    }
    if (reply.error == EINTR) continue;
    if (is_final(reply.error)) {
      if (!must_end(caller)) {
        notice(caller, "server-ended",
               fmt::format("{} ends: accept failed with {}", options_.name, describe_error(reply.error)));
      }
      return std::nullopt;
    }
    back_off(caller, reply.error);
  }
  return std::nullopt;
}

void Service::back_off(Caller& caller, int error) {
  back_off_ =
      back_off_ == 0 || error != last_error_ ? kFirstBackOff : std::min(back_off_ * 2, kLongestBackOff);
  if (error != last_error_) {
    notice(caller, "accept-failed",
           fmt::format("{} cannot accept: {}; it tries again, slower and slower", options_.name,
                       describe_error(error)));
  }
  last_error_ = error;
  work(caller, back_off_);
}

void Service::notice(Caller& caller, std::string_view code, const std::string& text) {
  caller.put(event::Notice{code, std::string_view(text)});
  if (options_.warn) options_.warn(text);
}

void Service::handle(Caller& caller, const Client& client) {
  caller.put(event::ClientStarted{id_, caller.thread(), client.socket->id, client.address});
  handle_upper(caller, client.socket, client.address, options_.work, [&](std::string_view line) {
    caller.put(event::HandlerPrinted{id_, caller.thread(), line});
    if (options_.print) options_.print(line);
  });
  caller.put(event::ClientEnded{id_, caller.thread(), client.socket->id});
}

void Service::shutdown_request(Caller& caller, const Client& client) {
  run(caller, Call::shutdown, client.socket->id, {SHUT_WR});
  run(caller, Call::close, client.socket->id);
}

bool Service::spawn(Caller& caller, std::function<void(Caller&)> serve) {
  std::lock_guard lock(mutex_);
  if (stopping_) return false;
  const std::string name = fmt::format("{}.client{}", options_.name, clients_ + 1);
  ++alive_;  // before the thread can end
  const ThreadId thread =
      engine_.spawn({name, ThreadRole::client, caller.thread(), options_.host, options_.name},
                    [self = shared_from_this(), serve = std::move(serve)](Caller& own) {
                      serve(own);
                      self->thread_ended(own);
                    });
  if (thread == 0) {
    --alive_;
    notice(caller, "thread-limit",
           fmt::format("{} can have no more threads: it closes this client unanswered", options_.name));
    return false;
  }
  ++clients_;
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

void Service::thread_ended(Caller& caller) {
  std::lock_guard lock(mutex_);
  std::erase(threads_, caller.thread());
  if (--alive_ > 0) return;
  caller.put(event::ServerEnded{id_});
  ended_ = true;
}

void Service::set_accept_thread(ThreadId thread) {
  std::lock_guard lock(mutex_);
  if (alive_ > 0) threads_.push_back(thread);
}

void Service::stop() {
  std::vector<ThreadId> threads;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    threads = threads_;
  }
  for (const ThreadId thread : threads) engine_.ask_to_end(thread);
}

}  // namespace sockscope
