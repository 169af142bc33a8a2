// What stands in the menu of a thing. Pure.
#include "panes/action_menu.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>

#include "panes/call_form.h"
#include "panes/copy_text.h"
#include "panes/details_call.h"
#include "panes/packet_look.h"
#include "panes/stage_draw.h"
#include "panes/stage_hosts.h"
#include "panes/stage_model.h"

namespace sockscope {

namespace menu {

constexpr std::size_t kMostOffers = 2;

bool is_stream(const SocketState& socket) {
  return socket.type == SOCK_STREAM || socket.type == SOCK_SEQPACKET;
}

// In the order a connection goes, so that each has its place whatever the state.
std::vector<Call> calls_of(const SocketState& socket) {
  if (is_stream(socket))
    return {Call::accept, Call::connect,  Call::bind,       Call::listen, Call::send,
            Call::recv,   Call::shutdown, Call::settimeout, Call::close};
  return {Call::bind, Call::connect, Call::sendto, Call::recvfrom, Call::send, Call::settimeout, Call::close};
}

// What has something to choose opens its form; the others run as they stand.
bool has_choice(Call call) {
  return call == Call::connect || call == Call::bind || call == Call::send || call == Call::sendto ||
         call == Call::shutdown || call == Call::settimeout;
}

struct Menu {
  const ui::Ui& ui;
  const Scene& scene;
  const View& view;
  ActionMenu out{};

  void add(MenuRow row) { out.rows.push_back(std::move(row)); }
  void add(const StageAction& action) { add(action, std::string(ui.tr(action.english))); }
  void add(const StageAction& action, std::string name) {
    add({action.key, std::move(name), written_by(action), {}, MenuRow::Part::works, action});
  }
  void look(std::string key, std::string_view english, MenuLook what) {
    add({std::move(key), std::string(ui.tr(english)), {}, {}, MenuRow::Part::looks, what});
  }

  void call(const SocketState& socket, const std::string& thread, CallDraft draft, std::string key,
            bool choose) {
    const std::string python(info(draft.call).python);
    StageAction action{key, python, {}};
    for (std::string& text : call_lines(scene, draft))
      action.does.push_back(request::RunLine{thread, std::move(text)});
    MenuRow row{std::move(key), python + (choose ? "…" : "()"), written_by(action), {}, {}, action};
    if (choose) row.does = OpenForm{draft.call, socket.id};
    row.advice = advice(ui.tr, scene.end, draft);
    if (row.advice.error != 0) row.part = MenuRow::Part::fails;
    add(std::move(row));
  }

  // To each place that offers itself, then anywhere.
  void connects(const SocketState& socket, const std::string& thread) {
    const auto offers = address_offers(scene, socket.id);
    for (std::size_t i = 0; i < std::min(offers.size(), kMostOffers); ++i) {
      CallDraft draft = usual_draft(scene, Call::connect, socket.id);
      draft.fields[0].whole = offers[i];
      call(socket, thread, std::move(draft), "connect-" + std::to_string(i), false);
    }
  }

  // How a line says where this listening socket is; empty: no name leads to it.
  std::string target_of(const SocketState& listener) const {
    if (!listener.names.empty()) return listener.names.back() + ".getsockname()";
    for (const ServerState& server : scene.end.servers())
      if (server.id != 0 && server.running && server.listener == listener.id)
        return server.name + ".server_address";
    return {};
  }

  // Others that could connect to this listening socket, and a client made for it.
  void connect_here(const SocketState& listener) {
    const std::string target = target_of(listener);
    if (target.empty()) return;
    StageAction client = client_action(scene, target, listener.host == "localhost" ? "" : listener.host);
    add(client, std::string(ui.tr("A new client connects here")));
    std::size_t offered = 0;
    for (const SocketState& other : scene.end.sockets()) {
      const bool free = other.id != 0 && other.open && other.family == listener.family && is_stream(other) &&
                        other.backlog < 0 && !other.peer.known() && !other.names.empty();
      const ThreadState* owner = free ? scene.end.thread(owner_of(scene.end, other)) : nullptr;
      if (owner == nullptr || ++offered > kMostOffers) continue;
      const std::string& name = other.names.back();
      const StageAction action{
          "here-" + name, {}, {request::RunLine{owner->name, fmt::format("{}.connect({})", name, target)}}};
      add(action, ui.say("{0} connects here", name));
    }
  }

  void socket(const SocketState& socket) {
    if (socket.open && socket.backlog >= 0) connect_here(socket);
    if (socket.names.empty()) {
      out.note = ui.say("No variable of yours holds it: no line can name it.");
    } else {
      const ThreadState* owner = scene.end.thread(owner_of(scene.end, socket));
      const std::string thread = owner != nullptr ? owner->name : view.thread;
      for (const Call each : calls_of(socket)) {
        if (each == Call::connect && socket.open && !socket.peer.known() && socket.backlog < 0)
          connects(socket, thread);
        call(socket, thread, usual_draft(scene, each, socket.id), std::string(info(each).python),
             has_choice(each));
      }
    }
    // What is not a call of its own: interrupt, stop the server.
    for (const StageAction& action : stage_actions(scene, out.about, view.thread))
      if (action.key == "interrupt" || action.key == "stop") add(action);
  }

