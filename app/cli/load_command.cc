// Clients against a server, of this program or of another.

#include <fmt/format.h>

#include "calls/calls.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/race_figures.h"
#include "cli/signals.h"
#include "server/server.h"
#include "session/session.h"
#include "trace/clock.h"

namespace sockscope::cli {
namespace load {

constexpr Time kToStop = 5 * kSecond;

std::int64_t a_second(std::uint64_t count, Time took) {
  return took <= 0 ? 0
                   : static_cast<std::int64_t>(static_cast<double>(count) * 1e9 / static_cast<double>(took));
}

std::string as_json(const LoadCommand& command, const RaceFigures& figures) {
  Json json;
  json.begin_object();
  json.key("to").string(command.to);
  json.key("clients").number(command.clients);
  json.key("messages").number(command.messages);
  put_load(json, figures);
  json.key("connections_per_s").number(a_second(figures.answered, figures.took));
  json.key("messages_per_s")
      .number(
          a_second(std::uint64_t{figures.answered} * static_cast<unsigned>(command.messages), figures.took));
  json.end_object();
  return json.text() + "\n";
}

// Whether all clients had their end in time, and no signal came.
bool run(Session& session, Load& clients, Signals& signals, Time most) {
  const Time deadline = now() + most;
  while (!clients.ended() && signals.came() == 0 && now() < deadline) {
    session.tick();
    session.wait(100 * kMillisecond, signals.fd());
  }
  const bool in_time = clients.ended();
  clients.stop();
  const Time end = now() + kToStop;
  while (!clients.ended() && now() < end) {
    session.tick();
    session.wait(10 * kMillisecond);
  }
  for (const std::string& name : session.stop())
    complain(fmt::format("sockscope load: thread {} did not come back from its call", name));
  session.settle_trace();
  return in_time;
}

}  // namespace load

int run_load(const LoadCommand& command) {
  const auto to = parse_address(command.to);
  if (!to || to->port == 0) {
    complain(
        fmt::format("sockscope load: --to {}: not an address with a port like 127.0.0.1:9999", command.to));
    return kBadInput;
  }
  if (!stays_here(*to)) {
    complain(fmt::format("sockscope load: --to {}: only loopback addresses are permitted", command.to));
    return kNotPossible;
  }
  Signals signals;
  const auto session = Session::live(true);
  if (!command.record.empty()) {
    if (const auto begun = session->record_to(command.record); !begun) {
      complain(begun.error().message);
      return kBadInput;
    }
  }
  LoadOptions options;
  options.to = *to;
  options.clients = command.clients;
  options.messages = command.messages;
  options.text = command.text;
  const std::string name = options.name;
  const auto clients = Load::start(session->engine(), 1, std::move(options));
  const bool in_time = load::run(*session, *clients, signals, command.deadline);
  const RaceFigures figures = race_figures(session->trace(), {}, name);
  say(load::as_json(command, figures));
  if (!command.record.empty()) {
    if (const auto saved = session->end_recording(); !saved) {
      complain(saved.error().message);
      return kFailed;
    }
  }
  if (signals.came() != 0) return signals.exit_code(kDone);
  return in_time && figures.answered == static_cast<unsigned>(command.clients) ? kDone : kFailed;
}

}  // namespace sockscope::cli
