// One thread serves all: it asks the kernel which sockets are ready (select(2), poll(2)) and never waits for
// one client alone.

#include <fmt/format.h>
#include <poll.h>
#include <sys/select.h>

#include <cerrno>

#include "server/talks.h"

namespace sockscope {
namespace {

class ReadyLoop {
 public:
  ReadyLoop(Service& service, Caller& caller, Call wait)
      : service_(service), caller_(caller), wait_(wait), talks_(service, caller) {}

  void run() {
    talks_.set_blocking_off(service_.listener()->id);
    while (!service_.must_leave(caller_) && turn()) {
    }
  }

 private:
  // False: the listening socket is no good.
  bool turn() {
    const Reply ready = wait();
    if (!ready.ok()) return ready.error == EINTR || without_the_unusable(ready.error);
    for (const Reply::Ready& one : ready.ready) {
      if (one.socket == service_.listener()->id) {
        accept();
        if (talks_.listener_is_gone()) return false;
        continue;
      }
      const bool readable = wait_ == Call::select ? one.which == 0 : (one.which & ~POLLOUT) != 0;
      const bool writable = wait_ == Call::select ? one.which == 1 : (one.which & POLLOUT) != 0;
      if (writable) talks_.send(one.socket);
      if (readable) talks_.read(one.socket);
    }
    return true;
  }

  void accept() {
    auto client = talks_.accept();
    if (!client) return;
    if (wait_ != Call::select || client->socket->number < FD_SETSIZE) return talks_.begin(std::move(*client));
    service_.notice(
        caller_, "select-limit",
        service_.options().name + " closes a client unanswered: select() knows only descriptors below 1024");
    service_.shutdown_request(caller_, *client);
  }

  bool is_usable(const SocketEntry& socket) const {
    return socket.fd >= 0 && (wait_ != Call::select || socket.number < FD_SETSIZE);
  }
  // Somebody else closed a socket of ours: that client's talk is over. False: nothing is left to wait for.
  bool without_the_unusable(int error) {
    std::vector<SocketId> gone;
    for (const auto& [id, talk] : talks_.all())
      if (!is_usable(*talk.client.socket)) gone.push_back(id);
    for (const SocketId id : gone) talks_.finish(id);
    if (!gone.empty() && is_usable(*service_.listener())) return true;
    service_.notice(caller_, "server-ended",
                    fmt::format("{} ends: it cannot wait for its sockets: {}", service_.options().name,
                                describe_error(error)));
    return false;
  }

  Reply wait() {
    Request request;
    request.call = wait_;
    const Time rest = talks_.rests_until() - now();
    const bool listens = rest <= 0;
    request.numbers[0] = listens ? -1 : wait_ == Call::select ? rest : rest / kMillisecond + 1;
    request.text = wait_ == Call::select ? lists(listens) : events(listens);
    return perform(caller_, request);
  }
  std::string lists(bool listens) const {
    std::string readers = listens ? std::to_string(service_.listener()->id) : std::string(), writers;
    for (const auto& [id, talk] : talks_.all()) {
      if (talk.reads()) readers += (readers.empty() ? "" : " ") + std::to_string(id);
      if (talk.writes()) writers += (writers.empty() ? "" : " ") + std::to_string(id);
    }
    return readers + '|' + writers + '|';
  }
  std::string events(bool listens) const {
    std::string all = listens ? std::to_string(service_.listener()->id) + ":" + std::to_string(POLLIN) : "";
    for (const auto& [id, talk] : talks_.all()) {
      const int wanted = (talk.reads() ? POLLIN : 0) | (talk.writes() ? POLLOUT : 0);
      all += (all.empty() ? "" : " ") + std::to_string(id) + ":" + std::to_string(wanted);
    }
    return all;
  }

  Service& service_;
  Caller& caller_;
  const Call wait_;
  Talks talks_;
};

}  // namespace

void serve_select(Service& service, Caller& caller) {
  ReadyLoop(service, caller, Call::select).run();
}
void serve_poll(Service& service, Caller& caller) {
  ReadyLoop(service, caller, Call::poll).run();
}

}  // namespace sockscope
