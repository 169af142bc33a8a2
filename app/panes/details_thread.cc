#include "net/catalogue.h"
#include "panes/details.h"
#include "panes/details_call.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

std::string role_words(const ui::Ui& ui, const ThreadState& thread) {
  switch (thread.role) {
    case ThreadRole::play:
      return ui.say("runs lines");
    case ThreadRole::accept:
      return ui.say("accepts for {0}", thread.server);
    case ThreadRole::client:
      return ui.say("serves a client of {0}", thread.server);
    case ThreadRole::load:
      return ui.say("is a client of {0}", thread.server);
  }
  return {};
}

bool one_serves_all(const ServerState& server) {
  return server.model == "select" || server.model == "poll" || server.model.starts_with("epoll");
}

void doing(DetailsPage& page, const Scene& scene, const ThreadState& thread) {
  const ui::Ui& ui = page.ui();
  if (!thread.alive) {
    page.sentence(ui.say("It has ended."));
  } else if (thread.calls.empty()) {
    page.sentence(ui.say("It is idle: it is in no call."));
  } else if (thread.blocked) {
    page.sentence(ui.say(
        "It is blocked in {0} for {1}: the kernel has put it to sleep. It uses no processor.",
        info(thread.calls.back().name).python, ui::duration_text(scene.cursor - thread.blocked_since)));
    page.sentence(waiting_words(ui, scene.state, thread.id));
  } else {
    page.sentence(ui.say("It is in {0}.", info(thread.calls.back().name).python));
  }
  const ServerState* server = scene.state.server(thread.server);
  if (server != nullptr && one_serves_all(*server) && server->serving > 0)
    page.sentence(ui.say("Clients it serves now: {0}.", server->serving));
  else if (thread.serving != 0)
    page.sentence(ui.say("It serves {0} now.", scene.state.label(thread.serving)));
}

}  // namespace

void thread_details(DetailsPage& page, const Scene& scene, const ThreadState& thread) {
  const ui::Ui& ui = page.ui();
  const bool inside = !thread.calls.empty();
  const std::string state(!thread.alive    ? ui.tr("ended")
                          : thread.blocked ? ui.tr("blocked")
                          : inside         ? ui.tr("running")
                                           : ui.tr("idle"));
  page.title(thread.name, state, thread.blocked ? ui.theme.warn.text : ui.theme.ink2,
             thread.tid > 0 ? fmt::format("tid {}", thread.tid) : std::string());
  doing(page, scene, thread);
  page.gap(6);
  page.fact(ui.tr("what it does"), role_words(ui, thread));
  if (!thread.host.empty()) page.fact(ui.tr("host"), thread.host);
  page.fact(ui.tr("started"), since_start(scene, thread.started));
  if (!thread.alive) page.fact(ui.tr("ended"), since_start(scene, thread.ended));
  if (inside) {
    const OpenCall& call = thread.calls.front();
    const auto* entered = std::get_if<event::CallEntered>(&scene.trace[call.seq].body);
    if (entered != nullptr) {
      page.fact(ui.tr("in call"), call_source(scene.state, *entered),
                ui.say("since {0}", since_start(scene, call.entered)));
    }
    if (thread.blocked) {
      page.fact(ui.tr("blocked since"), since_start(scene, thread.blocked_since),
                ui.say("seen asleep twice"));
      if (!thread.sleeps_in.empty()) {
        page.fact(ui.tr("sleeps in"), thread.sleeps_in,
                  thread.tid > 0 ? fmt::format("/proc/{}/wchan", thread.tid) : std::string("/proc"));
      }
    }
  }
  if (thread.has_returned) {
    page.fact(ui.tr("last call"), info(thread.last_call).python,
              thread.last_error == 0 ? ui.say("came back") : errno_name(thread.last_error));
  }
  if (const Time deadline = deadline_of(thread); deadline >= 0) {
    page.fact(ui.tr("time runs out"), since_start(scene, deadline), ui.say("its own timeout"));
  }
  if (inside) page.footer({}, info(thread.calls.back().name).man);
}

void server_details(DetailsPage& page, const Scene& scene, View& view, const ServerState& server) {
  const ui::Ui& ui = page.ui();
  page.title(server.name, server.running ? ui.tr("running") : ui.tr("ended"),
             server.running ? ui.theme.ok.text : ui.theme.ink2, server.model);
  if (server.model == "iterative") {
    page.sentence(
        ui.say("One thread serves one client after the other. Who comes meanwhile is connected by the kernel "
               "and waits in the accept queue."));
  } else if (server.model == "thread") {
    page.sentence(ui.say("Each client gets a thread of its own, so nobody waits for another."));
  } else if (server.model == "fork") {
    page.sentence(
        ui.say("Each client gets a process of its own: nobody waits for another, and none sees what another "
               "has in memory. Both have a descriptor of the connection until the server closes its own."));
  } else if (server.model == "pool") {
    page.sentence(
        ui.say("One thread accepts and hands each client to a worker that is free. When all are at work, the "
               "next client is accepted and waits."));
  } else if (server.model == "prethread") {
    page.sentence(
        ui.say("Each worker waits in accept() itself; the kernel wakes one. When all are at work, the next "
               "client waits in the accept queue."));
  } else if (one_serves_all(server)) {
    page.sentence(
        ui.say("One thread serves all: it asks the kernel which sockets are ready, and waits for no client "
               "alone. While a handler works, all wait."));
  }
  if (server.model.starts_with("epoll"))
    page.sentence(
        ui.say("The kernel keeps the list of its sockets, so a wait costs the same with ten clients and "
               "with ten thousand."));
  if (server.model == "epoll-edge")
    page.sentence(
        ui.say("It is told of a socket once, when that becomes ready (EPOLLET): what it leaves unread, it "
               "is not told of again."));
  page.gap(6);
  page.fact(ui.tr("address"), to_text(server.address), scene.state.label(server.listener));
  page.fact(ui.tr("handler"), server.handler);
  page.fact(ui.tr("being served"), std::to_string(server.serving));
  page.fact(ui.tr("served"), std::to_string(server.served));
  if (const SocketState* listener = scene.state.socket(server.listener)) {
    page.fact(ui.tr("accept queue"),
              ui.say("{0} of {1}", listener->accept_queue, std::uint64_t{listener->limit} + 1),
              ui.say("backlog {0} + 1", listener->limit));
  }
  if (server.cost.server != 0) {
    page.fact(ui.tr("threads"), std::to_string(server.cost.threads));
    page.fact(ui.tr("memory of their stacks"), fmt::format("{} KiB", server.cost.memory / 1024),
              "mincore(2)");
    page.fact(ui.tr("context switches"),
              ui.say("{0} by waiting, {1} by force", server.cost.switches, server.cost.preempted),
              "getrusage(2)");
    page.fact(ui.tr("processor time"), ui::duration_text(server.cost.processor), "getrusage(2)");
  }
  page.fact(ui.tr("started"), since_start(scene, server.started));
  load_details(page, scene, view, server);
  page.footer({}, "accept(2)");
}

}  // namespace sockscope
