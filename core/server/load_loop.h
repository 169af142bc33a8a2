#pragma once
// The clients of a load in one thread: non-blocking sockets and epoll(7). Of this room only.

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/load_pace.h"
#include "server/load_talk.h"
#include "server/server.h"

namespace sockscope {

class LoadLoop {
 public:
  // `control` ends when the loop shall end; `out` takes the lines of load_lines.h.
  LoadLoop(const LoadOptions& options, bool tracing, int control, int out);
  ~LoadLoop();
  LoadLoop(const LoadLoop&) = delete;
  LoadLoop& operator=(const LoadLoop&) = delete;
  // Until every client has finished and been closed; where they keep their connections until told to end. The
  // exit code: 0, or 2 if `control` cannot be watched.
  int run();

 private:
  enum class Step : std::uint8_t { connecting, talking, staying };
  struct Client {
    LoadTalk talk;
    SocketHandle socket{};
    Step step = Step::connecting;
    bool waits = false;         // for an answer
    std::uint32_t watched = 0;  // epoll(7)'s events; 0: it is not
    Time due = -1;              // it is in dues_; −1: it is not
    LoadPace::Unanswered unanswered{};
  };

  void find_unix_name();
  void fit_to_limit();
  void notice(std::string_view code, const std::string& text);
  bool may_begin() const;
  bool done() const;
  int milliseconds_to_wait() const;
  void begin(std::uint32_t number);
  void begin_some();
  void go_on(Client& client, std::uint32_t ready);
  void reach(Client& client);
  void talk(Client& client, std::uint32_t ready);
  void say(Client& client);
  void hear(Client& client);
  void follow(Client& client, LoadTalk::Then then);
  void wait_for_answer(Client& client, bool waits);
  void settle();
  void fail(Client& client, unsigned& count);
  void finish(Client& client);
  void keep(Client& client);
  void close(Client& client);
  Reply call(Call name, const Client& client, const Numbers& numbers = {}, const Address& address = {});
  std::uint32_t number_of(const Client& client) const;
  void wait_for(Client& client, const LoadTalk::Wants& wants);
  void watch(Client& client, std::uint32_t events);
  void set_due(Client& client, Time at);
  void turn();
  void flush();
  void flush_if_due();

  const LoadOptions options_;
  Address to_;
  const LoadMessage message_;
  const std::vector<Time> begins_;  // after started_
  const Time started_;
  const int control_, out_;
  Inbox inbox_;
  CallRoom room_;
  Caller caller_;
  int epoll_ = -1;
  std::vector<Client> clients_;
  unsigned begun_ = 0;                             // how many of clients_
  std::set<std::pair<Time, std::uint32_t>> dues_;  // when which client goes on without an event
  std::vector<char> room_to_read_;
  LoadPace pace_;
  Load::Figures figures_, told_;
  bool stopping_ = false;  // told to end, or nobody hears us any more
  std::string buffer_;
  Time flushed_ = 0;
};

}  // namespace sockscope
