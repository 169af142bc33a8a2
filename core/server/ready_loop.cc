// One thread serves all: it asks the kernel which sockets are ready (select(2), poll(2)) and never waits for
// one client alone.

#include <fmt/format.h>
#include <poll.h>
#include <sys/select.h>

#include <cerrno>
#include <map>

#include "server/service.h"

namespace sockscope {
namespace {

constexpr std::size_t kMostUnsent = 1 << 20;  // of one client; more is not kept for who does not read
constexpr std::size_t kPause = 64 << 10;      // with so much unsent nothing more is read of it

class ReadyLoop {
 public:
  ReadyLoop(Service& service, Caller& caller, Call wait) : service_(service), caller_(caller), wait_(wait) {}

  void run() {
    set_blocking_off(service_.listener()->id);
    while (!service_.must_end(caller_) && turn()) {
    }
    while (!talks_.empty()) finish(talks_.begin()->first);
  }

 private:
  struct Talk {
    Client client;
    std::unique_ptr<Handler> handler;
    std::string out{};  // not sent yet
    bool ends = false;  // when that is sent
    bool reads() const { return !ends && out.size() < kPause; }
  };

  Reply call(Call name, SocketId socket, std::int64_t number = 0) {
    Request request;
    request.call = name;
    request.socket = socket;
    request.numbers[0] = number;
    return perform(caller_, request);
  }
  void set_blocking_off(SocketId socket) { call(Call::setblocking, socket, 0); }

  // False: the listening socket is no good.
  bool turn() {
    const Reply ready = wait();
    if (!ready.ok()) return ready.error == EINTR || without_the_unusable(ready.error);
    for (const Reply::Ready& one : ready.ready) {
      if (one.socket == service_.listener()->id) {
        if (!accept()) return false;
        continue;
      }
      const bool readable = wait_ == Call::select ? one.which == 0 : (one.which & ~POLLOUT) != 0;
      const bool writable = wait_ == Call::select ? one.which == 1 : (one.which & POLLOUT) != 0;
      if (writable) send(one.socket);
      if (readable) read(one.socket);
    }
    return true;
  }

  bool is_usable(const SocketEntry& socket) const {
    return socket.fd >= 0 && (wait_ != Call::select || socket.number < FD_SETSIZE);
  }
  // Somebody else closed a socket of ours: that client's talk is over. False: nothing is left to wait for.
  bool without_the_unusable(int error) {
    std::vector<SocketId> gone;
    for (const auto& [id, talk] : talks_)
      if (!is_usable(*talk.client.socket)) gone.push_back(id);
    for (const SocketId id : gone) finish(id);
    if (!gone.empty() && is_usable(*service_.listener())) return true;
    service_.notice(caller_, "server-ended",
                    fmt::format("{} ends: it cannot wait for its sockets: {}", service_.options().name,
                                describe_error(error)));
    return false;
  }

  Reply wait() {
    Request request;
    request.call = wait_;
    const Time rest = rests_until_ - now();
    const bool listens = rest <= 0;
    request.numbers[0] = listens ? -1 : wait_ == Call::select ? rest : rest / kMillisecond + 1;
    request.text = wait_ == Call::select ? lists(listens) : events(listens);
    return perform(caller_, request);
  }
  std::string lists(bool listens) const {
    std::string readers = listens ? std::to_string(service_.listener()->id) : std::string(), writers;
    for (const auto& [id, talk] : talks_) {
      if (talk.reads()) readers += (readers.empty() ? "" : " ") + std::to_string(id);
      if (!talk.out.empty()) writers += (writers.empty() ? "" : " ") + std::to_string(id);
    }
    return readers + '|' + writers + '|';
  }
  std::string events(bool listens) const {
    std::string all = listens ? std::to_string(service_.listener()->id) + ":" + std::to_string(POLLIN) : "";
    for (const auto& [id, talk] : talks_) {
      const int wanted = (talk.reads() ? POLLIN : 0) | (talk.out.empty() ? 0 : POLLOUT);
      all += (all.empty() ? "" : " ") + std::to_string(id) + ":" + std::to_string(wanted);
    }
    return all;
  }

  bool accept() {
    int error = 0;
    auto client = service_.accept_once(caller_, back_off_, error);
    if (!client) {
      if (Service::is_final(error)) return false;
      if (error != EAGAIN && error != EINTR) rests_until_ = now() + back_off_.delay;
      return true;
    }
    const SocketId id = client->socket->id;
    if (wait_ == Call::select && client->socket->number >= FD_SETSIZE) {
      service_.notice(caller_, "select-limit",
                      service_.options().name +
                          " closes a client unanswered: select() knows only descriptors "
                          "below 1024");
      service_.shutdown_request(caller_, *client);
      return true;
    }
    set_blocking_off(id);
    service_.begin(caller_, *client);
    auto handler = service_.handler_for(caller_, *client);
    talks_.emplace(id, Talk{std::move(*client), std::move(handler)});
    return true;
  }

  void read(SocketId id) {
    const auto found = talks_.find(id);
    if (found == talks_.end()) return;  // ended in this very turn
    Talk& talk = found->second;
    std::array<char, Handler::kReads> buffer;
    int error = 0;
    const std::int64_t got = call_recv(caller_, talk.client.socket, buffer.data(), buffer.size(), 0, error);
    if (got < 0) {
      if (error != EAGAIN && error != EINTR) finish(id);
      return;
    }
    const Handler::Answer answer = talk.handler->take({buffer.data(), static_cast<std::size_t>(got)});
    if (answer.works && service_.options().work > 0) work(caller_, service_.options().work);
    if (service_.must_end(caller_)) return;  // its work was cut short: it has no answer
    talk.out += answer.bytes;
    talk.ends = answer.done || got == 0;
    if (!answer.to_all.empty())
      for (auto& [other, its] : talks_) {
        if (its.out.size() + answer.to_all.size() <= kMostUnsent) its.out += answer.to_all;
        if (other != id) told_.push_back(other);
      }
    send(id);
    for (const SocketId other : std::exchange(told_, {})) send(other);
  }

  void send(SocketId id) {
    const auto found = talks_.find(id);
    if (found == talks_.end()) return;
    Talk& talk = found->second;
    while (!talk.out.empty()) {
      int error = 0;
      const std::int64_t sent = call_send(caller_, talk.client.socket, talk.out, error);
      if (sent < 0) {
        if (error != EAGAIN && error != EINTR) finish(id);
        return;
      }
      talk.out.erase(0, static_cast<std::size_t>(sent));
    }
    if (talk.ends) finish(id);
  }

  void finish(SocketId id) {
    const auto found = talks_.find(id);
    const Client client = std::move(found->second.client);
    talks_.erase(found);
    service_.end(caller_, client);
    service_.shutdown_request(caller_, client);
  }

  Service& service_;
  Caller& caller_;
  const Call wait_;
  std::map<SocketId, Talk> talks_;
  std::vector<SocketId> told_;
  Service::BackOff back_off_;
  Time rests_until_ = 0;  // accept failed: others are served meanwhile
};

}  // namespace

void serve_select(Service& service, Caller& caller) {
  ReadyLoop(service, caller, Call::select).run();
}
void serve_poll(Service& service, Caller& caller) {
  ReadyLoop(service, caller, Call::poll).run();
}

}  // namespace sockscope
