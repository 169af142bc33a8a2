#include "lesson/pack.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>

namespace sockscope {
namespace {

constexpr int kLeastPort = 2000, kFirstPort = 20000, kPorts = 10000;

// FNV-1a: the same on every machine and in every version.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return hash;
}

// splitmix64
std::uint64_t next(std::uint64_t& seed) {
  std::uint64_t z = seed += 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool word_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c) || c == '_';
}

class Pack {
 public:
  Pack(std::string_view lesson, std::string_view student)
      : seed_(hash_of(std::string(student) + "/" + std::string(lesson))) {
    std::iota(letters_.begin(), letters_.end(), 'a');
    shuffle("aeiou");
    shuffle("bcdfghjklmnpqrstvwxyz");
    backlog_ = 5 + static_cast<int>(next(seed_) % 5);
  }

  // The ports that any of the files has in an address.
  void look_for_ports(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      const bool in_address = text.substr(at).starts_with("', ");
      const bool option = text.substr(at).starts_with("port=");
      if (!in_address && !option) continue;
      const int number = number_at(text, at + (in_address ? 3 : 5));
      if (number >= kLeastPort && number <= 65535) seen_.insert(number);
    }
  }
  // Where a lesson is about a number's bytes, the port is a part of it.
  void leave_turned_round(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (!digit(text[at]) || (at > 0 && digit(text[at - 1]))) continue;
      const int number = number_at(text, at);
      if (number <= 65535) seen_.erase((number & 0xff) << 8 | number >> 8);
    }
  }
  void choose_ports() {
    std::set<int> taken;
    for (const int port : seen_) {
      int chosen = kFirstPort + static_cast<int>(next(seed_) % kPorts);
      while (!taken.insert(chosen).second) chosen = kFirstPort + (chosen - kFirstPort + 1) % kPorts;
      ports_[port] = chosen;
    }
  }

  std::string changed(std::string_view text) const {
    return with_letters(with_numbers(without_recordings(text)));
  }

 private:
  void shuffle(std::string_view among) {
    std::string to(among);
    for (std::size_t i = to.size() - 1; i > 0; --i) std::swap(to[i], to[next(seed_) % (i + 1)]);
    for (std::size_t i = 0; i < among.size(); ++i) letters_[static_cast<std::size_t>(among[i] - 'a')] = to[i];
  }

  static int number_at(std::string_view text, std::size_t at) {
    int number = 0;
    if (at < text.size()) std::from_chars(text.data() + at, text.data() + text.size(), number);
    return number;
  }

  static std::string without_recordings(std::string_view text) {
    std::string out;
    bool inside = false;
    while (!text.empty()) {
      const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
      text.remove_prefix(line.size());
      const bool begins = line.starts_with("```recording");
      if (!begins && !inside) out += line;
      inside = begins || (inside && !line.starts_with("```"));
    }
    return out;
  }

  std::string with_numbers(std::string_view text) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      if (!digit(text[at]) || (at > 0 && (word_part(text[at - 1]) || text[at - 1] == '.'))) {
        out += text[at++];
        continue;
      }
      std::size_t end = at;
      while (end < text.size() && digit(text[end])) ++end;
      const std::string number(text.substr(at, end - at));
      const bool whole = end == text.size() || !word_part(text[end]);
      const auto port = ports_.find(number.size() <= 5 ? std::stoi(number) : 0);
      const bool backlog = number == "5" && end < text.size() && text[end] == ')' && out.ends_with("listen(");
      out += backlog                         ? std::to_string(backlog_)
             : whole && port != ports_.end() ? std::to_string(port->second)
                                             : number;
      at = end;
    }
    return out;
  }

  char letter(char c) const {
    if (c >= 'a' && c <= 'z') return letters_[static_cast<std::size_t>(c - 'a')];
    if (c >= 'A' && c <= 'Z')
      return static_cast<char>(letters_[static_cast<std::size_t>(c - 'A')] - 'a' + 'A');
    return c;
  }

  // `text` is what stands between the quotes; what begins with a backslash stays.
  std::string in_letters(std::string_view text) const {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
      out += letter(text[at]);
      if (text[at] != '\\' || at + 1 == text.size()) continue;
      const std::size_t more = text[at + 1] == 'x' ? 3 : 1;
      out += text.substr(at + 1, more);
      at += std::min(more, text.size() - at - 1);
    }
    return out;
  }

  std::string with_letters(std::string_view text) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const char quote = text[at];
      if (quote != '\'' && quote != '"') {
        out += text[at++];
        continue;
      }
      std::size_t end = at + 1;
      while (end < text.size() && text[end] != quote && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
      const bool closed = end < text.size() && text[end] == quote;
      const bool bytes = at > 0 && text[at - 1] == 'b' && (at < 2 || !word_part(text[at - 2]));
      const bool of_a_file = out.substr(out.rfind('\n') + 1).starts_with("%file ");
      const bool encoded = closed && text.substr(end + 1).starts_with(".encode(");
      if (!closed || !(bytes || encoded || of_a_file)) {
        out += text[at++];
        continue;
      }
      out += quote + in_letters(text.substr(at + 1, end - at - 1)) + quote;
      at = end + 1;
    }
    return out;
  }

  std::uint64_t seed_;
  std::array<char, 26> letters_{};
  int backlog_ = 5;
  std::set<int> seen_;
  std::map<int, int> ports_;
};

}  // namespace

std::vector<PackFile> packed(const std::vector<PackFile>& files, std::string_view lesson,
                             std::string_view student) {
  Pack pack(lesson, student);
  for (const PackFile& file : files) pack.look_for_ports(file.text);
  for (const PackFile& file : files) pack.leave_turned_round(file.text);
  pack.choose_ports();
  std::vector<PackFile> made;
  for (const PackFile& file : files) made.push_back({file.name, pack.changed(file.text)});
  return made;
}

}  // namespace sockscope
