#pragma once
// How the processes of a fork server tell what they do. Of this room only.

#include <string>
#include <string_view>
#include <vector>

#include "server/told_ring.h"
#include "trace/inbox.h"

namespace sockscope {

class Teller {
 public:
  // `memory`: of the ring that is told to; `wake`: where a byte goes when the one that listens waits.
  Teller(int memory, int wake);
  bool ok() const { return ring_.ok(); }
  Inbox& inbox() { return inbox_; }
  void line(std::string_view text);  // after the events that were put before the next flush()
  void flush();

 private:
  void put(std::string_view record);
  const int wake_;
  ToldRing ring_;
  Inbox inbox_;
  std::vector<std::string> lines_;
  std::string record_;
};

}  // namespace sockscope
