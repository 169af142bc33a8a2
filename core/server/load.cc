#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>

#include "server/load_clients.h"

namespace sockscope {

Request linger_none() {
  static constexpr linger kNone{1, 0};
  Request request;
  request.call = Call::setsockopt;
  request.numbers = {SOL_SOCKET, SO_LINGER, 0, 1};
  request.data = {reinterpret_cast<const char*>(&kNone), sizeof kNone};
  return request;
}

Load::Load(std::unique_ptr<Clients> clients) : clients_(std::move(clients)) {}
Load::~Load() {
  stop();
}

std::unique_ptr<Load> Load::start(Engine& engine, ServerId id, LoadOptions options) {
  const int asked = options.clients;
  options.clients = std::clamp(asked, 0, kMostLoadClients);
  if (engine.room().tracing()) {
    Inbox::Lane& lane = engine.inbox().lane();
    const std::string to = options.to_name.empty() ? to_text(options.to) : options.to_name;
    lane.put(event::LoadStarted{id, static_cast<std::uint32_t>(options.clients),
                                std::string_view(options.name), std::string_view(to)});
    if (options.clients != asked) {
      const std::string text =
          fmt::format("{} has {} clients, not {}: that is the limit", options.name, options.clients, asked);
      lane.put(event::Notice{"load-limit", std::string_view(text)});
    }
    engine.inbox().give_back(lane);
  }
  const auto run = options.clients > options.most_threads ? run_in_process : run_in_threads;
  return std::unique_ptr<Load>(new Load(run(engine, id, options)));
}

bool Load::finished() const {
  return clients_->finished();
}
bool Load::ended() const {
  return clients_->ended();
}
void Load::stop() {
  clients_->stop();
}
Load::Figures Load::figures() const {
  return clients_->figures();
}

}  // namespace sockscope
