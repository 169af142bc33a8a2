#include "cli/race_figures.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace sockscope::cli {
namespace {

class Reading {
 public:
  Reading(const std::string& server, const std::string& load) : load_(load) { out_.server = server; }

  void at(Time when, const Body& body) {
    when_ = when;
    std::visit(*this, body);
  }
  RaceFigures take() {
    for (const auto& [thread, client] : clients_)
      if (client.answered > 0) out_.answers.push_back(client.answered - client.connects);
    std::sort(out_.answers.begin(), out_.answers.end());
    return std::move(out_);
  }

  void operator()(const event::ServerStarted& e) {
    if (e.name.view() != out_.server) return;
    id_ = e.server;
    listener_ = e.listener;
  }
  void operator()(const event::ThreadStarted& e) {
    if (e.role == ThreadRole::load && e.server.view() == load_) clients_[e.thread] = {};
    out_.threads += e.role != ThreadRole::load && e.server.view() == out_.server;
  }
  void operator()(const event::LoadStarted& e) {
    if (e.name.view() != load_) return;
    load_id_ = e.load;
    begun_ = when_;
  }
  void operator()(const event::LoadEnded& e) {
    if (e.load != load_id_) return;
    out_.took = when_ - begun_;
    out_.answered = e.answered;
    out_.waiting = e.waiting;
    out_.refused = e.refused;
    out_.errors = e.errors;
  }
  void operator()(const event::ClientStarted& e) {
    if (e.server == id_) out_.busy_most = std::max(out_.busy_most, ++busy_);
  }
  void operator()(const event::ClientEnded& e) {
    if (e.server == id_ && busy_ > 0) --busy_;
  }
  void operator()(const event::ListenerSampled& e) {
    if (e.socket == listener_) out_.queue_most = std::max(out_.queue_most, e.accept_queue);
  }
  void operator()(const event::CallEntered& e) {
    const auto client = clients_.find(e.thread);
    if (client == clients_.end()) return;
    client->second.call = e.name;
    if (e.name == Call::connect) client->second.connects = when_;
  }
  void operator()(const event::CallReturned& e) {
    const auto client = clients_.find(e.thread);
    if (client == clients_.end() || client->second.call != Call::recv || e.error != 0 || e.result <= 0)
      return;
    client->second.answered = when_;
  }
  template <typename Other>
  void operator()(const Other&) {}

 private:
  struct Client {
    Time connects = 0, answered = 0;
    Call call = Call::none;
  };
  const std::string load_;
  RaceFigures out_;
  std::map<ThreadId, Client> clients_;
  ServerId id_ = 0, load_id_ = 0;
  SocketId listener_ = 0;
  Time when_ = 0, begun_ = 0;
  unsigned busy_ = 0;
};

}  // namespace

RaceFigures race_figures(const Trace& trace, const std::string& server, const std::string& load) {
  Reading reading(server, load);
  for (std::size_t i = 0; i < trace.size(); ++i) reading.at(trace[i].at, trace[i].body);
  return reading.take();
}

Time percentile(const std::vector<Time>& ascending, double share) {
  if (ascending.empty()) return 0;
  const double place = std::ceil(share * static_cast<double>(ascending.size())) - 1;
  return ascending[static_cast<std::size_t>(
      std::clamp(place, 0.0, static_cast<double>(ascending.size() - 1)))];
}

}  // namespace sockscope::cli
