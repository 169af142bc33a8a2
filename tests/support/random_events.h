#pragma once
// Events of every kind with random fields, for round trips. The same seed gives the same events.

#include <cstddef>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "trace/clock.h"
#include "trace/event.h"

namespace sockscope {

class RandomEvents {
 public:
  static constexpr std::size_t kKinds = std::variant_size_v<Body> - 1;
  explicit RandomEvents(std::uint32_t seed) : random_(seed) {}

  // Kinds come in turn, so that `count` of at least kKinds has each. Unknown, which is a line, is left out.
  std::vector<Event> make(std::size_t count, Time start) {
    std::vector<Event> events;
    Time at = start;
    for (std::size_t i = 0; i < count; ++i) {
      at += Time{below(5000)} - 500;
      events.push_back(Event{at, body(i % kKinds, at)});
    }
    return events;
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  bool coin() { return below(2) == 0; }
  std::uint32_t id() { return 1 + below(12); }
  std::uint32_t id_or_none() { return below(12); }
  std::int32_t number() { return static_cast<std::int32_t>(random_()); }
  std::uint32_t count() { return coin() ? 0 : static_cast<std::uint32_t>(random_()); }
  std::int64_t wide() {
    switch (below(5)) {
      case 0:
        return 0;
      case 1:
        return INT64_MIN;
      case 2:
        return INT64_MAX;
      default:
        return static_cast<std::int64_t>(std::uint64_t{random_()} << 32 | random_());
    }
  }
  template <class Enum>
  Enum one_of(std::uint32_t n) {
    return static_cast<Enum>(below(n));
  }

  Blob text() {
    static constexpr std::string_view kTexts[] = {"",
                                                  "c",
                                                  "127.0.0.1 wrote:",
                                                  "b'hello\\n'",
                                                  "\"quoted\" \\ back",
                                                  "套接字 é €",
                                                  std::string_view("\0nul\0", 5),
                                                  "\x1b[31m\x01\x7f",
                                                  "not UTF-8: \xff\xfe",
                                                  "cut \xe5\xa5",
                                                  "\xed\xa0\x80 surrogate",
                                                  "tab\there\nline"};
    return Blob(kTexts[below(std::size(kTexts))]);
  }
  Blob bytes() {
    std::string held(below(300), '\0');
    for (char& byte : held) byte = static_cast<char>(random_());
    const std::string_view kept = std::string_view(held).substr(0, kPreview);
    if (below(8) == 0) return Blob({}, 1 + below(1000));  // its preview was dropped
    const std::uint64_t total = held.size() + (coin() ? below(1'000'000) : 0);
    return Blob(kept, total, coin() ? 0 : static_cast<std::uint64_t>(wide()));
  }
  Address address() {
    Address a;
    switch (below(8)) {
      case 0:
        return a;
      case 1:
      case 2:
        return inet(static_cast<std::uint32_t>(random_()), static_cast<std::uint16_t>(random_()));
      case 3:
        return loopback(0);
      case 4:
      case 5:
        a.family = AF_INET6;
        a.port = static_cast<std::uint16_t>(random_());
        a.scope = coin() ? 0 : below(100);
        for (auto& byte : a.ip) byte = static_cast<std::uint8_t>(coin() ? 0 : random_());
        return a;
      case 6:
        a.family = AF_UNIX;
        a.path = text();
        return a;
      default:
        a.family = static_cast<std::uint16_t>(1 + below(50));
        a.port = static_cast<std::uint16_t>(random_());
        a.scope = below(3);
        a.ip[15] = static_cast<std::uint8_t>(random_());
        a.path = text();
        return a;
    }
  }
  TcpState state() { return one_of<TcpState>(12); }

  Body body(std::size_t kind, Time at) {
    switch (kind) {
      case 0:
        return event::ThreadStarted{id(),   id_or_none(), number(), one_of<ThreadRole>(4),
                                    text(), text(),       text()};
      case 1:
        return event::ThreadEnded{id()};
      case 2:
        return event::LineStarted{id(), id(), number(), text(), text()};
      case 3:
        return event::LineEnded{id(), id(), number(), text(), text()};
      case 4:
        return event::NameBound{one_of<NameKind>(6), id_or_none(), text(), text()};
      case 5:
        return event::NameUnbound{text()};
      case 6:
        return event::Expectation{number(), coin(), text(), text(), text()};
      case 7:
        return event::SettleTimedOut{number(), text()};
      case 8:
        return entered();
      case 9:
        return event::CallReturned{id(),   id(),      id_or_none(), id_or_none(), error(), number(),
                                   wide(), address(), bytes(),      coin(),       coin()};
      case 10:
        return event::CallBlocked{id(), id(), at - Time{below(100'000'000)}, text()};
      case 11:
        return event::SocketOpened{id(),
                                   id_or_none(),
                                   number(),
                                   number(),
                                   number(),
                                   number(),
                                   one_of<SocketHow>(6),
                                   static_cast<std::uint64_t>(wide()),
                                   text()};
      default:
        return kind < 17 ? socket_body(kind) : server_body(kind);
    }
  }
  Body socket_body(std::size_t kind) {
    switch (kind) {
      case 12:
        return event::SocketNamed{id(), address(), address()};
      case 13:
        return event::SocketClosed{id()};
      case 14:
        return event::StateChanged{id(), state(), state(), one_of<How>(4)};
      case 15:
        return event::ListenerSampled{id(), count(), count(), count(), count()};
      default:
        return event::QueuesSampled{id(),    count(), count(), count(), count(), count(),
                                    count(), count(), count(), count(), count(), count()};
    }
  }
  Body server_body(std::size_t kind) {
    switch (kind) {
      case 17:
        return event::ServerStarted{id(), id_or_none(), text(), text(), text(), address()};
      case 18:
        return event::ServerEnded{id()};
      case 19:
        return event::ClientStarted{id(), id(), id(), address()};
      case 20:
        return event::ClientEnded{id(), id(), id()};
      case 21:
        return event::LoadStarted{id(), count(), text(), text()};
      case 22:
        return event::LoadEnded{id(), count(), count(), count(), count()};
      case 23:
        return event::HandlerPrinted{id_or_none(), id(), text()};
      case 24:
        return event::StepReached{number(), text()};
      case 25:
        return event::Notice{text(), text()};
      case 26:
        return event::AddressLooked{id(), count(), error(), address()};
      case 28:
        return event::TimerSampled{id(), one_of<Timer>(5), count(), coin() ? 0 : Time{below(100'000'000)}};
      case 29:
        return event::HostStarted{id(), number(), number(), text(), address(), address()};
      case 30:
        return event::HostEnded{id(), text()};
      case 31:
        return event::WireChanged{id(),    id(),    coin(),  coin(),
                                  coin(),  count(), count(), count(),
                                  count(), wide(),  wide(),  static_cast<std::uint64_t>(wide())};
      case 32:
        return event::PacketSent{
            id(), id(), id(), id_or_none(), count(), coin() ? 0 : Time{below(100'000'000)}, bytes()};
      case 33:
        return event::PacketHeld{id()};
      case 34:
        return event::PacketReleased{id(), coin() ? 0 : Time{below(100'000'000)}};
      case 35:
        return event::PacketDropped{id(), one_of<Loss>(5)};
      case 36:
        return event::PacketArrived{id()};
      case 37:
        return event::ServerSampled{id(), count(), count(), count(), count(), Time{count()}};
      default:
        return event::AddressHeld{id(), id_or_none(), number(), count(), state(), address(), text()};
    }
  }
  std::int32_t error() { return coin() ? 0 : coin() ? -static_cast<std::int32_t>(below(12)) : number(); }
  // What select and poll watch, buffers' lengths, a host and a port.
  Blob lists() {
    static constexpr std::string_view kLists[] = {"1 2|3|",
                                                  "1:5 2:1",
                                                  "5 0 3",
                                                  "::|:|x",
                                                  std::string_view("localhost\0"
                                                                   "80",
                                                                   12),
                                                  "9|9|9|9"};
    return Blob(kLists[below(std::size(kLists))]);
  }
  Body entered() {
    event::CallEntered e;
    e.call = id();
    e.thread = id();
    e.socket = id_or_none();
    e.name = one_of<Call>(static_cast<std::uint32_t>(catalogue().size()) + 1);
    if (coin()) e.args.numbers = {wide(), wide(), wide()};
    if (coin()) e.args.numbers = {wide(), wide(), wide(), wide(), wide()};
    e.args.address = address();
    e.args.data = bytes();
    e.args.text = coin() ? lists() : text();
    return e;
  }

  std::mt19937 random_;
};

}  // namespace sockscope
