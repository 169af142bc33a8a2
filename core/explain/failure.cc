#include "explain/failure.h"

#include <algorithm>
#include <cerrno>
#include <string>

namespace sockscope {
namespace {

constexpr std::uint64_t kMostLookedBack = 5'000;  // a call may have been blocked for hours

// create_connection and create_server fail by a call they make: the latest connect, bind or listen of theirs.
const event::CallEntered* failed_inside(const Trace& trace, std::uint64_t entered_seq,
                                        std::uint64_t returned_seq) {
  const auto& outer = std::get<event::CallEntered>(trace[entered_seq].body);
  if (outer.name != Call::create_connection && outer.name != Call::create_server) return nullptr;
  const std::uint64_t least = std::max(
      entered_seq, returned_seq > kMostLookedBack ? returned_seq - kMostLookedBack : std::uint64_t{0});
  for (std::uint64_t seq = returned_seq; seq-- > least + 1;) {
    const auto* inner = std::get_if<event::CallEntered>(&trace[seq].body);
    if (inner == nullptr || inner->thread != outer.thread) continue;
    if (inner->name == Call::connect || inner->name == Call::bind || inner->name == Call::listen)
      return inner;
  }
  return nullptr;
}

void gather(Failure& f, CallId call) {
  const std::uint64_t least = std::max(
      f.entered_seq, f.returned_seq > kMostLookedBack ? f.returned_seq - kMostLookedBack : std::uint64_t{0});
  for (std::uint64_t seq = f.returned_seq; seq-- > least;) {
    const Body& body = f.trace[seq].body;
    if (const auto* held = std::get_if<event::AddressHeld>(&body)) {
      if (held->call == call) f.held.push_back(held);
    } else if (const auto* looked = std::get_if<event::AddressLooked>(&body)) {
      if (looked->call == call) f.looked = looked;
    } else if (const auto* notice = std::get_if<event::Notice>(&body)) {
      f.notices.push_back(notice);
    }
  }
  std::reverse(f.held.begin(), f.held.end());
}

Address address_of(const Failure& f) {
  const Address* given = f.entered.args.address.there();
  const bool target = f.call() == Call::create_connection;  // its address is another one, to come from
  if (given != nullptr && !target) return *given;
  if (f.looked != nullptr) return f.looked->asked;
  if (f.socket == nullptr) return {};
  return f.call() == Call::listen || f.call() == Call::accept ? f.socket->local : f.socket->peer;
}

}  // namespace

std::string place(const Address& address) {
  return plain(to_text(address));
}

std::string thread_name(const State& state, ThreadId thread) {
  const ThreadState* found = state.thread(thread);
  return found == nullptr ? std::string() : plain(found->name);
}

std::string whose(const State& state, SocketId socket, const Translate& tr) {
  const Say say(tr);
  const std::string_view called = state.called(socket);
  if (called.empty()) return say("socket #{0}", socket);
  const SocketState* found = state.socket(socket);
  const std::string thread = found == nullptr ? "" : thread_name(state, found->maker);
  return thread.empty() ? plain(called) : say("{0}'s {1}", thread, plain(called));
}

bool Failure::is_connect() const {
  return call() == Call::connect || call() == Call::connect_ex || call() == Call::create_connection;
}
bool Failure::is_send() const {
  switch (call()) {
    case Call::send:
    case Call::sendall:
    case Call::sendto:
    case Call::sendmsg:
    case Call::sendfile:
    case Call::os_sendfile:
      return true;
    default:
      return false;
  }
}
bool Failure::is_receive() const {
  return call() == Call::recv || call() == Call::recv_into || call() == Call::recvfrom ||
         call() == Call::recvmsg;
}

bool Failure::told(std::string_view code) const {
  return std::any_of(notices.begin(), notices.end(),
                     [&](const event::Notice* notice) { return notice->code.view() == code; });
}

std::string Failure::own() const {
  return socket == nullptr ? say("the socket") : of(socket->id);
}

std::string Failure::own_name() const {
  const std::string_view called = socket == nullptr ? std::string_view() : before.called(socket->id);
  return called.empty() ? std::string("s") : plain(called);
}

std::string Failure::thread() const {
  return thread_name(before, entered.thread);
}

std::string Failure::between() const {
  const std::string pair = say("{0} {1}", "|", "|");
  return pair.size() < 2 ? std::string() : pair.substr(1, pair.size() - 2);
}

void Failure::offer(Cause& cause, std::string label, std::string_view line) const {
  cause.tries.push_back({std::move(label), thread(), sockscope::say(line, own_name())});
}

void Failure::offer_on(Cause& cause, SocketId id, std::string label, std::string_view line) const {
  const SocketState* found = before.socket(id);
  const std::string_view called = before.called(id);
  const std::string on = found == nullptr ? std::string() : thread_name(before, found->maker);
  const ThreadState* maker = before.thread(on);
  if (called.empty() || maker == nullptr || maker->role != ThreadRole::play || !maker->alive) return;
  cause.tries.push_back({std::move(label), on, sockscope::say(line, plain(called))});
}

std::string Failure::holder(const event::AddressHeld& one) const {
  if (one.socket != 0) return of(one.socket);
  if (!one.holder.empty()) return plain(one.holder.view());
  return say("another program of user {0}", one.uid);
}

bool Failure::option_set(const SocketState& of_socket, int level, int option) const {
  return std::any_of(of_socket.options.begin(), of_socket.options.end(), [&](const SetOption& set) {
    return set.level == level && set.option == option && set.value != 0;
  });
}

std::optional<Failure> failure_at(const Trace& trace, const State& before, std::uint64_t returned,
                                  const Translate& tr) {
  if (returned >= trace.size()) return std::nullopt;
  const auto* back = std::get_if<event::CallReturned>(&trace[returned].body);
  const ThreadState* thread = back == nullptr ? nullptr : before.thread(back->thread);
  if (thread == nullptr) return std::nullopt;
  const auto open = std::find_if(thread->calls.begin(), thread->calls.end(),
                                 [&](const OpenCall& call) { return call.call == back->call; });
  if (open == thread->calls.end() || open->seq >= returned) return std::nullopt;
  const auto* entered = std::get_if<event::CallEntered>(&trace[open->seq].body);
  if (entered == nullptr) return std::nullopt;
  const bool result_is_error = entered->name == Call::connect_ex && back->error == 0;
  const int error = result_is_error ? static_cast<int>(back->result) : back->error;
  if (error == 0) return std::nullopt;
  Failure f{.trace = trace,
            .before = before,
            .translate = tr,
            .entered_seq = open->seq,
            .returned_seq = returned,
            .entered = *entered,
            .returned = *back,
            .error = error,
            .socket = before.socket(entered->socket),
            .asked = {},
            .looked = nullptr,
            .held = {},
            .notices = {},
            .say = Say(tr)};
  const event::CallEntered* inner = failed_inside(trace, f.entered_seq, f.returned_seq);
  if (inner != nullptr) f.socket = before.socket(inner->socket);
  gather(f, inner == nullptr ? f.entered.call : inner->call);
  const Address* tried = inner == nullptr ? nullptr : inner->args.address.there();
  f.asked = tried == nullptr ? address_of(f) : *tried;
  return f;
}

void left_behind(const Failure& f, Explanation& out) {
  const std::string title = f.say("The file was left behind");
  const std::string why = f.say("bind() makes the file, and close() does not remove it.");
  if (f.looked_well())
    seen(out, title, why);
  else
    possible(out, title, why);
}

}  // namespace sockscope
