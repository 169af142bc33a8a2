// The same clients against several server models at once, in one session.

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/race_figures.h"
#include "cli/signals.h"
#include "server/server.h"
#include "session/session.h"
#include "trace/clock.h"

namespace sockscope::cli {
namespace race {

constexpr Time kToEnd = 5 * kSecond;

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
      fmt::format("{:<10} {:>8} {:>7} {:>7} {:>9} {:>9} {:>9} {:>9} {:>6} {:>5} {:>8}\n", "model", "answered",
                  "waiting", "errors", "took", "median", "p99", "longest", "queue", "busy", "threads");
  for (const RaceFigures& one : all)
    text += fmt::format("{:<10} {:>8} {:>7} {:>7} {:>9} {:>9} {:>9} {:>9} {:>6} {:>5} {:>8}\n", one.server,
                        one.answered, one.waiting, one.errors + one.refused,
                        one.took > 0 ? seconds(one.took) : "-", seconds(percentile(one.answers, 0.5)),
                        seconds(percentile(one.answers, 0.99)), seconds(percentile(one.answers, 1)),
                        one.queue_most, one.busy_most, one.threads);
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
    one.clients = Load::start(session.engine(), ++id, std::move(options));
  }
  return all;
}

bool finished(const std::vector<Racer>& all) {
  return std::all_of(all.begin(), all.end(), [](const Racer& one) { return one.clients->ended(); });
}

// Whether every client had its end in time.
bool run_until_finished(Session& session, std::vector<Racer>& all, Signals& signals, Time most) {
  const Time deadline = now() + most;
  while (!finished(all) && signals.came() == 0 && now() < deadline) {
    session.tick();
    session.wait(100 * kMillisecond, signals.fd());
  }
  const bool in_time = finished(all);
  for (Racer& one : all) {
    one.clients->stop();
    one.serves->stop();
  }
  const Time end = now() + kToEnd;
  const auto running = [&] {
    return !finished(all) ||
           std::any_of(all.begin(), all.end(), [](const Racer& one) { return one.serves->running(); });
  };
  while (running() && now() < end) {
    session.tick();
    session.wait(10 * kMillisecond);
  }
  for (const std::string& name : session.stop())
    complain(fmt::format("sockscope race: thread {} did not come back from its call", name));
  session.settle_trace();
  return in_time;
}

}  // namespace race

int run_race(const RaceCommand& command) {
  Signals signals;
  const auto session = Session::live(true);
  if (!command.record.empty()) {
    if (const auto begun = session->record_to(command.record); !begun) {
      complain(begun.error().message);
      return kBadInput;
    }
  }
  auto all = race::start(*session, command);
  if (!all) {
    complain(fmt::format("sockscope race: {}", all.error().message));
    return all.error().later ? kNotPossible : all.error().error == 0 ? kBadInput : kFailed;
  }
  const bool in_time = race::run_until_finished(*session, *all, signals, command.deadline);
  std::vector<RaceFigures> figures;
  for (const race::Racer& one : *all) figures.push_back(race_figures(session->trace(), one.server, one.load));
  say(command.json ? race::as_json(command, figures) : race::as_table(figures));
  if (!command.record.empty()) {
    if (const auto saved = session->end_recording(); !saved) {
      complain(saved.error().message);
      return kFailed;
    }
  }
  if (signals.came() != 0) return signals.exit_code(kDone);
  if (in_time) return kDone;
  complain(fmt::format("sockscope race: not every client had an answer within {}",
                       race::seconds(command.deadline)));
  return kFailed;
}

}  // namespace sockscope::cli
