#pragma once
// socketserver.ForkingTCPServer in a process of one thread: accept, then a process for each client. Of this
// room only.

#include <sys/types.h>

#include <map>
#include <string>

#include "server/births.h"
#include "server/child_process.h"
#include "server/service.h"
#include "server/teller.h"

namespace sockscope {

// Where it tells what it and its clients' processes do (teller.h).
struct ForkTold {
  int memory = -1, wake = -1;
};

class ForkLoop {
 public:
  static constexpr std::size_t kMostChildren = 40;  // ForkingMixIn.max_children
  // `control` ends when the server shall end.
  ForkLoop(const ServerOptions& options, ServerId id, bool tracing, int control, const ForkTold& told_to,
           int listener);
  ForkLoop(const ForkLoop&) = delete;
  ForkLoop& operator=(const ForkLoop&) = delete;
  bool ok() const { return births_.ok() && teller_.ok(); }
  void run();  // only where ok()

 private:
  struct Child {
    ThreadId thread = 0;
    SocketId socket = 0;  // its descriptor of the connection
    std::string name;
  };
  void steer();
  ServerOptions told(ServerOptions options);
  bool told_to_end() const;
  void wait(Caller& caller, Time until);
  void tell_rest(ThreadId thread);
  void begin(Caller& caller, const Client& client);
  void tell_born(Caller& caller, const Client& client, pid_t pid, const Child& child);
  [[noreturn]] void serve(const Client& client, ThreadId thread);
  SocketHandle take_over(const Client& client);
  bool collect();
  void wait_for_one(Caller& caller);
  void make_room(Caller& caller);
  void bury(pid_t pid, int status);

  const int control_;
  Births births_;
  Teller teller_;
  CallRoom room_;
  const SocketHandle listener_;
  Service service_;
  Caller* caller_ = nullptr;  // the server's own, while it accepts
  const pid_t self_;
  bool in_client_ = false;
  bool limit_told_ = false;
  ThreadId last_thread_ = 1;
  std::map<pid_t, Child> children_;
};

}  // namespace sockscope
