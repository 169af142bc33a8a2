#include <arpa/inet.h>
#include <simdjson.h>
#include <time.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "trace/base64.h"
#include "trace/clock.h"
#include "trace/event_line.h"
#include "trace/fields.h"
#include "trace/header_line.h"
#include "trace/recording.h"
#include "trace/state.h"
#include "trace/words.h"

namespace sockscope {
namespace {

namespace dom = simdjson::dom;

// 73 years: differences of two such times cannot overflow.
constexpr Time kFarthest = Time{1} << 61;

template <class Integer>
bool read_integer(std::string_view digits, Integer& value) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size();
}

template <class T>
bool read(dom::element from, T& value);

bool read_ip(int family, std::string_view text, Address& address) {
  char host[INET6_ADDRSTRLEN] = {};
  if (text.size() >= sizeof host) return false;
  text.copy(host, text.size());
  address.family = static_cast<std::uint16_t>(family);
  return inet_pton(family, host, address.ip.data()) == 1;
}

// "127.0.0.1:80" or "[::1]:80"
bool read_plain_address(std::string_view text, Address& address) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !read_integer(text.substr(colon + 1), address.port)) return false;
  const std::string_view host = text.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    return read_ip(AF_INET6, host.substr(1, host.size() - 2), address);
  }
  return read_ip(AF_INET, host, address);
}

bool read_hex_ip(std::string_view text, std::array<std::uint8_t, 16>& ip) {
  if (text.size() != 2 * ip.size()) return false;
  for (std::size_t i = 0; i < ip.size(); ++i) {
    const char* pair = text.data() + 2 * i;
    const auto [end, error] = std::from_chars(pair, pair + 2, ip[i], 16);
    if (error != std::errc{} || end != pair + 2) return false;
  }
  return true;
}

bool read_any_address(dom::object from, Address& address) {
  bool family = false;
  for (const auto& [key, value] : from) {
    bool good = true;
    if (key == "family") {
      good = family = read(value, address.family);
    } else if (key == "port") {
      good = read(value, address.port);
    } else if (key == "scope") {
      good = read(value, address.scope);
    } else if (key == "path") {
      good = read(value, address.path);
    } else if (key == "ip") {
      std::string_view text;
      good = value.get(text) == simdjson::SUCCESS && read_hex_ip(text, address.ip);
    }
    if (!good) return false;
  }
  return family;
}

bool read_address(dom::element from, Address& address) {
  std::string_view text;
  if (from.get(text) == simdjson::SUCCESS) return read_plain_address(text, address);
  dom::object object;
  return from.get(object) == simdjson::SUCCESS && read_any_address(object, address);
}

// Sixteen hexadecimal digits.
bool read_hash(std::string_view text, std::uint64_t& hash) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, hash, 16);
  return text.size() == 16 && error == std::errc{} && stopped == end;
}

// A string, or {"base64": …, "total": …, "xxh3": …}.
bool read_blob(dom::element from, Blob& value) {
  std::string_view text;
  if (from.get(text) == simdjson::SUCCESS) {
    value = Blob(text);
    return true;
  }
  dom::object object;
  if (from.get(object) != simdjson::SUCCESS || object["base64"].get(text) != simdjson::SUCCESS) return false;
  const auto bytes = from_base64(text);
  if (!bytes) return false;
  std::uint64_t total = bytes->size();
  const auto error = object["total"].get(total);
  if (error != simdjson::SUCCESS && error != simdjson::NO_SUCH_FIELD) return false;
  if (total < bytes->size()) return false;
  std::uint64_t hash = 0;
  const auto hashed = object["xxh3"].get(text);
  if (hashed != simdjson::SUCCESS && hashed != simdjson::NO_SUCH_FIELD) return false;
  if (hashed == simdjson::SUCCESS && !read_hash(text, hash)) return false;
  value = Blob(*bytes, total, hash);
  return true;
}

