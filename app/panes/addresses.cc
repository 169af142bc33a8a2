#include "panes/addresses.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "net/names.h"
#include "net/text.h"

namespace sockscope {

namespace address_list {

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  bool take(char c) {
    blanks();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // "6", or "<SocketKind.SOCK_STREAM: 1>".
  std::optional<int> number() {
    blanks();
    const bool named = take('<');
    if (named) {
      const std::size_t colon = rest_.find(':');
      if (colon == rest_.npos) return std::nullopt;
      rest_.remove_prefix(colon + 1);
      blanks();
    }
    int value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    if (named && !take('>')) return std::nullopt;
    return value;
  }
  // A literal with its quotes.
  std::optional<std::string_view> text() {
    blanks();
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) return std::nullopt;
    const std::size_t end = quoted_end(rest_, 0);
    if (end == rest_.npos) return std::nullopt;
    return cut(end);
  }
  // An address tuple, brackets and all.
  std::optional<std::string_view> tuple() {
    blanks();
    if (rest_.empty() || rest_.front() != '(') return std::nullopt;
    for (std::size_t at = 1; at < rest_.size();) {
      const bool quoted = rest_[at] == '\'' || rest_[at] == '"';
      if (rest_[at] == ')') return cut(at + 1);
      at = quoted ? quoted_end(rest_, at) : at + 1;
    }
    return std::nullopt;
  }

 private:
  void blanks() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  std::string_view cut(std::size_t length) {
    const std::string_view out = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return out;
  }
  std::string_view rest_;
};

struct Entry {
  int family, type, protocol;
  std::string_view canonical, address;
};

std::optional<Entry> entry(Reader& read) {
  if (!read.take('(')) return std::nullopt;
  const auto family = read.number();
  if (!family || !read.take(',')) return std::nullopt;
  const auto type = read.number();
  if (!type || !read.take(',')) return std::nullopt;
  const auto protocol = read.number();
  if (!protocol || !read.take(',')) return std::nullopt;
  const auto canonical = read.text();
  if (!canonical || !read.take(',')) return std::nullopt;
  const auto address = read.tuple();
  if (!address || !read.take(')')) return std::nullopt;
  return Entry{*family, *type, *protocol, canonical->substr(1, canonical->size() - 2), *address};
}

}  // namespace address_list

std::vector<AddressRow> address_rows(std::string_view python_list) {
  std::vector<AddressRow> rows;
  address_list::Reader read(python_list);
  if (!read.take('[')) return rows;
  while (const auto entry = address_list::entry(read)) {
    auto same = std::find_if(rows.begin(), rows.end(), [&](const AddressRow& row) {
      return row.family == entry->family && row.address == entry->address;
    });
    if (same == rows.end()) {
      rows.push_back({entry->family, std::string(entry->address), std::string(entry->canonical), {}, {}});
      same = rows.end() - 1;
    }
    same->types.push_back(entry->type);
    same->protocols.push_back(entry->protocol);
    if (!read.take(',')) break;
  }
  return rows;
}

std::vector<std::string> connect_lines(const AddressRow& row, std::string_view variable) {
  const bool stream = std::find(row.types.begin(), row.types.end(), SOCK_STREAM) != row.types.end();
  const int type = stream || row.types.empty() ? SOCK_STREAM : row.types.front();
  return {fmt::format("{} = socket({}, {})", variable, constant_name("AF", row.family),
                      constant_name("SOCK", type)),
          fmt::format("{}.connect({})", variable, row.address)};
}

}  // namespace sockscope
