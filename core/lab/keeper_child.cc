// The keeper's child: single-threaded, in a user namespace of its own.

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <string>

#include "lab/keeper.h"
#include "lab/netlink.h"

namespace sockscope {
namespace {

constexpr char kInterface[] = "eth0";

// What was being done when errno came to be.
struct Failed {
  const char* step;
  int error;
};

void check(bool good, const char* step) {
  if (!good) throw Failed{step, errno};
}
void check_answer(int error, const char* step) {
  if (error != 0) throw Failed{step, error};
}

bool write_file(const char* path, const std::string& text) {
  const Descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

Descriptor present(const char* kind) {
  return Descriptor(::open((std::string("/proc/self/ns/") + kind).c_str(), O_RDONLY | O_CLOEXEC));
}

// A small table of connections for each network namespace made from now on, where /proc/sys can be written:
// a large one takes milliseconds to make.
void want_small_tables() {
  write_file("/proc/sys/net/ipv4/tcp_child_ehash_entries", "1024");
  write_file("/proc/sys/net/ipv4/udp_child_hash_entries", "256");
}

// No segment leaves larger than it crosses the wire, and none without its checksum.
void no_offload(const char* name) {
  const Descriptor any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  check(bool(any), "socket(AF_INET)");
  constexpr std::array<std::uint32_t, 6> kOffloads{ETHTOOL_SRXCSUM, ETHTOOL_STXCSUM, ETHTOOL_SSG,
                                                   ETHTOOL_STSO,    ETHTOOL_SGSO,    ETHTOOL_SGRO};
  for (const std::uint32_t what : kOffloads) {
    ethtool_value off{what, 0};
    ifreq request{};
    std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    request.ifr_data = reinterpret_cast<char*>(&off);
    // Some of them go with others, and not every kernel knows all: what matters is tried in the tests.
    ::ioctl(any.get(), SIOCETHTOOL, &request);
  }
}

// A host tells routers (MLDv2, RFC 3810) that it listens to its own address's solicited-node group: no call
// caused that, so it does not cross the wire.
void leave_out_neighbour_reports(const Descriptor& end) {
  constexpr std::uint32_t kAccept = 0x40000;
  std::array<sock_filter, 18> program{{
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IPV6, 0, 15),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 20),  // the next header: hop-by-hop options
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_HOPOPTS, 0, 13),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 54),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6, 0, 11),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 62),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 143, 0, 9),  // Multicast Listener Report
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 74),          // of ff02::1:ff00:0/104
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xff020000, 0, 7),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 78),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 5),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 82),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 3),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 86),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xff, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, kAccept),
  }};
  const sock_fprog filter{program.size(), program.data()};
  check(::setsockopt(end.get(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0,
        "SO_ATTACH_FILTER");
}

Descriptor packets_of(const char* name, bool of_wire) {
  Descriptor end(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  check(bool(end), "socket(AF_PACKET)");
  if (of_wire) {  // before it is bound: nothing has come yet
    leave_out_neighbour_reports(end);
    const int ignore = 1;
    check(::setsockopt(end.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &ignore, sizeof ignore) == 0,
          "PACKET_IGNORE_OUTGOING");
    // A new interface's queue drops what is sent until the kernel's own work has set it up.
    const int bypass = 1;
    check(::setsockopt(end.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof bypass) == 0,
          "PACKET_QDISC_BYPASS");
  }
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_protocol = htons(ETH_P_ALL);
  to.sll_ifindex = static_cast<int>(::if_nametoindex(name));
  check(::bind(end.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) == 0, "bind(AF_PACKET)");
  return end;
}

// In the network namespace this thread is in: until `so(links)`.
template <typename F>
void wait_until(const char* what, F so) {
  constexpr int kTries = 20'000;
  constexpr timespec kBetween{0, 100'000};  // two seconds in all
  auto links = Rtnetlink::open();
  if (!links) throw Failed{"socket(AF_NETLINK)", links.error()};
  for (int i = 0; i < kTries; ++i) {
    const tl::expected<bool, int> now = so(*links);
    if (!now) throw Failed{what, now.error()};
    if (*now) return;
    ::ppoll(nullptr, 0, &kBetween, nullptr);
  }
  throw Failed{what, ETIMEDOUT};
}

// Until it sends what it is given.
void wait_until_it_operates(const char* name) {
  const unsigned interface = ::if_nametoindex(name);
  wait_until("an interface", [&](Rtnetlink& links) { return links.operates(interface); });
}

class Child {
 public:
  void begin();
  keeper::Reply answer(const keeper::Request& request, std::vector<Descriptor>& out);

 private:
  struct Host {
    Descriptor net;
    Address address, address6;
    unsigned interface = 0;
  };
  void enter(int net, const char* step) { check(::setns(net, CLONE_NEWNET) == 0, step); }
  Host& host(unsigned number) {
    const auto found = hosts_.find(number);
    if (found == hosts_.end()) throw Failed{"", ENODEV};
    return found->second;
  }
  void add_host(const keeper::Request& request, keeper::Reply& reply, std::vector<Descriptor>& out);
  void set_up(Host& host, unsigned number);
  void acquaint(unsigned number);
  void set_arp(unsigned number, unsigned other, bool on);

  Descriptor user_, hub_;
  std::map<unsigned, Host> hosts_;
};

Mac mac_of(unsigned number, bool at_hub) {
  return {static_cast<std::uint8_t>(at_hub ? 0x06 : 0x02), 0, 0, 0, 0, static_cast<std::uint8_t>(number)};
}

std::string hub_end(unsigned number) {
  return "host" + std::to_string(number);
}

void Child::begin() {
  const std::string user = std::to_string(::geteuid()), group = std::to_string(::getegid());
  check(::unshare(CLONE_NEWUSER) == 0, "unshare(CLONE_NEWUSER)");
  write_file("/proc/self/setgroups", "deny");
  check(write_file("/proc/self/uid_map", user + " " + user + " 1\n"), "writing /proc/self/uid_map");
  check(write_file("/proc/self/gid_map", group + " " + group + " 1\n"), "writing /proc/self/gid_map");
  user_ = present("user");
  check(::unshare(CLONE_NEWNET) == 0, "unshare(CLONE_NEWNET)");
  hub_ = present("net");
  check(user_ && hub_, "opening /proc/self/ns");
  want_small_tables();
}

void Child::set_up(Host& host, unsigned number) {
  auto links = Rtnetlink::open();
  if (!links) throw Failed{"socket(AF_NETLINK)", links.error()};
  check_answer(links->add_veth({hub_end(number), mac_of(number, true)}, {kInterface, mac_of(number, false)},
                               host.net.get()),
               "a veth pair");
  const unsigned at_hub = ::if_nametoindex(hub_end(number).c_str());
  check_answer(links->no_own_addresses(at_hub), "a veth pair");
  check_answer(links->set_flags(at_hub, IFF_UP | IFF_NOARP, 0), "a veth pair");
  enter(host.net.get(), "setns");
  auto inside = Rtnetlink::open();
  if (!inside) throw Failed{"socket(AF_NETLINK)", inside.error()};
  check_answer(inside->set_flags(::if_nametoindex("lo"), IFF_UP, 0), "lo up");
  host.interface = ::if_nametoindex(kInterface);
  no_offload(kInterface);
  check_answer(inside->no_own_addresses(host.interface), "an address");
  check_answer(inside->set_flags(host.interface, IFF_UP, 0), "an address");
  check_answer(inside->add_address(host.interface, host.address, 24), "an address");
  check_answer(inside->add_address(host.interface, host.address6, 64), "an address");
}

// Every host knows every other's hardware address, and how to reach it.
void Child::acquaint(unsigned number) {
  const auto know = [](const Host& host, const Host& other, unsigned other_number) {
    check(::setns(host.net.get(), CLONE_NEWNET) == 0, "setns");
    auto links = Rtnetlink::open();
    if (!links) throw Failed{"socket(AF_NETLINK)", links.error()};
    const auto same_net = [](const Address& a, const Address& b, std::size_t bytes) {
      return std::memcmp(a.ip.data(), b.ip.data(), bytes) == 0;
    };
    if (!same_net(host.address, other.address, 3))
      check_answer(links->add_route(host.interface, other.address), "a route");
    if (!same_net(host.address6, other.address6, 8))
      check_answer(links->add_route(host.interface, other.address6), "a route");
    for (const Address& address : {other.address, other.address6})
      check_answer(links->add_neighbour(host.interface, address, mac_of(other_number, false)), "a neighbour");
  };
  const Host& added = host(number);
  for (const auto& [other, its] : hosts_) {
    if (other == number) continue;
    know(added, its, other);
    know(its, added, number);
  }
}

void Child::add_host(const keeper::Request& request, keeper::Reply& reply, std::vector<Descriptor>& out) {
  if (request.host < 1 || request.host > keeper::kMostHosts || hosts_.contains(request.host))
    throw Failed{"a host's number", EINVAL};
  Host made;
  made.address = keeper::whole(request.address);
  made.address6 = keeper::whole(request.address6);
  enter(hub_.get(), "setns");
  check(::unshare(CLONE_NEWNET) == 0, "unshare(CLONE_NEWNET)");
  made.net = present("net");
  check(bool(made.net), "opening /proc/self/ns");
  enter(hub_.get(), "setns");
  reply.net = made.net.get();
  try {
    set_up(made, request.host);
    wait_until_it_operates(kInterface);
    for (const Address& own : {made.address, made.address6})
      wait_until("an address", [&](Rtnetlink& links) { return links.is_local(own); });
    out.push_back(packets_of("lo", false));
    enter(hub_.get(), "setns");
    wait_until_it_operates(hub_end(request.host).c_str());
    out.insert(out.begin(), packets_of(hub_end(request.host).c_str(), true));
    hosts_.emplace(request.host, std::move(made));
    acquaint(request.host);
  } catch (const Failed&) {
    hosts_.erase(request.host);
    out.clear();
    enter(hub_.get(), "setns");
    if (auto links = Rtnetlink::open()) links->remove_link(hub_end(request.host));
    throw;
  }
}

void Child::set_arp(unsigned number, unsigned other, bool on) {
  const auto set = [&](const Host& host, const Host& of, unsigned of_number) {
    enter(host.net.get(), "setns");
    auto links = Rtnetlink::open();
    if (!links) throw Failed{"socket(AF_NETLINK)", links.error()};
    const int error = on ? links->remove_neighbour(host.interface, of.address)
                         : links->add_neighbour(host.interface, of.address, mac_of(of_number, false));
    if (error != ENOENT) check_answer(error, "a neighbour");  // ENOENT: it asks already
  };
  set(host(number), host(other), other);
  set(host(other), host(number), number);
}

keeper::Reply Child::answer(const keeper::Request& request, std::vector<Descriptor>& out) {
  keeper::Reply reply;
  try {
    switch (request.ask) {
      case keeper::Ask::add_host:
        add_host(request, reply, out);
        break;
      case keeper::Ask::socket: {
        enter(host(request.host).net.get(), "setns");
        Descriptor made(::socket(request.family, request.type | SOCK_CLOEXEC, request.protocol));
        check(bool(made), "");
        out.push_back(std::move(made));
        break;
      }
      case keeper::Ask::set_arp:
        set_arp(request.host, request.other, request.on);
        break;
      case keeper::Ask::namespaces:
        enter(host(request.host).net.get(), "setns");
        out.push_back(present("user"));
        out.push_back(present("net"));
        check(bool(out[0]) && bool(out[1]), "opening /proc/self/ns");
        break;
    }
  } catch (const Failed& failed) {
    out.clear();
    reply.error = failed.error;
    std::strncpy(reply.step.data(), failed.step, reply.step.size() - 1);
  }
  return reply;
}

}  // namespace

int keeper_main() {
  Child child;
  keeper::Reply hello;
  try {
    child.begin();
  } catch (const Failed& failed) {
    hello.error = failed.error;
    std::strncpy(hello.step.data(), failed.step, hello.step.size() - 1);
  }
  if (!keeper::say(keeper::kControl, &hello, sizeof hello) || hello.error != 0) return 1;
  for (;;) {
    keeper::Request request;
    std::vector<Descriptor> in, out;
    bool fit = true;
    if (keeper::hear(keeper::kControl, &request, sizeof request, in, fit) != sizeof request) return 0;
    const keeper::Reply reply = child.answer(request, out);
    std::vector<int> numbers;
    for (const Descriptor& each : out) numbers.push_back(each.get());
    if (!keeper::say(keeper::kControl, &reply, sizeof reply, numbers)) return 0;
  }
}

}  // namespace sockscope
