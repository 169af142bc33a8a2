#include "cli/result_json.h"

#include "cli/json.h"

namespace sockscope::cli {
namespace {

void put_address(Json& json, const char* key, const Address& address) {
  json.key(key);
  if (address.known()) {
    json.string(to_text(address));
  } else {
    json.null();
  }
}

void put_number(Json& json, const char* key, std::int64_t value, bool known = true) {
  json.key(key);
  if (known) {
    json.number(value);
  } else {
    json.null();
  }
}

void put_text(Json& json, const char* key, std::string_view text) {
  json.key(key);
  if (text.empty()) {
    json.null();
  } else {
    json.string(text);
  }
}

void put_socket(Json& json, const SocketState& socket) {
  const bool listens = socket.backlog >= 0 || socket.state == TcpState::LISTEN;
  json.begin_object();
  put_number(json, "id", socket.id);
  json.key("names").begin_array();
  for (const std::string& name : socket.names) json.string(name);
  json.end_array();
  json.key("family").string(constant_name("AF", socket.family));
  json.key("type").string(constant_name("SOCK", socket.type));
  put_number(json, "protocol", socket.protocol);
  json.key("state").string(name_of(socket.state));
  put_address(json, "local", socket.local);
  put_address(json, "peer", socket.peer);
  put_number(json, "peer_id", socket.peer_id, socket.peer_id != 0);
  put_number(json, "accept_queue", socket.accept_queue, listens);
  put_number(json, "backlog", socket.backlog, listens);
  put_number(json, "syn_queue", socket.syn_queue, listens);
  put_number(json, "recv_queue", socket.recv_queue);
  put_number(json, "send_queue", socket.send_queue);
  json.key("open").boolean(socket.open);
  put_text(json, "host", socket.host);
  put_number(json, "fd", socket.fd, socket.open && socket.fd >= 0);
  json.end_object();
}

std::string_view name_of_role(ThreadRole role) {
  switch (role) {
    case ThreadRole::play:
      return "play";
    case ThreadRole::accept:
      return "accept";
    case ThreadRole::client:
      return "client";
    case ThreadRole::load:
      return "load";
  }
  return "";
}

void put_thread(Json& json, const ThreadState& thread) {
  json.begin_object();
  json.key("name").string(thread.name);
  put_text(json, "host", thread.host);
  put_text(json, "server", thread.server);
  json.key("role").string(name_of_role(thread.role));
  put_text(
      json, "blocked_in",
      thread.blocked && !thread.calls.empty() ? info(thread.calls.front().name).python : std::string_view());
  json.key("alive").boolean(thread.alive);
  json.end_object();
}

void put_expectations(Json& json, const std::vector<Runner::ExpectationResult>& expectations) {
  json.key("expectations").begin_array();
  for (const Runner::ExpectationResult& expectation : expectations) {
    json.begin_object();
    put_number(json, "line", expectation.line);
    json.key("text").string(expectation.text);
    json.key("ok").boolean(expectation.ok);
    json.key("saw").string(expectation.saw);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string result_json(bool ok, const std::vector<Runner::ExpectationResult>& expectations,
                        const State& state) {
  Json json;
  json.begin_object();
  json.key("ok").boolean(ok);
  put_expectations(json, expectations);
  json.key("state").begin_object().key("sockets").begin_array();
  for (const SocketState& socket : state.sockets()) {
    if (socket.id != 0) put_socket(json, socket);
  }
  json.end_array().key("threads").begin_array();
  for (const ThreadState& thread : state.threads()) {
    if (thread.id != 0) put_thread(json, thread);
  }
  json.end_array().end_object().key("notices").begin_array();
  for (const event::Notice& notice : state.notices()) {
    json.begin_object();
    json.key("code").string(notice.code.view());
    json.key("text").string(notice.text.view());
    json.end_object();
  }
  json.end_array().end_object();
  return json.text();
}

}  // namespace sockscope::cli
