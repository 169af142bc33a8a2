#include "net/calls_page.h"

#include <fmt/format.h>

#include <span>
#include <string_view>

#include "net/call_errors.h"
#include "net/catalogue.h"
#include "net/names.h"

namespace sockscope {
namespace {

struct Family {
  std::string_view title;
  std::span<const Call> calls;
};

constexpr Call kMaking[] = {Call::socket,        Call::socketpair, Call::create_connection,
                            Call::create_server, Call::dup,        Call::fromfd};
constexpr Call kConnections[] = {Call::bind, Call::listen, Call::accept, Call::connect, Call::connect_ex};
constexpr Call kSending[] = {Call::send,    Call::sendall,  Call::sendto,
                             Call::sendmsg, Call::sendfile, Call::os_sendfile};
constexpr Call kReceiving[] = {Call::recv, Call::recv_into, Call::recvfrom, Call::recvmsg};
constexpr Call kEnding[] = {Call::shutdown, Call::close, Call::detach};
constexpr Call kNames[] = {Call::getaddrinfo, Call::gethostbyname, Call::getsockname, Call::getpeername};
constexpr Call kWaiting[] = {
    Call::settimeout,        Call::gettimeout,        Call::setblocking, Call::getblocking,
    Call::setdefaulttimeout, Call::getdefaulttimeout, Call::select,      Call::poll,
    Call::epoll_create,      Call::epoll_ctl,         Call::epoll_wait};
constexpr Call kOptions[] = {Call::setsockopt, Call::getsockopt, Call::fileno};
constexpr Family kFamilies[] = {{"Making sockets", kMaking}, {"Addresses and connections", kConnections},
                                {"Sending", kSending},       {"Receiving", kReceiving},
                                {"Ending", kEnding},         {"Names", kNames},
                                {"Waiting", kWaiting},       {"Options and descriptors", kOptions}};

constexpr std::string_view kPageHead =
    R"(# The calls

Every socket call that a play line, a form or a click can make. This page is written from the catalogue
(`core/net/catalogue.cc`, `core/net/call_errors.cc`), which the parser, the forms, the narration and the exported programs
read too; a test holds the two equal, and writes the page anew when `SOCKSCOPE_WRITE=1`.

The calls are real and are made on this machine. Any call may be tried on any socket: what does not fit runs and fails, and the
error is explained. Three things hold for all of them:

- **Time.** A socket has a timeout: `None` waits as long as it takes, `0` never waits (`BlockingIOError`, EAGAIN), any other number of
  seconds waits at most so long and then raises `TimeoutError: timed out`. Python keeps it with poll(2) before the call; C has no
  such thing, but `SO_RCVTIMEO` and poll.
- **Errors.** The kernel's error becomes an exception of Python: `OSError` or the subclass named below. `[Errno 111]` is Linux's number; a text
  for Windows gives another one, 10061.
- **Addresses.** `('127.0.0.1', 9999)` of AF_INET, `('::1', 9999)` or with flow and scope of AF_INET6, a path or an abstract name (`'\0name'`)
  of AF_UNIX.

)";

std::string_view owner_prefix(const CallInfo& call) {
  switch (call.owner) {
    case Owner::socket_module:
      return "socket.";
    case Owner::socket:
      return "s.";
    case Owner::select_module:
      return "select.";
    case Owner::poll_object:
      return "p.";
    case Owner::inner:
      break;
  }
  return "";
}

std::string default_of(const Param& param) {
  if (!param.absent) return "None";
  if (param.kind == ParamKind::boolean) return *param.absent != 0 ? "True" : "False";
  if (param.kind == ParamKind::seconds)
    return *param.absent == kDefaultTimeout ? "getdefaulttimeout()" : python_seconds(*param.absent);
  if (*param.absent == -1) return "None";
  const std::string named = param.group.empty() ? "" : constant_name(param.group, *param.absent);
  const bool is_name = !named.empty() && named.find('_') != named.npos && *param.absent != 0;
  return is_name ? named : fmt::format("{}", *param.absent);
}

bool may_be_left_out(const Param& param) {
  return param.absent.has_value() || param.optional;
}

// "s.sendto(data[, flags], address)": what may be left out before what may not stands in brackets.
std::string spelling(const CallInfo& call) {
  std::string text;
  bool starred = false;
  for (std::size_t i = 0; i < call.params.size(); ++i) {
    const Param& param = call.params[i];
    if (param.kind == ParamKind::watched) continue;  // the poll object has them
    const bool before_needed =
        may_be_left_out(param) && i + 1 < call.params.size() && !may_be_left_out(call.params[i + 1]);
    const std::string comma = text.empty() ? "" : ", ";
    if (before_needed) {
      text += fmt::format("[{}{}]", comma, param.name);
      continue;
    }
    if (param.keyword_only && !starred) text += comma + "*";
    starred = starred || param.keyword_only;
    text += text.empty() ? "" : ", ";
    text += param.name;
    if (may_be_left_out(param)) text += "=" + default_of(param);
  }
  return fmt::format("{}{}({})", owner_prefix(call), call.python, text);
}

std::string_view type_of(const Param& param) {
  switch (param.kind) {
    case ParamKind::integer:
      return "int";
    case ParamKind::boolean:
      return "bool";
    case ParamKind::seconds:
    case ParamKind::milliseconds:
      return "number or None";
    case ParamKind::address:
      return "address of the socket's family";
    case ParamKind::bytes:
      return "bytes";
    case ParamKind::buffers:
      return "list of bytes";
    case ParamKind::buffer:
      return "bytearray";
    case ParamKind::text:
      return "str";
    case ParamKind::host:
      return "str, bytes or None";
    case ParamKind::port:
      return "int, str or None";
    case ParamKind::target:
      return "(host, port)";
    case ParamKind::option:
      return "int or bytes";
    case ParamKind::file:
      return "file opened with 'rb'";
    case ParamKind::sockets:
      return "list of sockets";
    case ParamKind::watched:
      return "sockets and events, by p.register()";
  }
  return "";
}

std::string constants_of(const Param& param) {
  return param.group.empty() ? std::string() : fmt::format(", {}_…", param.group);
}

void add_parameters(std::string& page, const CallInfo& call) {
  if (call.params.empty()) return;
  page += "\n| parameter | type | default | unit |\n| --- | --- | --- | --- |\n";
  for (const Param& param : call.params) {
    const std::string absent = may_be_left_out(param) ? "`" + default_of(param) + "`" : std::string("needed");
    const std::string_view only = param.keyword_only ? ", by name only" : "";
    page += fmt::format("| `{}` | {}{}{} | {} | {} |\n", param.name, type_of(param), constants_of(param),
                        only, param.kind == ParamKind::watched ? "" : absent, param.unit);
  }
}

std::string_view result_of(const CallInfo& call) {
  switch (call.result) {
    case ResultKind::none:
      return "None";
    case ResultKind::integer:
      return "int";
    case ResultKind::boolean:
      return "bool";
    case ResultKind::seconds:
      return "seconds as a float, or None";
    case ResultKind::bytes:
      return "bytes";
    case ResultKind::text:
      return "str";
    case ResultKind::address:
      return "address";
    case ResultKind::socket:
      return "a new socket";
    case ResultKind::socket_and_address:
      return "(a new socket, the peer's address)";
    case ResultKind::two_sockets:
      return "(one end, the other end)";
    case ResultKind::bytes_and_address:
      return "(bytes, the sender's address)";
    case ResultKind::message:
      return "(bytes, ancillary data, flags, the sender's address)";
    case ResultKind::option:
      return "int, or bytes when buflen is given";
    case ResultKind::addresses:
      return "list of (family, type, proto, canonname, address)";
    case ResultKind::ready:
      return "(readable, writable, exceptional): three lists of sockets";
    case ResultKind::events:
      return "list of (descriptor, events)";
  }
  return "";
}

std::string types_of(const CallInfo& call) {
  if (call.types == fits::any) return "any";
  constexpr std::pair<std::uint8_t, std::string_view> kTypes[] = {{fits::stream, "SOCK_STREAM"},
                                                                  {fits::dgram, "SOCK_DGRAM"},
                                                                  {fits::seqpacket, "SOCK_SEQPACKET"},
                                                                  {fits::raw, "SOCK_RAW"},
                                                                  {fits::rdm, "SOCK_RDM"}};
  std::string text;
  for (const auto& [bit, name] : kTypes) {
    if ((call.types & bit) == 0) continue;
    text += text.empty() ? "" : ", ";
    text += name;
  }
  return text;
}

std::string in_c(const CallInfo& call) {
  return call.c.empty() ? std::string("none: Python keeps it itself") : fmt::format("`{}`", call.c);
}

std::string blocking_of(const CallInfo& call) {
  if (!call.may_block) return "no";
  std::string text = "it may";
  if (!call.waits_for.empty()) text += fmt::format("; it waits for {}", call.waits_for);
  if (!call.freed_by.empty()) text += fmt::format("; `{}` of a peer lets it go on", call.freed_by);
  return text;
}

void add_errors(std::string& page, const CallInfo& call) {
  const auto errors = errors_of(call.call);
  if (errors.empty()) {
    page += "\nNo error of the kernel comes from it.\n";
    return;
  }
  page += "\n| error | number | exception | what it means here |\n| --- | --- | --- | --- |\n";
  for (const ErrorCase& error : errors) {
    page += fmt::format("| {} | {} | `{}` | {} |\n", error_name(error.error), error.error,
                        error.error < 0 ? "gaierror" : python_exception(error.error), error.means);
  }
}

void add_call(std::string& page, const CallInfo& call) {
  page += fmt::format("\n### {}\n\n", call.python);
  page += call.owner == Owner::inner
              ? fmt::format("{} Not for a learner to type: {}.\n\n", call.does,
                            call.call == Call::os_sendfile ? "it is the inner call of `sendfile`"
                                                           : "a server of the model `epoll` makes it")
              : fmt::format("`{}`\n\n{}\n\n", spelling(call), call.does);
  page += fmt::format("- Result: {}\n- In C: {}\n- Sockets: {}\n- Blocks: {}\n- Manual: {}\n",
                      result_of(call), in_c(call), types_of(call), blocking_of(call), call.man);
  add_parameters(page, call);
  add_errors(page, call);
}

// A heading's link, as web pages of Markdown make it.
std::string anchor(std::string_view heading) {
  std::string text;
  for (const char c : heading)
    if (c != '.') text += c;
  return text;
}

}  // namespace

std::string calls_page() {
  std::string page(kPageHead);
  page += "| for | calls |\n| --- | --- |\n";
  for (const Family& family : kFamilies) {
    std::string links;
    for (const Call call : family.calls) {
      const std::string_view name = info(call).python;
      links += fmt::format("{}[{}](#{})", links.empty() ? "" : " · ", name, anchor(name));
    }
    page += fmt::format("| {} | {} |\n", family.title, links);
  }
  for (const Family& family : kFamilies) {
    page += fmt::format("\n## {}\n", family.title);
    for (const Call call : family.calls) add_call(page, info(call));
  }
  return page;
}

}  // namespace sockscope
