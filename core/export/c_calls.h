#pragma once
// One call of a recording as C statements.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "export/identifiers.h"
#include "export/story.h"
#include "trace/event.h"

namespace sockscope::exporting {

// What a program's calls need of the frame around them.
struct CNeeds {
  std::set<std::string> sockets;  // variables
  bool files = false, addresses = false, timeouts = false, data = false, sends = false, ready = false;
  std::set<std::string> written;  // names of files of %file
  std::size_t buffer = 0;         // the longest that is received; 0: nothing is
};

struct CCall {
  const event::CallEntered* entered = nullptr;
  const event::CallReturned* returned = nullptr;  // nullptr: it did not come back
  std::vector<SocketId> closed;                   // by it
};

class CCalls {
 public:
  using PortName = std::function<std::string(std::uint16_t port)>;
  CCalls(Identifiers& names, CNeeds& needs) : names_(names), needs_(needs) {}

  // For reading: the calls alone, nothing is printed of what comes of them.
  void read_only() { tells_ = false; }
  // What a socket is called, from the first name it got.
  void name(SocketId socket, const std::string& name);
  // How a socket came to be of another one.
  void opened(const event::SocketOpened& e);
  std::string socket(SocketId id);
  // Statements without indentation. A call that is made of others that follow is a comment.
  std::vector<std::string> write(std::size_t line, const CCall& call, const PortName& port);

 private:
  struct Facts {
    std::string name;
    SocketId from = 0;
    SocketHow how = SocketHow::socket;
    std::int64_t timeout = -1;  // nanoseconds
    bool closed = false;
  };
  std::string told(const CCall& call, const std::string& expression) const;
  std::string told_bytes(const CCall& call, const std::string& expression);
  std::string with_timeout(const CCall& call, const char* events, const std::string& expression);
  std::string seconds_of(SocketId id) const;
  std::string data(const Blob& data);
  std::string address(const CCall& call);
  std::vector<std::string> makes(const CCall& call, const std::string& expression);
  std::vector<std::string> closes(const CCall& call);
  std::vector<std::string> opens(const CCall& call);
  std::vector<std::string> names(const CCall& call);
  std::vector<std::string> moves(const CCall& call);
  std::vector<std::string> options(const CCall& call);
  std::vector<std::string> waits(const CCall& call);
  std::string message(const CCall& call);
  std::vector<std::string> file(const CCall& call);
  std::vector<std::string> no_call(const CCall& call, const std::string& why) const;
  std::string list(std::string_view ids);

  Identifiers& names_;
  CNeeds& needs_;
  PortName port_;
  bool tells_ = true;
  std::size_t line_ = 0;
  std::int64_t default_timeout_ = -1;
  std::map<SocketId, Facts> sockets_;
};

}  // namespace sockscope::exporting
