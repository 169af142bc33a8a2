// The tutorial's MyTCPHandler.handle().

#include <array>

#include "server/service.h"

namespace sockscope {

std::string_view strip(std::string_view bytes) {
  constexpr std::string_view kSpace(" \t\n\r\x0b\x0c");
  const auto first = bytes.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return bytes.substr(first, bytes.find_last_not_of(kSpace) - first + 1);
}

std::string upper(std::string_view bytes) {
  std::string out(bytes);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

void handle_upper(Caller& caller, SocketHandle socket, const Address& peer, Time work_time,
                  const Say& print) {
  std::array<char, 1024> buffer;
  int error = 0;
  const std::int64_t got = call_recv(caller, socket, buffer.data(), buffer.size(), 0, error);
  if (got < 0) return;
  const std::string_view data = strip({buffer.data(), static_cast<std::size_t>(got)});
  print(host_of(peer) + " wrote:");
  print(python_bytes(data));
  if (work_time > 0) work(caller, work_time);
  call_sendall(caller, socket, upper(data), error);
}

}  // namespace sockscope
