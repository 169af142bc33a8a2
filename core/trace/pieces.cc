#include "trace/pieces.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace sockscope {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<std::uint8_t, 16> kAnyHost = {};

}  // namespace

Shape shape_of(const SocketState& socket) {
  switch (socket.type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) {
    case 0:  // its opening is not in the trace
    case SOCK_STREAM:
      return Shape::stream;
    case SOCK_SEQPACKET:
      return Shape::messages;
    case SOCK_DGRAM:
      return Shape::datagrams;
    default:
      return Shape::none;
  }
}

Address plain_end(const Address& address) {
  Address plain = address;
  if (address.family != AF_INET6 || !std::equal(kMapped.begin(), kMapped.end(), plain.ip.begin()))
    return plain;
  plain.family = AF_INET;
  std::rotate(plain.ip.begin(), plain.ip.begin() + kMapped.size(), plain.ip.end());
  std::fill(plain.ip.begin() + 4, plain.ip.end(), std::uint8_t{0});
  return plain;
}

bool has_port(const Address& address) {
  return address.port != 0 && (address.family == AF_INET || address.family == AF_INET6);
}

bool is_named(const Address& address) {
  return has_port(address) || (address.family == AF_UNIX && !address.path.empty());
}

bool same_end(const Address& one, const Address& other) {
  if (one.family == AF_UNIX || other.family == AF_UNIX) {
    return one.family == other.family && one.path == other.path;
  }
  const Address a = plain_end(one), b = plain_end(other);
  if (a.port != b.port) return false;
  return a.ip == kAnyHost || b.ip == kAnyHost || (a.family == b.family && a.ip == b.ip);
}

bool is_receive(Call name) {
  return name == Call::recv || name == Call::recv_into || name == Call::recvfrom || name == Call::recvmsg;
}

Reception reception_of(const OpenCall& call, const event::CallReturned& e) {
  const bool all_of_buffer = call.name == Call::recv_into && call.numbers[0] <= 0;
  return {count_of(e.result), count_of(call.numbers[all_of_buffer ? 2 : 0]),
          (call.numbers[1] & MSG_PEEK) != 0, (call.numbers[1] & MSG_OOB) != 0, e.address};
}

bool can_be(const State& state, const SocketState& on, const Reception& reception, SocketId from,
            std::uint64_t bytes) {
  const bool whole = reception.bytes != reception.asked;  // less than asked for, or MSG_TRUNC's real length
  if (whole ? bytes != reception.bytes : bytes < reception.bytes) return false;
  const SocketState* sender = state.socket(from);
  if (sender == nullptr) return true;
  if (is_named(reception.from)) return !is_named(sender->local) || same_end(sender->local, reception.from);
  return on.peer_id == 0 || on.peer_id == from;
}

std::optional<std::size_t> message_of(const State& state, const SocketState& on, const Reception& reception) {
  for (std::size_t i = 0; i < on.unread.size(); ++i) {
    const Piece& piece = on.unread[i];
    const bool found = piece.send == 0 ? piece.bytes >= reception.bytes
                                       : can_be(state, on, reception, piece.from, piece.bytes);
    if (found) return i;
  }
  return std::nullopt;
}

Piece received_part(const Piece& message, const Reception& reception) {
  Piece part = message;
  part.bytes = std::min({reception.bytes, reception.asked, message.bytes});
  part.lost = message.send == 0 ? 0 : message.bytes - part.bytes;
  return part;
}

Piece split(Piece& piece, std::uint64_t bytes) {
  Piece front = piece;
  front.bytes = std::min(bytes, piece.bytes);
  piece.bytes -= front.bytes;
  piece.offset += piece.send == 0 ? 0 : front.bytes;
  return front;
}

std::vector<Piece> taken_from(std::vector<Piece>& queue, std::uint64_t bytes) {
  std::vector<Piece> taken;
  std::size_t gone = 0;
  while (bytes > 0 && gone < queue.size()) {
    taken.push_back(split(queue[gone], bytes));
    bytes -= taken.back().bytes;
    if (queue[gone].bytes > 0) break;
    ++gone;
  }
  queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(gone));
  return taken;
}

Taking taking(const State& before, const OpenCall& call, const event::CallReturned& e) {
  Taking taking;
  const SocketState* on = before.socket(call.socket);
  if (on == nullptr || !is_receive(call.name)) return taking;
  if (const SocketState* first = before.socket(on->same_as)) on = first;
  const Reception reception = reception_of(call, e);
  if (shape_of(*on) == Shape::stream && !reception.urgent) {
    std::vector<Piece> unread = on->unread;
    taking.pieces = taken_from(unread, reception.bytes);
    taking.rest =
        !taking.pieces.empty() && !unread.empty() && unread.front().call == taking.pieces.back().call;
  } else if (shape_of(*on) == Shape::datagrams || shape_of(*on) == Shape::messages) {
    if (const auto place = message_of(before, *on, reception)) {
      taking.pieces.push_back(received_part(on->unread[*place], reception));
    }
  }
  return taking;
}

}  // namespace sockscope
