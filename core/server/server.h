#pragma once
// Server models: how clients share threads. Plain loops over the traced calls (iterative.cc, thread.cc,
// pool.cc, ready_loop.cc), with socketserver's defaults; a handler turns what was read into what is answered.

#include <sys/socket.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "engine/engine.h"
#include "trace/clock.h"

namespace sockscope {

struct ServerOptions {
  std::string name = "S";
  std::string host = std::string(kThisMachine);  // where its threads are
  std::string model = "iterative";               // one of server_models()
  std::string handler = "upper";
  Address address = loopback(0);
  int backlog = 5;              // socketserver's request_queue_size
  bool reuse_addr = false;      // allow_reuse_address
  Time work = 0;                // the handler's time before it answers; of `slow` at least a second
  int type = SOCK_STREAM;       // SOCK_DGRAM: UDPServer, or of an AF_UNIX address UnixDatagramServer
  bool daemon_threads = false;  // of the model thread: nobody waits for its threads (leave())
  int workers = 4;              // threads of pool and prethread
  std::string program = "/proc/self/exe";  // of fork: what has run_fork_server() behind "fork-server"
  // Each line the handler prints, without its newline. Called on server threads, several at once.
  std::function<void(std::string_view line)> print;
  // The text of each Notice it puts, also when nothing is traced. Called on server threads.
  std::function<void(std::string_view text)> warn;
};

std::vector<std::string_view> server_models();
std::vector<std::string_view> handlers();
inline constexpr int kMostWorkers = 256;

inline constexpr int kMostLoadClients = 10'000;
inline constexpr int kMostLoadThreads = 256;  // a load of more clients is a process of its own
inline constexpr int kAtOnce = 64;            // of whose clients so many are under way at once

struct ServerError {
  std::string message;  // "cannot bind 127.0.0.1:9999: EADDRINUSE (98), Address already in use"
  int error = 0;        // errno; 0: bad options
};

class Server {
 public:
  // socket, bind, listen on the accept thread (named "S.accept"), then its loop. Returns when it listens or
  // failed. Of model fork "S.listen" does that, then a process accepts, whose thread is "S.accept".
  static tl::expected<std::unique_ptr<Server>, ServerError> start(Engine& engine, ServerId id,
                                                                  ServerOptions options);
  ~Server();  // stop()
  const ServerOptions& options() const;
  Address address() const;  // as getsockname gave it
  SocketId listener() const;
  bool running() const;  // until its last thread has finished
  // As Ctrl-C does to serve_forever(), or with `closes` shutdown() and server_close(): nobody is accepted any
  // more. Then as socketserver has it: threads that are no daemons are waited for, and without `closes` the
  // listening socket is open until they have ended. Does not wait; say it again until left(). Owner thread.
  void leave(bool closes);
  bool left() const;
  // Asks its threads to end: the listener is closed, client threads come back from their calls. Does not
  // wait.
  void stop();

 private:
  struct Shared;
  explicit Server(std::shared_ptr<Shared> shared);
  std::shared_ptr<Shared> shared_;
};

enum class LoadArrival : std::uint8_t { all_at_once, steady, poisson };
enum class LoadEnd : std::uint8_t {
  close,
  half_close,  // shutdown(SHUT_WR) behind the last message, reads to the end of the stream, closes
  reset,       // the last message sent, an RST instead of reading its answer
  never,       // answered, then keeps the connection open until the load is stopped
};

struct LoadOptions {
  std::string name = "L";
  std::string host = std::string(kThisMachine);  // where its clients are
  Address to;  // of a stream server. An AF_UNIX path is one of the engine's private directory
  std::string to_name;
  int clients = 1;   // at most kMostLoadClients; a Notice says when it was more
  int messages = 1;  // a client
  std::string text = "hello\n";
  std::int64_t size = 0;  // above 0: a message is that many bytes of short lines, instead of `text`
  Time think = 0;         // between an answer and the client's next message
  Time drip = 0;          // above 0: a message goes byte by byte, so much time between two
  Time slow_read = 0;     // above 0: waits so long before each recv of at most 1 KiB
  LoadArrival arrival = LoadArrival::all_at_once;
  Time over = kSecond;     // steady, poisson: the time over which the clients begin
  std::uint64_t seed = 1;  // poisson: the same seed, the same moments
  LoadEnd end = LoadEnd::close;
  bool stay = false;  // connect, then keep the connection open without closing; `end` does not count then
  int most_threads = kMostLoadThreads;
  std::string program = "/proc/self/exe";  // what has run_load_child() behind its first argument "load-child"
};

// Clients that connect, send, wait for the answer and close. Up to most_threads: a thread each, "L.1"…, all
// at once. More: one thread "L.load" of a child process (load_process.h), kAtOnce of them under way at a
// time; with `stay` that many connects. An arrival over a time is kept whatever is under way. When an answer
// is whole: load_talk.h. Owner thread of the engine.
class Load {
 public:
  static std::unique_ptr<Load> start(Engine& engine, ServerId id, LoadOptions options);
  ~Load();                // stop(); waits for a child process, and kills it if it does not end
  bool finished() const;  // all clients finished; with `stay`: all connected or refused; those that never
                          // close: answered or failed
  bool ended() const;     // and no thread or process of it runs any more
  void stop();
  struct Figures {
    // Clients. A half-close that was answered with the end of the stream alone, and a reset, is none of them.
    unsigned answered = 0, waiting = 0, refused = 0, errors = 0;
    unsigned settled = 0;  // clients that finished, as finished() says
    bool operator==(const Figures&) const = default;
  };
  Figures figures() const;

  class Clients;  // how they run; load_clients.h

 private:
  explicit Load(std::unique_ptr<Clients> clients);
  std::unique_ptr<Clients> clients_;
};

}  // namespace sockscope
