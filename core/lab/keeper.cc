#include "lab/keeper.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "net/names.h"
#include "net/spawn.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

constexpr int kToStartMs = 5'000;
constexpr int kToAnswer = 5;  // seconds; one that takes longer is gone
constexpr Time kToEnd = 2 * kSecond;

std::string cure_of(std::string_view step, int error) {
  if (step == "unshare(CLONE_NEWUSER)" && error == ENOSPC)
    return "this machine allows no user namespaces: as root, sysctl user.max_user_namespaces=1000";
  if (step == "unshare(CLONE_NEWUSER)")
    return "unprivileged user namespaces are forbidden here (a container's seccomp filter, a chroot, or "
           "kernel.unprivileged_userns_clone=0): as root, sysctl kernel.unprivileged_userns_clone=1, or run "
           "outside the container";
  if (step == "unshare(CLONE_NEWNET)" && error == ENOSPC)
    return "this machine allows no more network namespaces: as root, sysctl user.max_net_namespaces=1000";
  if (error == EPERM || error == EACCES)
    return "AppArmor lets user namespaces have no rights here: as root, sysctl "
           "kernel.apparmor_restrict_unprivileged_userns=0, or give sockscope a profile with \"userns,\"";
  return {};
}

LabFailure failure_of(const keeper::Reply& reply, std::string_view otherwise) {
  LabFailure failure;
  failure.step = reply.step[0] == '\0' ? std::string(otherwise) : std::string(reply.step.data());
  failure.error = reply.error;
  failure.cure = cure_of(failure.step, failure.error);
  return failure;
}

}  // namespace

std::string describe(const LabFailure& failure) {
  std::string text =
      fmt::format("{}: {} ({})", failure.step, errno_text(failure.error), errno_name(failure.error));
  if (!failure.cure.empty()) text += fmt::format("; {}", failure.cure);
  return text;
}

Keeper::Keeper(Descriptor control, pid_t pid) : control_(std::move(control)), pid_(pid) {}

Keeper::~Keeper() {
  control_.shut();
  const Time give_up = now() + kToEnd;
  while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (now() > give_up) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
      return;
    }
    ::poll(nullptr, 0, 1);
  }
}

tl::expected<std::unique_ptr<Keeper>, LabFailure> Keeper::start(const std::string& executable) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return tl::unexpected(LabFailure{"socketpair", errno, {}});
  Descriptor ours(ends[0]);
  Descriptor childs(ends[1]);
  pid_t pid = 0;
  if (const int error = spawn_child(executable, {executable, std::string(keeper::kArgument)},
                                    {{childs.get(), keeper::kControl}}, pid);
      error != 0)
    return tl::unexpected(LabFailure{"posix_spawn(" + executable + ")", error, {}});
  childs.shut();
  const timeval longest{kToAnswer, 0};
  ::setsockopt(ours.get(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  std::unique_ptr<Keeper> made(new Keeper(std::move(ours), pid));
  pollfd first{made->fd(), POLLIN, 0};
  int ready = 0;
  do ready = ::poll(&first, 1, kToStartMs);
  while (ready < 0 && errno == EINTR);
  keeper::Reply hello;
  std::vector<Descriptor> none;
  bool fit = true;
  if (ready <= 0 || keeper::hear(made->fd(), &hello, sizeof hello, none, fit) != sizeof hello)
    return tl::unexpected(
        LabFailure{"the start of " + executable + " lab-keeper", ready == 0 ? ETIMEDOUT : ECHILD, {}});
  if (hello.error != 0) return tl::unexpected(failure_of(hello, "the keeper"));
  return made;
}

keeper::Reply Keeper::ask(const keeper::Request& request, std::vector<Descriptor>& descriptors) {
  std::lock_guard lock(mutex_);
  keeper::Reply reply;
  bool fit = true;
  if (!keeper::say(fd(), &request, sizeof request) ||
      keeper::hear(fd(), &reply, sizeof reply, descriptors, fit) != sizeof reply) {
    ::shutdown(fd(), SHUT_RDWR);  // a late answer would be taken for that of the next request
    reply = {};
    reply.error = ENETDOWN;
  } else if (!fit) {
    reply.error = EMFILE;
  }
  return reply;
}

tl::expected<Keeper::Ends, LabFailure> Keeper::add_host(unsigned number, const Address& address,
                                                        const Address& address6) {
  keeper::Request request;
  request.ask = keeper::Ask::add_host;
  request.host = number;
  request.address = keeper::plain(address);
  request.address6 = keeper::plain(address6);
  std::vector<Descriptor> came;
  const keeper::Reply reply = ask(request, came);
  if (reply.error != 0) return tl::unexpected(failure_of(reply, "a host"));
  if (came.size() != 2) return tl::unexpected(LabFailure{"a host's ends", EBADMSG, {}});
  return Ends{std::move(came[0]), std::move(came[1]), reply.net};
}

tl::expected<Descriptor, int> Keeper::one(const keeper::Request& request) {
  std::vector<Descriptor> came;
  const keeper::Reply reply = ask(request, came);
  if (reply.error != 0) return tl::unexpected(reply.error);
  if (came.size() != 1) return tl::unexpected(EBADMSG);
  return std::move(came[0]);
}

int Keeper::socket(unsigned host, int family, int type, int protocol) {
  keeper::Request request;
  request.ask = keeper::Ask::socket;
  request.host = host;
  request.family = family;
  request.type = type;
  request.protocol = protocol;
  auto made = one(request);
  return made ? made->release() : -made.error();
}

int Keeper::set_arp(unsigned host, unsigned other, bool on) {
  keeper::Request request;
  request.ask = keeper::Ask::set_arp;
  request.host = host;
  request.other = other;
  request.on = on;
  std::vector<Descriptor> none;
  return ask(request, none).error;
}

tl::expected<HostNamespaces, int> Keeper::namespaces(unsigned host) {
  keeper::Request request;
  request.ask = keeper::Ask::namespaces;
  request.host = host;
  std::vector<Descriptor> came;
  const keeper::Reply reply = ask(request, came);
  if (reply.error != 0) return tl::unexpected(reply.error);
  if (came.size() != 2) return tl::unexpected(EBADMSG);
  return HostNamespaces{std::move(came[0]), std::move(came[1])};
}

bool Keeper::gone() const {
  pollfd hung{fd(), 0, 0};
  return ::poll(&hung, 1, 0) > 0;
}

tl::expected<void, LabFailure> probe_lab(const std::string& executable) {
  const auto keeper = Keeper::start(executable);
  if (!keeper) return tl::unexpected(keeper.error());
  const auto host = (*keeper)->add_host(1, inet(0x0a000001, 0), *numeric_address("fd00::1", 0));
  if (!host) return tl::unexpected(host.error());
  const Descriptor raw((*keeper)->socket(1, AF_INET, SOCK_RAW, IPPROTO_ICMP));
  if (raw.get() < 0)
    return tl::unexpected(LabFailure{"socket(AF_INET, SOCK_RAW)", -raw.get(), cure_of("raw", -raw.get())});
  return {};
}

}  // namespace sockscope
