#pragma once
// The clients that one thread serves by turns: non-blocking sockets, and what each has not been sent yet.
// Who is ready, the model asks. Of this room only; one thread.

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "server/service.h"

namespace sockscope {

class Talks {
 public:
  static constexpr std::size_t kPause = 64 << 10;  // with so much unsent nothing more is read of a client

  struct Talk {
    Client client;
    std::unique_ptr<Handler> handler;
    std::string out{};          // not sent yet
    bool ends = false;          // when that is sent
    std::uint32_t watched = 0;  // what the model has asked for; its own
    bool reads() const { return !ends && out.size() < kPause; }
    bool writes() const { return !out.empty(); }
  };

  Talks(Service& service, Caller& caller) : service_(service), caller_(caller) {}
  ~Talks();  // finishes all
  Talks(const Talks&) = delete;
  Talks& operator=(const Talks&) = delete;

  // What a talk waits for may be another now; nullptr: it is over, its socket is closed next.
  std::function<void(SocketId, Talk*)> changed = [](SocketId, Talk*) {};

  void set_blocking_off(SocketId socket);
  // One accept of the listening socket, which is non-blocking: a client that is to be begun or refused.
  std::optional<Client> accept();
  // When accept failed: not before then again; others are served meanwhile.
  Time rests_until() const { return rests_until_; }
  bool listener_is_gone() const { return gone_; }
  void begin(Client client);

  // One recv, and what the handler makes of it. False: there was nothing, or it is over.
  bool read(SocketId id);
  void send(SocketId id);
  void finish(SocketId id);
  Talk* find(SocketId id);
  const std::map<SocketId, Talk>& all() const { return talks_; }

 private:
  Service& service_;
  Caller& caller_;
  std::map<SocketId, Talk> talks_;
  std::vector<SocketId> told_;
  Service::BackOff back_off_;
  Time rests_until_ = 0;
  bool gone_ = false;
};

}  // namespace sockscope
