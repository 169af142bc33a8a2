// What a form says when it opens.
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "panes/call_form.h"
#include "panes/stage_actions.h"

namespace sockscope {

namespace defaults {

// Where this call's address would make sense: where somebody is reached, or a place of its own.
FieldDraft address(const Scene& scene, const CallDraft& draft, int family) {
  const bool own = draft.call == Call::bind || draft.call == Call::create_server;
  FieldDraft out;
  if (!own) {
    const auto offers = address_offers(scene, draft.socket);
    if (!offers.empty()) out.whole = offers.front();
  }
  if (family == AF_UNIX) {
    out.text = "server.sock";
  } else if (family == AF_INET || family == AF_INET6) {
    out.text = family == AF_INET ? "127.0.0.1" : "::1";
    out.more = own ? "0" : "9999";
  } else {
    out.text = family == AF_VSOCK ? "(1, 9999)" : "('lo',)";
  }
  return out;
}

// Open sockets with a name.
std::string open_sockets(const Scene& scene) {
  std::string out;
  for (const SocketState& socket : scene.end.sockets()) {
    if (socket.id == 0 || !socket.open || socket.names.empty()) continue;
    if (!out.empty()) out += ", ";
    out += socket.names.back();
  }
  return out;
}

std::string number(const Scene& scene, const CallDraft& draft, const Param& param) {
  if (param.group == "SHUT") return "SHUT_WR";
  if (param.group == "SOL") return "SOL_SOCKET";
  if (param.group == "SO") return "SO_REUSEADDR";
  if (draft.call == Call::fromfd && !param.absent) {
    for (const SocketState& socket : scene.end.sockets()) {
      if (socket.id == 0 || !socket.open || socket.names.empty()) continue;
      if (param.group == "AF") return constant_name("AF", socket.family);
      if (param.group == "SOCK") return constant_name("SOCK", socket.type);
      return socket.names.back() + ".fileno()";
    }
    return param.group == "AF" ? "AF_INET" : param.group == "SOCK" ? "SOCK_STREAM" : "3";
  }
  if (!param.absent) return param.unit == "bytes" ? "1024" : "0";
  if (*param.absent < 0) return {};                                // not given
  if (param.group == "IPPROTO" && *param.absent == 0) return "0";  // the default, whatever the type
  return param.group.empty() ? fmt::format("{}", *param.absent) : constant_name(param.group, *param.absent);
}

// What is written as Python has it: an address, a list of buffers, an option's value.
FieldDraft expression(const Scene& scene, const CallDraft& draft, const Param& param) {
  FieldDraft out;
  if (param.kind == ParamKind::address && !param.optional) {
    const SocketState* socket = scene.end.socket(draft.socket);
    out = address(scene, draft, socket == nullptr ? AF_INET : socket->family);
  } else if (param.kind == ParamKind::buffers) {
    out.text = "[b'hello, ', b'world\\n']";
  } else if (param.kind == ParamKind::option) {
    out.text = "1";
  }
  return out;
}

FieldDraft host_and_port(const Scene& scene) {
  FieldDraft out{"127.0.0.1", "9999", {}, false};
  const auto offers = address_offers(scene, 0);
  if (!offers.empty()) out.whole = offers.front();
  return out;
}

FieldDraft field(const Scene& scene, const CallDraft& draft, std::size_t index) {
  const Param& param = info(draft.call).params[index];
  const FieldKind kind = field_kind(scene.end, draft, index);
  FieldDraft out;
  switch (kind) {
    case FieldKind::number:
    case FieldKind::choice:
      out.text = number(scene, draft, param);
      break;
    case FieldKind::yes_no:
      out.text = param.absent.value_or(0) != 0 ? "True" : "False";
      break;
    case FieldKind::wait:
      if (!param.absent) out.text = "5";
      break;
    case FieldKind::inet:
    case FieldKind::unix_path:
    case FieldKind::expression:
      return expression(scene, draft, param);
    case FieldKind::bytes:
      out.text = "hello\\n";
      break;
    case FieldKind::text:
      out.text = "localhost";
      break;
    case FieldKind::port:
      out.text = "80";
      break;
    case FieldKind::host_port:
      return host_and_port(scene);
    case FieldKind::names:
      if (index == 0) out.text = open_sockets(scene);
      break;
    case FieldKind::watched:
      return {open_sockets(scene), "select.POLLIN", {}, false};
    case FieldKind::buffer:
      return {"buf", "1024", {}, false};
    case FieldKind::file:
      return {"file.txt", "64k", {}, false};
    case FieldKind::flags:
      break;
  }
  return out;
}

std::string result(const Scene& scene, const CallDraft& draft) {
  switch (info(draft.call).result) {
    case ResultKind::socket:
      return fresh_name(scene, draft.call == Call::create_connection ? "c" : "s");
    case ResultKind::two_sockets:
      return fmt::format("{}, {}", fresh_name(scene, "a"), fresh_name(scene, "b"));
    case ResultKind::socket_and_address:
      return fmt::format("{}, addr", fresh_name(scene, "conn"));
    default:
      return {};
  }
}

// A socket that is gone does not hold its name.
bool taken(const Scene& scene, std::string_view names) {
  const std::size_t end = std::min(names.find(','), names.size());
  const BoundName* bound = scene.end.name(names.substr(0, end));
  if (bound == nullptr) return false;
  if (bound->kind != NameKind::socket) return true;
  const SocketState* socket = scene.end.socket(bound->id);
  return socket != nullptr && socket->open;
}

}  // namespace defaults

CallDraft draft_of(const Scene& scene, Call call, SocketId socket) {
  CallDraft draft;
  draft.call = call;
  draft.socket = info(call).is_method() ? socket : 0;
  const std::size_t count = info(call).params.size();
  for (std::size_t i = 0; i < count; ++i) {
    draft.fields.push_back({});
    draft.fields[i] = defaults::field(scene, draft, i);
  }
  draft.result = draft.proposed = defaults::result(scene, draft);
  return draft;
}

void refresh(const Scene& scene, CallDraft& draft) {
  if (draft.fields.size() != info(draft.call).params.size()) {
    draft = draft_of(scene, draft.call, draft.socket);
  }
  if (draft.result.empty() || draft.result != draft.proposed || !defaults::taken(scene, draft.result)) return;
  draft.result = draft.proposed = defaults::result(scene, draft);
}

std::vector<OptionChoice> option_choices() {
  constexpr std::string_view kYesNo[] = {"SO_REUSEADDR", "SO_REUSEPORT", "SO_KEEPALIVE",     "SO_BROADCAST",
                                         "SO_OOBINLINE", "TCP_NODELAY",  "TCP_CORK",         "TCP_QUICKACK",
                                         "IPV6_V6ONLY",  "IP_HDRINCL",   "IP_MULTICAST_LOOP"};
  constexpr struct {
    std::string_view name, value;
    int length;
  } kSpecial[] = {{"SO_LINGER", "struct.pack('ii', 1, 0)", 8},
                  {"SO_RCVTIMEO", "struct.pack('ll', 1, 0)", 16},
                  {"SO_SNDTIMEO", "struct.pack('ll', 1, 0)", 16},
                  {"IP_ADD_MEMBERSHIP", "struct.pack('8B', 224, 1, 1, 1, 127, 0, 0, 1)", 8},
                  {"TCP_INFO", "0", 104},
                  {"SO_RCVBUF", "4096", 0},
                  {"SO_SNDBUF", "4096", 0},
                  {"IP_TTL", "1", 0}};
  constexpr std::pair<std::string_view, std::string_view> kLevels[] = {
      {"SO", "SOL_SOCKET"}, {"TCP", "IPPROTO_TCP"}, {"IP", "IPPROTO_IP"}, {"IPV6", "IPPROTO_IPV6"}};
  std::vector<OptionChoice> out;
  for (const Constant& option : constants()) {
    for (const auto& [group, level] : kLevels) {
      if (option.group != group) continue;
      OptionChoice choice{level, option.name, "1", false, 0};
      choice.yes_no = std::find(std::begin(kYesNo), std::end(kYesNo), option.name) != std::end(kYesNo);
      for (const auto& special : kSpecial) {
        if (special.name != option.name) continue;
        choice.value = special.value;
        choice.length = special.length;
      }
      out.push_back(choice);
    }
  }
  return out;
}

}  // namespace sockscope
