#include "export/c_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "export/c_text.h"

namespace sockscope::exporting {
namespace {

constexpr std::int64_t kMostReceived = 16 << 20;  // as in a play

std::int64_t count_of(std::int64_t asked) {
  return std::clamp<std::int64_t>(asked, 0, kMostReceived);
}

std::vector<std::string_view> words(std::string_view text, char separator) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const auto end = text.find(separator);
    if (end != 0) all.push_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return all;
}

SocketId id_of(std::string_view digits) {
  SocketId id = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), id);
  return id;
}

bool failed_at_once(const CCall& call) {
  return call.returned != nullptr && call.returned->error != 0 && !call.returned->interrupted;
}

}  // namespace

void CCalls::name(SocketId socket, const std::string& name) {
  Facts& facts = sockets_[socket];
  if (facts.name.empty()) facts.name = names_.fresh(Identifiers(reserved_in_c, true).of(name));
}

void CCalls::opened(const event::SocketOpened& e) {
  Facts& facts = sockets_[e.socket];
  facts.from = e.from;
  facts.how = e.how;
}

std::string CCalls::socket(SocketId id) {
  Facts& facts = sockets_[id];
  if (facts.name.empty()) facts.name = names_.fresh(fmt::format("s{}", id));
  needs_.sockets.insert(facts.name);
  return facts.name;
}

std::string CCalls::told(const CCall& call, const std::string& expression) const {
  if (!tells_) return expression + ";";
  return fmt::format("told({}, \"{}\", {});", line_, info(call.entered->name).python, expression);
}

std::string CCalls::told_bytes(const CCall& call, const std::string& expression) {
  const std::int64_t size = count_of(call.entered->args.numbers[0]);
  needs_.buffer = std::max(needs_.buffer, static_cast<std::size_t>(size));
  if (!tells_) return expression + ";";
  return fmt::format("told_bytes({}, \"{}\", {}, buffer, {});", line_, info(call.entered->name).python,
                     expression, size);
}

std::string CCalls::seconds_of(SocketId id) const {
  const auto found = sockets_.find(id);
  return seconds_text(found == sockets_.end() ? -1 : found->second.timeout);
}

std::string CCalls::with_timeout(const CCall& call, const char* events, const std::string& expression) {
  if (sockets_[call.entered->socket].timeout <= 0) return expression;
  needs_.timeouts = true;
  return fmt::format("within({}, {}, {}) ? {} : -1", socket(call.entered->socket), events,
                     seconds_of(call.entered->socket), expression);
}

// "bytes", length.
std::string CCalls::data(const Blob& data) {
  if (!data.cut()) return fmt::format("{}, {}", c_string(data.view()), data.view().size());
  needs_.data = true;
  const std::size_t period = repeats_every(data);
  const std::string_view known = period > 0 ? data.view().substr(0, period) : data.view();
  return fmt::format("{}({}, {}, {}), {}", period > 0 ? "repeated" : "padded", c_string(known), known.size(),
                     data.total(), data.total());
}

std::string CCalls::address(const CCall& call) {
  needs_.addresses = true;
  const Address& to = call.entered->args.address.get();
  const std::string born = port_(to.port);
  return "struct address to = " + c_address(to, born.empty() ? std::to_string(to.port) : born) + ";";
}

std::vector<std::string> CCalls::no_call(const CCall& call, const std::string& why) const {
  return {fmt::format("// {}: {}", info(call.entered->name).python, why)};
}

std::vector<std::string> CCalls::makes(const CCall& call, const std::string& expression) {
  const SocketId made = call.returned == nullptr ? 0 : call.returned->makes;
  if (made == 0) return {told(call, expression)};
  sockets_[made].timeout = default_timeout_;
  sockets_[made].closed = false;
  std::string assigned =
      fmt::format("{} = {}{}", socket(made), tells_ ? "(int)" : "", told(call, expression));
  if (default_timeout_ < 0) return {std::move(assigned)};
  return {std::move(assigned), fmt::format("ioctl({}, FIONBIO, &(int){{1}});", socket(made))};
}

