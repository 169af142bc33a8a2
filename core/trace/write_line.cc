// Lines are built by appending: a recording is written while the program runs, and 1 M events/s are wanted.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <string>

#include "trace/base64.h"
#include "trace/clock.h"
#include "trace/event_line.h"
#include "trace/fields.h"
#include "trace/header_line.h"
#include "trace/recording.h"
#include "trace/words.h"

namespace sockscope {
namespace {

// Even where each byte becomes six, the texts of one event fit into kLongestLine.
constexpr std::size_t kLongestText = 32 * 1024;

template <class Integer>
void append_number(std::string& out, Integer value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;  // start of what needs no escape
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text.substr(plain, i - plain));
    plain = i + 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i];
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  out.append(text.substr(plain));
  out += '"';
}

void append_bytes(std::string& out, std::string_view bytes, std::uint64_t total, std::uint64_t hash) {
  out += "{\"base64\":\"";
  append_base64(out, bytes);
  out += '"';
  if (total != bytes.size()) {
    out += ",\"total\":";
    append_number(out, total);
  }
  if (hash != 0) fmt::format_to(std::back_inserter(out), ",\"xxh3\":\"{:016x}\"", hash);
  out += '}';
}

// As a JSON string where that loses nothing, else as bytes.
void append_text(std::string& out, const Blob& text) {
  const std::string_view view = text.view().substr(0, kLongestText);
  if (text.total() == view.size() && simdjson::validate_utf8(view.data(), view.size())) {
    append_quoted(out, view);
  } else {
    append_bytes(out, view, text.total(), text.hash());
  }
}

void append_ipv4(std::string& out, const std::array<std::uint8_t, 16>& ip) {
  for (std::size_t i = 0; i < 4; ++i) {
    if (i != 0) out += '.';
    append_number(out, unsigned{ip[i]});
  }
}

bool zero_from(const std::array<std::uint8_t, 16>& ip, std::size_t first) {
  return std::all_of(ip.begin() + static_cast<std::ptrdiff_t>(first), ip.end(),
                     [](auto b) { return b == 0; });
}

void append_any_address(std::string& out, const Address& address) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "{\"family\":";
  append_number(out, address.family);
  if (address.port != 0) {
    out += ",\"port\":";
    append_number(out, address.port);
  }
  if (address.scope != 0) {
    out += ",\"scope\":";
    append_number(out, address.scope);
  }
  if (!zero_from(address.ip, 0)) {
    out += ",\"ip\":\"";
    for (const std::uint8_t byte : address.ip) {
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
    out += '"';
  }
  if (!address.path.empty()) {
    out += ",\"path\":";
    append_text(out, address.path);
  }
  out += '}';
}

void append_address(std::string& out, const Address& address) {
  const bool plain = address.scope == 0 && address.path.empty();
  if (plain && address.family == AF_INET && zero_from(address.ip, 4)) {
    out += '"';
    append_ipv4(out, address.ip);
  } else if (plain && address.family == AF_INET6) {
    char text[INET6_ADDRSTRLEN] = {};
    inet_ntop(AF_INET6, address.ip.data(), text, sizeof text);
    out += "\"[";
    out += text;
    out += ']';
  } else {
    return append_any_address(out, address);
  }
  out += ':';
  append_number(out, address.port);
  out += '"';
}

class FieldWriter {
 public:
  FieldWriter(std::string& out, Time start) : out_(out), start_(start) {}

  template <class T>
  void must(std::string_view key, const T& value) {
    name(key);
    if constexpr (std::same_as<T, bool>) {
      out_ += value ? "true" : "false";
    } else if constexpr (std::integral<T>) {
      append_number(out_, value);
    } else if constexpr (std::is_enum_v<T>) {
      append_quoted(out_, word(value));
    } else if constexpr (std::same_as<T, Address>) {
      append_address(out_, value);
    } else {
      append_text(out_, value);
    }
  }
  template <class T>
  void may(std::string_view key, const T& value) {
    if (!(value == T{})) must(key, value);
  }
  void id(std::string_view key, std::uint32_t value) { must(key, value); }
  void may_id(std::string_view key, std::uint32_t value) { may(key, value); }
  void time(std::string_view key, Time value) { must(key, value - start_); }
  void may_time(std::string_view key, Time value) {
    if (value != 0) time(key, value);
  }
  void bytes(std::string_view key, const Blob& value) {
    if (value.empty()) return;
    name(key);
    append_bytes(out_, value.view().substr(0, kLongestText), value.total(), value.hash());
  }
  void boxed(std::string_view key, const Boxed<Address>& value) {
    if (value.there() != nullptr) must(key, *value.there());
  }
  void numbers(std::string_view key, const Numbers& value) {
    if (value == Numbers{}) return;
    name(key);
    const std::size_t count = value[3] == 0 && value[4] == 0 ? 3 : value.size();
    for (std::size_t i = 0; i < count; ++i) {
      out_ += i == 0 ? '[' : ',';
      append_number(out_, value[i]);
    }
    out_ += ']';
  }

 private:
  void name(std::string_view key) {
    out_ += ",\"";
    out_ += key;
    out_ += "\":";
  }
  std::string& out_;
  Time start_;
};

void append_wall(std::string& out, Time wall) {
  const std::time_t seconds = wall / kSecond;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[64];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  out.append(text, length);
  const std::string fraction = std::to_string(wall % kSecond);
  out += '.';
  out.append(9 - fraction.size(), '0');
  out += fraction;
  out += 'Z';
}

}  // namespace

void write_header(std::string& out, const Trace::Origin& origin) {
  out += "{\"sockscope\":\"recording\",\"version\":";
  append_number(out, kRecordingVersion);
  out += ",\"program\":\"" SOCKSCOPE_VERSION "\",\"clock\":\"CLOCK_MONOTONIC\",\"start\":";
  append_number(out, origin.start);
  if (origin.wall > 0) {
    out += ",\"wall\":\"";
    append_wall(out, origin.wall);
    out += '"';
  }
  out += "}\n";
}

void write_event(std::string& out, const Event& event, bool late, Time start) {
  if (const auto* unknown = std::get_if<event::Unknown>(&event.body)) {
    out += unknown->line.view();  // its time and late mark are in it
    return;
  }
  out += "{\"t\":";
  append_number(out, event.at - start);
  out += ",\"kind\":\"";
  out += kKinds[event.body.index()];
  out += '"';
  FieldWriter writer(out, start);
  std::visit(
      [&](const auto& body) {
        if constexpr (!std::same_as<decltype(body), const event::Unknown&>) fields(writer, body);
      },
      event.body);
  if (late) out += ",\"late\":true";
  out += '}';
}

}  // namespace sockscope
