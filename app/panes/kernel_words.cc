#include "panes/kernel_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace sockscope {

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} B", bytes);
  if (bytes < 1'000'000) return fmt::format("{} kB", (bytes + 500) / 1'000);
  return fmt::format("{:.2f} MB", static_cast<double>(bytes) / 1e6);
}

std::string left_text(Time left) {
  const double seconds = static_cast<double>(std::max<Time>(left, 0)) / 1e9;
  if (seconds < 9.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 99.95) return fmt::format("{:.1f} s", seconds);
  return seconds < 600 ? fmt::format("{:.0f} s", seconds) : fmt::format("{:.0f} min", seconds / 60);
}

std::string seconds_left_text(Time left) {
  return fmt::format("{} s", (std::max<Time>(left, 0) + kSecond - 1) / kSecond);
}

std::string timer_left_text(const SocketState& socket, Time now) {
  const Time left = socket.timer_ends - now;
  return socket.timer == Timer::time_wait ? seconds_left_text(left) : left_text(left);
}

bool window_shut(const SocketState& socket) {
  return socket.cwnd != 0 && socket.send_buffer != 0 && socket.send_window == 0 && socket.unsent > 0;
}

const SocketState* mate_of(const State& state, const SocketState& socket) {
  return socket.peer_id == 0 ? nullptr : state.socket(socket.peer_id);
}

bool timer_tells(const SocketState& socket) {
  switch (socket.timer) {
    case Timer::none:
    case Timer::keepalive:
      return false;
    case Timer::retransmit:
      return socket.state == TcpState::SYN_SENT || socket.timer_tries > 0;
    case Timer::time_wait:
    case Timer::probe:
      return true;
  }
  return false;
}

std::string timer_name(const ui::Ui& ui, const SocketState& socket) {
  switch (socket.timer) {
    case Timer::none:
      return {};
    case Timer::retransmit:
      return std::string(ui.tr(socket.state == TcpState::SYN_SENT ? "SYN again" : "sends again"));
    case Timer::keepalive:
      return std::string(ui.tr("asks whether the peer is there"));
    case Timer::time_wait:
      return std::string(ui.tr("forgotten"));
    case Timer::probe:
      return std::string(ui.tr("asks for room"));
  }
  return {};
}

std::string timer_words(const ui::Ui& ui, const SocketState& socket, Time now) {
  if (!timer_tells(socket)) return {};
  return ui.say("{0} in {1}", timer_name(ui, socket), timer_left_text(socket, now));
}

std::string timer_sentence(const ui::Ui& ui, const SocketState& socket, Time now) {
  const std::string left = timer_left_text(socket, now);
  const std::uint64_t next = std::uint64_t{socket.timer_tries} + 2;
  switch (socket.timer) {
    case Timer::none:
      return {};
    case Timer::retransmit:
      if (!timer_tells(socket)) return {};
      return socket.state == TcpState::SYN_SENT
                 ? ui.say("The kernel sends its SYN again in {0}, try {1}.", left, next)
                 : ui.say("The kernel sends again in {0}, try {1}.", left, next);
    case Timer::keepalive:
      return ui.say("The kernel asks in {0} whether the peer is still there.", left);
    case Timer::time_wait:
      return ui.say("The kernel forgets it in {0}.", left);
    case Timer::probe:
      return ui.say("The kernel asks the peer for room in {0}.", left);
  }
  return {};
}

std::string try_words(const ui::Ui& ui, const SocketState& socket) {
  const bool tries = socket.timer == Timer::retransmit && timer_tells(socket);
  return tries ? ui.say("try {0}", std::uint64_t{socket.timer_tries} + 2) : std::string();
}

std::string closed_first(const ui::Ui& ui, const State& state, const SocketState& socket) {
  if (socket.open) return {};
  const SocketState* mate = mate_of(state, socket);
  switch (socket.state) {
    case TcpState::FIN_WAIT1:
    case TcpState::FIN_WAIT2:
    case TcpState::TIME_WAIT:
      return ui.say("{0} closed first.", state.label(socket.id));
    case TcpState::CLOSING:
      return ui.say("Both closed at the same time.");
    case TcpState::LAST_ACK:
      return mate == nullptr ? ui.say("Its peer closed first.")
                             : ui.say("{0} closed first.", state.label(mate->id));
    default:
      return {};
  }
}

}  // namespace sockscope
