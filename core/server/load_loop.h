#pragma once
// The clients of a load in one thread: non-blocking sockets and epoll(7). Of this room only.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "server/load_pace.h"
#include "server/server.h"

namespace sockscope {

class LoadLoop {
 public:
  // `control` ends when the loop shall end; `out` takes the lines of load_lines.h.
  LoadLoop(const LoadOptions& options, bool tracing, int control, int out);
  ~LoadLoop();
  LoadLoop(const LoadLoop&) = delete;
  LoadLoop& operator=(const LoadLoop&) = delete;
  // Until every client has finished and been closed; with `stay` until told to end. The exit code: 0, or 2
  // if `control` cannot be watched.
  int run();

 private:
  enum class Step : std::uint8_t { connecting, sending, hearing, staying };
  struct Client {
    SocketHandle socket;
    Step step = Step::connecting;
    bool watched = false;
    int left = 0;          // messages not answered yet
    std::size_t sent = 0;  // bytes of the message under way
    LoadPace::Unanswered unanswered;
  };

  void fit_to_limit();
  void notice(std::string_view code, const std::string& text);
  bool may_begin() const;
  bool done() const;
  void begin(std::uint32_t number);
  void go_on(Client& client);
  void reach(Client& client);
  void say(Client& client);
  void hear(Client& client);
  void settle();
  void fail(Client& client, unsigned& count);
  void finish(Client& client);
  void close(Client& client);
  Reply call(Call name, const Client& client, const Address& address = {});
  void watch(Client& client, std::uint32_t events);
  void unwatch(Client& client);
  void turn();
  void flush();
  void flush_if_due();

  const LoadOptions options_;
  const int control_, out_;
  Inbox inbox_;
  CallRoom room_;
  Caller caller_;
  int epoll_ = -1;
  std::vector<Client> clients_;
  unsigned begun_ = 0;  // how many of clients_
  LoadPace pace_;
  Load::Figures figures_, told_;
  bool stopping_ = false;  // told to end, or nobody hears us any more
  std::string buffer_;
  Time flushed_ = 0;
};

}  // namespace sockscope