template <class T>
bool read(dom::element from, T& value) {
  if constexpr (std::same_as<T, bool>) {
    return from.get(value) == simdjson::SUCCESS;
  } else if constexpr (std::integral<T>) {
    std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t> wide = 0;
    if (from.get(wide) != simdjson::SUCCESS || !std::in_range<T>(wide)) return false;
    value = static_cast<T>(wide);
    return true;
  } else if constexpr (std::same_as<T, Address>) {
    return read_address(from, value);
  } else {
    return read_blob(from, value);
  }
}

template <class T>
constexpr std::string_view wanted() {
  if constexpr (std::same_as<T, bool>) return "true or false";
  if constexpr (std::is_enum_v<T>) return "a word";
  if constexpr (std::integral<T>) return "an integer that fits";
  if constexpr (std::same_as<T, Address>) return "an address";
  return "text, or bytes in base64";
}

class FieldReader {
 public:
  FieldReader(dom::object object, Time start) : object_(object), next_(object.begin()), start_(start) {}

  const std::string& error() const { return error_; }
  bool newer() const { return newer_; }  // a word of a later version was met

  template <class T>
  void must(std::string_view key, T& value) {
    if (const auto found = find(key)) return read_found(key, *found, value);
    fail(fmt::format("\"{}\" is missing", key));
  }
  template <class T>
  void may(std::string_view key, T& value) {
    if (const auto found = find(key)) read_found(key, *found, value);
  }
  void id(std::string_view key, std::uint32_t& value) {
    must(key, value);
    bound(key, value);
  }
  void may_id(std::string_view key, std::uint32_t& value) {
    may(key, value);
    bound(key, value);
  }
  void time(std::string_view key, Time& value) {
    must(key, value);
    since_start(key, value);
  }
  void may_time(std::string_view key, Time& value) {
    if (const auto found = find(key)) {
      read_found(key, *found, value);
      since_start(key, value);
    }
  }
  void bytes(std::string_view key, Blob& value) { may(key, value); }
  void kind(std::string_view& value) {
    const auto found = find("kind");
    if (!found || found->get(value) != simdjson::SUCCESS) fail("\"kind\" is missing");
  }
  void boxed(std::string_view key, Boxed<Address>& value) {
    Address address;
    may(key, address);
    value = std::move(address);
  }
  void numbers(std::string_view key, Numbers& value) {
    const auto found = find(key);
    if (!found) return;
    dom::array array;
    if (found->get(array) != simdjson::SUCCESS || (array.size() != 3 && array.size() != value.size())) {
      return fail(fmt::format("\"{}\" should be three or five integers", key));
    }
    std::size_t i = 0;
    for (const dom::element number : array) {
      if (!read(number, value[i++])) return fail(fmt::format("\"{}\" should be three or five integers", key));
    }
  }

 private:
  // Fields come in the order they are asked for unless something else has rewritten the file.
  std::optional<dom::element> find(std::string_view key) {
    if (next_ != object_.end() && next_.key() == key) {
      const dom::element value = next_.value();
      ++next_;
      return value;
    }
    for (auto it = object_.begin(); it != object_.end(); ++it) {
      if (it.key() != key) continue;
      const dom::element value = it.value();
      next_ = ++it;
      return value;
    }
    return std::nullopt;
  }
  template <class T>
  void read_found(std::string_view key, dom::element found, T& value) {
    if constexpr (std::is_enum_v<T>) {
      std::string_view text;
      if (found.get(text) != simdjson::SUCCESS) {
        fail(fmt::format("\"{}\" should be {}", key, wanted<T>()));
      } else if (!from_word(text, value)) {
        newer_ = true;
      }
    } else if (!read(found, value)) {
      fail(fmt::format("\"{}\" should be {}", key, wanted<T>()));
    }
  }
  void since_start(std::string_view key, Time& value) {
    if (value > kFarthest || value < -kFarthest) return fail(fmt::format("\"{}\" is out of range", key));
    value += start_;
  }
  void bound(std::string_view key, std::uint32_t value) {
    if (value > kMostIds) fail(fmt::format("\"{}\" is {}, more than {}", key, value, kMostIds));
  }
  void fail(std::string error) {
    if (error_.empty()) error_ = std::move(error);
  }

