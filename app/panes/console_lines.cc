#include "panes/console_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "net/catalogue.h"

namespace sockscope {

namespace console {

std::string prompt_of(const Scene& scene, ThreadId id) {
  const ThreadState* thread = scene.end.thread(id);
  return (thread == nullptr ? fmt::format("thread {}", id) : thread->name) + ">>>";
}

// Whether the line assigns to this name: "conn, addr = s.accept()" does to conn and to addr.
bool assigns(std::string_view line, std::string_view name) {
  constexpr std::string_view kBetween = " ,()";
  const std::size_t equals = line.find('=');
  if (equals == line.npos) return false;
  std::string_view rest = line.substr(0, equals);
  while (!rest.empty()) {
    const std::size_t length = std::min(rest.find_first_of(kBetween), rest.size());
    if (rest.substr(0, length) == name) return true;
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return false;
}

// What an assignment bound: "s, #1, fd 6" for a socket, its value else. The NameBounds stand just before the
// line's end; a line of another thread may have put its own among them.
std::string bound_by(const Scene& scene, std::string_view text, std::uint64_t start, std::uint64_t end) {
  constexpr std::uint64_t kLook = 16;
  std::string said;
  for (std::uint64_t seq = end; seq > start && end - seq < kLook; --seq) {
    const auto* bound = std::get_if<event::NameBound>(&scene.trace[seq].body);
    if (bound == nullptr || !assigns(text, bound->name.view())) continue;
    std::string one(bound->value.view());
    if (bound->kind == NameKind::socket) {
      const SocketState* socket = scene.end.socket(bound->id);
      one = fmt::format("{}, #{}", bound->name.view(), bound->id);
      if (socket != nullptr && socket->open) one += fmt::format(", fd {}", socket->fd);
    }
    said = said.empty() ? one : one + " · " + said;
  }
  return said;
}

void say_end(ConsoleRow& row, const event::LineEnded& end, std::string bound) {
  if (end.exception.empty()) {
    row.mark = ConsoleRow::Mark::returned;
    row.result = !end.text.empty() ? std::string(end.text.view()) : bound.empty() ? "None" : std::move(bound);
    return;
  }
  row.mark = ConsoleRow::Mark::failed;
  row.result = std::string(end.exception.view());
  if (end.error != 0) {
    row.result += fmt::format(" {}", end.error);
  } else if (!end.text.empty()) {
    row.result += ": " + std::string(end.text.view());
  }
}

void say_running(const ui::Ui& ui, ConsoleRow& row, const ThreadState* thread) {
  row.mark = ConsoleRow::Mark::running;
  row.result = std::string(ui.tr("running"));
  if (thread == nullptr || thread->calls.empty()) return;
  const std::string_view call = info(thread->calls.back().name).python;
  if (thread->blocked) row.mark = ConsoleRow::Mark::blocked;
  row.result = thread->blocked ? ui.say("blocked in {0}", call) : ui.say("in {0}", call);
}

}  // namespace console

ConsoleRow console_row(const ui::Ui& ui, const Scene& scene, const ConsoleLog::Entry& entry, Time now) {
  ConsoleRow row;
  if (entry.seq >= scene.trace.size()) return row;
  const Event& event = scene.trace[entry.seq];
  if (const auto* met = std::get_if<event::Expectation>(&event.body)) {
    row.mark = met->met ? ConsoleRow::Mark::returned : ConsoleRow::Mark::failed;
    row.text = "%expect " + std::string(met->text.view());
    row.result = met->met ? std::string(ui.tr("it holds")) : ui.say("it does not hold: {0}", met->saw.view());
    return row;
  }
  if (const auto* printed = std::get_if<event::HandlerPrinted>(&event.body)) {
    const ServerState* server = scene.end.server(printed->server);
    row.mark = ConsoleRow::Mark::printed;
    row.prompt = server == nullptr ? "" : server->name;
    row.text = printed->text.view();
    return row;
  }
  const auto* line = std::get_if<event::LineStarted>(&event.body);
  if (line == nullptr) return row;
  row.prompt = console::prompt_of(scene, line->thread);
  row.text = line->text.view();
  if (entry.end < scene.cursor_seq && entry.end < scene.trace.size()) {
    console::say_end(row, std::get<event::LineEnded>(scene.trace[entry.end].body),
                     console::bound_by(scene, row.text, entry.seq, entry.end));
    row.lasted = scene.trace[entry.end].at - event.at;
  } else {
    console::say_running(ui, row, scene.state.thread(line->thread));
    row.lasted = std::max<Time>(0, now - event.at);
  }
  return row;
}

ConsoleRow waiting_row(const ui::Ui& ui, const WaitingLine& line) {
  ConsoleRow row;
  row.mark = ConsoleRow::Mark::waiting;
  row.prompt = line.thread + ">>>";
  row.text = line.text;
  row.result = line.why.empty() ? std::string(ui.tr("waits")) : ui.say("waits: {0}", line.why);
  return row;
}

}  // namespace sockscope
