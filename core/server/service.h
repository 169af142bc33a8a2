#pragma once
// What a server model is written with: accept, handle, shutdown_request, as in Python's socketserver, made of
// traced calls. Shared by the threads of one server.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "server/handler.h"
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

  // Of one thread that accepts.
  struct BackOff {
    Time delay = 0;
    int error = 0;
  };
  // The next client; none: the server ends. An error of accept is said with a Notice and tried again, slower
  // and slower, unless the listening socket is no good any more.
  std::optional<Client> accept(Caller& caller, BackOff& back_off);
  // One accept. With an error `back_off` says how long to leave it alone; what is final is said with a
  // Notice.
  std::optional<Client> accept_once(Caller& caller, BackOff& back_off, int& error);
  static bool is_final(int error);  // the listening socket itself is no good

  // One client, from its first byte to its last, on a thread that may wait for it.
  void handle(Caller& caller, const Client& client);
  // For a thread that serves many: ClientStarted, its handler, ClientEnded.
  void begin(Caller& caller, const Client& client);
  std::unique_ptr<Handler> handler_for(Caller& caller, const Client& client);
  void end(Caller& caller, const Client& client);
  // shutdown(SHUT_WR), whose error is ignored, then close, as socketserver does.
  void shutdown_request(Caller& caller, const Client& client);
  // Runs `serve` on a new thread "S.client1"… or "S.worker1"…, as `kind` says; false, with a Notice, if there
  // can be no more threads.
  bool spawn(Caller& caller, std::string_view kind, std::function<void(Caller&)> serve);

  void close_listener(Caller& caller);
  // One thread of this server began, ended. The last one to end puts ServerEnded.
  void thread_began();
  void thread_ended(Caller& caller);
  bool ended() const { return ended_.load(); }
  // Any thread. Every thread of this server comes back from its call and ends.
  void stop();
  void set_accept_thread(ThreadId thread);
  bool must_end(const Caller& caller) const { return stopping_.load() || caller.asked_back(); }
  void notice(Caller& caller, std::string_view code, const std::string& text);

 private:
  void tell_all(Caller& caller, std::string_view text);

  Engine& engine_;
  const ServerId id_;
  const ServerOptions options_;
  Address address_;
  SocketHandle listener_;
  std::atomic<bool> stopping_{false}, ended_{false};
  std::atomic<int> said_error_{0};  // of accept: several threads may meet it
  std::mutex mutex_;                // what follows
  std::vector<ThreadId> threads_;
  std::map<std::string, unsigned, std::less<>> spawned_;  // by kind
  unsigned alive_ = 0;
  std::mutex talking_mutex_;           // what follows; not held while a thread is made
  std::vector<SocketHandle> talking_;  // handle() is with them
};

// The models, on the accept thread, until the server ends: iterative.cc, thread.cc, pool.cc, ready_loop.cc.
void serve_iterative(Service& service, Caller& caller);
void serve_thread(Service& service, Caller& caller);
void serve_pool(Service& service, Caller& caller);
void serve_prethread(Service& service, Caller& caller);
void serve_select(Service& service, Caller& caller);
void serve_poll(Service& service, Caller& caller);

// "EADDRINUSE (98), Address already in use"
std::string describe_error(int error);

}  // namespace sockscope
