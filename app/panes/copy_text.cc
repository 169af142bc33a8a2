#include "panes/copy_text.h"

#include <algorithm>
#include <limits>

#include "net/address.h"
#include "net/catalogue.h"
#include "net/names.h"
#include "panes/code_text.h"
#include "panes/console_lines.h"
#include "panes/details.h"
#include "panes/narration_lines.h"
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