std::vector<std::string> CCalls::opens(const CCall& call) {
  const Numbers& n = call.entered->args.numbers;
  const SocketId made = call.returned == nullptr ? 0 : call.returned->makes;
  const Facts facts = sockets_[made];
  switch (call.entered->name) {
    case Call::socket:
      if (n[3] > 0 && made == 0)
        return no_call(call, "the descriptor of its fileno is not a socket of this program");
      if (made != 0 && facts.how == SocketHow::adopted) {
        const std::string from = socket(facts.from) + (sockets_[facts.from].closed ? "_number" : "");
        if (sockets_[facts.from].closed) needs_.sockets.insert(from);
        return {fmt::format("{} = {};  // socket(fileno=…): the same descriptor", socket(made), from)};
      }
      return makes(call, fmt::format("socket({}, {} | SOCK_CLOEXEC, {})", number_name("AF", n[0]),
                                     number_name("SOCK", n[1]), number_name("IPPROTO", n[2])));
    case Call::fromfd:
    case Call::dup: {
      const SocketId from = call.entered->name == Call::dup ? call.entered->socket : facts.from;
      if (from == 0) return no_call(call, "the descriptor is not a socket of this program");
      return makes(call, fmt::format("fcntl({}, F_DUPFD_CLOEXEC, 0)", socket(from)));
    }
    case Call::socketpair: {
      std::vector<std::string> all{
          "int pair[2] = {-1, -1};",
          told(call, fmt::format("socketpair({}, {} | SOCK_CLOEXEC, {}, pair)", number_name("AF", n[0]),
                                 number_name("SOCK", n[1]), number_name("IPPROTO", n[2])))};
      if (made == 0) return all;
      all.push_back(fmt::format("{} = pair[0];", socket(made)));
      all.push_back(fmt::format("{} = pair[1];", socket(call.returned->also_makes)));
      return all;
    }
    default:
      break;
  }
  const std::string one = fmt::format("accept4({}, NULL, NULL, SOCK_CLOEXEC)", socket(call.entered->socket));
  return makes(call, with_timeout(call, "POLLIN", one));
}

std::vector<std::string> CCalls::closes(const CCall& call) {
  const SocketId id = call.entered->socket;
  if (call.entered->name == Call::detach) {
    if (call.closed.empty()) return no_call(call, "it was closed before");
    const std::string number = socket(id) + "_number";
    needs_.sockets.insert(number);
    sockets_[id].closed = true;
    return {fmt::format("{} = {};  // detach: the descriptor stays open", number, socket(id)),
            fmt::format("{} = -1;", socket(id))};
  }
  if (call.closed.empty() && !failed_at_once(call)) return no_call(call, "closed before, nothing is called");
  std::vector<std::string> all{told(call, fmt::format("close({})", socket(id)))};
  for (const SocketId closed : call.closed) {
    sockets_[closed].closed = true;
    all.push_back(socket(closed) + " = -1;");
  }
  return all;
}

std::vector<std::string> CCalls::names(const CCall& call) {
  const std::string own = socket(call.entered->socket);
  const std::int64_t timeout = sockets_[call.entered->socket].timeout;
  switch (call.entered->name) {
    case Call::bind:
      return {address(call), told(call, fmt::format("bind({}, OF(to))", own))};
    case Call::connect:
    case Call::connect_ex: {
      std::string made = fmt::format("connect({}, OF(to))", own);
      if (timeout > 0) {
        needs_.timeouts = true;
        made = fmt::format("connect_within({}, OF(to), {})", own, seconds_text(timeout));
      }
      const bool number = call.entered->name == Call::connect_ex;
      return {address(call), told(call, number ? made + " == 0 ? 0 : errno" : made)};
    }
    case Call::listen:
      return {
          told(call, fmt::format("listen({}, {})", own, static_cast<int>(call.entered->args.numbers[0])))};
    case Call::shutdown:
      return {told(call,
                   fmt::format("shutdown({}, {})", own, number_name("SHUT", call.entered->args.numbers[0])))};
    default:
      break;
  }
  needs_.addresses = true;
  return {"struct address who = {.size = sizeof who.is};",
          told(call, fmt::format("{}({}, (struct sockaddr *)&who.is, &who.size)",
                                 info(call.entered->name).python, own))};
}

// A struct msghdr of what sendmsg sends.
std::string CCalls::message(const CCall& call) {
  const Args& args = call.entered->args;
  std::string parts;
  std::size_t count = 0, at = 0;
  for (const std::string_view length : words(args.text.view(), ' ')) {
    if (args.data.cut()) break;
    const std::string_view part =
        args.data.view().substr(std::min(at, args.data.view().size()), id_of(length));
    parts += fmt::format("{}{{{}, {}}}", count == 0 ? "" : ", ", c_string(part), part.size());
    at += part.size();
    ++count;
  }
  if (count == 0) parts = fmt::format("{{{}}}", data(args.data)), count = 1;
  const std::string to =
      args.address.there() != nullptr ? ".msg_name = &to.is, .msg_namelen = to.size, " : "";
  return fmt::format("&(struct msghdr){{{}.msg_iov = (struct iovec[]){{{}}}, .msg_iovlen = {}}}", to, parts,
                     count);
}

