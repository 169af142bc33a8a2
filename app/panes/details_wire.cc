// Details of a wire: how each direction is, what is on it, what can be done.

#include <fmt/format.h>

#include "panes/details.h"
#include "panes/packet_look.h"
#include "panes/stage_hosts.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

struct OnWire {
  std::size_t sent = 0, under_way = 0, held = 0, lost = 0;
};

// Of the newest packets, one direction.
OnWire count_on(const Packets& packets, HostId from, HostId to) {
  OnWire out;
  for (std::size_t i = first_looked_at(packets); i < packets.size(); ++i) {
    const PacketState& packet = packets[i];
    if (packet.id == 0 || packet.from != from || packet.to != to) continue;
    ++out.sent;
    out.under_way += packet.place == PacketPlace::under_way;
    out.held += packet.place == PacketPlace::held;
    out.lost += packet.place == PacketPlace::dropped;
  }
  return out;
}

std::string counts_text(const ui::Ui& ui, const OnWire& on) {
  std::string text = ui.say("{0} packets, {1} on the way", on.sent, on.under_way);
  if (on.held > 0) text += ", " + ui.say("{0} held", on.held);
  if (on.lost > 0) text += ", " + ui.say("{0} did not arrive", on.lost);
  return text;
}

void direction(DetailsPage& page, const State& state, const HostState& from, const HostState& to) {
  const ui::Ui& ui = page.ui();
  const WireState* wire = state.wire(from.id, to.id);
  page.fact(from.name + " → " + to.name,
            wire == nullptr ? std::string(ui.tr("no wire")) : wire_settings_text(ui, *wire),
            counts_text(ui, count_on(state.packets(), from.id, to.id)));
}

// The time a round trip takes, and what it means for a connection. −1: there is none.
Time round_trip(const State& state, HostId a, HostId b) {
  const WireState* there = state.wire(a, b);
  const WireState* back = state.wire(b, a);
  if (there == nullptr || back == nullptr || !there->is.joined || !back->is.joined) return -1;
  return there->is.delay + back->is.delay;
}

}  // namespace

bool wire_details(DetailsPage& page, const Scene& scene, HostId a, HostId b) {
  const ui::Ui& ui = page.ui();
  const State& state = scene.state;
  const HostState* from = state.host(a);
  const HostState* to = state.host(b);
  if (from == nullptr || to == nullptr) return false;
  page.title(from->name + " – " + to->name, ui.tr("a wire"), ui.theme.ink2, "");
  const Time trip = round_trip(state, a, b);
  if (trip < 0) {
    page.sentence(ui.say("Nothing gets across: it is cut, or there is none."));
  } else {
    page.sentence(
        ui.say("There and back takes {0}: connect() waits at least that long.", ui::duration_text(trip)));
    if (trip >= kSecond)
      page.sentence(
          ui.say("That is longer than the kernel waits for the answer to a SYN (1 s): it sends it again, "
                 "needlessly."));
  }
  page.gap(6);
  direction(page, state, *from, *to);
  direction(page, state, *to, *from);
  if (!scene.live) return true;
  page.heading(ui.tr("By a line of your own"));
  for (const std::string& line :
       {fmt::format("%wire {} {} delay=300ms jitter=20ms loss=10%", from->name, to->name),
        fmt::format("%wire {}->{} rate=1mbit", from->name, to->name),
        fmt::format("%wire {} {} hold", from->name, to->name)})
    page.mono(line, ui.theme.ink);
  page.sentence(ui.say("While packets are held: Space lets the oldest through, Del drops it, D doubles it."));
  return true;
}

}  // namespace sockscope
