// The same clients against several server models at once, in one session.

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/headless.h"
#include "cli/output.h"
#include "cli/race_figures.h"
#include "server/server.h"

namespace sockscope::cli {
namespace race {

struct Racer {  // one model and its clients
  std::string server, load;
  std::unique_ptr<Server> serves;
  std::unique_ptr<Load> clients;
};

std::string seconds(Time time) {
  return fmt::format("{:.3f} s", static_cast<double>(time) / 1e9);
}

std::string as_table(const std::vector<RaceFigures>& all) {
  std::string text =
      fmt::format("{:<10} {:>8} {:>7} {:>7} {:>9} {:>9} {:>9} {:>9} {:>6} {:>5} {:>8} {:>8} {:>8} {:>9}\n",
                  "model", "answered", "waiting", "errors", "took", "median", "p99", "longest", "queue",
                  "busy", "threads", "stacks", "switches", "CPU");
  for (const RaceFigures& one : all)
    text += fmt::format(
        "{:<10} {:>8} {:>7} {:>7} {:>9} {:>9} {:>9} {:>9} {:>6} {:>5} {:>8} {:>8} {:>8} {:>9}\n", one.server,
        one.answered, one.waiting, one.errors + one.refused, one.took > 0 ? seconds(one.took) : "-",
        seconds(percentile(one.answers, 0.5)), seconds(percentile(one.answers, 0.99)),
        seconds(percentile(one.answers, 1)), one.queue_most, one.busy_most, one.threads,
        fmt::format("{} KiB", one.memory_most / 1024), one.switches, seconds(one.processor));
  return text;
}

std::string as_json(const RaceCommand& command, const std::vector<RaceFigures>& all) {
  Json json;
  json.begin_object();
  json.key("clients").number(command.clients);
  json.key("work_ns").number(command.work);
  json.key("models").begin_array();
  for (const RaceFigures& one : all) {
    json.begin_object();
    json.key("model").string(one.server);
    put_load(json, one);
    json.key("accept_queue_most").number(one.queue_most);
    json.key("busy_most").number(one.busy_most);
    json.key("threads").number(one.threads);
    json.key("memory_most").number(static_cast<std::int64_t>(one.memory_most));
    json.key("context_switches").number(static_cast<std::int64_t>(one.switches));
    json.key("preempted").number(static_cast<std::int64_t>(one.preempted));
    json.key("processor_ns").number(one.processor);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.text() + "\n";
}

tl::expected<std::vector<Racer>, ServerError> start(Session& session, const RaceCommand& command) {
  std::vector<Racer> all;
  ServerId id = 0;
  for (const std::string& model : command.models) {
    ServerOptions options;
    options.name = options.model = model;
    options.handler = command.handler;
    options.backlog = command.backlog;
    options.work = command.work;
    options.workers = command.workers;
    options.warn = [](std::string_view text) { complain(fmt::format("sockscope race: {}", text)); };
    auto server = Server::start(session.engine(), ++id, std::move(options));
    if (!server) return tl::unexpected(server.error());
    all.push_back({model, "to_" + model, std::move(*server), nullptr});
  }
  for (Racer& one : all) {
    LoadOptions options;
    options.name = one.load;
    options.to = one.serves->address();
    options.to_name = one.server;
    options.clients = command.clients;
    if (command.handler == "http-hello") options.text = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    one.clients = Load::start(session.engine(), ++id, std::move(options));
  }
  return all;
}

bool finished(const std::vector<Racer>& all) {
  return std::all_of(all.begin(), all.end(), [](const Racer& one) { return one.clients->ended(); });
}

Ends ends_of(std::vector<Racer>& all) {
  const auto stop = [&all] {
    for (Racer& one : all) {
      one.clients->stop();
      one.serves->stop();
    }
  };
  const auto stopped = [&all] {
    return finished(all) &&
           std::none_of(all.begin(), all.end(), [](const Racer& one) { return one.serves->running(); });
  };
  return {[&all] { return finished(all); }, stop, stopped};
}

}  // namespace race

int run_race(const RaceCommand& command) {
  Signals signals;
  const auto session = Session::live(true);
  if (!begin_recording(*session, command.record)) return kBadInput;
  auto all = race::start(*session, command);
  if (!all) {
    complain(fmt::format("sockscope race: {}", all.error().message));
    return all.error().error == 0 ? kBadInput : kFailed;
  }
  const bool in_time = turn_until_ended(*session, "race", race::ends_of(*all), signals, command.deadline);
  std::vector<RaceFigures> figures;
  for (const race::Racer& one : *all) figures.push_back(race_figures(session->trace(), one.server, one.load));
  say(command.json ? race::as_json(command, figures) : race::as_table(figures));
  if (!end_recording(*session, command.record)) return kFailed;
  if (signals.came() != 0) return signals.exit_code(kDone);
  const auto all_answered = [&](const RaceFigures& one) {
    return one.answered == static_cast<unsigned>(command.clients);
  };
  if (in_time) return std::all_of(figures.begin(), figures.end(), all_answered) ? kDone : kFailed;
  complain(fmt::format("sockscope race: not every client had an answer within {}",
                       race::seconds(command.deadline)));
  return kFailed;
}

}  // namespace sockscope::cli
