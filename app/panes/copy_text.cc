#include "panes/copy_text.h"

#include <algorithm>
#include <limits>

#include "net/address.h"
#include "net/catalogue.h"
#include "net/names.h"
#include "panes/code_text.h"
#include "panes/console_lines.h"
#include "panes/details.h"
#include "panes/details_call.h"
#include "panes/narration_lines.h"
#include "panes/packet_look.h"
#include "panes/stage_model.h"

namespace sockscope {

namespace copying {

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max() / 2;
constexpr std::size_t kMostEvents = 1'000'000;  // read for one copy: about a second

std::string called(const SocketState& socket) {
  return socket.called.empty() ? fmt::format("socket {}", socket.id) : socket.called;
}

std::string ends_of(const SocketState& socket) {
  std::string ends = to_text(socket.local);
  const std::string peer = to_text(socket.peer);
  if (!ends.empty() && !peer.empty()) ends += " → ";
  return ends + peer;
}

std::string socket_line(const ui::Ui& ui, const SocketState& socket) {
  std::string line = fmt::format("  {}: {}", called(socket), name_of(socket.state));
  if (const std::string ends = ends_of(socket); !ends.empty()) line += "  " + ends;
  if (socket.backlog >= 0)
    line += "  " + ui.say("{0} in the accept queue, limit {1}", socket.accept_queue, socket.limit);
  if (socket.recv_queue > 0) line += "  " + ui.say("{0} bytes unread", socket.recv_queue);
  return line + "\n";
}

std::string thread_line(const ui::Ui& ui, const ThreadState& thread) {
  if (thread.calls.empty()) return "  " + ui.say("thread {0}: in no call", thread.name) + "\n";
  return "  " + ui.say("thread {0}: in {1}", thread.name, info(thread.calls.front().name).python) + "\n";
}

// The line of a list, alone.
std::string alone(const std::string& line) {
  return line.substr(2, line.size() - 3);
}

std::string server_line(const ui::Ui& ui, const State& state, std::uint32_t id) {
  const ServerState* server = state.server(id);
  const SocketState* listener = server == nullptr ? nullptr : state.socket(server->listener);
  return listener == nullptr ? std::string() : server->name + ": " + alone(socket_line(ui, *listener));
}

std::string wire_line(const ui::Ui& ui, const State& state, HostId a, HostId b) {
  std::string line;
  for (const auto& [from, to] : {std::pair{a, b}, std::pair{b, a}}) {
    const HostState *source = state.host(from), *target = state.host(to);
    const WireState* wire = state.wire(from, to);
    if (source == nullptr || target == nullptr) continue;
    if (!line.empty()) line += "; ";
    line += source->name + " → " + target->name + ": " +
            (wire == nullptr ? std::string(ui.tr("no wire")) : wire_settings_text(ui, *wire));
  }
  return line;
}

// Up to the cursor: what came after it is not told.
std::string call_line(const Scene& scene, std::uint64_t seq) {
  const auto* entered =
      seq < scene.trace.size() ? std::get_if<event::CallEntered>(&scene.trace[seq].body) : nullptr;
  if (entered == nullptr) return {};
  std::string line = call_source(scene.end, *entered);
  for (std::uint64_t next = seq + 1; next < scene.cursor_seq; ++next) {
    const auto* back = std::get_if<event::CallReturned>(&scene.trace[next].body);
    if (back == nullptr || back->call != entered->call) continue;
    return line + " → " + (back->error != 0 ? python_error(*back) : call_result(scene.end, *entered, *back));
  }
  return line;
}

std::string stage(const ui::Ui& ui, const Scene& scene) {
  std::string text = ui.say("At {0}:", since_start(scene, scene.cursor)) + "\n";
  for (const ThreadState& thread : scene.state.threads())
    if (thread.id != 0 && thread.alive) text += thread_line(ui, thread);
  for (const SocketState& socket : scene.state.sockets())
    if (socket.id != 0 && on_stage(socket)) text += socket_line(ui, socket);
  return text;
}

std::string sentences(const ui::Ui& ui, const Scene& scene, View& view, Time from, Time to) {
  if (!view.narration) view.narration = std::make_shared<NarrationLines>();
  const bool all = view.narration->extend(
      scene.trace, code_of(ui.tr.language()),
      [&](std::string_view english) { return std::string(ui.tr(english)); }, kMostEvents);
  std::string text;
  for (const NarrationLine& line : view.narration->lines)
    if (line.seq < scene.cursor_seq && line.at >= from && line.at <= to) text += line.text + "\n";
  if (!all) text += ui.say("reading the trace…") + "\n";
  return text;
}

std::string console(const ui::Ui& ui, const Scene& scene, const View& view) {
  std::string text;
  const auto add = [&](const ConsoleRow& row) {
    text += row.prompt.empty() ? row.text : row.prompt + " " + row.text;
    if (!row.result.empty()) text += (row.text.empty() ? "" : "  → ") + row.result;
    text += "\n";
  };
  const std::size_t count = view.log.before(scene.cursor_seq);
  for (std::size_t i = 0; i < count; ++i) add(console_row(ui, scene, view.log.entries()[i], scene.now));
  for (const WaitingLine& line : scene.waiting) add(waiting_row(ui, line));
  return text;
}

std::string code(const Scene& scene, View& view) {
  if (!view.outline) view.outline = std::make_shared<CodeOutline>();
  extend(*view.outline, scene.trace);
  std::string text;
  if (view.code == CodeShown::c && scene.c_code) {
    for (const CodeStatement& line : scene.c_code(scene.cursor_seq, kAll)) text += line.text + "\n";
    return text;
  }
  const auto lines = view.code == CodeShown::servers
                         ? source_lines(*view.outline, scene.state)
                         : code_text(*view.outline, scene.trace, scene.state, scene.cursor_seq, kAll);
  for (const CodeLine& line : lines) text += line.text + "\n";
  return text;
}

float middle(const ui::DrawnText& drawn) {
  return (drawn.min.y + drawn.max.y) / 2;
}

// Words of one sentence are drawn one by one, with the room of a space or, in Chinese, none; columns stand
// further apart.
std::string between(const ui::DrawnText* before, const ui::DrawnText& next) {
  if (before == nullptr) return "";
  const float gap = next.min.x - before->max.x, letter = (next.max.y - next.min.y) / 2;
  return gap < letter / 4 ? "" : gap < letter * 1.5f ? " " : "  ";
}

}  // namespace copying

std::string text_of_thing(const ui::Ui& ui, const Scene& scene, const Selection& what) {
  const State& state = scene.state;
  switch (what.kind) {
    case Selection::Kind::socket:
      return state.socket(what.id) == nullptr
                 ? std::string()
                 : copying::alone(copying::socket_line(ui, *state.socket(what.id)));
    case Selection::Kind::thread:
      return state.thread(what.id) == nullptr
                 ? std::string()
                 : copying::alone(copying::thread_line(ui, *state.thread(what.id)));
    case Selection::Kind::server:
      return copying::server_line(ui, state, what.id);
    case Selection::Kind::call:
      return copying::call_line(scene, what.seq);
    case Selection::Kind::packet: {
      const PacketState* packet = scene.end.packets().find(what.id);
      return packet == nullptr ? std::string() : packet_label(ui, *packet);
    }
    case Selection::Kind::host: {
      const HostState* host = state.host(what.id);
      return host == nullptr ? std::string() : host->name + "  " + host_of(host->address);
    }
    case Selection::Kind::wire:
      return copying::wire_line(ui, state, what.id, static_cast<HostId>(what.seq));
    case Selection::Kind::none:
      break;
  }
  return {};
}

std::optional<std::string> text_of_pane(ui::Ui& ui, const Scene& scene, View& view, Pane pane) {
  switch (pane) {
    case Pane::stage:
      return copying::stage(ui, scene);
    case Pane::timeline: {
      const bool whole = view.span <= 0;
      return copying::sentences(ui, scene, view, whole ? scene.start : view.from,
                                whole ? std::max(scene.now, scene.trace.end()) : view.from + view.span);
    }
    case Pane::narration:
      return copying::sentences(ui, scene, view, scene.start, std::max(scene.now, scene.trace.end()));
    case Pane::console:
      return copying::console(ui, scene, view);
    case Pane::code:
      return copying::code(scene, view);
    default:
      return std::nullopt;
  }
}

std::string text_of_drawn(std::vector<ui::DrawnText> drawn) {
  std::stable_sort(drawn.begin(), drawn.end(), [](const ui::DrawnText& a, const ui::DrawnText& b) {
    return copying::middle(a) < copying::middle(b);
  });
  std::string text;
  for (auto line = drawn.begin(); line != drawn.end();) {
    // In one line: what stands less than half a letter higher or lower than the first of it.
    const float top = copying::middle(*line), near = (line->max.y - line->min.y) / 2;
    auto end = std::find_if(line, drawn.end(),
                            [&](const ui::DrawnText& next) { return copying::middle(next) - top > near; });
    std::stable_sort(line, end,
                     [](const ui::DrawnText& a, const ui::DrawnText& b) { return a.min.x < b.min.x; });
    std::string words;
    const ui::DrawnText* before = nullptr;
    for (; line != end; ++line) {
      if (line->text.empty()) continue;
      words += copying::between(before, *line) + line->text;
      before = &*line;
    }
    if (!words.empty()) text += words + "\n";
  }
  return text;
}

Drawn::Drawn(ui::Ui& ui) : ui_(ui), before_(ui.record) {
  if (before_ == nullptr || !before_->on) {
    own_.on = true;
    ui_.record = &own_;
  }
  from_ = ui_.record->drawn.size();
}

Drawn::~Drawn() {
  ui_.record = before_;
}

std::string Drawn::text() const {
  const auto& all = ui_.record->drawn;
  return text_of_drawn({all.begin() + static_cast<std::ptrdiff_t>(from_), all.end()});
}

}  // namespace sockscope
