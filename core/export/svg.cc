#include "export/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "explain/ladder.h"
#include "trace/state.h"

namespace sockscope {
namespace {

constexpr double kWide = 900, kLeft = 230, kRight = 670, kTop = 70, kPitch = 32;
constexpr std::string_view kInk = "#1B2025", kFaint = "#626970", kSyn_ = "#E69F00", kFin_ = "#CC79A7",
                           kRst_ = "#D55E00", kData = "#3E9BCB", kAck_ = "#7D8790", kBad = "#AB4400";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20)
      out += c;
  }
  return out;
}

std::string_view colour_of(const Packet& segment) {
  if ((segment.flags & kRst) != 0) return kRst_;
  if ((segment.flags & kFin) != 0) return kFin_;
  if ((segment.flags & kSyn) != 0) return kSyn_;
  return segment.payload > 0 ? kData : kAck_;
}

std::string words_of(const PacketState& packet) {
  std::string text = gist_of(packet.header);
  if (packet.needless)
    text += ", again, needlessly";
  else if (packet.again)
    text += ", again";
  text += fmt::format("   seq {}", packet.seq);
  if ((packet.header.flags & kAck) != 0) text += fmt::format("  ack {}", packet.ack);
  return text;
}

class Picture {
 public:
  Picture(const State& state, const Ladder& ladder, Time start)
      : state_(state), ladder_(ladder), start_(start) {}

  std::string draw() {
    const double bottom = y(ladder_.moments.size() - 1) + 20;
    put("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
        "font-family=\"sans-serif\" font-size=\"13\">\n",
        kWide, bottom + 20);
    put("<rect width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/>\n");
    text(kLeft, 34, "middle", kInk, end_words(ladder_.left, ladder_.left_socket, ladder_.left_end));
    text(kRight, 34, "middle", kInk, end_words(ladder_.right, ladder_.right_socket, ladder_.right_end));
    for (const double x : {kLeft, kRight}) line(x, kTop - 14, x, bottom, kInk, 2, false);
    for (std::size_t i = 0; i < ladder_.moments.size(); ++i)
      text(90, y(i) + 4, "end", kFaint,
           fmt::format("{:.4f} s", static_cast<double>(ladder_.moments[i] - start_) / 1e9));
    for (const LadderArrow& one : ladder_.arrows) arrow(one);
    put("</svg>\n");
    return std::move(out_);
  }

 private:
  template <class... Args>
  void put(fmt::format_string<Args...> pattern, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), pattern, std::forward<Args>(args)...);
  }
  static double y(std::size_t moment) { return kTop + kPitch * static_cast<double>(moment); }
  std::string end_words(HostId host, SocketId socket, const Address& end) const {
    const HostState* known = state_.host(host);
    std::string words = known == nullptr ? std::string() : known->name + ": ";
    if (socket != 0) words += state_.label(socket) + "  ";
    return words + to_text(end);
  }
  void text(double x, double at, std::string_view anchor, std::string_view colour, std::string_view what) {
    put("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" fill=\"{}\">{}</text>\n", x, at, anchor, colour,
        escaped(what));
  }
  void line(double x1, double y1, double x2, double y2, std::string_view colour, double weight, bool dashed) {
    put("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" "
        "stroke-width=\"{}\"{}/>\n",
        x1, y1, x2, y2, colour, weight, dashed ? " stroke-dasharray=\"5 3\"" : "");
  }
  void arrow(const LadderArrow& arrow) {
    const PacketState* packet = state_.packets().find(arrow.packet);
    if (packet == nullptr) return;
    const std::string_view colour = colour_of(packet->header);
    const double from = arrow.to_right ? kLeft : kRight, to = arrow.to_right ? kRight : kLeft;
    const bool arrived = packet->place == PacketPlace::arrived;
    const double end = arrived ? to : (from + to) / 2;
    const double y1 = y(arrow.begins), y2 = y(arrow.ends);
    line(from, y1, end, y2, colour, packet->header.payload > 0 ? 2.5 : 1.5, packet->again);
    const double back = arrow.to_right ? -9 : 9;
    if (arrived)
      put("<polygon points=\"{0:.1f},{1:.1f} {2:.1f},{3:.1f} {2:.1f},{4:.1f}\" fill=\"{5}\"/>\n", end, y2,
          end + back, y2 - 5, y2 + 4, colour);
    else if (packet->place == PacketPlace::dropped)
      text(end, y2 + 5, "middle", kBad, "×");
    text((kLeft + kRight) / 2, (y1 + y2) / 2 - 5, "middle",
         packet->place == PacketPlace::dropped ? kBad : kInk, words_of(*packet));
  }

  const State& state_;
  const Ladder& ladder_;
  Time start_;
  std::string out_;
};

}  // namespace

std::string export_ladder_svg(const Trace& trace) {
  State state;
  for (std::size_t i = 0; i < trace.size(); ++i) state.apply(trace[i], i);
  const Ladder ladder = ladder_of(state, 0, trace.empty() ? 0 : trace.end());
  if (ladder.empty()) return {};
  return Picture(state, ladder, trace.start()).draw();
}

}  // namespace sockscope
