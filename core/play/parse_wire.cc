#include "play/parse_wire.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "play/parser.h"
#include "play/vocabulary.h"
#include "play/words.h"

namespace sockscope::play {
namespace {

constexpr Time kLongestDelay = 60 * kSecond;

// "10" and "0.5" before a unit; nothing: no number.
std::optional<double> plain_number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != text.npos) return std::nullopt;
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

std::uint32_t share(const Word& word) {
  const std::string_view value = word.value.value_or("");
  const auto percent = value.ends_with('%') ? plain_number(value.substr(0, value.size() - 1)) : std::nullopt;
  if (!percent || *percent > 100)
    throw SyntaxError{word.value ? word.value_at : word.begin,
                      fmt::format("{} is a share from 0% to 100%, like 10%", word.key)};
  return static_cast<std::uint32_t>(std::lround(*percent * 10'000));
}

Time wire_time(const Word& word) {
  const Time time = time_value(word);
  if (time < 0 || time > kLongestDelay)
    throw SyntaxError{word.value_at, fmt::format("{} is a time from 0ms to 60s", word.key)};
  return time;
}

std::uint64_t rate(const Word& word) {
  struct Unit {
    std::string_view name;
    double bits;
  };
  const std::string_view value = word.value.value_or("");
  for (const auto& [name, bits] : {Unit{"kbit", 1e3}, Unit{"mbit", 1e6}, Unit{"gbit", 1e9}, Unit{"bit", 1}}) {
    if (!value.ends_with(name)) continue;
    const auto number = plain_number(value.substr(0, value.size() - name.size()));
    if (number && *number * bits >= 1 && *number * bits <= 1e12)
      return static_cast<std::uint64_t>(*number * bits);
    break;
  }
  throw SyntaxError{word.value ? word.value_at : word.begin,
                    "a rate is like 1mbit, 64kbit or 800bit, and more than 0; cut lets nothing through"};
}

bool on_or_off(const Word& word) {
  const std::string value = plain_value(word);
  if (value != "on" && value != "off") throw SyntaxError{word.value_at, "arp is on or off"};
  return value == "on";
}

void setting(WireChange& change, const Word& word) {
  if (word.spelled == "hold" || word.spelled == "free")
    change.hold = word.spelled == "hold";
  else if (word.spelled == "cut" || word.spelled == "joined")
    change.joined = word.spelled == "joined";
  else if (word.key == "delay")
    change.delay = wire_time(word);
  else if (word.key == "jitter")
    change.jitter = wire_time(word);
  else if (word.key == "loss")
    change.loss = share(word);
  else if (word.key == "dup")
    change.duplicate = share(word);
  else if (word.key == "reorder")
    change.reorder = share(word);
  else if (word.key == "rate")
    change.rate = rate(word);
  else if (word.key == "seed")
    change.seed =
        static_cast<std::uint32_t>(whole_number(word, 0, std::numeric_limits<std::uint32_t>::max()));
  else if (word.key == "arp")
    change.arp = on_or_off(word);
  else
    throw SyntaxError{word.begin,
                      "a wire has delay=300ms jitter=… loss=10% dup=… reorder=… rate=1mbit seed=1 "
                      "arp=on hold free cut joined"};
}

// Neither a range's own, nor one that means this or every computer, nor one that needs more than itself.
bool is_one_computers(const Address& address) {
  const auto& ip = address.ip;
  if (address.family == AF_INET) {
    const bool of_network = ip[3] == 0 || ip[3] == 255;  // a host's network is a /24
    return ip[0] != 0 && ip[0] != 127 && ip[0] < 224 && !of_network;
  }
  const bool low = std::all_of(ip.begin(), ip.begin() + 10, [](std::uint8_t b) { return b == 0; });
  const bool link_local = ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80;
  return !low && !link_local && ip[0] != 0xff;
}

}  // namespace

Directive parse_host(const DirectiveInput& in) {
  Words words(in.line, in.from);
  directive::Host made;
  const std::size_t subject = words.at();
  made.name = words.name("the host's name");
  if (reserved(made.name))
    throw SyntaxError{subject, fmt::format("'{}' has a meaning of its own; choose another name", made.name)};
  if (words.more()) {
    const Word word = words.take();
    made.address = numeric_address(word.spelled, 0);
    if (!made.address || word.spelled.empty())
      throw SyntaxError{word.begin, "a host's address is numeric, like 10.0.0.1"};
    if (!is_one_computers(*made.address))
      throw SyntaxError{word.begin, fmt::format("{} is not the address of a single computer; choose one like "
                                                "10.0.0.1 or fd00::1",
                                                word.spelled)};
  }
  words.expect_end("%host takes a name and an address");
  if (made.name == kThisMachine) return {"host", directive::Nothing{}, in.name_at};
  return {"host", std::move(made), subject};
}

Directive parse_wire(const DirectiveInput& in) {
  constexpr std::string_view kWanted = "%wire needs two hosts: %wire A B, or %wire A->B for one way";
  Words words(in.line, in.from);
  if (!words.more()) throw SyntaxError{in.line.size(), std::string(kWanted)};
  const Word first = words.take();
  const auto arrow = first.spelled.find("->");
  directive::Wire made;
  made.from = first.spelled.substr(0, arrow);
  made.both = arrow == first.spelled.npos;
  if (!made.both) made.to = first.spelled.substr(arrow + 2);
  if (!is_name(made.from) || (!made.both && !is_name(made.to)))
    throw SyntaxError{first.begin, std::string(kWanted)};
  if (made.both) made.to = words.name("the other host's name");
  if (made.from == kThisMachine || made.to == kThisMachine)
    throw SyntaxError{first.begin,
                      fmt::format("{} is this machine, which has no wire; a wire joins two hosts "
                                  "that %host makes",
                                  kThisMachine)};
  if (made.from == made.to)
    throw SyntaxError{first.begin, fmt::format("a wire joins two hosts, not {} with itself", made.from)};
  while (words.more()) setting(made.change, words.take());
  return {"wire", std::move(made), first.begin};
}

Directive parse_held(const DirectiveInput& in) {
  const std::string name(in.line.substr(in.name_at + 1, in.from - in.name_at - 1));
  directive::Held made;
  made.go = name == "drop" ? Wires::Go::drop : name == "double" ? Wires::Go::twice : Wires::Go::release;
  Parser parser(in.line, in.from);
  made.all = parser.accept_word("all");
  if (parser.accept_word("where"))
    made.where = parser.packet_condition();
  else
    parser.expect_end("allowed are all, and where with a condition on the packet");
  return {name, std::move(made), in.name_at};
}

}  // namespace sockscope::play
