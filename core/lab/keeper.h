#pragma once
// The keeper of hosts: a child process (this executable again, with "lab-keeper") in a user namespace of its
// own. It makes one network namespace a host, joins each by a veth pair to a hub, and hands sockets made
// there to this process, which itself never enters a namespace: a socket keeps the network namespace it was
// made in. See user_namespaces(7), network_namespaces(7), veth(4), unix(7) SCM_RIGHTS.

#include <sys/types.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "lab/keeper_protocol.h"
#include "net/address.h"
#include "net/descriptor.h"
#include "net/namespaces.h"

namespace sockscope {

struct LabFailure {
  std::string step;  // the first that failed: "unshare(CLONE_NEWUSER)"
  int error = 0;     // its errno
  std::string cure;  // what would permit it, in plain words; may be empty
};
// "unshare(CLONE_NEWUSER): No space left on device (ENOSPC). …"
std::string describe(const LabFailure& failure);

// Methods from any thread: one request at a time.
class Keeper {
 public:
  // Starts the child from `executable`, which has keeper_main() behind its argument "lab-keeper". Takes a few
  // milliseconds; at most five seconds.
  static tl::expected<std::unique_ptr<Keeper>, LabFailure> start(const std::string& executable);
  ~Keeper();  // the child ends, and with it every host whose sockets are closed
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  struct Ends {
    Descriptor wire;      // AF_PACKET, SOCK_RAW: the hub's end of the host's cable
    Descriptor loopback;  // the same, of the host's own lo
    int net = -1;         // the host's namespace: /proc/PID/fd/NET
  };
  // Host `number` (1 to kMostHosts, each once): its one interface has MAC 02:00:00:00:00:NN and these
  // addresses; every other host's hardware address is known to it. A failure leaves nothing behind.
  tl::expected<Ends, LabFailure> add_host(unsigned number, const Address& address, const Address& address6);
  // A socket made there, CLOEXEC, or −errno: socket(2)'s own, EMFILE, or ENETDOWN when the keeper is gone.
  int socket(unsigned host, int family, int type, int protocol);
  // Whether two hosts ask each other's hardware address (ARP), instead of knowing it. 0 or errno.
  int set_arp(unsigned host, unsigned other, bool on);
  tl::expected<HostNamespaces, int> namespaces(unsigned host);  // the error: an errno, as socket()'s

  pid_t pid() const { return pid_; }
  int fd() const { return control_.get(); }  // hangs up (POLLHUP) when the child is gone
  bool gone() const;

 private:
  Keeper(Descriptor control, pid_t pid);
  // The answer, or one whose error is ENETDOWN: it is gone, or has not answered in five seconds and counts as
  // gone.
  keeper::Reply ask(const keeper::Request& request, std::vector<Descriptor>& descriptors);
  tl::expected<Descriptor, int> one(const keeper::Request& request);
  Descriptor control_;
  pid_t pid_;
  std::mutex mutex_;
};

// The child's whole life: serves descriptor kControl until that is closed at the other end.
int keeper_main();

// Tries the whole chain (a keeper, a host, a raw socket there) and leaves nothing: what fails first.
tl::expected<void, LabFailure> probe_lab(const std::string& executable);

}  // namespace sockscope
