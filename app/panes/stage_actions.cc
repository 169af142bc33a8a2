#include "panes/stage_actions.h"

#include <fmt/format.h>

#include <sys/socket.h>

#include <algorithm>

#include "panes/call_form.h"

namespace sockscope {

std::string fresh_name(const Scene& scene, std::string_view base) {
  const State& state = scene.end;
  const auto taken = [&](std::string_view name) {
    const auto waits = [&](const WaitingLine& line) { return line.thread == name; };
    return state.name(name) != nullptr || state.thread(name) != nullptr || state.server(name) != nullptr ||
           state.load(name) != nullptr || std::any_of(scene.waiting.begin(), scene.waiting.end(), waits);
  };
  if (!taken(base)) return std::string(base);
  for (int number = 2;; ++number) {
    std::string name = fmt::format("{}{}", base, number);
    if (!taken(name)) return name;
  }
}

std::string target_address(const Scene& scene) {
  const auto& servers = scene.end.servers();
  for (auto server = servers.rbegin(); server != servers.rend(); ++server) {
    if (server->id != 0 && server->running) return server->name + ".server_address";
  }
  const auto& sockets = scene.end.sockets();
  for (auto socket = sockets.rbegin(); socket != sockets.rend(); ++socket) {
    if (socket->id != 0 && socket->open && socket->backlog >= 0 && !socket->names.empty()) {
      return socket->names.back() + ".getsockname()";
    }
  }
  return "('127.0.0.1', 9999)";
}

namespace actions {

StageAction line(std::string key, std::string english, const std::string& thread, std::string text) {
  return {std::move(key), std::move(english), {request::RunLine{thread, std::move(text)}}};
}

// The calls met first with such a socket; its form has the others.
std::vector<Call> usual_calls(const SocketState& socket) {
  if (socket.type == SOCK_STREAM || socket.type == SOCK_SEQPACKET) {
    return {Call::bind, Call::listen, Call::accept, Call::connect, Call::send, Call::recv, Call::close};
  }
  return {Call::bind, Call::connect, Call::sendto, Call::recvfrom, Call::send, Call::close};
}

std::vector<StageAction> of_socket(const Scene& scene, const SocketState& socket, const std::string& thread) {
  std::vector<StageAction> out;
  if (socket.names.empty()) return out;
  for (const Call call : usual_calls(socket)) {
    const std::string name(info(call).python);
    out.push_back(line(name, name, thread, call_lines(scene, usual_draft(scene, call, socket.id)).back()));
  }
  return out;
}

// A, B, C…: the first that is no host yet.
std::string next_host(const State& state) {
  for (char letter = 'A'; letter < 'Z'; ++letter)
    if (state.host(std::string_view(&letter, 1)) == nullptr) return std::string(1, letter);
  return "Z";
}

// One more computer, joined to the last one by a wire slow enough to watch.
std::vector<StageAction> host_actions(const Scene& scene) {
  const std::string name = next_host(scene.end);
  StageAction host = line("host", "New host", "main", "%host " + name);
  const auto& hosts = scene.end.hosts();
  if (!hosts.empty() && hosts.back().alive)
    host.does.push_back(
        request::RunLine{"main", fmt::format("%wire {} {} delay=300ms", hosts.back().name, name)});
  return {std::move(host)};
}

void add_interrupt(std::vector<StageAction>& out, const ThreadState& thread) {
  if (!thread.calls.empty()) out.push_back({"interrupt", "Interrupt", {request::Interrupt{thread.id}}});
}

std::vector<StageAction> of_thread(const Scene& scene, const ThreadState& thread) {
  std::vector<StageAction> out;
  if (thread.role == ThreadRole::play) {
    const std::string variable = fresh_name(scene, "s");
    out.push_back(
        line("socket", "New socket here", thread.name, variable + " = socket(AF_INET, SOCK_STREAM)"));
  } else if (!thread.server.empty()) {
    out.push_back(line("stop", "Stop the server", "main", "%stop " + thread.server));
  }
  add_interrupt(out, thread);
  return out;
}

// A thread of its own with a socket, a server, and the wires that are not there yet.
std::vector<StageAction> of_host(const Scene& scene, const HostState& host) {
  const std::string thread = fresh_name(scene, "thread"), variable = fresh_name(scene, "s");
  const std::string server = fresh_name(scene, "S");
  std::vector<StageAction> out;
  out.push_back(line("socket", "New socket here", thread,
                     fmt::format("{}@{}>>> {} = socket(AF_INET, SOCK_STREAM)", thread, host.name, variable)));
  out.push_back(
      line("serve", "Start a server here", "main",
           fmt::format("%serve {} model=thread handler=upper port=9999 host={}", server, host.name)));
  for (const HostState& other : scene.end.hosts()) {
    if (other.id == 0 || other.id == host.id || scene.end.wire(host.id, other.id) != nullptr) continue;
    out.push_back(line("join-" + other.name, fmt::format("%wire {} {}", host.name, other.name), "main",
                       fmt::format("%wire {} {} delay=300ms", host.name, other.name)));
    if (out.size() >= 5) break;
  }
  return out;
}

// Each a line that the console shows; for one way only, `%wire A->B …` is typed.
std::vector<StageAction> of_wire(const Scene& scene, HostId a, HostId b) {
  const HostState* from = scene.end.host(a);
  const HostState* to = scene.end.host(b);
  std::vector<StageAction> out;
  if (from == nullptr || to == nullptr || !from->alive || !to->alive) return out;
  for (const char* setting :
       {"delay=0", "delay=20ms", "delay=300ms", "delay=1s", "loss=0%", "loss=20%", "loss=100%"})
    out.push_back(
        line(setting, setting, "main", fmt::format("%wire {} {} {}", from->name, to->name, setting)));
  return out;
}

}  // namespace actions

std::vector<StageAction> stage_actions(const Scene& scene, const Selection& selection,
                                       const std::string& thread) {
  std::vector<StageAction> out;
  if (selection.kind == Selection::Kind::socket) {
    const SocketState* socket = scene.end.socket(selection.id);
    if (socket == nullptr) return out;
    out = actions::of_socket(scene, *socket, thread);
    for (const ServerState& server : scene.end.servers()) {
      if (server.id != 0 && server.running && server.listener == socket->id) {
        out.push_back(actions::line("stop", "Stop the server", "main", "%stop " + server.name));
      }
    }
    for (const ThreadState& user : scene.end.threads()) {
      const bool inside = !user.calls.empty() && user.calls.back().socket == socket->id;
      if (user.id != 0 && inside) {
        actions::add_interrupt(out, user);
        break;
      }
    }
  } else if (selection.kind == Selection::Kind::host) {
    const HostState* host = scene.end.host(selection.id);
    if (host != nullptr && host->alive) out = actions::of_host(scene, *host);
  } else if (selection.kind == Selection::Kind::wire) {
    out = actions::of_wire(scene, selection.id, static_cast<HostId>(selection.seq));
  } else if (selection.kind == Selection::Kind::thread) {
    const ThreadState* picked = scene.end.thread(selection.id);
    if (picked != nullptr && picked->alive) out = actions::of_thread(scene, *picked);
  } else if (selection.kind == Selection::Kind::server) {
    const ServerState* server = scene.end.server(selection.id);
    if (server != nullptr && server->running) {
      out.push_back(actions::line("stop", "Stop the server", "main", "%stop " + server->name));
    }
  }
  return out;
}

CallDraft usual_draft(const Scene& scene, Call call, SocketId socket) {
  CallDraft draft = draft_of(scene, call, socket);
  if (call == Call::listen) draft.fields[0].text.assign(1, '2');
  return draft;
}

StageAction client_action(const Scene& scene, const std::string& target, std::string_view host) {
  const std::string client = fresh_name(scene, "client"), c = fresh_name(scene, "c");
  const std::string where = host.empty() ? std::string() : fmt::format("{}@{}>>> ", client, host);
  StageAction start{"start-client", "Start a client", {}};
  start.does.push_back(
      request::RunLine{client, fmt::format("{}{} = socket(AF_INET, SOCK_STREAM)", where, c)});
  start.does.push_back(request::RunLine{client, fmt::format("{}.connect({})", c, target)});
  return start;
}

std::vector<StageAction> start_actions(const Scene& scene) {
  const std::string server = fresh_name(scene, "S");
  const auto serve = [&](const char* model) {
    return fmt::format("%serve {} model={} handler=upper port=0", server, model);
  };
  std::vector<StageAction> all{
      actions::line("serve-iterative", "Start a server: iterative", "main", serve("iterative")),
      actions::line("serve-thread", "Start a server: thread", "main", serve("thread")),
      client_action(scene, target_address(scene))};
  for (StageAction& action : actions::host_actions(scene)) all.push_back(std::move(action));
  return all;
}

std::string written_by(const StageAction& action) {
  std::string out;
  for (const WindowRequest& request : action.does) {
    const auto* line = std::get_if<request::RunLine>(&request);
    if (line == nullptr) continue;
    if (!out.empty()) out += '\n';
    const bool has_prompt = line->text.starts_with(line->thread + "@");
    out += (has_prompt ? "" : line->thread + ">>> ") + line->text;
  }
  return out;
}

}  // namespace sockscope
