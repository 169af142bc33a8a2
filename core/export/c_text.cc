#include "export/c_text.h"

#include <fmt/format.h>

#include "export/story.h"

namespace sockscope::exporting {
namespace {

constexpr std::uint64_t kMostTried = std::uint64_t{16} << 20;
constexpr int kMostHashes = 4;  // of a payload that long

std::string repeated(std::string_view pattern, std::size_t total) {
  std::string made;
  made.reserve(total + pattern.size());
  while (made.size() < total) made += pattern;
  made.resize(total);
  return made;
}

bool periodic(std::string_view bytes, std::size_t period) {
  return bytes.substr(period) == bytes.substr(0, bytes.size() - period);
}

}  // namespace

std::string c_string(std::string_view bytes) {
  std::string text = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (text += '\\') += c;
    else if (c == '\n')
      text += "\\n";
    else if (byte < 0x20 || byte >= 0x7f || c == '?')
      text += fmt::format("\\{:03o}", byte);
    else
      text += c;
  }
  return text += '"';
}

std::string c_comment(std::string_view text) {
  std::string made;
  for (const char c : comment_text(text)) {
    if (c == '\\')
      made += "\\\\";
    else
      made += c;
    // No trigraph, and no beginning of another comment.
    if (made.ends_with("??") || made.ends_with("/*") || made.ends_with("*/"))
      made.insert(made.size() - 1, 1, ' ');
  }
  return made + (made.ends_with('\\') ? "." : "");
}

std::string c_address(const Address& address, const std::string& port) {
  switch (address.family) {
    case AF_INET:
      return fmt::format("in4({}, {})", c_string(host_of(address)), port);
    case AF_INET6: {
      const std::string host = host_of(address);
      return fmt::format("in6({}, {}, {})", c_string(host.substr(0, host.find('%'))), port, address.scope);
    }
    case AF_UNIX:
      return fmt::format("un({}, {})", c_string(address.path.view()), address.path.view().size());
    default:
      break;
  }
  sockaddr_storage raw{};
  const socklen_t length = to_sockaddr(address, raw);
  return fmt::format("any_family({}, {})", c_string({reinterpret_cast<const char*>(&raw), length}), length);
}

std::size_t repeats_every(const Blob& data) {
  const std::string_view known = data.view();
  if (data.hash() == 0 || known.empty() || data.total() > kMostTried) return 0;
  int hashes = 0;
  for (std::size_t period = 1; period <= known.size() && hashes < kMostHashes; ++period) {
    if (!periodic(known, period)) continue;
    ++hashes;
    if (hash_of(repeated(known.substr(0, period), data.total())) == data.hash()) return period;
  }
  return 0;
}

}  // namespace sockscope::exporting
