#pragma once
// Which pieces a receive takes. Pure: the fold asks, and narration asks beforehand. Private to trace/.

#include <cstdint>
#include <optional>
#include <vector>

#include "trace/state.h"

namespace sockscope {

// How a socket's bytes travel: as a stream, as messages of one connection, as datagrams; none: not told.
enum class Shape : std::uint8_t { stream, messages, datagrams, none };
Shape shape_of(const SocketState& socket);

// ::ffff:127.0.0.1 as 127.0.0.1: a socket on [::] has both.
Address plain_end(const Address& address);
bool has_port(const Address& address);
bool is_named(const Address& address);                    // it has a port or a path
bool same_end(const Address& one, const Address& other);  // any host's address is every host's

inline std::uint64_t count_of(std::int64_t result) {
  return result > 0 ? static_cast<std::uint64_t>(result) : 0;
}

struct Reception {
  std::uint64_t bytes, asked;
  bool peek, urgent;
  Address from;
};
bool is_receive(Call name);
Reception reception_of(const OpenCall& call, const event::CallReturned& e);

// Whether a message of `bytes` from `from` can be what this receive gave.
bool can_be(const State& state, const SocketState& on, const Reception& reception, SocketId from,
            std::uint64_t bytes);
// The place in on.unread of the message that this receive gave.
std::optional<std::size_t> message_of(const State& state, const SocketState& on, const Reception& reception);
// That message, as far as it was received; the rest is lost.
Piece received_part(const Piece& message, const Reception& reception);
// `bytes` taken off the front of a stream's pieces.
std::vector<Piece> taken_from(std::vector<Piece>& queue, std::uint64_t bytes);
// `bytes` off the front of `piece`, which keeps the rest.
Piece split(Piece& piece, std::uint64_t bytes);

// What a receive that returns now takes of what is known to be unread; `rest`: some of the last piece stays.
struct Taking {
  std::vector<Piece> pieces;
  bool rest = false;
};
Taking taking(const State& before, const OpenCall& call, const event::CallReturned& e);

}  // namespace sockscope
