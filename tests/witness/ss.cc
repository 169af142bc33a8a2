#include "ss.h"

#include <cstdio>
#include <map>
#include <memory>
#include <sstream>

namespace sockscope::testing {
namespace {

std::string spelled(const std::string& ss) {
  static const std::map<std::string, std::string> kNames = {
      {"ESTAB", "ESTABLISHED"},     {"SYN-SENT", "SYN_SENT"},    {"SYN-RECV", "SYN_RECV"},
      {"FIN-WAIT-1", "FIN_WAIT1"},  {"FIN-WAIT-2", "FIN_WAIT2"}, {"TIME-WAIT", "TIME_WAIT"},
      {"CLOSE-WAIT", "CLOSE_WAIT"}, {"LAST-ACK", "LAST_ACK"},    {"UNCONN", "CLOSED"}};
  const auto found = kNames.find(ss);
  return found == kNames.end() ? ss : found->second;
}

// What stands between `before` and the next of `ends`.
std::string after(const std::string& text, const std::string& before, const char* ends) {
  const auto at = text.find(before);
  if (at == std::string::npos) return {};
  const auto from = at + before.size();
  return text.substr(from, text.find_first_of(ends, from) - from);
}

std::uint64_t number(const std::string& text, int base = 10) {
  try {
    return text.empty() ? 0 : std::stoull(text, nullptr, base);
  } catch (const std::exception&) {
    return 0;
  }
}

// 127.0.0.1%lo:80 is 127.0.0.1:80.
std::string without_interface(std::string address) {
  const auto percent = address.find('%');
  if (percent == std::string::npos) return address;
  const auto end = address.find_first_of(":]", percent);
  return address.erase(percent, end == std::string::npos ? end : end - percent);
}

void read_timer(SsRow& row, const std::string& line) {
  const std::string timer = after(line, "timer:(", ")");
  const auto comma = timer.find(',');
  if (comma == std::string::npos) return;
  row.timer = timer.substr(0, comma);
  row.timer_seconds = ss_seconds(timer.substr(comma + 1, timer.find(',', comma + 1) - comma - 1));
}

SsRow read_row(const std::string& line) {
  SsRow row;
  std::istringstream words(line);
  std::string state;
  words >> row.kind >> state >> row.recv_queue >> row.send_queue >> row.local;
  row.state = spelled(state);
  row.text = line;
  if (row.kind.starts_with("u_")) {
    std::string inode, peer_inode;
    words >> inode >> row.peer >> peer_inode;
    row.inode = number(inode);
    row.peer_inode = number(peer_inode);
  } else {
    words >> row.peer;
    row.local = without_interface(row.local);
    row.peer = without_interface(row.peer);
    row.inode = number(after(line, " ino:", " "));
    row.cookie = number(after(line, " sk:", " \n"), 16);
  }
  row.pid = static_cast<std::int64_t>(number(after(line, ",pid=", ",)")));
  read_timer(row, line);
  const std::string memory = after(line, "skmem:(", ")");
  row.recv_buffer = number(after(memory, ",rb", ",)"));
  row.send_buffer = number(after(memory, ",tb", ",)"));
  row.drops = number(after(memory, ",d", ",)"));
  return row;
}

}  // namespace

double ss_seconds(const std::string& text) {
  double seconds = 0;
  std::size_t at = 0;
  bool whole_seconds = false;
  while (at < text.size()) {
    std::size_t digits = 0;
    const double value = std::stod(text.substr(at), &digits);
    const std::size_t end = text.find_first_of("0123456789", at + digits);
    std::string unit = text.substr(at + digits, end == std::string::npos ? end : end - at - digits);
    // "9.072ms": nine seconds and 72 ms.
    const std::string figure = text.substr(at, digits);
    whole_seconds = figure.find('.') != std::string::npos;
    if (unit == "min") {
      seconds += value * 60;
    } else if (unit == "sec" || whole_seconds) {
      seconds += value;
    } else if (unit == "ms") {
      seconds += value / 1000;
    }
    if (end == std::string::npos) break;
    at = end;
  }
  return seconds;
}

std::vector<SsRow> ask_ss(const std::string& inside) {
  std::vector<SsRow> rows;
  const std::string command = inside + " ss -H -tuxanpemiO 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "re"), ::pclose);
  if (!pipe) return rows;
  char* line = nullptr;
  std::size_t room = 0;
  while (::getline(&line, &room, pipe.get()) > 0) rows.push_back(read_row(line));
  std::free(line);
  return rows;
}

}  // namespace sockscope::testing
