// Values as Python 3 prints them.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "net/catalogue.h"
#include "net/names.h"
#include "play/open_file.h"

namespace sockscope::play {
namespace {

struct Range {
  char32_t first, last;
};
// What str.isprintable() says no to, of the assigned characters a learner can meet: controls, spaces other
// than ' ', format characters, surrogates, private use.
constexpr Range kNotPrintable[] = {
    {0x00, 0x1f},     {0x7f, 0xa0},     {0xad, 0xad},     {0x600, 0x605},     {0x61c, 0x61c},
    {0x6dd, 0x6dd},   {0x70f, 0x70f},   {0x1680, 0x1680}, {0x180e, 0x180e},   {0x2000, 0x200f},
    {0x2028, 0x202f}, {0x205f, 0x206f}, {0x3000, 0x3000}, {0xd800, 0xf8ff},   {0xfdd0, 0xfdef},
    {0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe0fff}, {0xf0000, 0x10ffff}};

bool printable(char32_t c) {
  return std::none_of(std::begin(kNotPrintable), std::end(kNotPrintable),
                      [c](Range r) { return c >= r.first && c <= r.last; });
}

void append_character(std::string& out, char32_t c, char quote) {
  if (c == static_cast<char32_t>(quote) || c == '\\')
    (out += '\\') += static_cast<char>(c);
  else if (c == '\n')
    out += "\\n";
  else if (c == '\r')
    out += "\\r";
  else if (c == '\t')
    out += "\\t";
  else if (printable(c))
    append_utf8(out, c);
  else if (c < 0x100)
    out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
  else if (c < 0x10000)
    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  else
    out += fmt::format("\\U{:08x}", static_cast<unsigned>(c));
}

std::string text_repr(std::string_view utf8) {
  const bool double_quoted = utf8.find('\'') != utf8.npos && utf8.find('"') == utf8.npos;
  const char quote = double_quoted ? '"' : '\'';
  std::string out(1, quote);
  for (std::size_t at = 0; at < utf8.size();) {
    const auto c = next_character(utf8, at, true);
    append_character(out, c ? *c : U'\ufffd', quote);
    if (!c) ++at;
  }
  return out += quote;
}

// The shortest digits that read back the same, laid out as float.__repr__ does.
std::string float_repr(double d) {
  if (std::isnan(d)) return "nan";
  if (std::isinf(d)) return d < 0 ? "-inf" : "inf";
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::scientific).ptr;
  const std::string_view shortest(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = shortest.find('e');
  int exponent = 0;
  std::from_chars(buffer + e + (shortest[e + 1] == '+' ? 2 : 1), end, exponent);
  if (exponent < -4 || exponent >= 16) return std::string(shortest);
  const auto last = std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::fixed).ptr;
  std::string out(buffer, last);
  if (out.find('.') == out.npos) out += ".0";
  return out;
}

// <MsgFlag.MSG_PEEK|MSG_TRUNC: 34>, as enum.IntFlag prints several.
std::string flag_repr(const Named& flags, std::string_view kind) {
  std::string names;
  std::int64_t rest = flags.number;
  std::vector<const Constant*> known;
  for (const Constant& one : constants())
    if (one.group == flags.group && (rest & one.value) != 0) known.push_back(&one);
  std::sort(known.begin(), known.end(), [](const auto* a, const auto* b) { return a->value < b->value; });
  for (const Constant* one : known) {
    (names += names.empty() ? "" : "|") += one->name;
    rest &= ~one->value;
  }
  if (rest != 0 && !names.empty()) names += fmt::format("|{}", rest);
  return names.empty() ? fmt::format("<{}: {}>", kind, flags.number)
                       : fmt::format("<{}.{}: {}>", kind, names, flags.number);
}

std::string named_repr(const Named& named, const Value& value) {
  const std::string_view kind = type_name(value);
  if (named.name.empty()) return flag_repr(named, kind);
  return kind == "int" ? fmt::format("{}", named.number)
                       : fmt::format("<{}.{}: {}>", kind, named.name, named.number);
}

// Python's, but for the addresses: a repr makes no call of its own here.
std::string socket_repr(const SocketValue& socket) {
  if (!socket.entry) return fmt::format("<socket #{}>", socket.id);
  const int fd = socket.entry->fd.load();
  return fmt::format("<socket.socket {}fd={}, family={}, type={}, proto={}>", fd < 0 ? "[closed] " : "", fd,
                     constant_name("AF", socket.entry->family), constant_name("SOCK", socket.entry->type),
                     socket.entry->protocol);
}

std::string items_repr(const Values& items) {
  std::string out;
  for (const Value& item : items) {
    if (out.size() > kMostBytes) break;  // more than any text may have
    (out += out.empty() ? "" : ", ") += repr(item);
  }
  return out;
}

struct Repr {
  const Value& value;
  std::string operator()(std::monostate) const { return "None"; }
  std::string operator()(bool b) const { return b ? "True" : "False"; }
  std::string operator()(std::int64_t n) const { return fmt::format("{}", n); }
  std::string operator()(double d) const { return float_repr(d); }
  std::string operator()(const Named& n) const { return named_repr(n, value); }
  std::string operator()(const Text& t) const { return text_repr(t.utf8); }
  std::string operator()(const Bytes& b) const {
    return b.array ? fmt::format("bytearray({})", python_bytes(b.data)) : python_bytes(b.data);
  }
  std::string operator()(const Tuple& t) const {
    return fmt::format("({}{})", items_repr(t.items), t.items.size() == 1 ? "," : "");
  }
  std::string operator()(const List& l) const { return fmt::format("[{}]", items_repr(l.items)); }
  std::string operator()(const SocketValue& s) const { return socket_repr(s); }
  std::string operator()(const ServerValue& s) const { return fmt::format("<server {}>", s.name); }
  std::string operator()(const LoadValue& l) const { return fmt::format("<load {}>", l.name); }
  std::string operator()(const ThreadValue& t) const { return fmt::format("<thread {}>", t.name); }
  std::string operator()(const ByteArray& b) const {
    return fmt::format("bytearray({})", python_bytes(b.held->read()));
  }
  std::string operator()(const FileValue& f) const { return f.file->repr(); }
  std::string operator()(const PollValue&) const { return "<select.poll object>"; }
};

}  // namespace

std::string repr(const Value& value) {
  return std::visit(Repr{value}, value.held);
}

std::string str(const Value& value) {
  if (const auto* t = value.as<Text>()) return t->utf8;
  if (const auto* n = value.as<Named>()) return fmt::format("{}", n->number);
  return repr(value);
}

}  // namespace sockscope::play