  dom::object object_;
  dom::object::iterator next_;
  Time start_;
  std::string error_;
  bool newer_ = false;
};

template <std::size_t I>
Body read_kind(FieldReader& reader) {
  std::variant_alternative_t<I, Body> body;
  fields(reader, body);
  return body;
}

template <std::size_t... I>
constexpr auto kind_readers(std::index_sequence<I...>) {
  return std::array<Body (*)(FieldReader&), sizeof...(I)>{&read_kind<I>...};
}

// "2026-01-31T12:00:00.123456789Z"; 0: not that.
Time read_wall(std::string_view text) {
  std::tm utc{};
  const std::string copy(text);
  const char* rest = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::uint32_t fraction = 0;
  if (rest == nullptr || std::string_view(rest).size() != 11 || rest[0] != '.' || rest[10] != 'Z' ||
      !read_integer(std::string_view(rest + 1, 9), fraction)) {
    return 0;
  }
  const Time seconds = timegm(&utc);
  return seconds <= 0 || seconds > kFarthest / kSecond ? 0 : seconds * kSecond + Time{fraction};
}

}  // namespace

struct LineReader::Impl {
  dom::parser parser;
  // The line as an object; it lives until the next one.
  tl::expected<dom::object, std::string> object(std::string_view line) {
    dom::object object;
    const auto error = parser.parse(line.data(), line.size(), false).get(object);
    if (error == simdjson::SUCCESS) return object;
    if (error == simdjson::INCORRECT_TYPE) return tl::unexpected(std::string("not a JSON object"));
    return tl::unexpected(fmt::format("not JSON ({})", simdjson::error_message(error)));
  }
};

LineReader::LineReader() : impl_(std::make_unique<Impl>()) {
  static_assert(kPadding >= simdjson::SIMDJSON_PADDING);
}
LineReader::~LineReader() = default;

tl::expected<Header, std::string> LineReader::header(std::string_view line) {
  const auto object = impl_->object(line);
  std::string_view what;
  if (!object || (*object)["sockscope"].get(what) != simdjson::SUCCESS || what != "recording") {
    return tl::unexpected(std::string("not a recording of sockscope: its first line is not a header"));
  }
  std::int64_t version = 0;
  Header header;
  if ((*object)["version"].get(version) != simdjson::SUCCESS) {
    return tl::unexpected(std::string("the header has no \"version\""));
  }
  header.version = static_cast<int>(std::clamp<std::int64_t>(version, -1, std::numeric_limits<int>::max()));
  if (header.version != kRecordingVersion) return header;  // the rest may mean anything
  if ((*object)["start"].get(header.origin.start) != simdjson::SUCCESS || header.origin.start > kFarthest ||
      header.origin.start < 0) {
    return tl::unexpected(std::string("the header's \"start\" should be a time in nanoseconds"));
  }
  std::string_view wall;
  if ((*object)["wall"].get(wall) == simdjson::SUCCESS) header.origin.wall = read_wall(wall);
  return header;
}

tl::expected<EventLine, std::string> LineReader::event(std::string_view line, Time start) {
  static constexpr auto kReaders = kind_readers(std::make_index_sequence<kKinds.size()>());
  const auto object = impl_->object(line);
  if (!object) return tl::unexpected(object.error());
  FieldReader reader(*object, start);
  EventLine read;
  std::string_view kind;
  reader.time("t", read.event.at);
  reader.kind(kind);
  if (!reader.error().empty()) return tl::unexpected(reader.error());
  const auto index = kind_index(kind);
  if (index) read.event.body = kReaders[*index](reader);
  reader.may("late", read.late);
  if (!reader.error().empty()) return tl::unexpected(fmt::format("{}: {}", kind, reader.error()));
  if (!index || reader.newer()) read.event.body = event::Unknown{kind, line};
  return read;
}

}  // namespace sockscope
