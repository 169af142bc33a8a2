// str.format: {} {0} {name} {!r} {:>10} {:.2f}.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "play/operators.h"

namespace sockscope::play {
namespace {

[[noreturn]] void bad(std::string message) {
  throw PyError{"ValueError", 0, std::move(message)};
}

// [[fill]align][sign][#][0][width][.precision][type]
struct Spec {
  std::string fill = " ";
  char align = 0, type = 0;
  std::size_t width = 0;
  std::size_t precision = std::string::npos;
};

std::size_t take_number(std::string_view spec, std::size_t& at) {
  std::size_t number = 0;
  const auto read = std::from_chars(spec.data() + at, spec.data() + spec.size(), number);
  if (read.ec != std::errc() || number > 10'000) bad("Invalid format specifier");
  at = static_cast<std::size_t>(read.ptr - spec.data());
  return number;
}

Spec spec_of(std::string_view text) {
  Spec spec;
  std::size_t at = 0, second = 0;
  const auto is_align = [&](std::size_t i) {
    return i < text.size() && std::string_view("<>^=").find(text[i]) != text.npos;
  };
  if (!text.empty() && next_character(text, second, true) && is_align(second)) {
    spec.fill = text.substr(0, second);
    spec.align = text[second];
    at = second + 1;
  } else if (is_align(0)) {
    spec.align = text[at++];
  }
  while (at < text.size() && std::string_view("+- #0").find(text[at]) != text.npos) ++at;
  if (at < text.size() && text[at] >= '0' && text[at] <= '9') spec.width = take_number(text, at);
  if (at < text.size() && text[at] == '.') spec.precision = take_number(text, ++at);
  if (at < text.size()) spec.type = text[at++];
  if (at != text.size()) bad("Invalid format specifier");
  return spec;
}

std::string padded(std::string_view utf8, const Spec& spec) {
  const std::size_t length = characters(utf8), missing = spec.width > length ? spec.width - length : 0;
  const std::size_t before = spec.align == '>' ? missing : spec.align == '^' ? missing / 2 : 0;
  std::string out;
  for (std::size_t i = 0; i < before; ++i) out += spec.fill;
  out += utf8;
  for (std::size_t i = before; i < missing; ++i) out += spec.fill;
  return out;
}

template <typename T>
std::string number_text(std::string_view spec, T number) {
  try {
    return fmt::format(fmt::runtime(fmt::format("{{:{}}}", spec)), number);
  } catch (const fmt::format_error&) {
    bad("Invalid format specifier");
  }
}

std::string with_spec(const Value& value, std::string_view text) {
  if (text.empty()) return str(value);
  const Spec spec = spec_of(text);
  if (text.find_first_of("{}") != text.npos) bad("Invalid format specifier");
  const bool real = std::string_view("eEfFgG").find(spec.type) != std::string_view::npos && spec.type != 0;
  if (const auto* s = value.as<Text>()) {
    if ((spec.type != 0 && spec.type != 's') || spec.align == '=')
      bad("Unknown format code for object of type 'str'");
    return padded(std::string_view(s->utf8).substr(0, byte_of(s->utf8, spec.precision)), spec);
  }
  if (spec.type == 's') bad(fmt::format("Unknown format code 's' for object of type '{}'", type_name(value)));
  if (const auto n = value.integer())
    return real ? number_text(text, static_cast<double>(*n)) : number_text(text, *n);
  if (const auto* d = value.as<double>()) return number_text(text, *d);
  throw PyError{"TypeError", 0,
                fmt::format("unsupported format string passed to {}.__format__", type_name(value))};
}

class Formatter {
 public:
  Formatter(std::string_view pattern, const Given& given,
            const std::vector<std::pair<std::string, Value>>& keywords)
      : pattern_(pattern), given_(given), keywords_(keywords) {}

  std::string run() {
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      const bool twice = at_ + 1 < pattern_.size() && pattern_[at_ + 1] == c;
      if ((c == '{' || c == '}') && twice) {
        out_ += c;
        at_ += 2;
      } else if (c == '{') {
        field();
      } else if (c == '}') {
        bad("Single '}' encountered in format string");
      } else {
        out_ += c;
        ++at_;
      }
      if (out_.size() > kMostBytes) throw PyError{"MemoryError", 0, "a value of a play has at most 16 MB"};
    }
    return std::move(out_);
  }

 private:
  void field() {
    const std::size_t close = pattern_.find('}', at_);
    if (close == pattern_.npos) bad("expected '}' before end of string");
    std::string_view inside = pattern_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    const std::size_t colon = inside.find(':');
    const std::string_view spec = colon == inside.npos ? std::string_view() : inside.substr(colon + 1);
    inside = inside.substr(0, colon);
    const std::size_t bang = inside.find('!');
    const std::string_view conversion = bang == inside.npos ? std::string_view() : inside.substr(bang + 1);
    const Value& value = argument(inside.substr(0, bang));
    if (conversion == "r")
      out_ += with_spec(text(repr(value)), spec);
    else if (conversion == "s")
      out_ += with_spec(text(str(value)), spec);
    else if (conversion.empty() && bang == inside.npos)
      out_ += with_spec(value, spec);
    else
      bad("Unknown conversion specifier");
  }

  const Value& argument(std::string_view name) {
    std::size_t index = next_;
    if (name.empty()) {
      if (numbered_) bad("cannot switch from manual field specification to automatic field numbering");
      ++next_;
    } else {
      const auto read = std::from_chars(name.data(), name.data() + name.size(), index);
      if (read.ec != std::errc() || read.ptr != name.data() + name.size()) return keyword(name);
      if (next_ > 0) bad("cannot switch from automatic field numbering to manual field specification");
      numbered_ = true;
    }
    if (index >= given_.size() || !given_[index])
      throw PyError{"IndexError", 0,
                    fmt::format("Replacement index {} out of range for positional args tuple", index)};
    return *given_[index];
  }

  const Value& keyword(std::string_view name) const {
    for (const auto& [key, value] : keywords_)
      if (key == name) return value;
    throw PyError{"KeyError", 0, fmt::format("'{}'", name)};
  }

  std::string_view pattern_;
  const Given& given_;
  const std::vector<std::pair<std::string, Value>>& keywords_;
  std::size_t at_ = 0, next_ = 0;
  bool numbered_ = false;
  std::string out_;
};

}  // namespace

Value format(std::string_view pattern, const Given& given,
             const std::vector<std::pair<std::string, Value>>& keywords) {
  return Text{Formatter(pattern, given, keywords).run()};
}

}  // namespace sockscope::play