std::vector<std::string> CCalls::moves(const CCall& call) {
  const Args& args = call.entered->args;
  const std::string own = socket(call.entered->socket);
  const auto receives = [&](const std::string& made) {
    if (args.numbers[0] < 0) return no_call(call, "a negative size is refused before the call");
    return std::vector<std::string>{told_bytes(call, with_timeout(call, "POLLIN", made))};
  };
  const auto sends = [&](const std::string& made) { return told(call, with_timeout(call, "POLLOUT", made)); };
  const std::int64_t size = count_of(args.numbers[0]);
  switch (call.entered->name) {
    case Call::send:
      return {sends(fmt::format("send({}, {}, {})", own, data(args.data), flags_of(args.numbers[0])))};
    case Call::sendall:
      needs_.sends = needs_.timeouts = true;
      return {told(call, fmt::format("send_all({}, {}, {}, {})", own, data(args.data),
                                     flags_of(args.numbers[0]), seconds_of(call.entered->socket)))};
    case Call::sendto:
      return {address(call), sends(fmt::format("sendto({}, {}, {}, OF(to))", own, data(args.data),
                                               flags_of(args.numbers[0])))};
    case Call::sendmsg: {
      const std::string made =
          fmt::format("sendmsg({}, {}, {})", own, message(call), flags_of(args.numbers[0]));
      if (args.address.there() == nullptr) return {sends(made)};
      return {address(call), sends(made)};
    }
    case Call::recv:
      if (size == 0) return no_call(call, "nothing is asked for, nothing is called");
      return receives(fmt::format("recv({}, buffer, {}, {})", own, size, flags_of(args.numbers[1])));
    case Call::recvfrom:
      return receives(
          fmt::format("recvfrom({}, buffer, {}, {}, NULL, NULL)", own, size, flags_of(args.numbers[1])));
    case Call::recvmsg:
      return receives(fmt::format(
          "recvmsg({}, &(struct msghdr){{.msg_iov = &(struct iovec){{buffer, {}}}, .msg_iovlen = 1}}, {})",
          own, size, flags_of(args.numbers[1])));
    default:
      break;
  }
  const auto [asked, flags, length, unused3, unused4] = args.numbers;
  if (asked < 0 || asked > length) return no_call(call, "the size does not fit: refused before the call");
  const std::int64_t taken = count_of(asked == 0 ? length : asked);
  if (taken == 0) return no_call(call, "nothing is asked for, nothing is called");
  needs_.buffer = std::max(needs_.buffer, static_cast<std::size_t>(taken));
  return {told(call, with_timeout(call, "POLLIN",
                                  fmt::format("recv({}, buffer, {}, {})", own, taken, flags_of(flags))))};
}

std::vector<std::string> CCalls::options(const CCall& call) {
  const Args& args = call.entered->args;
  const auto& n = args.numbers;
  const SocketId id = call.entered->socket;
  const bool done = call.returned == nullptr || call.returned->error == 0;
  switch (call.entered->name) {
    case Call::setdefaulttimeout:
      if (done) default_timeout_ = std::max<std::int64_t>(n[0], -1);
      return no_call(call, "Python's own, new sockets do not block from now on if it is not None");
    case Call::settimeout:
    case Call::setblocking: {
      const std::int64_t timeout = call.entered->name == Call::settimeout ? n[0] : n[0] != 0 ? -1 : 0;
      if (done) sockets_[id].timeout = timeout;
      return {told(call, fmt::format("ioctl({}, FIONBIO, &(int){{{}}})", socket(id), timeout >= 0 ? 1 : 0))};
    }
    case Call::setsockopt: {
      const std::string value =
          n[3] == 0 ? fmt::format("&(int){{{}}}, sizeof(int)", static_cast<int>(n[2])) : data(args.data);
      return {told(call, fmt::format("setsockopt({}, {}, {}, {})", socket(id), level_name(n[0]),
                                     option_name(n[0], n[1]), value))};
    }
    default:
      break;
  }
  if (n[2] < 0 || n[2] > 1024) return no_call(call, "the length is refused before the call");
  if (n[2] == 0)
    return {"int value = 0;", "socklen_t size = sizeof value;",
            told(call, fmt::format("getsockopt({}, {}, {}, &value, &size) == 0 ? value : -1", socket(id),
                                   level_name(n[0]), option_name(n[0], n[1])))};
  return {fmt::format("char value[{}];", n[2]), "socklen_t size = sizeof value;",
          fmt::format("int got = getsockopt({}, {}, {}, value, &size);", socket(id), level_name(n[0]),
                      option_name(n[0], n[1])),
          fmt::format("told_bytes({}, \"getsockopt\", got == 0 ? (ssize_t)size : -1, value, sizeof value);",
                      line_)};
}

