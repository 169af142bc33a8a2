#include "play/crew.h"

#include <fmt/format.h>

#include <algorithm>

#include "net/names.h"
#include "net/text.h"
#include "play/names_used.h"
#include "play/open_file.h"

namespace sockscope::play {
namespace {

constexpr std::size_t kLongestText = 4000;  // bytes the trace keeps of a line's result

Blob kept(const std::string& text) {
  return {first_characters(text, kLongestText), text.size()};
}

event::LineEnded ended_event(LineId id, ThreadId thread, const Outcome& outcome) {
  if (!outcome.raised) return {id, thread, 0, {}, kept(outcome.printed)};
  // gaierror's number is no errno.
  return {id, thread, std::max(outcome.error.number, 0), std::string_view(outcome.error.type),
          kept(outcome.error.message)};
}

}  // namespace

std::string base_name(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

Crew::Crew(Engine& engine, const State& state, Lab* lab)
    : engine_(engine), state_(state), lane_(engine.inbox().lane()), lab_(lab) {}

Crew::~Crew() {
  engine_.inbox().give_back(lane_);
}

bool Crew::has_host(const std::string& name) const {
  return on_host(name).has_value();
}

Crew::Done Crew::on_host(const std::string& host) const {
  if (host == kThisMachine || (lab_ != nullptr && lab_->has(host))) return {};
  return tl::unexpected(Failure{2, fmt::format("no host is called '{}'; %host {} makes one", host, host)});
}

tl::expected<ThreadId, Crew::Failure> Crew::worker(const std::string& name, const std::string& host) {
  if (const auto found = workers_.find(name); found != workers_.end()) {
    if (host.empty() || host == found->second.host) return found->second.id;
    return tl::unexpected(
        Failure{2, fmt::format("thread {} is on host {}; a thread does not move", name, found->second.host)});
  }
  const std::string its_host = host.empty() ? std::string(kThisMachine) : host;
  if (auto there = on_host(its_host); !there) return tl::unexpected(there.error());
  const ThreadId id = engine_.start({name, ThreadRole::play, 0, its_host, {}});
  if (id == 0)
    return tl::unexpected(Failure{3, fmt::format("thread {} cannot be started: there are too many", name)});
  workers_.emplace(name, WorkerThread{id, its_host});
  shared_->names.add_thread(name);
  return id;
}

Crew::Done Crew::start(const PlayLine& line, const std::string& file) {
  const auto thread = worker(line.thread, line.host);
  if (!thread) return tl::unexpected(thread.error());
  const LineId id = ++last_line_;
  shared_->lines.start(line.thread, {line.number, line.text, names_bound(*line.statement), true, {}});
  engine_.submit(*thread,
                 [shared = shared_, statement = line.statement, id, name = line.thread, number = line.number,
                  text = line.said, shown_file = base_name(file)](Caller& caller) {
                   caller.put(event::LineStarted{id, caller.thread(), number, std::string_view(shown_file),
                                                 std::string_view(text)});
                   Outcome outcome = run_statement(*statement, shared->names, caller);
                   event::LineEnded ended = ended_event(id, caller.thread(), outcome);
                   // Finished before it is told: whoever is woken by the event finds the thread free.
                   shared->lines.finish(name, std::move(outcome));
                   caller.put(std::move(ended));
                 });
  return {};
}

std::string Crew::where_is(const std::string& thread) const {
  const auto line = lines().latest(thread);
  const ThreadState* state = state_.thread(thread);
  const std::string doing = state != nullptr && !state->calls.empty()
                                ? fmt::format("in {}", info(state->calls.front().name).python)
                                : "running";
  const std::string since = line && line->number > 0 ? fmt::format(" since line {}", line->number)
                            : line                   ? fmt::format(" since '{}'", line->text)
                                                     : std::string();
  return fmt::format("thread {}, {}{}", thread, doing, since);
}

std::optional<std::string> Crew::held_by(const PlayLine& line) const {
  if (!line.statement) return std::nullopt;
  if (lines().running(line.thread)) return where_is(line.thread);
  std::optional<std::string> why;
  names_read(*line.statement, [&](const std::string& name, std::size_t) {
    if (why || names().bound(name)) return;
    if (const auto binder = lines().binder(name))
      why = fmt::format("the name {}, which {} will bind", name, where_is(binder->first));
  });
  return why;
}

Crew::Done Crew::serve(const directive::Serve& what) {
  const std::string& name = what.options.name;
  if (const auto found = servers_.find(name); found != servers_.end() && found->second->running())
    return tl::unexpected(
        Failure{2, fmt::format("server {} is running already; %stop {} first", name, name)});
  if (auto there = on_host(what.options.host); !there) return there;
  ServerOptions options = what.options;
  if (options.host != kThisMachine && is_internet(options.address.family)) {
    const std::uint16_t port = options.address.port;
    options.address = lab_->addresses(options.host).front();
    options.address.port = port;
  }
  auto server = Server::start(engine_, ++last_server_, std::move(options));
  if (!server) {
    const ServerError& error = server.error();
    return tl::unexpected(Failure{error.error != 0 ? 1 : 2, error.message});
  }
  const Address address = (*server)->address();
  shared_->names.add_server(name, {address, (*server)->listener()});
  servers_[name] = std::move(*server);
  lane_.put(event::NameBound{NameKind::server, last_server_, std::string_view(name),
                             std::string_view(to_python(address))});
  return {};
}

Crew::Done Crew::load(const directive::Load& what) {
  LoadOptions options = what.options;
  if (const auto found = loads_.find(options.name); found != loads_.end() && !found->second->finished())
    return tl::unexpected(Failure{2, fmt::format("load {} is running already", options.name)});
  if (!options.to_name.empty()) {
    const auto server = names().server(options.to_name);
    if (!server)
      return tl::unexpected(Failure{2, fmt::format("server {} has not been started", options.to_name)});
    options.to = server->address;
  }
  if (auto there = on_host(options.host); !there) return there;
  const std::string name = options.name;
  shared_->names.add_load(name);
  const ServerId id = ++last_server_;
  loads_[name] = Load::start(engine_, id, std::move(options));
  lane_.put(event::NameBound{NameKind::load, id, std::string_view(name), {}});
  return {};
}

Crew::Done Crew::stop(const directive::Stop& what) {
  const auto server = servers_.find(what.name);
  const auto load = loads_.find(what.name);
  if (server != servers_.end() && what.closes)
    server->second->leave(true);
  else if (server != servers_.end())
    server->second->stop();
  else if (load != loads_.end())
    load->second->stop();
  else
    return tl::unexpected(Failure{2, fmt::format("{} has not been started", what.name)});
  return {};
}

bool Crew::left(const std::string& name, bool closes) {
  const auto server = servers_.find(name);
  if (server == servers_.end()) return true;
  server->second->leave(closes);
  return server->second->left();
}

bool Crew::stopped(const std::string& name) const {
  const auto server = servers_.find(name);
  const auto load = loads_.find(name);
  return (server == servers_.end() || !server->second->running()) &&
         (load == loads_.end() || load->second->ended());
}

bool Crew::load_finished(const std::string& name) const {
  const auto load = loads_.find(name);
  return load == loads_.end() || load->second->finished();
}

std::optional<Load::Figures> Crew::figures(const std::string& name) const {
  const auto load = loads_.find(name);
  return load == loads_.end() ? std::nullopt : std::optional(load->second->figures());
}

Crew::Done Crew::file(const directive::File& what) {
  const int error =
      make_file(engine_.room().directory(), what.name, what.size < 0 ? what.text : file_content(what.size));
  if (error == 0) return {};
  return tl::unexpected(Failure{1, fmt::format("the file {} cannot be made: {} ({}, {})", what.name,
                                               errno_text(error), errno_name(error), error)});
}

Crew::Done Crew::host(const directive::Host& what) {
  if (lab_ == nullptr) return tl::unexpected(Failure{3, "there can be no hosts here"});
  if (const auto added = lab_->add_host(what.name, what.address); !added)
    return tl::unexpected(Failure{added.error().code, added.error().message});
  engine_.room().hosts().add(what.name, lab_->addresses(what.name));
  shared_->names.add_host(what.name, lab_->addresses(what.name));
  return {};
}

Crew::Done Crew::wire(const directive::Wire& what) {
  if (lab_ == nullptr) return tl::unexpected(Failure{3, "there can be no wires here"});
  for (const bool back : {false, true}) {
    if (back && !what.both) break;
    const auto done =
        back ? lab_->wire(what.to, what.from, what.change) : lab_->wire(what.from, what.to, what.change);
    if (!done) return tl::unexpected(Failure{done.error().code, done.error().message});
  }
  return {};
}

bool Crew::let(PacketId packet, Wires::Go go) {
  return lab_ != nullptr && lab_->wires() != nullptr && lab_->wires()->let(packet, go);
}

void Crew::hosts_ended(const std::vector<std::string>& hosts) {
  for (const ThreadState& thread : state_.threads()) {
    if (!thread.alive || std::find(hosts.begin(), hosts.end(), thread.host) == hosts.end()) continue;
    if (thread.role == ThreadRole::play)
      engine_.interrupt(thread.id);
    else
      engine_.ask_to_end(thread.id);
  }
}

Crew::Done Crew::interrupt(const directive::Interrupt& what) {
  const auto worker = workers_.find(what.thread);
  ThreadId id = worker == workers_.end() ? 0 : worker->second.id;
  if (id == 0)
    if (const ThreadState* thread = state_.thread(what.thread)) id = thread->id;
  if (id == 0) return tl::unexpected(Failure{2, fmt::format("thread {} has not begun", what.thread)});
  engine_.interrupt(id);
  return {};
}

tl::expected<Crew::Told, Crew::Failure> Crew::begin_directive(const PlayLine& line, const std::string& file) {
  const auto thread = worker("main", {});
  if (!thread) return tl::unexpected(thread.error());
  // While main is inside a line of its own, that one stays its latest.
  const Told told{++last_line_, lines().running("main") ? 0 : *thread};
  lane_.put(event::LineStarted{told.id, told.thread, line.number, std::string_view(base_name(file)),
                               std::string_view(line.said)});
  return told;
}

void Crew::end_directive(const Told& told, std::string_view failure) {
  lane_.put(
      event::LineEnded{told.id, told.thread, 0, failure.empty() ? Blob() : Blob("RuntimeError"), failure});
}

void Crew::end() {
  for (const auto& [name, server] : servers_) server->stop();
  for (const auto& [name, load] : loads_) load->stop();
  for (const auto& [name, worker] : workers_) engine_.ask_to_end(worker.id);
}

std::vector<std::string> Crew::not_ended() const {
  std::vector<std::string> names;
  for (const auto& [name, worker] : workers_)
    if (engine_.alive(worker.id)) names.push_back(name);
  for (const auto& [name, server] : servers_)
    if (server->running()) names.push_back(name);
  for (const auto& [name, load] : loads_)
    if (!load->ended()) names.push_back(name);
  return names;
}

bool Crew::ended() const {
  return not_ended().empty();
}

}  // namespace sockscope::play
