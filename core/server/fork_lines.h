#pragma once
// What the processes of a fork server tell: events (told_event.h), and besides these lines:
//   "."                it can be signalled from now on
//   ">base64"          a line the handler prints
//   "!base64"          the text of a Notice
//   "+thread pid"      a client's process has begun
//   "-thread socket"   it has ended and was collected; what it had open is closed
//   "~thread time"     it waits by intent since then, until its next call
// Taken in by one thread.

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/outside.h"
#include "net/descriptor.h"
#include "server/child_lines.h"
#include "server/service.h"
#include "server/told_ring.h"

namespace sockscope {

// Where they are heard. Locked from before something is taken off it until that is taken in.
struct Hearing {
  std::mutex mutex;
  ToldRing told;
  bool all_taken_in();  // what was told so far; never waits
};

class ForkLines : public ChildLines {
 public:
  // `parent`: the thread that started the server's process. The listening socket is its first.
  ForkLines(Service& service, ThreadId parent, std::shared_ptr<Hearing> hearing);
  void take_in();  // all that was told
  void end() override;
  bool ready() const { return ready_; }  // "." was told
  // Processes that have not been collected, each readable once it has ended (pidfd_open(2)).
  std::vector<int> running() const;

 private:
  std::optional<std::string> other_line(std::string_view text) override;
  bool own_event(Body& body) override;
  void took(const Body& body) override;
  bool said(std::string_view base64, const std::function<void(std::string_view)>& to) const;
  bool began(std::string_view text);
  bool ended(std::string_view text);
  bool waits(std::string_view text);
  void end_client(ThreadId thread);
  void look_at_cost(ThreadId thread);

  Service& service_;
  const std::shared_ptr<Hearing> hearing_;
  bool ready_ = false;
  std::string padded_;
  std::map<ThreadId, Descriptor> processes_;              // by its number
  std::map<ThreadId, std::shared_ptr<Outside>> outside_;  // by our id
  struct Cost {
    int pid = 0;
    ThreadCost told;  // by the last look
  };
  std::map<ThreadId, Cost> costs_;                  // by our id
  std::map<ThreadId, event::ClientEnded> clients_;  // by our id: how it would end
};

}  // namespace sockscope
