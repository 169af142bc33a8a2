#include "explain/race.h"

#include <algorithm>
#include <cerrno>
#include <variant>

#include "net/address.h"

namespace sockscope {
namespace {

void step(std::vector<RaceStep>& steps, Time at, std::uint64_t value) {
  if (!steps.empty() && steps.back().value == value) return;
  if (!steps.empty() && steps.back().at >= at)
    steps.back().value = value;
  else
    steps.push_back({at, value});
}

}  // namespace

void Race::extend(const Trace& trace) {
  if (trace_ != &trace || trace.size() < read_ || trace.start() != start_) {
    *this = Race();
    trace_ = &trace;
    start_ = trace.start();
  }
  for (; read_ < trace.size(); ++read_) note(trace[read_]);
}

void Race::note(const Event& event) {
  std::visit([&](const auto& body) { on(body, event.at); }, event.body);
}

std::vector<const RaceLane*> Race::lanes() const {
  std::vector<const RaceLane*> found;
  for (const RaceLane& lane : lanes_)
    if (lane.from >= 0) found.push_back(&lane);
  return found;
}

bool Race::is_one() const {
  const auto all = lanes();
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const RaceLane &a = *all[i], &b = *all[j];
      if ((a.to < 0 || b.from < a.to) && (b.to < 0 || a.from < b.to)) return true;
    }
  return false;
}

Time Race::from() const {
  Time first = -1;
  for (const RaceLane& lane : lanes_)
    if (lane.from >= 0) first = first < 0 ? lane.from : std::min(first, lane.from);
  return first;
}

Time Race::to(Time now) const {
  Time last = from();
  for (const RaceLane& lane : lanes_)
    if (lane.from >= 0) last = std::max(last, lane.to < 0 ? now : lane.to);
  return last;
}

RaceLane* Race::lane_of(std::string_view to) {
  for (std::size_t i = lanes_.size(); i-- > 0;)
    if (lanes_[i].name == to || addresses_[i] == to) return &lanes_[i];
  return nullptr;
}

RaceRunner* Race::runner(SocketId socket) {
  const auto found = places_.find(socket);
  return found == places_.end() ? nullptr : &lanes_[found->second.lane].runners[found->second.runner];
}

void Race::on(const event::ServerStarted& e, Time) {
  RaceLane lane;
  lane.server = e.server;
  lane.name = e.name.view();
  lane.model = e.model.view();
  lane.listener = e.listener;
  const std::size_t index = lanes_.size();
  std::uint64_t alive = 0;
  for (auto& [thread, of] : of_server_)  // who accepts began before its server
    if (of == index) ++alive;
  lanes_.push_back(std::move(lane));
  counts_.push_back({0, alive});
  addresses_.push_back(to_text(e.address));
}

void Race::on(const event::ServerSampled& e, Time at) {
  for (RaceLane& lane : lanes_) {
    if (lane.server != e.server) continue;
    step(lane.memory, at, e.memory);
    step(lane.switches, at, e.switches);
  }
}

void Race::on(const event::ThreadStarted& e, Time at) {
  if (e.role == ThreadRole::load) {
    if (const auto load = loads_.find(std::string(e.server.view())); load != loads_.end())
      of_load_[e.thread] = load->second;
    return;
  }
  if (e.server.empty()) return;
  const auto its = std::find_if(lanes_.rbegin(), lanes_.rend(),
                                [&](const RaceLane& lane) { return lane.name == e.server.view(); });
  if (its == lanes_.rend()) {
    of_server_[e.thread] = lanes_.size();
    return;
  }
  const auto index = static_cast<std::size_t>(lanes_.rend() - its) - 1;
  of_server_[e.thread] = index;
  step(lanes_[index].threads, at, ++counts_[index].threads);
}

void Race::on(const event::ThreadEnded& e, Time at) {
  const auto found = of_server_.find(e.thread);
  if (found == of_server_.end() || found->second >= lanes_.size()) return;
  Counts& counts = counts_[found->second];
  if (counts.threads > 0) --counts.threads;
  step(lanes_[found->second].threads, at, counts.threads);
  of_server_.erase(found);
}

void Race::on(const event::LoadStarted& e, Time at) {
  RaceLane* lane = lane_of(e.to.view());
  if (lane == nullptr) return;
  const auto index = static_cast<std::size_t>(lane - lanes_.data());
  loads_[std::string(e.name.view())] = index;
  load_ids_[e.load] = index;
  lane->clients += e.clients;
  if (lane->from < 0) {
    lane->from = at;
    step(lane->threads, at, counts_[index].threads);
  }
  lane->to = -1;
}

void Race::on(const event::LoadEnded& e, Time at) {
  if (const auto found = load_ids_.find(e.load); found != load_ids_.end()) lanes_[found->second].to = at;
}

void Race::on(const event::ClientStarted& e, Time at) {
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    if (lanes_[i].server == e.server) step(lanes_[i].busy, at, ++counts_[i].busy);
}

void Race::on(const event::ClientEnded& e, Time at) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i].server != e.server || counts_[i].busy == 0) continue;
    step(lanes_[i].busy, at, --counts_[i].busy);
  }
}

void Race::on(const event::ListenerSampled& e, Time at) {
  for (RaceLane& lane : lanes_) {
    if (lane.listener != e.socket) continue;
    lane.limit = e.limit;
    step(lane.queue, at, e.accept_queue);
  }
}

void Race::on(const event::CallEntered& e, Time at) {
  const auto load = of_load_.find(e.thread);
  if (load == of_load_.end() || e.socket == 0) return;
  if (e.name == Call::connect && !places_.contains(e.socket)) {
    std::vector<RaceRunner>& runners = lanes_[load->second].runners;
    places_[e.socket] = {load->second, runners.size()};
    runners.push_back({e.socket, at});
  }
  if (e.name == Call::recv || e.name == Call::connect) calls_[e.call] = e.socket;
}

void Race::on(const event::CallReturned& e, Time at) {
  const auto call = calls_.find(e.call);
  if (call == calls_.end()) return;
  if (RaceRunner* its = runner(call->second)) {
    if (e.error == ECONNREFUSED) its->refused = at;
    if (e.error == 0 && e.result > 0) its->answered = at;  // connect gives 0
  }
  calls_.erase(call);
}

void Race::on(const event::SocketClosed& e, Time at) {
  if (RaceRunner* its = runner(e.socket)) its->ended = at;
}

std::uint64_t value_at(const std::vector<RaceStep>& steps, Time at) {
  const auto after = std::upper_bound(steps.begin(), steps.end(), at,
                                      [](Time moment, const RaceStep& one) { return moment < one.at; });
  return after == steps.begin() ? 0 : (after - 1)->value;
}

}  // namespace sockscope
