#pragma once
// What a server model is written with: accept, handle, shutdown_request, as in Python's socketserver, made of
// traced calls. Shared by the threads of one server.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "server/server.h"

namespace sockscope {

struct Client {
  SocketHandle socket;
  Address address;
};

class Service : public std::enable_shared_from_this<Service> {
 public:
  Service(Engine& engine, ServerId id, ServerOptions options);
  const ServerOptions& options() const { return options_; }

  // socket, setsockopt, bind, listen, getsockname. An error names the call that failed.
  std::optional<ServerError> listen(Caller& caller);
  Address address() const { return address_; }  // after listen
  const SocketHandle& listener() const { return listener_; }

  // The next client; none: the server ends. An error of accept is said with a Notice and tried again, slower
  // and slower, unless the listening socket is no good any more.
  std::optional<Client> accept(Caller& caller);
  void handle(Caller& caller, const Client& client);
  // shutdown(SHUT_WR), whose error is ignored, then close, as socketserver does.
  void shutdown_request(Caller& caller, const Client& client);
  // Runs `serve` on a new thread "S.client1"…; false, with a Notice, if there can be no more threads.
  bool spawn(Caller& caller, std::function<void(Caller&)> serve);

  void close_listener(Caller& caller);
  // One thread of this server began, ended. The last one to end puts ServerEnded.
  void thread_began();
  void thread_ended(Caller& caller);
  bool ended() const { return ended_.load(); }
  // Any thread. Every thread of this server comes back from its call and ends.
  void stop();
  void set_accept_thread(ThreadId thread);

 private:
  bool must_end(const Caller& caller) const { return stopping_.load() || caller.asked_back(); }
  void back_off(Caller& caller, int error);
  void notice(Caller& caller, std::string_view code, const std::string& text);

  Engine& engine_;
  const ServerId id_;
  const ServerOptions options_;
  Address address_;
  SocketHandle listener_;
  Time back_off_ = 0;  // accept thread only
  int last_error_ = 0;
  unsigned clients_ = 0;
  std::atomic<bool> stopping_{false}, ended_{false};
  std::mutex mutex_;  // what follows
  std::vector<ThreadId> threads_;
  unsigned alive_ = 0;
};

// The models: iterative.cc, thread.cc.
void serve_iterative(Service& service, Caller& caller);
void serve_thread(Service& service, Caller& caller);

// The handlers: handler.cc. Answers one client; whatever fails ends it, as an exception in handle() does.
using Say = std::function<void(std::string_view line)>;
void handle_upper(Caller& caller, SocketHandle socket, const Address& peer, Time work_time, const Say& print);

// Python's bytes.strip() and bytes.upper().
std::string_view strip(std::string_view bytes);
std::string upper(std::string_view bytes);

// "EADDRINUSE (98), Address already in use"
std::string describe_error(int error);

}  // namespace sockscope
