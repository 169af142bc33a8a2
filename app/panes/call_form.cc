#include "panes/call_form.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "panes/stage_actions.h"

namespace sockscope {

namespace call_forms {

bool moves_bytes(const CallInfo& call) {
  const auto carries = [](const Param& param) {
    return param.kind == ParamKind::bytes || param.kind == ParamKind::buffers ||
           param.kind == ParamKind::buffer || param.kind == ParamKind::file;
  };
  return call.result == ResultKind::bytes || call.result == ResultKind::bytes_and_address ||
         call.result == ResultKind::message || std::any_of(call.params.begin(), call.params.end(), carries);
}

bool is_setting(const CallInfo& call) {
  const auto sets = [](const Param& param) {
    return param.kind == ParamKind::seconds || param.kind == ParamKind::boolean || param.group == "SOL";
  };
  return call.result == ResultKind::seconds || call.result == ResultKind::boolean ||
         std::any_of(call.params.begin(), call.params.end(), sets);
}

bool about_address(const CallInfo& call) {
  const auto is_address = [](const Param& param) { return param.kind == ParamKind::address; };
  return call.result == ResultKind::address ||
         std::any_of(call.params.begin(), call.params.end(), is_address);
}

bool makes(const CallInfo& call) {
  return call.result == ResultKind::socket || call.result == ResultKind::two_sockets;
}

constexpr std::array kOfModule = {CallGroup::make, CallGroup::look_up, CallGroup::several};
constexpr std::array kOfSocket = {CallGroup::address, CallGroup::life, CallGroup::data, CallGroup::options};

int family_of(const State& state, SocketId id) {
  const SocketState* socket = state.socket(id);
  return socket == nullptr ? AF_INET : socket->family;
}

// The family whose addresses the call takes: its socket's, or the one its own field says.
int address_family(const State& state, const CallDraft& draft) {
  if (draft.socket != 0) return family_of(state, draft.socket);
  const auto params = info(draft.call).params;
  for (std::size_t i = 0; i < params.size() && i < draft.fields.size(); ++i) {
    if (params[i].group != "AF") continue;
    return static_cast<int>(constant(draft.fields[i].text).value_or(params[i].absent.value_or(AF_INET)));
  }
  return AF_INET;
}

FieldKind kind_of_address(int family) {
  if (family == AF_INET || family == AF_INET6) return FieldKind::inet;
  return family == AF_UNIX ? FieldKind::unix_path : FieldKind::expression;
}

}  // namespace call_forms

CallGroup group_of(const CallInfo& call) {
  using namespace call_forms;
  if (call.owner == Owner::select_module || call.owner == Owner::poll_object) return CallGroup::several;
  if (call.owner == Owner::socket_module) return makes(call) ? CallGroup::make : CallGroup::look_up;
  if (moves_bytes(call)) return CallGroup::data;
  if (is_setting(call)) return CallGroup::options;
  return about_address(call) ? CallGroup::address : CallGroup::life;
}

std::string_view name_of(CallGroup group) {
  switch (group) {
    case CallGroup::make:
      return "make";
    case CallGroup::look_up:
      return "look up";
    case CallGroup::several:
      return "several";
    case CallGroup::address:
      return "address";
    case CallGroup::data:
      return "data";
    case CallGroup::life:
      return "life";
    case CallGroup::options:
      return "options";
  }
  return "";
}

std::vector<const CallInfo*> calls_of(CallGroup group) {
  std::vector<const CallInfo*> out;
  for (const CallInfo& call : catalogue()) {
    if (call.owner != Owner::inner && group_of(call) == group) out.push_back(&call);
  }
  return out;
}

std::span<const CallGroup> groups_of(bool of_a_socket) {
  if (of_a_socket) return call_forms::kOfSocket;
  return call_forms::kOfModule;
}

FieldKind field_kind(const State& state, const CallDraft& draft, std::size_t field) {
  const Param& param = info(draft.call).params[field];
  switch (param.kind) {
    case ParamKind::integer:
      if (param.group == "MSG" || param.group == "AI") return FieldKind::flags;
      return param.group.empty() ? FieldKind::number : FieldKind::choice;
    case ParamKind::boolean:
      return FieldKind::yes_no;
    case ParamKind::seconds:
    case ParamKind::milliseconds:
      return FieldKind::wait;
    case ParamKind::address:
      return call_forms::kind_of_address(call_forms::address_family(state, draft));
    case ParamKind::bytes:
      return FieldKind::bytes;
    case ParamKind::buffer:
      return FieldKind::buffer;
    case ParamKind::text:
    case ParamKind::host:
      return FieldKind::text;
    case ParamKind::port:
      return FieldKind::port;
    case ParamKind::target:
      return FieldKind::host_port;
    case ParamKind::file:
      return FieldKind::file;
    case ParamKind::sockets:
      return FieldKind::names;
    case ParamKind::watched:
      return FieldKind::watched;
    case ParamKind::buffers:
    case ParamKind::option:
      break;
  }
  return FieldKind::expression;
}

std::vector<std::string> address_offers(const Scene& scene, SocketId socket) {
  const SocketState* own = scene.end.socket(socket);
  const int family = own == nullptr ? AF_INET : own->family, type = own == nullptr ? SOCK_STREAM : own->type;
  std::vector<std::string> out;
  if (family == AF_INET && type == SOCK_STREAM) {
    for (const ServerState& server : scene.end.servers()) {
      if (server.id != 0 && server.running) out.push_back(server.name + ".server_address");
    }
  }
  // The newest first.
  std::reverse(out.begin(), out.end());
  const auto servers = static_cast<std::ptrdiff_t>(out.size());
  for (const SocketState& other : scene.end.sockets()) {
    const bool fits = other.id != 0 && other.id != socket && other.open && !other.names.empty() &&
                      other.family == family && other.type == type;
    const bool reached =
        type == SOCK_STREAM || type == SOCK_SEQPACKET ? other.backlog >= 0 : other.local.known();
    if (fits && reached) out.push_back(other.names.back() + ".getsockname()");
  }
  std::reverse(out.begin() + servers, out.end());
  if (out.size() > 6) out.resize(6);
  return out;
}

}  // namespace sockscope