  void wire() {
    for (const StageAction& action : stage_actions(scene, out.about, view.thread))
      add(action, action.english);
    const auto b = static_cast<HostId>(out.about.seq);
    const HostState *from = scene.end.host(out.about.id), *to = scene.end.host(b);
    const WireState* wire = scene.end.wire(out.about.id, b);
    if (from == nullptr || to == nullptr || wire == nullptr) return;
    const auto setting = [&](std::string key, std::string_view english, std::string_view word) {
      add(StageAction{std::move(key),
                      std::string(english),
                      {request::RunLine{"main", fmt::format("%wire {} {} {}", from->name, to->name, word)}}});
    };
    setting("hold", wire->is.hold ? "Let all through" : "Hold packets", wire->is.hold ? "free" : "hold");
    setting("cut", wire->is.joined ? "Cut" : "Join again", wire->is.joined ? "cut" : "joined");
  }

  void call_of_trace() {
    const auto* entered = out.about.seq < scene.trace.size()
                              ? std::get_if<event::CallEntered>(&scene.trace[out.about.seq].body)
                              : nullptr;
    const ThreadState* thread = entered == nullptr ? nullptr : scene.end.thread(entered->thread);
    if (thread == nullptr || thread->calls.empty() || thread->calls.back().call != entered->call) return;
    add({"interrupt",
         std::string(ui.tr("Interrupt")),
         {},
         {},
         {},
         StageAction{"interrupt", "Interrupt", {request::Interrupt{thread->id}}}});
  }

  void acts() {
    switch (out.about.kind) {
      case Selection::Kind::socket:
        if (const SocketState* one = scene.end.socket(out.about.id)) socket(*one);
        break;
      case Selection::Kind::wire:
        return wire();
      case Selection::Kind::call:
        return call_of_trace();
      case Selection::Kind::none:
        for (const StageAction& action : start_actions(scene)) add(action);
        break;
      case Selection::Kind::thread:
      case Selection::Kind::server:
      case Selection::Kind::host:
        for (const StageAction& action : stage_actions(scene, out.about, view.thread)) add(action);
        break;
      case Selection::Kind::packet:
        break;
    }
  }

  void looks() {
    const Selection::Kind kind = out.about.kind;
    const ThreadState* thread = kind == Selection::Kind::thread ? scene.end.thread(out.about.id) : nullptr;
    const SocketState* of = kind == Selection::Kind::socket ? scene.end.socket(out.about.id) : nullptr;
    if (scene.live && of != nullptr && !of->names.empty())
      look("all-calls", "All its calls…", MenuLook::all_calls);
    const bool types = scene.live && thread != nullptr && thread->alive && thread->role == ThreadRole::play;
    if (types || (scene.live && kind == Selection::Kind::none))
      look("new-socket", "New socket…", MenuLook::new_socket);
    if (types) look("prompt", "Type at its prompt", MenuLook::prompt);
    if (desks_moved(view) && (kind == Selection::Kind::none || kind == Selection::Kind::host))
      look("desks-back", "Put the desks back", MenuLook::desks_back);
    if (kind == Selection::Kind::none) return;
    const bool all = view.detail == Detail::full && !view.presenting.on;
    if (all) look("details", "Show in Details", MenuLook::details);
    if (all && kind != Selection::Kind::wire) look("timeline", "Show in the Timeline", MenuLook::timeline);
    look("copy", "Copy as text", MenuLook::copy);
  }
};

std::string title_of(const ui::Ui& ui, const Scene& scene, const Selection& about) {
  const State& state = scene.state;
  switch (about.kind) {
    case Selection::Kind::socket: {
      const SocketState* socket = state.socket(about.id);
      return socket == nullptr ? std::string() : state.label(about.id) + " · " + state_text(*socket);
    }
    case Selection::Kind::thread: {
      const ThreadState* thread = state.thread(about.id);
      if (thread == nullptr) return {};
      const std::string does = thread->calls.empty()
                                   ? std::string(ui.tr("idle"))
                                   : ui.say("in {0}", info(thread->calls.back().name).python);
      return thread->name + " · " + does;
    }
    case Selection::Kind::server:
      return state.server(about.id) == nullptr ? std::string() : state.server(about.id)->name;
    case Selection::Kind::call:
    case Selection::Kind::packet:
      return text_of_thing(ui, scene, about);
    case Selection::Kind::host:
      return state.host(about.id) == nullptr ? std::string() : state.host(about.id)->name;
    case Selection::Kind::wire: {
      const HostState *a = state.host(about.id), *b = state.host(static_cast<HostId>(about.seq));
      return a == nullptr || b == nullptr ? std::string() : a->name + " – " + b->name;
    }
    case Selection::Kind::none:
      break;
  }
  return std::string(ui.tr("Something new"));
}

}  // namespace menu

ActionMenu action_menu(const ui::Ui& ui, const Scene& scene, const View& view, const Selection& about) {
  menu::Menu made{ui, scene, view, {}};
  made.out.about = about;
  made.out.title = menu::title_of(ui, scene, about);
  if (scene.live) {
    made.acts();
    const bool past = !view.follow && made.out.note.empty() && !made.out.rows.empty();
    if (past) made.out.note = ui.say("What is run happens now, not at the cursor.");
  } else {
    made.out.note = ui.say("A recording is only looked at: nothing can be called.");
  }
  made.looks();
  std::stable_sort(made.out.rows.begin(), made.out.rows.end(),
                   [](const MenuRow& a, const MenuRow& b) { return a.part < b.part; });
  return std::move(made.out);
}

}  // namespace sockscope
