#pragma once
// What ss(8) says of this machine's sockets: the other witness.

#include <cstdint>
#include <string>
#include <vector>

namespace sockscope::testing {

struct SsRow {
  std::string kind;   // tcp, udp, u_str, u_dgr, u_seq
  std::string state;  // as the kernel and the RFCs spell it: ESTABLISHED, FIN_WAIT1
  std::uint64_t recv_queue = 0, send_queue = 0;
  std::string local, peer;       // "127.0.0.1:80"; of AF_UNIX the name
  std::uint64_t inode = 0;       // 0: no descriptor reaches it
  std::uint64_t peer_inode = 0;  // AF_UNIX
  std::uint64_t cookie = 0;      // not of AF_UNIX
  std::int64_t pid = 0;          // the first process that has it; 0: none that may be seen
  std::string timer;             // on, keepalive, timewait, persist; empty: none
  double timer_seconds = 0;
  std::uint64_t recv_buffer = 0, send_buffer = 0, drops = 0;
  std::string host;  // whose it is; this machine: "localhost"
  std::string text;  // the line, for messages
};

// Runs `ss -tuxanpemiO`, as the last words of the command `inside` (nsenter…). Empty: it is not there or
// fails.
std::vector<SsRow> ask_ss(const std::string& inside = {});

// "1min19sec", "9.072ms" (nine seconds), "200ms"
double ss_seconds(const std::string& text);

}  // namespace sockscope::testing
