#pragma once
// What a server makes of one client's bytes: bytes in, bytes out. The same for every model. Of this room
// only.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/address.h"

namespace sockscope {

using Say = std::function<void(std::string_view line)>;

// One for each client; one thread at a time.
class Handler {
 public:
  static constexpr std::size_t kReads = 1024;  // at most so much at once, as the tutorial's recv(1024)

  struct Answer {
    std::string bytes;   // to the client
    bool says = false;   // they are sent, also when there are none
    std::string to_all;  // to every client, this one too
    bool works = false;  // the work that an answer costs is done before it
    bool done = false;   // nothing more is read: the server closes
  };

  virtual ~Handler() = default;
  // `data` empty: the peer has finished sending; nothing comes after it.
  virtual Answer take(std::string_view data) = 0;
};

std::vector<std::string_view> handler_names();
// `name`: one of them. `print` takes the lines it prints.
std::unique_ptr<Handler> make_handler(std::string_view name, const Address& peer, Say print);

// Python's bytes.strip() and bytes.upper().
std::string_view strip(std::string_view bytes);
std::string upper(std::string_view bytes);

}  // namespace sockscope
