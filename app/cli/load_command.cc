// Clients against a server, of this program or of another.

#include <fmt/format.h>

#include "calls/calls.h"
#include "cli/commands.h"
#include "cli/headless.h"
#include "cli/output.h"
#include "cli/race_figures.h"
#include "server/server.h"
#include "trace/clock.h"

namespace sockscope::cli {
namespace load {

std::int64_t a_second(std::uint64_t count, Time took) {
  return took <= 0 ? 0
                   : static_cast<std::int64_t>(static_cast<double>(count) * 1e9 / static_cast<double>(took));
}

std::string as_json(const LoadCommand& command, const RaceFigures& figures) {
  const LoadOptions& options = command.options;
  const std::uint64_t messages = figures.latencies.size();
  Json json;
  json.begin_object();
  json.key("to").string(command.to);
  json.key("clients").number(options.clients);
  json.key("messages").number(options.messages);
  put_load(json, figures);
  json.key("connections_per_s").number(a_second(figures.answered, figures.took));
  json.key("messages_per_s")
      .number(
          a_second(std::uint64_t{figures.answered} * static_cast<unsigned>(options.messages), figures.took));
  json.key("connections").number(static_cast<std::int64_t>(figures.connects.size()));
  json.key("messages_answered").number(static_cast<std::int64_t>(messages));
  json.key("connections_per_second").number(a_second(figures.connects.size(), figures.busy));
  json.key("messages_per_second").number(a_second(messages, figures.busy));
  json.key("connect_ns");
  put_percentiles(json, figures.connects);
  json.key("latency_ns");
  put_percentiles(json, figures.latencies);
  json.end_object();
  return json.text() + "\n";
}

// Whether all came of it that was asked for: those that half-close or reset need no answer.
bool went_well(const LoadOptions& options, const RaceFigures& figures, bool in_time) {
  if (options.end == LoadEnd::half_close || options.end == LoadEnd::reset)
    return in_time && figures.refused + figures.errors + figures.waiting == 0;
  return (in_time || options.end == LoadEnd::never) &&
         figures.answered == static_cast<unsigned>(options.clients);
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
  if (!begin_recording(*session, command.record)) return kBadInput;
  LoadOptions options = command.options;
  options.to = *to;
  const auto clients = Load::start(session->engine(), 1, options);
  const auto ended = [&] { return clients->ended(); };
  const bool in_time =
      turn_until_ended(*session, "load", {ended, [&] { clients->stop(); }, ended}, signals, command.deadline);
  const RaceFigures figures = race_figures(session->trace(), {}, options.name, options);
  say(load::as_json(command, figures));
  if (!end_recording(*session, command.record)) return kFailed;
  if (signals.came() != 0) return signals.exit_code(kDone);
  return load::went_well(options, figures, in_time) ? kDone : kFailed;
}

}  // namespace sockscope::cli
