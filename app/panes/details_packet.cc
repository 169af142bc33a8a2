// Details of a packet and of a host.

#include <fmt/format.h>

#include "net/catalogue.h"
#include "panes/details.h"
#include "panes/details_call.h"
#include "panes/packet_look.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

std::string name_of_host(const Scene& scene, HostId id) {
  const HostState* host = scene.state.host(id);
  return host == nullptr ? fmt::format("#{}", id) : host->name;
}

// What it is for, in one sentence.
std::string purpose(const ui::Ui& ui, const PacketState& packet) {
  const Packet& h = packet.header;
  if (!packet.known) return ui.say("Its headers cannot be read.");
  switch (h.protocol) {
    case Packet::Protocol::arp:
      return h.type == 1 ? ui.say("It asks for the hardware address of {0}.", host_of(h.destination))
                         : ui.say("It tells the hardware address of {0}.", host_of(h.source));
    case Packet::Protocol::tcp:
      if ((h.flags & kRst) != 0) return ui.say("It ends the connection at once, or says that there is none.");
      if ((h.flags & (kSyn | kAck)) == kSyn) return ui.say("It asks for a connection: the first of three.");
      if ((h.flags & kSyn) != 0) return ui.say("It answers a SYN and asks in turn: the second of three.");
      if ((h.flags & kFin) != 0) return ui.say("It says that its sender has no more bytes.");
      if (h.payload > 0) return ui.say("It carries {0} bytes of the stream.", h.payload);
      if (packet.zero_window) return ui.say("It says that there is no room: the window is 0.");
      return ui.say("It acknowledges what came before byte {0}.", packet.ack);
    case Packet::Protocol::udp:
      return ui.say("It is one datagram of {0} bytes.", h.payload);
    default:
      return {};
  }
}

std::string fate_words(const ui::Ui& ui, const Scene& scene, const PacketState& packet) {
  const std::string to = name_of_host(scene, packet.to);
  if (packet.ended == 0 || packet.ended > scene.cursor) {
    if (packet.place == PacketPlace::held) return ui.say("It is held in the middle of the wire.");
    return ui.say("It is on its way to {0}.", to);
  }
  const std::string after = ui::duration_text(packet.ended - packet.sent);
  if (packet.place == PacketPlace::arrived) return ui.say("It arrived at {0} after {1}.", to, after);
  switch (packet.why) {
    case Loss::lost:
      return ui.say("The wire lost it after {0}.", after);
    case Loss::cut:
      return ui.say("It went nowhere: there is no wire, or it is cut.");
    case Loss::dropped:
      return ui.say("It was dropped by hand.");
    case Loss::full:
      return ui.say("It was dropped: too much waits on the wire.");
    case Loss::gone:
      return ui.say("It went nowhere: its host is gone.");
  }
  return {};
}

// "sendall(b'hello') on client"; empty: no call is known.
std::string call_words(const Scene& scene, std::uint64_t seq) {
  if (seq == 0 || seq >= scene.trace.size()) return {};
  const auto* entered = std::get_if<event::CallEntered>(&scene.trace[seq].body);
  if (entered == nullptr) return {};
  const ThreadState* thread = scene.state.thread(entered->thread);
  return call_source(scene.state, *entered) + (thread == nullptr ? "" : ", " + thread->name);
}

void tcp_facts(DetailsPage& page, const PacketState& packet) {
  const ui::Ui& ui = page.ui();
  const Packet& h = packet.header;
  page.fact(ui.tr("flags"), flags_text(h.flags));
  page.fact("seq", fmt::format("{}", packet.seq), fmt::format("{}", h.seq));
  if ((h.flags & kAck) != 0) page.fact("ack", fmt::format("{}", packet.ack), fmt::format("{}", h.ack));
  page.fact(ui.tr("window"), fmt::format("{}", h.window));
  if (h.mss != 0) page.fact("MSS", fmt::format("{}", h.mss));
  if (h.window_scale >= 0) page.fact(ui.tr("window scale"), fmt::format("× {}", 1 << h.window_scale));
  if (h.sack_permitted) page.fact("SACK", ui.tr("permitted"));
  if (h.sack_blocks > 0) page.fact("SACK", fmt::format("{}", h.sack_blocks));
}

}  // namespace

void packet_details(DetailsPage& page, const Scene& scene, const PacketState& packet) {
  const ui::Ui& ui = page.ui();
  const Packet& h = packet.header;
  page.title(packet_gist(packet), packet.known ? name_of(h.protocol) : std::string_view(), ui.theme.ink2,
             fmt::format("#{}", packet.id));
  page.sentence(purpose(ui, packet));
  page.sentence(fate_words(ui, scene, packet));
  if (packet.needless)
    page.sentence(ui.say(
        "It was sent again though the first was not lost: the answer took longer than the kernel waits."));
  else if (packet.again)
    page.sentence(ui.say("It was sent again: the one before did not arrive."));
  if (packet.duplicate_ack)
    page.sentence(ui.say("It says the same as the ACK before: something in between is missing."));
  page.gap(6);
  page.fact(ui.tr("from"), name_of_host(scene, packet.from), to_text(h.source));
  page.fact(ui.tr("to"), name_of_host(scene, packet.to), to_text(h.destination));
  page.fact(ui.tr("sent"), since_start(scene, packet.sent));
  if (packet.ended != 0 && packet.ended <= scene.cursor)
    page.fact(packet.place == PacketPlace::arrived ? ui.tr("arrived") : ui.tr("dropped"),
              since_start(scene, packet.ended));
  page.fact(ui.tr("frame"), ui.say("{0} bytes", packet.length), fmt::format("TTL {}", h.ttl));
  if (packet.known && h.protocol == Packet::Protocol::tcp) tcp_facts(page, packet);
  if (packet.sender != 0)
    page.fact(ui.tr("sent by"), scene.state.label(packet.sender), call_words(scene, packet.call_seq));
  if (packet.receiver != 0)
    page.fact(ui.tr("received by"), scene.state.label(packet.receiver), call_words(scene, packet.taken_seq));
}

void host_details(DetailsPage& page, const Scene& scene, const HostState& host) {
  const ui::Ui& ui = page.ui();
  page.title(host.name, host.alive ? ui.tr("a host") : ui.tr("is gone"), ui.theme.ink2, "");
  if (!host.why.empty()) page.sentence(host.why);
  page.sentence(
      ui.say("A computer of its own: its own addresses, its own 127.0.0.1, its own ports. It reaches the "
             "hosts it is joined to, and nothing else."));
  page.gap(6);
  page.fact("IPv4", host_of(host.address));
  page.fact("IPv6", host_of(host.address6));
  page.fact(ui.tr("on the desk since"), since_start(scene, host.started));
  page.fact(ui.tr("kept by"), fmt::format("pid {}", host.keeper), ui.say("a network namespace"));
  if (!host.alive || !scene.live) return;
  page.heading(ui.tr("Check it yourself"));
  page.mono(fmt::format("nsenter -U --preserve-credentials -t {0} --net=/proc/{0}/fd/{1} ss -tnap",
                        host.keeper, host.net),
            ui.theme.ink);
}

}  // namespace sockscope
