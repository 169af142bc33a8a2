#pragma once
// The one set of names of a play: variables, servers, loads and threads. Any thread.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "play/value.h"

namespace sockscope::play {

class Names {
 public:
  struct Server {
    Address address;
    SocketId listener = 0;
  };

  std::optional<Value> find(const std::string& name) const;
  bool bound(const std::string& name) const { return find(name).has_value(); }
  // "variable", "thread", "server", "load", "host"; empty: not in use.
  std::string_view kind(const std::string& name) const;

  // The variables that mean this very bytearray.
  std::vector<std::string> of(const Value& array) const;
  // False: the variables together would hold more than kMostHeld bytes.
  bool bind(const std::string& name, Value value);
  bool unbind(const std::string& name);  // false: it is not bound
  // What lines at work hold beside the variables. False: together it would be more than kMostAtWork bytes.
  bool take(std::size_t bytes);
  void give_back(std::size_t bytes);
  void add_server(const std::string& name, Server server);
  std::optional<Server> server(const std::string& name) const;
  void add_load(const std::string& name);
  void add_thread(const std::string& name);
  void add_host(const std::string& name, std::vector<Address> addresses);
  // Of a host by that name; empty: there is none.
  std::vector<Address> host(const std::string& name) const;
  // The threads of the engine that are not of this play are known by the trace only.

  static constexpr std::size_t kMostHeld = std::size_t{256} << 20;
  static constexpr std::size_t kMostAtWork = 2 * kMostHeld;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Value> variables_;
  std::map<std::string, Server> servers_;
  std::map<std::string, Value> others_;  // loads and threads
  std::map<std::string, std::vector<Address>> hosts_;
  std::size_t held_ = 0;
  std::size_t at_work_ = 0;
};

}  // namespace sockscope::play
