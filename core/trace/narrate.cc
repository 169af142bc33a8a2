#include "trace/narrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <variant>

#include "net/python_text.h"
#include "net/text.h"
#include "trace/clock.h"
#include "trace/narrate_packets.h"
#include "trace/narrate_result.h"
#include "trace/narrate_samples.h"
#include "trace/narrate_text.h"

namespace sockscope {
namespace {

constexpr std::size_t kLongestSaid = 1000;  // bytes of a value in a sentence

// One overload a kind: the sentence, or nothing. Every English pattern stands in a call of tr("…"), where
// xgettext --keyword=tr finds it.
class Narrator {
 public:
  Narrator(Time at, const State& before, const Translate& translate)
      : at_(at), before_(before), tr(translate) {}

  std::string operator()(const event::ThreadStarted& e) const {
    return say(tr("Thread {0} starts."), plain(e.name));
  }
  std::string operator()(const event::ThreadEnded& e) const {
    return say(tr("Thread {0} ends."), thread(e.thread));
  }

  std::string operator()(const event::LineStarted& e) const {
    if (e.line == 0) return say(tr("{0} runs: {1}"), thread(e.thread), plain(e.text));
    return say(tr("{0} runs line {1}: {2}"), thread(e.thread), e.line, plain(e.text));
  }
  std::string operator()(const event::LineEnded& e) const {
    const ThreadState* t = before_.thread(e.thread);
    const int line = t != nullptr && t->line_id == e.line_id ? t->line : 0;
    if (!e.exception.empty()) {
      if (line == 0) return say(tr("{0} gets {1}: {2}"), thread(e.thread), plain(e.exception), plain(e.text));
      return say(tr("{0} gets {1} on line {2}: {3}"), thread(e.thread), plain(e.exception), line,
                 plain(e.text));
    }
    if (e.text.empty() || e.text.view() == "None") return {};
    if (line == 0) return say(tr("{0} gets {1}."), thread(e.thread), plain(e.text));
    return say(tr("{0} gets {1} on line {2}."), thread(e.thread), plain(e.text), line);
  }
  std::string operator()(const event::AddressLooked& e) const;
  std::string operator()(const event::AddressHeld& e) const;
  std::string operator()(const event::NameBound& e) const;
  std::string operator()(const event::NameUnbound& e) const {
    return say(tr("{0} is no longer a name."), plain(e.name));
  }
  std::string operator()(const event::Expectation& e) const {
    if (e.met) return say(tr("Expected and so: {0}."), plain(e.text));
    return say(tr("Expected and not so: {0}. Seen: {1}."), plain(e.text), plain(e.saw));
  }
  std::string operator()(const event::SettleTimedOut& e) const {
    return say(tr("The play goes on, though {0} keeps moving."), plain(e.moving));
  }

  std::string operator()(const event::CallEntered& e) const;
  std::string operator()(const event::CallReturned& e) const;
  std::string operator()(const event::CallBlocked& e) const {
    const OpenCall* call = open_call(e.thread, e.call);
    if (call == nullptr) return say(tr("{0} is blocked."), thread(e.thread));
    return say(tr("{0} is blocked in {1}."), thread(e.thread), info(call->name).python);
  }

  std::string operator()(const event::SocketOpened& e) const {
    if (e.how == SocketHow::syn_queue)
      return say(tr("The kernel answers a SYN to {1}: {0} is half made and waits for the last ACK."),
                 label(e.socket), label(e.from));
    if (e.how != SocketHow::queue) return {};  // its call's return says so
    return say(tr("The kernel puts {0} into the accept queue of {1}."), label(e.socket), label(e.from));
  }
  std::string operator()(const event::SocketNamed& e) const {
    const SocketState* known = before_.socket(e.socket);
    const bool again = known != nullptr && known->local == e.local && known->peer == e.peer;
    if (again || !e.local.known()) return {};
    if (!e.peer.known()) return say(tr("{0} has the address {1}."), label(e.socket), address(e.local));
    return say(tr("{0} has the address {1} and its peer {2}."), label(e.socket), address(e.local),
               address(e.peer));
  }
  std::string operator()(const event::SocketClosed& e) const {
    return say(tr("{0} is closed."), label(e.socket));
  }
  std::string operator()(const event::StateChanged& e) const {
    if (e.to == TcpState::not_known)
      return say(tr("The state of {0} is not known any more."), label(e.socket));
    return say(tr("{0} is now {1} ({2})."), label(e.socket), name_of(e.to), how_known(e.how));
  }
  std::string operator()(const event::ListenerSampled& e) const;
  std::string operator()(const event::QueuesSampled& e) const;
  std::string operator()(const event::TimerSampled& e) const;
  std::string operator()(const event::HostStarted& e) const { return told_host(e, tr); }
  std::string operator()(const event::HostEnded& e) const { return told_host(e, before_, tr); }
  std::string operator()(const event::WireChanged& e) const { return told_wire(e, before_, tr); }
  std::string operator()(const event::PacketSent& e) const { return told_packet(e, before_, tr); }
  std::string operator()(const event::PacketHeld& e) const { return told_packet(e, before_, tr); }
  std::string operator()(const event::PacketReleased& e) const { return told_packet(e, before_, tr); }
  std::string operator()(const event::PacketDropped& e) const { return told_packet(e, before_, tr); }
  std::string operator()(const event::PacketArrived& e) const { return told_packet(e, before_, at_, tr); }