std::string CCalls::list(std::string_view ids) {
  std::string all;
  for (const std::string_view id : words(ids, ' ')) all += socket(id_of(id)) + ", ";
  return "(int[]){" + all + "-1}";
}

std::vector<std::string> CCalls::waits(const CCall& call) {
  const Args& args = call.entered->args;
  if (call.entered->name == Call::select) {
    if (failed_at_once(call) && call.returned->error == 22)
      return no_call(call, "a closed socket is refused before the call");
    std::string_view rest = args.text.view();
    std::string lists;
    for (int i = 0; i < 3; ++i) {
      const std::string_view one = rest.substr(0, rest.find('|'));
      lists += list(one) + ", ";
      rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    }
    needs_.ready = true;
    return {told(call, fmt::format("select_of({}{})", lists, seconds_text(args.numbers[0])))};
  }
  std::string watched;
  std::size_t count = 0;
  for (const std::string_view pair : words(args.text.view(), ' ')) {
    const auto colon = std::min(pair.find(':'), pair.size() - 1);
    const SocketId id = id_of(pair.substr(0, colon));
    watched += fmt::format("{}{{{}, {}, 0}}", count++ == 0 ? "" : ", ",
                           sockets_[id].closed ? "0x7fffffff" : socket(id), id_of(pair.substr(colon + 1)));
  }
  const auto milliseconds = std::clamp<std::int64_t>(args.numbers[0], -1, 0x7fffffff);
  if (count == 0) return {told(call, fmt::format("poll(NULL, 0, {})", milliseconds))};
  return {told(call, fmt::format("poll((struct pollfd[]){{{}}}, {}, {})", watched, count, milliseconds))};
}

std::vector<std::string> CCalls::file(const CCall& call) {
  const Args& args = call.entered->args;
  const std::string name(args.text.view());
  if (!needs_.written.contains(name)) return no_call(call, "left out, the file is not in the recording");
  needs_.files = true;
  const std::string made = fmt::format("sendfile({}, file, &at, {})", socket(call.entered->socket),
                                       std::max<std::int64_t>(args.numbers[1], 0));
  return {fmt::format("int file = open({}, O_RDONLY | O_CLOEXEC);", c_string(name)),
          fmt::format("off_t at = {};", args.numbers[0]),
          fmt::format("told({}, \"sendfile\", {});", line_, with_timeout(call, "POLLOUT", made)),
          "close(file);"};
}

std::vector<std::string> CCalls::write(std::size_t line, const CCall& call, const PortName& port) {
  line_ = line;
  port_ = port;
  switch (call.entered->name) {
    case Call::socket:
    case Call::socketpair:
    case Call::fromfd:
    case Call::dup:
    case Call::accept:
      return opens(call);
    case Call::close:
    case Call::detach:
      return closes(call);
    case Call::bind:
    case Call::connect:
    case Call::connect_ex:
    case Call::listen:
    case Call::shutdown:
    case Call::getsockname:
    case Call::getpeername:
      return names(call);
    case Call::send:
    case Call::sendall:
    case Call::sendto:
    case Call::sendmsg:
    case Call::recv:
    case Call::recv_into:
    case Call::recvfrom:
    case Call::recvmsg:
      return moves(call);
    case Call::setsockopt:
    case Call::getsockopt:
    case Call::settimeout:
    case Call::setblocking:
    case Call::setdefaulttimeout:
      return options(call);
    case Call::select:
    case Call::poll:
      return waits(call);
    case Call::create_connection:
    case Call::create_server:
      return no_call(call, "made of these calls");
    case Call::getaddrinfo:
    case Call::gethostbyname:
      return no_call(call, "the names were looked up, their addresses stand below");
    case Call::sendfile:
      return no_call(call, "made of these calls");
    case Call::os_sendfile:
      return file(call);
    default:
      return no_call(call, "no system call is made");
  }
}

}  // namespace sockscope::exporting
