#include "cli/race_figures.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

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
    for (const auto& [socket, client] : clients_)
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
    if (e.role == ThreadRole::load && e.server.view() == load_) threads_.insert(e.thread);
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
    if (!threads_.contains(e.thread)) return;
    if (e.name == Call::connect)
      clients_.try_emplace(e.socket, Client{when_, 0});  // the first, if it asks again
    if (e.name == Call::recv) receives_[e.call] = e.socket;
  }
  void operator()(const event::CallReturned& e) {
    const auto receive = receives_.find(e.call);
    if (receive == receives_.end()) return;
    const auto client = clients_.find(receive->second);
    if (client != clients_.end() && e.error == 0 && e.result > 0) client->second.answered = when_;
    receives_.erase(receive);
  }
  template <typename Other>
  void operator()(const Other&) {}

 private:
  struct Client {
    Time connects = 0, answered = 0;
  };
  const std::string load_;
  RaceFigures out_;
  std::set<ThreadId> threads_;
  std::map<SocketId, Client> clients_;
  std::map<CallId, SocketId> receives_;
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

void put_load(Json& json, const RaceFigures& figures) {
  json.key("answered").number(figures.answered);
  json.key("waiting").number(figures.waiting);
  json.key("refused").number(figures.refused);
  json.key("errors").number(figures.errors);
  json.key("took_ns");
  if (figures.took > 0)
    json.number(figures.took);
  else
    json.null();
  json.key("answer_ns").begin_object();
  for (const auto& [name, share] :
       {std::pair{"p50", 0.5}, std::pair{"p90", 0.9}, std::pair{"p99", 0.99}, std::pair{"max", 1.0}})
    json.key(name).number(percentile(figures.answers, share));
  json.end_object();
}

Time percentile(const std::vector<Time>& ascending, double share) {
  if (ascending.empty()) return 0;
  const double place = std::ceil(share * static_cast<double>(ascending.size())) - 1;
  return ascending[static_cast<std::size_t>(
      std::clamp(place, 0.0, static_cast<double>(ascending.size() - 1)))];
}

}  // namespace sockscope::cli
