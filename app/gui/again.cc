#include "gui/again.h"

#include <fmt/format.h>

#include <algorithm>

#include "gui/saves.h"

namespace sockscope {
namespace {

// The servers that no line of the learner's started.
std::string servers_without_a_line(const Play& play, const State& then) {
  std::string names;
  for (const ServerState& server : then.servers()) {
    const auto starts = [&](const PlayLine& line) {
      return line.said.starts_with("%serve " + server.name + " ") || line.said == "%serve " + server.name;
    };
    if (server.id == 0 || std::any_of(play.lines.begin(), play.lines.end(), starts)) continue;
    names += (names.empty() ? "" : ", ") + server.name;
  }
  return names;
}

// Connections to a listening socket of ours whose other end was another program's.
std::size_t from_outside(const State& then) {
  const auto& sockets = then.sockets();
  return static_cast<std::size_t>(std::count_if(sockets.begin(), sockets.end(), [](const SocketState& s) {
    const bool of_a_listener = s.accepted || s.how == SocketHow::accept || s.queued();
    return s.id != 0 && of_a_listener && s.peer_id == 0 && s.peer.port != 0;
  }));
}

}  // namespace

RunAgain run_again(const Trace& trace, std::size_t end, const State& then, const ui::Translator& tr) {
  RunAgain again;
  std::size_t refused = 0;
  std::string text;
  for (const std::string& line : play_lines(trace, end)) {
    if (parse_line(line, "main"))
      text += line + "\n";
    else
      ++refused;
  }
  const auto add = [&again](const std::string& what) {
    again.left_out += (again.left_out.empty() ? "" : "; ") + what;
  };
  auto play = parse_play(text, "");
  if (play) {
    again.play = std::move(*play);
  } else if (!text.empty()) {
    add(play.error().message);
  }
  if (refused > 0) add(fmt::format(fmt::runtime(tr("{0} lines that are no lines of a play")), refused));
  if (const std::string names = servers_without_a_line(again.play, then); !names.empty())
    add(fmt::format(fmt::runtime(tr("servers that no line started: {0}")), names));
  if (const std::size_t count = from_outside(then); count > 0)
    add(fmt::format(fmt::runtime(tr("{0} connections of other programs")), count));
  return again;
}

}  // namespace sockscope
