#include "cli/race_figures.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace sockscope::cli {
namespace {

// The message of a client under way.
struct Saying {
  Time begun = -1;  // −1: none
  Time heard = -1;  // the last of its answer
  std::int64_t sent = 0, came = 0;
  bool ended = false;  // the stream
};

class Reading {
 public:
  Reading(const std::string& server, const std::string& load, const LoadOptions& said)
      : load_(load),
        sized_(said.size > 0),
        length_(sized_ ? said.size : static_cast<std::int64_t>(said.text.size())) {
    out_.server = server;
  }

  void at(Time when, const Body& body) {
    when_ = when;
    std::visit(*this, body);
  }
  RaceFigures take() {
    for (auto& [socket, client] : clients_) {
      if (client.answered > 0) out_.answers.push_back(client.answered - client.connects);
      const Saying& last = client.saying;
      if (!sized_ || last.ended || last.came >= length_) tell(last);
    }
    for (auto* times : {&out_.answers, &out_.connects, &out_.latencies})
      std::sort(times->begin(), times->end());
    return std::move(out_);
  }

  void operator()(const event::ServerStarted& e) {
    if (e.name.view() != out_.server) return;
    id_ = e.server;
    listener_ = e.listener;
  }
  void operator()(const event::ServerSampled& e) {
    if (id_ == 0 || e.server != id_) return;
    out_.memory_most = std::max(out_.memory_most, e.memory);
    out_.switches = e.switches;
    out_.preempted = e.preempted;
    out_.processor = e.processor;
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
      clients_.try_emplace(e.socket, Client{when_, {}});  // the first, if it asks again
    const auto client = clients_.find(e.socket);
    if (client == clients_.end()) return;
    if (e.name == Call::send || e.name == Call::sendall) begins(client->second);
    if (e.name == Call::connect || e.name == Call::recv || e.name == Call::send)
      calls_[e.call] = {e.name, e.socket};
  }
  void operator()(const event::CallReturned& e) {
    const auto call = calls_.find(e.call);
    if (call == calls_.end()) return;
    const auto [name, socket] = call->second;
    calls_.erase(call);
    if (e.error == 0) succeeded(clients_.at(socket), name, e.result);
  }
  template <typename Other>
  void operator()(const Other&) {}

 private:
  struct Client {
    Time connects = 0;
    Saying saying{};
    Time answered = 0;
    bool connected = false;
  };

  // A send: of the next message, if all of the last one is sent.
  void begins(Client& client) {
    Saying& saying = client.saying;
    if (saying.begun >= 0 && saying.sent < length_) return;
    tell(saying);
    saying = {when_, -1, 0, 0, false};
  }
  void tell(const Saying& saying) {
    if (saying.begun >= 0 && saying.heard >= 0 && saying.sent >= length_)
      out_.latencies.push_back(saying.heard - saying.begun);
  }
  void succeeded(Client& client, Call name, std::int64_t result) {
    if (name == Call::send) client.saying.sent += result;
    if (name == Call::recv && result == 0) client.saying.ended = true;
    if (name == Call::recv && result > 0) {
      client.saying.came += result;
      client.saying.heard = client.answered = when_;
    }
    if (name == Call::connect && !std::exchange(client.connected, true))
      out_.connects.push_back(when_ - client.connects);
    if (name == Call::connect || (name == Call::recv && result > 0)) out_.busy = when_ - begun_;
  }

  const std::string load_;
  const bool sized_;
  const std::int64_t length_;  // of each message
  RaceFigures out_;
  std::set<ThreadId> threads_;
  std::map<SocketId, Client> clients_;
  std::map<CallId, std::pair<Call, SocketId>> calls_;
  ServerId id_ = 0, load_id_ = 0;
  SocketId listener_ = 0;
  Time when_ = 0, begun_ = 0;
  unsigned busy_ = 0;
};

}  // namespace

RaceFigures race_figures(const Trace& trace, const std::string& server, const std::string& load,
                         const LoadOptions& said) {
  Reading reading(server, load, said);
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
  json.key("answer_ns");
  put_percentiles(json, figures.answers);
}

void put_percentiles(Json& json, const std::vector<Time>& ascending) {
  json.begin_object();
  for (const auto& [name, share] :
       {std::pair{"p50", 0.5}, std::pair{"p90", 0.9}, std::pair{"p99", 0.99}, std::pair{"max", 1.0}})
    json.key(name).number(percentile(ascending, share));
  json.end_object();
}

Time percentile(const std::vector<Time>& ascending, double share) {
  if (ascending.empty()) return 0;
  const double place = std::ceil(share * static_cast<double>(ascending.size())) - 1;
  return ascending[static_cast<std::size_t>(
      std::clamp(place, 0.0, static_cast<double>(ascending.size() - 1)))];
}

}  // namespace sockscope::cli
