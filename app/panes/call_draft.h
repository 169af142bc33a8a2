#pragma once
// What a person has chosen in a call's form so far. A plain value in View; call_form.h says what it means.

#include <string>
#include <vector>

#include "net/catalogue.h"
#include "trace/event.h"

namespace sockscope {

struct FieldDraft {
  std::string text;       // as typed or chosen: "1024", "SHUT_WR", a host, a path
  std::string more;       // what belongs to it: a port, a size
  std::string whole;      // an address taken from elsewhere: "s.getsockname()"; empty: text and more
  bool abstract = false;  // AF_UNIX: a name that is no file
  friend bool operator==(const FieldDraft&, const FieldDraft&) = default;
};

struct CallDraft {
  Call call = Call::socket;
  SocketId socket = 0;             // whose method it is; 0: a function's of the module
  std::string result;              // the variables it binds: "conn, addr"; empty: none
  std::string proposed;            // what the form put there; another one is the learner's
  std::vector<FieldDraft> fields;  // one a parameter of the catalogue
  friend bool operator==(const CallDraft&, const CallDraft&) = default;
};

}  // namespace sockscope
