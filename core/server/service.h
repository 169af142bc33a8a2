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

#include "server/cost.h"
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
  // In a process of its own, without an engine (fork_child.cc): what `listener` takes. No spawn(), no stop().
  Service(ServerId id, ServerOptions options, SocketHandle listener);
  ServerId id() const { return id_; }
  const ServerOptions& options() const { return options_; }
  Engine& engine() { return *engine_; }

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
  // What a failed `call` of the listening socket means: false: the server ends. A Notice tells of the first;
  // rest() waits as long as `back_off` has it.
  bool failed_with(Caller& caller, std::string_view call, int error, BackOff& back_off);
  static void rest(Caller& caller, const BackOff& back_off);

  // One client, from its first byte to its last, on a thread that may wait for it.
  void handle(Caller& caller, const Client& client);
  // For a thread that serves many: ClientStarted, its handler, ClientEnded.
  void begin(Caller& caller, const Client& client);
  std::unique_ptr<Handler> handler_for(Caller& caller, const Client& client);
  void end(Caller& caller, const Client& client);
  // shutdown(SHUT_WR), whose error is ignored, then close, as socketserver does.
  void shutdown_request(Caller& caller, const Client& client);
  void close_request(Caller& caller, const Client& client);  // close alone
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
  // Of who accepts: it takes no more clients.
  bool must_leave(const Caller& caller) const { return leaving_.load() || must_end(caller); }
  // Any thread; again until left(). As Ctrl-C, or shutdown() and with `closes` server_close() as well.
  void leave(bool closes);
  bool left() const { return left_.load(); }
  // What comes after serve_forever(), on the accept thread.
  void after_serving(Caller& caller);
  // What a thread, or a process of one thread, has cost until now; `ends`: it has ended. Puts the sum when it
  // is time.
  bool cost_is_due() const;
  void count_cost(ThreadId thread, const ThreadCost& own, bool ends, const std::function<void(Body)>& put);
  void processes(unsigned alive) { processes_ = alive; }
  void notice(Caller& caller, std::string_view code, const std::string& text);

 private:
  void tell_all(Caller& caller, std::string_view text);
  void tell_cost(Caller& caller);
  bool tells_cost(Caller& caller) const;
  // As count_cost, under mutex_.
  void count(ThreadId thread, const ThreadCost& own, bool ends, const std::function<void(Body)>& put);
  void wait_for_threads(Caller& caller);
  void tell_waiting(Caller& caller, std::size_t threads);
  void ask_all_to_end(ThreadId except);

  Engine* const engine_;
  const ServerId id_;
  const ServerOptions options_;
  Address address_;
  SocketHandle listener_;
  std::atomic<bool> stopping_{false}, ended_{false};
  std::atomic<bool> leaving_{false}, closes_{false}, left_{false};
  std::atomic<Time> cost_told_{0};
  std::atomic<int> said_error_{0};  // of accept: several threads may meet it
  std::mutex mutex_;                // what follows
  std::vector<ThreadId> threads_;
  ThreadId accept_thread_ = 0;                            // 0: not told yet, or it has ended
  std::map<std::string, unsigned, std::less<>> spawned_;  // by kind
  unsigned alive_ = 0;
  std::atomic<unsigned> processes_{0};    // of the model fork
  Caller* joining_ = nullptr;             // the accept thread, while it waits for the others
  std::map<ThreadId, ThreadCost> costs_;  // of those alive, as each told it last
  ThreadCost cost_;                       // of all there have been; memory: of those alive
  std::mutex talking_mutex_;              // what follows; not held while a thread is made
  std::vector<SocketHandle> talking_;     // handle() is with them
};

// The models, on the accept thread, until the server ends: iterative.cc, thread.cc, fork.cc, pool.cc,
// ready_loop.cc, epoll_loop.cc.
void serve_iterative(Service& service, Caller& caller);
void serve_thread(Service& service, Caller& caller);
void serve_fork(Service& service, Caller& caller);
void serve_pool(Service& service, Caller& caller);
void serve_prethread(Service& service, Caller& caller);
void serve_select(Service& service, Caller& caller);
void serve_poll(Service& service, Caller& caller);
void serve_epoll(Service& service, Caller& caller);
void serve_epoll_edge(Service& service, Caller& caller);
// Of a server of datagrams, whose `model` is iterative or thread: datagrams.cc.
void serve_datagrams(Service& service, Caller& caller);

// "EADDRINUSE (98), Address already in use"
std::string describe_error(int error);

}  // namespace sockscope
