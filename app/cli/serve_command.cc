#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "calls/calls.h"
#include "cli/commands.h"
#include "cli/headless.h"
#include "cli/output.h"
#include "server/server.h"
#include "trace/clock.h"

namespace sockscope::cli {
namespace {

constexpr Time kToEnd = 5 * kSecond;

// What runs a server's threads: a session that records, or an engine alone that keeps no trace.
class Runtime {
 public:
  explicit Runtime(bool tracing) {
    if (tracing) {
      session_ = Session::live(true);
      return;
    }
    inbox_ = std::make_unique<Inbox>();
    engine_ = std::make_unique<Engine>(*inbox_);
    engine_->room().set_tracing(false);
  }
  Engine& engine() { return session_ ? session_->engine() : *engine_; }
  Session* session() { return session_.get(); }
  // One turn, then sleeps until something is due, `also` is readable or `most` has passed.
  void turn(int also, Time most) {
    if (session_) {
      session_->tick();
      session_->wait(most, also);
      return;
    }
    engine_->poll();
    pollfd fd{also, POLLIN, 0};
    poll(&fd, 1, static_cast<int>(most / kMillisecond));
  }
  std::vector<std::string> stop() { return session_ ? session_->stop() : engine_->stop(); }

 private:
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Session> session_;
};

ServerOptions options_of(const ServeCommand& command, const Address& address) {
  ServerOptions options;
  options.model = command.model;
  options.handler = command.handler;
  options.address = address;
  options.backlog = command.backlog;
  options.reuse_addr = command.reuse_addr;
  options.workers = command.workers;
  options.type = command.type == "dgram" ? SOCK_DGRAM : SOCK_STREAM;
  options.daemon_threads = command.daemon_threads;
  options.work = command.work;
  options.print = [](std::string_view line) {
    say_line(line);
    flush();
  };
  options.warn = [](std::string_view text) { complain(fmt::format("sockscope serve: {}", text)); };
  return options;
}

int fail(const ServerError& error) {
  complain(fmt::format("sockscope serve: {}", error.message));
  return error.error == 0 ? kBadInput : kFailed;
}

// As others can reach it: an AF_UNIX name with its directory.
std::string where(Engine& engine, const Address& address) {
  const std::string name = to_text(address);
  const bool relative =
      address.family == AF_UNIX && !address.path.view().starts_with('\0') && !name.starts_with('/');
  return relative ? engine.room().directory() + "/" + name : name;
}

int serve_until_told(Runtime& runtime, Server& server, Signals& signals) {
  while (signals.came() == 0 && server.running()) runtime.turn(signals.fd(), kSecond);
  const bool ended_itself = signals.came() == 0;
  // Ctrl-C as Python's servers have it; a second one, or SIGTERM, ends it whatever its threads do.
  while (signals.came() == SIGINT && !signals.came_again() && server.running()) {
    if (!server.left()) server.leave(false);
    runtime.turn(signals.fd(), server.left() ? kSecond : 10 * kMillisecond);
  }
  server.stop();
  const Time deadline = now() + kToEnd;
  while (server.running() && now() < deadline) runtime.turn(-1, 10 * kMillisecond);
  for (const std::string& name : runtime.stop()) {
    complain(fmt::format("sockscope serve: thread {} did not come back from its call", name));
  }
  return ended_itself ? kFailed : signals.exit_code(kDone);
}

}  // namespace

int run_serve(const ServeCommand& command) {
  const std::optional<Address> address =
      !command.path.empty() ? unix_address(command.path)
                            : numeric_address(command.host == "localhost" ? "127.0.0.1" : command.host,
                                              static_cast<std::uint16_t>(command.port));
  if (!address) {
    complain(fmt::format("sockscope serve: --host {}: not a numeric address like 127.0.0.1", command.host));
    return kBadInput;
  }
  if (command.path.empty() && !stays_here(*address)) {
    complain(fmt::format("sockscope serve: --host {}: only loopback addresses are permitted", command.host));
    return kNotPossible;
  }
  Signals signals;
  Runtime runtime(!command.record.empty());
  if (runtime.session() != nullptr && !begin_recording(*runtime.session(), command.record)) return kBadInput;
  const auto server = Server::start(runtime.engine(), 1, options_of(command, *address));
  if (!server) return fail(server.error());
  say_line("listening on " + where(runtime.engine(), (*server)->address()));
  flush();
  int exit = serve_until_told(runtime, **server, signals);
  if (runtime.session() != nullptr && !end_recording(*runtime.session(), command.record)) exit = kFailed;
  return exit;
}

}  // namespace sockscope::cli
