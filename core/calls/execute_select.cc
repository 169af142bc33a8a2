// select(2) and poll(2) on several sockets at once.

#include <poll.h>
#include <sys/select.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>
#include <vector>

#include "calls/execute.h"
#include "calls/wait_several.h"

namespace sockscope {
namespace {

constexpr std::size_t kLists = 3;  // readers, writers, exceptions

struct Watched {
  SocketHandle socket;  // nullptr: not known any more
  SocketId id = 0;
  int which = 0;   // select: the list; poll: the events
  int asked = -1;  // the descriptor the call was made with
  int fd() const { return socket == nullptr ? -1 : socket->fd.load(); }
  int number() const { return socket == nullptr ? -1 : socket->number.load(); }
};

int number_in(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// "id:events id:events", or "id id": then `which` is as given.
void read_list(Sockets& sockets, std::string_view text, int which, std::vector<Watched>& to) {
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (word.empty()) continue;
    const auto colon = word.find(':');
    const auto id = static_cast<SocketId>(std::max(number_in(word.substr(0, colon)), 0));
    to.push_back({sockets.find(id), id, colon == word.npos ? which : number_in(word.substr(colon + 1))});
  }
}

std::vector<Watched> read_lists(Sockets& sockets, std::string_view text) {
  std::vector<Watched> all;
  for (std::size_t list = 0; list < kLists; ++list) {
    const std::string_view one = text.substr(0, text.find('|'));
    read_list(sockets, one, static_cast<int>(list), all);
    text.remove_prefix(std::min(one.size() + 1, text.size()));
  }
  return all;
}

// What Python's select says before it makes the call; nothing: it makes it.
std::string_view wrong_for_select(const std::vector<Watched>& all) {
  std::array<std::size_t, kLists> count{};
  for (const Watched& one : all) {
    if (one.number() < 0) return "file descriptor cannot be a negative integer (-1)";
    if (one.number() >= FD_SETSIZE) return "filedescriptor out of range in select()";
    if (++count[static_cast<std::size_t>(one.which)] > FD_SETSIZE)
      return "too many file descriptors in select()";
  }
  return {};
}

// One round: fills `sets` and makes the call. −1 and EBADF if a socket is closed, as the kernel says it.
std::int64_t select_once(std::vector<Watched>& all, std::array<fd_set, kLists>& sets, Time deadline) {
  for (fd_set& set : sets) FD_ZERO(&set);
  int most = -1;
  for (Watched& one : all) {
    one.asked = one.fd();
    if (one.asked < 0) {
      errno = EBADF;
      return -1;
    }
    FD_SET(one.asked, &sets[static_cast<std::size_t>(one.which)]);
    most = std::max(most, one.asked);
  }
  const Time left = left_until(deadline);
  timespec timeout{left / kSecond, left % kSecond};
  // Itself, not by the C library, which makes one of two calls: the number is known then.
  return ::syscall(SYS_pselect6, most + 1, &sets[0], &sets[1], &sets[2], deadline < 0 ? nullptr : &timeout,
                   nullptr);
}

std::string lists_text(const std::vector<Reply::Ready>& ready) {
  std::array<std::string, kLists> lists;
  for (const Reply::Ready& one : ready) {
    std::string& list = lists[static_cast<std::size_t>(one.which)];
    list += (list.empty() ? "" : " ") + std::to_string(one.socket);
  }
  return lists[0] + '|' + lists[1] + '|' + lists[2];
}

// A number that cannot be open, so that the kernel says POLLNVAL; it passes over negative ones.
constexpr int kNeverOpen = std::numeric_limits<int>::max();

std::int64_t poll_once(const std::vector<Watched>& all, std::vector<pollfd>& polled, Time deadline) {
  polled.clear();
  for (const Watched& one : all) {
    const int fd = one.fd();
    polled.push_back({fd < 0 ? kNeverOpen : fd, static_cast<short>(one.which), 0});
  }
  return ::poll(polled.data(), polled.size(), milliseconds_to(deadline));
}

}  // namespace

Outcome execute_select(Run& run) {
  std::vector<Watched> all = read_lists(run.caller.room().sockets(), run.request.text);
  if (const std::string_view wrong = wrong_for_select(all); !wrong.empty()) {
    run.reply.data = wrong;
    return failed(EINVAL);
  }
  std::array<fd_set, kLists> sets;
  const Outcome outcome = wait_several(run.caller, ends_after(run.request.numbers[0]), [&](Time deadline) {
    return run.caller.on_several(SYS_pselect6, [&] { return select_once(all, sets, deadline); });
  });
  if (outcome.error != 0) return outcome;
  for (const Watched& one : all) {
    const bool set = outcome.result > 0 && FD_ISSET(one.asked, &sets[static_cast<std::size_t>(one.which)]);
    if (set) run.reply.ready.push_back({one.id, one.which});
  }
  run.reply.data = lists_text(run.reply.ready);
  return outcome;
}

Outcome execute_poll(Run& run) {
  std::vector<Watched> all;
  read_list(run.caller.room().sockets(), run.request.text, 0, all);
  const std::int64_t milliseconds = std::min<std::int64_t>(run.request.numbers[0], kForEver / kMillisecond);
  std::vector<pollfd> polled;
  const Time deadline = ends_after(milliseconds < 0 ? -1 : milliseconds * kMillisecond);
  const Outcome outcome = wait_several(run.caller, deadline, [&](Time until) {
    return run.caller.on_several(kPollCall, [&] { return poll_once(all, polled, until); });
  });
  if (outcome.error != 0) return outcome;
  for (std::size_t i = 0; i < polled.size() && outcome.result > 0; ++i) {
    if (polled[i].revents != 0) run.reply.ready.push_back({all[i].id, polled[i].revents});
  }
  run.reply.data = events_text(run.reply.ready);
  return outcome;
}

}  // namespace sockscope
