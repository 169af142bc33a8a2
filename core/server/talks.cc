#include "server/talks.h"

#include <array>
#include <cerrno>
#include <utility>

namespace sockscope {
namespace {

constexpr std::size_t kMostUnsent = 1 << 20;  // of one client; more is not kept for who does not read

}  // namespace

Talks::~Talks() {
  while (!talks_.empty()) finish(talks_.begin()->first);
}

void Talks::set_blocking_off(SocketId socket) {
  Request request;
  request.call = Call::setblocking;
  request.socket = socket;
  perform(caller_, request);
}

std::optional<Client> Talks::accept() {
  int error = 0;
  auto client = service_.accept_once(caller_, back_off_, error);
  if (client) return client;
  if (Service::is_final(error))
    gone_ = true;
  else if (error != EAGAIN && error != EINTR)
    rests_until_ = now() + back_off_.delay;
  return std::nullopt;
}

void Talks::begin(Client client) {
  const SocketId id = client.socket->id;
  set_blocking_off(id);
  service_.begin(caller_, client);
  auto handler = service_.handler_for(caller_, client);
  const auto made = talks_.emplace(id, Talk{std::move(client), std::move(handler)}).first;
  changed(id, &made->second);
}

Talks::Talk* Talks::find(SocketId id) {
  const auto found = talks_.find(id);
  return found == talks_.end() ? nullptr : &found->second;
}

bool Talks::read(SocketId id) {
  Talk* const talk = find(id);  // none: it ended in this very turn
  if (talk == nullptr) return false;
  std::array<char, Handler::kReads> buffer;
  int error = 0;
  const std::int64_t got = call_recv(caller_, talk->client.socket, buffer.data(), buffer.size(), 0, error);
  if (got < 0) {
    if (error != EAGAIN && error != EINTR) finish(id);
    return error == EINTR;
  }
  const Handler::Answer answer = talk->handler->take({buffer.data(), static_cast<std::size_t>(got)});
  if (answer.works && service_.options().work > 0) work(caller_, service_.options().work);
  if (service_.must_end(caller_)) return false;  // its work was cut short: it has no answer
  talk->out += answer.bytes;
  talk->ends = answer.done || got == 0;
  if (!answer.to_all.empty())
    for (auto& [other, its] : talks_) {
      if (its.out.size() + answer.to_all.size() <= kMostUnsent) its.out += answer.to_all;
      if (other != id) told_.push_back(other);
    }
  send(id);
  for (const SocketId other : std::exchange(told_, {})) send(other);
  return find(id) != nullptr;
}

void Talks::send(SocketId id) {
  Talk* const talk = find(id);
  if (talk == nullptr) return;
  while (talk->writes()) {
    int error = 0;
    const std::int64_t sent = call_send(caller_, talk->client.socket, talk->out, error);
    if (sent < 0) {
      if (error != EAGAIN && error != EINTR) return finish(id);
      return changed(id, talk);
    }
    talk->out.erase(0, static_cast<std::size_t>(sent));
  }
  if (talk->ends) return finish(id);
  changed(id, talk);
}

void Talks::finish(SocketId id) {
  const auto found = talks_.find(id);
  const Client client = std::move(found->second.client);
  talks_.erase(found);
  changed(id, nullptr);
  service_.end(caller_, client);
  service_.shutdown_request(caller_, client);
}

}  // namespace sockscope
