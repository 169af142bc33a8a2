#include "play/from_repr.h"

#include <charconv>

#include "play/lexer.h"
#include "play/parser.h"

namespace sockscope::play {
namespace {

struct Unreadable {};

class ReprReader {
 public:
  ReprReader(std::string_view text, const SocketOf& socket_of) : text_(text), socket_of_(socket_of) {}

  Value whole() {
    Value read = value(0);
    if (at_ != text_.size()) throw Unreadable{};
    return read;
  }

 private:
  bool accept(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!accept(word)) throw Unreadable{};
  }

  Value value(int depth) {
    if (depth > kDeepest || at_ >= text_.size()) throw Unreadable{};
    if (accept("None")) return {};
    if (accept("True")) return Value(true);
    if (accept("False")) return Value(false);
    if (accept("(")) return Tuple{items(")", depth)};
    if (accept("[")) return List{items("]", depth)};
    if (accept("<socket.socket ")) return socket();
    if (accept("<")) return enumerated();
    if (accept("bytearray(")) {
      Value read = value(depth + 1);
      expect(")");
      return read;
    }
    if (begins_string(text_, at_)) return lex_string(text_, at_).value;
    return number();
  }

  Values items(std::string_view end, int depth) {
    Values values;
    while (!accept(end)) {
      values.push_back(value(depth + 1));
      if (accept(", ")) continue;
      accept(",");  // of one
      expect(end);
      break;
    }
    return values;
  }

  // <socket.socket [closed] fd=9, family=…>
  Value socket() {
    accept("[closed] ");
    expect("fd=");
    int fd = -1;
    std::from_chars(text_.data() + at_, text_.data() + text_.size(), fd);
    at_ = text_.find('>', at_);
    if (at_ == text_.npos) throw Unreadable{};
    ++at_;
    return SocketValue{fd < 0 ? 0 : socket_of_(fd), nullptr};
  }

  // <AddressFamily.AF_INET: 2>
  Value enumerated() {
    at_ = text_.find(": ", at_);
    if (at_ == text_.npos) throw Unreadable{};
    at_ += 2;
    Value read = number();
    expect(">");
    return read;
  }

  Value number() {
    const std::size_t end = std::min(text_.find_first_not_of("0123456789+-.einfa", at_), text_.size());
    const char *first = text_.data() + at_, *last = text_.data() + end;
    std::int64_t whole = 0;
    if (const auto read = std::from_chars(first, last, whole); read.ec == std::errc() && read.ptr == last) {
      at_ = end;
      return Value(whole);
    }
    double real = 0;
    const auto read = std::from_chars(first, last, real);
    if (read.ec != std::errc() || read.ptr != last) throw Unreadable{};
    at_ = end;
    return Value(real);
  }

  std::string_view text_;
  const SocketOf& socket_of_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<Value> value_of_repr(std::string_view repr, const SocketOf& socket_of) {
  try {
    return ReprReader(repr, socket_of).whole();
  } catch (const Unreadable&) {
    return std::nullopt;
  } catch (const SyntaxError&) {
    return std::nullopt;
  }
}

}  // namespace sockscope::play
