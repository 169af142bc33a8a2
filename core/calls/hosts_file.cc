#include "calls/hosts_file.h"

#include <strings.h>

#include <algorithm>
#include <fstream>

namespace sockscope {
namespace {

constexpr std::streamsize kMostRead = 1 << 20;
constexpr std::string_view kBlanks = " \t\r\v\f";

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// The next word of `line`, which is shortened; empty at its end.
std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

void read_line(std::string_view line, std::string_view name, std::vector<HostLine>& found) {
  line = line.substr(0, line.find('#'));
  const std::string_view number = next_word(line);
  const auto address = number.empty() ? std::nullopt : numeric_address(number, 0);
  const std::string_view canonical = next_word(line);
  if (!address || canonical.empty()) return;
  for (std::string_view known = canonical; !known.empty(); known = next_word(line)) {
    if (same_name(known, name)) return found.push_back({std::string(canonical), *address});
  }
}

}  // namespace

std::vector<HostLine> find_host(std::string_view text_of_file, std::string_view name) {
  std::vector<HostLine> found;
  while (!text_of_file.empty()) {
    const std::string_view line = text_of_file.substr(0, text_of_file.find('\n'));
    read_line(line, name, found);
    text_of_file.remove_prefix(std::min(line.size() + 1, text_of_file.size()));
  }
  return found;
}

std::vector<HostLine> find_host(std::string_view name) {
  std::ifstream file("/etc/hosts");
  std::string text(kMostRead, '\0');
  file.read(text.data(), kMostRead);
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  std::vector<HostLine> found = find_host(text, name);
  if (found.empty() && same_name(name, "localhost")) {
    found = {{"localhost", *numeric_address("::1", 0)}, {"localhost", loopback(0)}};
  }
  return found;
}

}  // namespace sockscope