  std::string operator()(const event::ServerStarted& e) const {
    return say(tr("Server {0} ({1}, {2}) listens at {3}."), plain(e.name), plain(e.model), plain(e.handler),
               address(e.address));
  }
  std::string operator()(const event::ServerEnded& e) const {
    return say(tr("Server {0} ends."), server(e.server));
  }
  std::string operator()(const event::ClientStarted& e) const {
    return say(tr("{0} begins to serve {1} in {2}."), server(e.server), address(e.peer), thread(e.thread));
  }
  std::string operator()(const event::ClientEnded& e) const {
    return say(tr("{0} has served {1}."), server(e.server), label(e.socket));
  }
  std::string operator()(const event::ServerSampled& e) const {
    return say(tr("Server {0} has cost: {1} threads, {2} KiB of memory, {3} waits, {4} of processor time."),
               server(e.server), e.threads, e.memory / 1024, e.switches, duration(e.processor));
  }
  std::string operator()(const event::LoadStarted& e) const {
    return say(tr("Load {0} starts {1} clients to {2}."), plain(e.name), e.clients, plain(e.to));
  }
  std::string operator()(const event::LoadEnded& e) const {
    return say(tr("Load {0} ends: {1} answered, {2} waiting, {3} refused, {4} errors."), load(e.load),
               e.answered, e.waiting, e.refused, e.errors);
  }
  std::string operator()(const event::HandlerPrinted& e) const {
    return say(tr("{0} prints: {1}"), thread(e.thread), plain(e.text));
  }
  std::string operator()(const event::StepReached& e) const {
    return say(tr("Step {0} of lesson {1} is reached."), e.step, plain(e.lesson));
  }
  std::string operator()(const event::Notice& e) const {
    return say(tr("Notice ({0}): {1}"), plain(e.code), plain(e.text));
  }
  std::string operator()(const event::Unknown& e) const {
    return say(tr("An event of a later version: {0}."), plain(e.kind));
  }

 private:
  std::string thread(ThreadId id) const {
    const ThreadState* found = before_.thread(id);
    if (found != nullptr && !found->name.empty()) return plain(found->name);
    return say(tr("thread #{0}"), id);
  }
  std::string server(ServerId id) const {
    const ServerState* found = before_.server(id);
    if (found != nullptr && !found->name.empty()) return plain(found->name);
    return say(tr("server #{0}"), id);
  }
  std::string load(ServerId id) const {
    for (const LoadState& load : before_.loads()) {
      if (load.id == id && !load.name.empty()) return plain(load.name);
    }
    return say(tr("load #{0}"), id);
  }
  std::string label(SocketId id) const {
    const std::string_view called = before_.called(id);
    return called.empty() ? say(tr("socket #{0}"), id) : plain(called);
  }
  std::string address(const Address& address) const {
    return address.known() ? plain(to_text(address)) : std::string(tr("an address not known"));
  }
  std::string how_known(How how) const {
    switch (how) {
      case How::call:
        return tr("call");
      case How::sample:
        return tr("sample");
      case How::packet:
        return tr("packet");
      case How::derived:
        return tr("derived");
    }
    return {};
  }
  std::string duration(Time span) const { return duration_text(span, tr); }

  const OpenCall* open_call(ThreadId thread_id, CallId call) const {
    const ThreadState* t = before_.thread(thread_id);
    if (t == nullptr) return nullptr;
    const auto found =
        std::find_if(t->calls.begin(), t->calls.end(), [&](const OpenCall& c) { return c.call == call; });
    return found == t->calls.end() ? nullptr : &*found;
  }
  std::string failed(const event::CallReturned& e, const OpenCall& call) const;
  std::string succeeded(const event::CallReturned& e, const OpenCall& call) const;

