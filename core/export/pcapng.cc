#include "export/pcapng.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "net/catalogue.h"
#include "net/text.h"
#include "trace/clock.h"
#include "trace/state.h"

namespace sockscope {
namespace {

constexpr std::uint32_t kSection = 0x0A0D0D0A, kInterface = 1, kPacket = 6, kByteOrder = 0x1A2B3C4D;
constexpr std::uint16_t kEthernetLink = 1;
constexpr std::uint16_t kEnd = 0, kComment = 1, kName = 2, kResolution = 9, kApplication = 4;
constexpr std::uint8_t kNanoseconds = 9;
constexpr std::size_t kLongestOption = 4000;

// A block, built by appending; numbers as this machine has them, which the section says.
class Block {
 public:
  explicit Block(std::uint32_t type) : type_(type) {}
  template <class Number>
  void put(Number value) {
    char bytes[sizeof value];
    std::memcpy(&bytes[0], &value, sizeof value);
    body_.append(&bytes[0], sizeof value);
  }
  void pad(std::string_view bytes) {
    body_.append(bytes);
    while (body_.size() % 4 != 0) body_ += '\0';
  }
  void option(std::uint16_t code, std::string_view value) {
    value = first_characters(value, kLongestOption);
    put(code);
    put(static_cast<std::uint16_t>(value.size()));
    pad(value);
  }
  void end_options() {
    put(kEnd);
    put(std::uint16_t{0});
  }
  void write(std::string& out) {
    const auto length = static_cast<std::uint32_t>(body_.size() + 12);
    Block whole(0);
    whole.put(type_);
    whole.put(length);
    out += whole.body_;
    out += body_;
    out += whole.body_.substr(4);
  }

 private:
  std::uint32_t type_;
  std::string body_;
};

std::uint16_t folded(std::uint32_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::uint32_t words(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    sum += i % 2 == 0 ? std::uint32_t{byte} << 8 : byte;
  }
  return sum;
}

// On a loopback interface the kernel leaves the checksum of TCP and UDP out: nobody could damage it.
std::string with_checksum(std::string_view kept, const PacketState& packet) {
  std::string frame(kept);
  const Packet& h = packet.header;
  const bool tcp = h.protocol == Packet::Protocol::tcp, udp = h.protocol == Packet::Protocol::udp;
  if (!packet.known || (!tcp && !udp) || h.fragment || frame.size() < packet.length) return frame;
  const bool six = h.source.family == AF_INET6;
  const std::size_t ip_bytes = six ? 16 : 4, addresses = six ? 22 : 26;
  const std::size_t end = std::size_t{h.payload_at} + h.payload;
  const std::size_t begin = six ? 54 : 14 + (static_cast<unsigned char>(frame[14]) & 15u) * 4u;
  const std::size_t at = begin + (tcp ? 16 : 6);
  if (end > frame.size() || at + 2 > end) return frame;
  frame[at] = frame[at + 1] = '\0';
  const std::string_view whole(frame);
  const std::uint32_t sum = words(whole.substr(addresses, 2 * ip_bytes)) +
                            static_cast<std::uint32_t>(end - begin) + (tcp ? 6u : 17u) +
                            words(whole.substr(begin, end - begin));
  std::uint16_t checksum = folded(sum);
  if (udp && checksum == 0) checksum = 0xffff;
  frame[at] = static_cast<char>(checksum >> 8);
  frame[at + 1] = static_cast<char>(checksum & 0xff);
  return frame;
}

// What the whole trace says of each call: the comment of its packets.
std::map<CallId, std::string> callers_of(const Trace& trace, const State& state) {
  std::map<CallId, std::string> told;
  std::map<ThreadId, std::string> line;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (const auto* started = std::get_if<event::LineStarted>(&trace[i].body)) {
      line[started->thread] = started->line > 0
                                  ? fmt::format("{}, line {}", started->text.view(), started->line)
                                  : std::string(started->text.view());
    } else if (const auto* entered = std::get_if<event::CallEntered>(&trace[i].body)) {
      const ThreadState* thread = state.thread(entered->thread);
      std::string& one = told[entered->call];
      one = fmt::format("{}: {}", thread == nullptr ? "" : thread->name, info(entered->name).python);
      if (const auto found = line.find(entered->thread); found != line.end())
        one += fmt::format(" ({})", found->second);
    }
  }
  return told;
}

std::string name_of(const State& state, HostId id) {
  const HostState* host = state.host(id);
  return host == nullptr ? fmt::format("host{}", id) : host->name;
}

std::string fate(const PacketState& packet, const State& state) {
  const double after = static_cast<double>(packet.ended - packet.sent) / 1e6;
  if (packet.place == PacketPlace::arrived)
    return packet.from == packet.to
               ? std::string()
               : fmt::format("arrives at {} {:.3f} ms later", name_of(state, packet.to), after);
  if (packet.place == PacketPlace::held) return "held on the wire";
  if (packet.place == PacketPlace::under_way) return "still under way";
  switch (packet.why) {
    case Loss::lost:
      return fmt::format("lost on the wire {:.3f} ms later", after);
    case Loss::cut:
      return "the wire is cut";
    case Loss::dropped:
      return "dropped by hand";
    case Loss::full:
      return "dropped: too much waits on the wire";
    case Loss::gone:
      return "its host is gone";
  }
  return {};
}

std::string comment(const PacketState& packet, const State& state,
                    const std::map<CallId, std::string>& calls) {
  std::string text;
  if (const auto call = calls.find(packet.call); call != calls.end()) text = call->second;
  const auto add = [&](const std::string& one) {
    if (!one.empty()) text += (text.empty() ? "" : "; ") + one;
  };
  if (packet.needless) add("again, though the first was not lost");
  add(fate(packet, state));
  return text;
}

class Writer {
 public:
  explicit Writer(const Trace& trace) : trace_(trace) {
    for (std::size_t i = 0; i < trace.size(); ++i) state_.apply(trace[i], i);
    calls_ = callers_of(trace, state_);
    Block section(kSection);
    section.put(kByteOrder);
    section.put(std::uint16_t{1});
    section.put(std::uint16_t{0});
    section.put(std::int64_t{-1});
    section.option(kApplication, "sockscope");
    section.end_options();
    section.write(out_);
  }