  Time at_;
  const State& before_;
  const Translate& tr;
};

std::string Narrator::operator()(const event::NameBound& e) const {
  switch (e.kind) {
    case NameKind::value:
      return say(tr("{0} is now {1}."), plain(e.name), plain(first_characters(e.value.view(), kLongestSaid)));
    case NameKind::socket:
      return say(tr("{0} is now the name of {1}."), plain(e.name), label(e.id));
    default:
      return {};  // said when it started
  }
}

std::string Narrator::operator()(const event::CallEntered& e) const {
  const CallInfo& call = info(e.name);
  const NameOf name_of = [&](SocketId id) { return label(id); };
  const std::string arguments = plain(python_arguments(e.name, e.args, name_of));
  const bool on = call.is_method() || (call.owner == Owner::inner && e.socket != 0);
  if (!on) return say(tr("{0} calls {1}({2})."), thread(e.thread), call.python, arguments);
  return say(tr("{0} calls {1}({2}) on {3}."), thread(e.thread), call.python, arguments, label(e.socket));
}

std::string Narrator::operator()(const event::CallReturned& e) const {
  const OpenCall* call = open_call(e.thread, e.call);
  if (call == nullptr)
    return say(tr("A call of {0} returns; its start is not in the trace."), thread(e.thread));
  return e.error != 0 ? failed(e, *call) : succeeded(e, *call);
}

std::string Narrator::failed(const event::CallReturned& e, const OpenCall& call) const {
  const auto python = info(call.name).python;
  const std::string after = duration(at_ - call.entered);
  if (e.timed_out) return say(tr("{0} times out on {1} after {2}."), python, thread(e.thread), after);
  if (e.interrupted) return say(tr("{0} is interrupted on {1} after {2}."), python, thread(e.thread), after);
  return say(tr("{0} fails on {1} after {2}: {3} ({4}), {5}."), python, thread(e.thread), after,
             errno_name(e.error), e.error, errno_text(e.error));
}

std::string Narrator::succeeded(const event::CallReturned& e, const OpenCall& call) const {
  const auto python = info(call.name).python;
  const std::string after = duration(at_ - call.entered);
  const std::string what = told_result(call, e, before_, tr);
  if (what.empty()) return say(tr("{0} returns on {1} after {2}."), python, thread(e.thread), after);
  return say(tr("{0} returns on {1} after {2}: {3}."), python, thread(e.thread), after, what);
}

std::string Narrator::operator()(const event::AddressLooked& e) const {
  if (e.error != 0) {
    return say(tr("What the kernel knows of {0} cannot be asked: {1} ({2}), {3}."), address(e.asked),
               errno_name(e.error), e.error, errno_text(e.error));
  }
  if (e.found == 0) return say(tr("The kernel knows of no socket on {0}."), address(e.asked));
  if (e.found == 1) return say(tr("The kernel knows of one socket on {0}."), address(e.asked));
  return say(tr("The kernel knows of {1} sockets on {0}."), address(e.asked), e.found);
}

std::string Narrator::operator()(const event::AddressHeld& e) const {
  const std::string whose = e.socket != 0      ? label(e.socket)
                            : e.holder.empty() ? std::string(tr("a socket whose program is not known"))
                                               : plain(e.holder);
  if (e.state == TcpState::not_known) return say(tr("There is {0}, at {1}."), whose, address(e.local));
  return say(tr("There is {0}, at {1}, {2}."), whose, address(e.local), name_of(e.state));
}

std::string Narrator::operator()(const event::ListenerSampled& e) const {
  return told_sample(e, before_, label(e.socket), tr);
}
std::string Narrator::operator()(const event::QueuesSampled& e) const {
  return told_sample(e, before_, label(e.socket), tr);
}
std::string Narrator::operator()(const event::TimerSampled& e) const {
  return told_sample(e, before_, label(e.socket), duration(std::max<Time>(0, e.ends - at_)), tr);
}

}  // namespace

std::string untranslated(std::string_view english) {
  return std::string(english);
}

std::string narrate(const Event& event, const State& before, const Translate& tr) {
  return std::visit(Narrator(event.at, before, tr), event.body);
}

std::string narrate_line(const Event& event, const State& before, Time start, const Translate& tr) {
  const std::string sentence = narrate(event, before, tr);
  if (sentence.empty()) return sentence;
  return fmt::format("{:.6f}  {}", static_cast<double>(event.at - start) / 1e9, sentence);
}

}  // namespace sockscope