  std::string write() {
    for (std::size_t i = 0; i < trace_.size(); ++i) {
      const auto* sent = std::get_if<event::PacketSent>(&trace_[i].body);
      const PacketState* packet = sent == nullptr ? nullptr : state_.packets().find(sent->packet);
      if (packet != nullptr && packet->copy_of == 0) packet_block(trace_[i].at, *sent, *packet);
    }
    return std::move(out_);
  }

 private:
  // An interface is described before its first packet.
  std::uint32_t interface_of(HostId host, bool loopback) {
    const auto [at, fresh] = interfaces_.try_emplace({host, loopback}, interfaces_.size());
    if (fresh) {
      Block block(kInterface);
      block.put(kEthernetLink);
      block.put(std::uint16_t{0});
      block.put(std::uint32_t{0});
      block.option(kName, name_of(state_, host) + (loopback ? " lo" : ""));
      block.option(kResolution, std::string(1, static_cast<char>(kNanoseconds)));
      block.end_options();
      block.write(out_);
    }
    return static_cast<std::uint32_t>(at->second);
  }

  void packet_block(Time at, const event::PacketSent& sent, const PacketState& packet) {
    const bool loopback = packet.from == packet.to;
    const std::uint32_t interface = interface_of(packet.from, loopback);
    const std::string frame =
        loopback ? with_checksum(sent.frame.view(), packet) : std::string(sent.frame.view());
    const Trace::Origin& origin = trace_.origin();
    const auto when = static_cast<std::uint64_t>(std::max<Time>(0, origin.wall + (at - origin.start)));
    Block block(kPacket);
    block.put(interface);
    block.put(static_cast<std::uint32_t>(when >> 32));
    block.put(static_cast<std::uint32_t>(when));
    block.put(static_cast<std::uint32_t>(frame.size()));
    block.put(sent.length);
    block.pad(frame);
    if (const std::string text = comment(packet, state_, calls_); !text.empty()) {
      block.option(kComment, text);
      block.end_options();
    }
    block.write(out_);
  }

  const Trace& trace_;
  State state_;
  std::map<CallId, std::string> calls_;
  std::map<std::pair<HostId, bool>, std::size_t> interfaces_;
  std::string out_;
};

}  // namespace

std::string export_pcapng(const Trace& trace) {
  return Writer(trace).write();
}

}  // namespace sockscope
