#pragma once
// Every field of every kind, once, for writing and for reading a recording. must() is always written and has
// to be there; may() is left out when it holds its default. A visitor also has id() and may_id() (bounded by
// kMostIds), time() and may_time() (relative to the header's start; may_time() leaves 0 out), bytes(),
// boxed() and numbers().

#include <concepts>
#include <type_traits>

#include "trace/event.h"

namespace sockscope {

template <class E, class Kind>
concept Is = std::same_as<std::remove_const_t<E>, Kind>;

template <class V, Is<event::ThreadStarted> E>
void fields(V& v, E& e) {
  v.id("thread", e.thread);
  v.must("name", e.name);
  v.must("role", e.role);
  v.may_id("parent", e.parent);
  v.may("tid", e.tid);
  v.may("host", e.host);
  v.may("server", e.server);
}
template <class V, Is<event::ThreadEnded> E>
void fields(V& v, E& e) {
  v.id("thread", e.thread);
}
template <class V, Is<event::LineStarted> E>
void fields(V& v, E& e) {
  v.id("line_id", e.line_id);
  v.id("thread", e.thread);
  v.may("line", e.line);
  v.may("file", e.file);
  v.must("text", e.text);
}
template <class V, Is<event::LineEnded> E>
void fields(V& v, E& e) {
  v.id("line_id", e.line_id);
  v.id("thread", e.thread);
  v.may("error", e.error);
  v.may("exception", e.exception);
  v.may("text", e.text);
}
template <class V, Is<event::NameBound> E>
void fields(V& v, E& e) {
  v.must("name", e.name);
  v.must("of", e.kind);  // "kind" is the event's
  v.may_id("id", e.id);
  v.may("value", e.value);
}
template <class V, Is<event::NameUnbound> E>
void fields(V& v, E& e) {
  v.must("name", e.name);
}
template <class V, Is<event::Expectation> E>
void fields(V& v, E& e) {
  v.must("text", e.text);
  v.must("met", e.met);
  v.may("saw", e.saw);
  v.may("line", e.line);
  v.may("file", e.file);
}
template <class V, Is<event::SettleTimedOut> E>
void fields(V& v, E& e) {
  v.may("line", e.line);
  v.may("moving", e.moving);
}

template <class V, Is<event::CallEntered> E>
void fields(V& v, E& e) {
  v.id("call", e.call);
  v.id("thread", e.thread);
  v.must("name", e.name);
  v.may_id("socket", e.socket);
  v.numbers("numbers", e.args.numbers);
  v.boxed("address", e.args.address);
  v.bytes("data", e.args.data);
  v.may("text", e.args.text);
}
template <class V, Is<event::CallReturned> E>
void fields(V& v, E& e) {
  v.id("call", e.call);
  v.id("thread", e.thread);
  v.must("result", e.result);
  v.may("error", e.error);
  v.may_id("makes", e.makes);
  v.may_id("also_makes", e.also_makes);
  v.may("flags", e.flags);
  v.may("address", e.address);
  v.bytes("data", e.data);
  v.may("timed_out", e.timed_out);
  v.may("interrupted", e.interrupted);
}
template <class V, Is<event::CallBlocked> E>
void fields(V& v, E& e) {
  v.id("call", e.call);
  v.id("thread", e.thread);
  v.time("since", e.since);
  v.may("where", e.where);
}

template <class V, Is<event::SocketOpened> E>
void fields(V& v, E& e) {
  v.id("socket", e.socket);
  v.must("how", e.how);
  v.must("fd", e.fd);
  v.must("family", e.family);
  v.must("type", e.type);
  v.may("protocol", e.protocol);
  v.may_id("from", e.from);
  v.may("cookie", e.cookie);
  v.may("host", e.host);
}
template <class V, Is<event::SocketNamed> E>
void fields(V& v, E& e) {
  v.id("socket", e.socket);
  v.may("local", e.local);
  v.may("peer", e.peer);
}
template <class V, Is<event::SocketClosed> E>
void fields(V& v, E& e) {
  v.id("socket", e.socket);
}
template <class V, Is<event::StateChanged> E>
void fields(V& v, E& e) {
  v.id("socket", e.socket);
  v.must("from", e.from);
  v.must("to", e.to);
  v.must("how", e.how);
}
template <class V, Is<event::ListenerSampled> E>
void fields(V& v, E& e) {
  v.id("socket", e.socket);
  v.must("accept_queue", e.accept_queue);
  v.must("limit", e.limit);
  v.may("syn_queue", e.syn_queue);
  v.may("drops", e.drops);
}
template <class V, Is<event::QueuesSampled> E>
void fields(V& v, E& e) {
  v.id("socket", e.socket);
  v.must("recv_queue", e.recv_queue);
  v.must("send_queue", e.send_queue);
  v.may("cwnd", e.cwnd);
  v.may("rtt_us", e.rtt_us);
  v.may("retransmits", e.retransmits);
  v.may("unsent", e.unsent);
  v.may("send_window", e.send_window);
  v.may("recv_window", e.recv_window);
  v.may("recv_buffer", e.recv_buffer);
  v.may("send_buffer", e.send_buffer);
  v.may("drops", e.drops);
}
template <class V, Is<event::TimerSampled> E>
void fields(V& v, E& e) {
  v.id("socket", e.socket);
  v.must("timer", e.timer);
  v.may("tries", e.tries);
  v.may_time("ends", e.ends);
}

template <class V, Is<event::AddressLooked> E>
void fields(V& v, E& e) {
  v.id("call", e.call);
  v.must("asked", e.asked);
  v.must("found", e.found);
  v.may("error", e.error);
}
template <class V, Is<event::AddressHeld> E>
void fields(V& v, E& e) {
  v.id("call", e.call);
  v.must("local", e.local);
  v.may_id("socket", e.socket);
  v.may("protocol", e.protocol);
  v.may("state", e.state);
  v.may("uid", e.uid);
  v.may("holder", e.holder);
}

template <class V, Is<event::ServerStarted> E>
void fields(V& v, E& e) {
  v.id("server", e.server);
  v.must("name", e.name);
  v.must("model", e.model);
  v.must("handler", e.handler);
  v.may("address", e.address);
  v.may_id("listener", e.listener);
}
template <class V, Is<event::ServerEnded> E>
void fields(V& v, E& e) {
  v.id("server", e.server);
}
template <class V, Is<event::ClientStarted> E>
void fields(V& v, E& e) {
  v.id("server", e.server);
  v.id("thread", e.thread);
  v.id("socket", e.socket);
  v.may("peer", e.peer);
}
template <class V, Is<event::ClientEnded> E>
void fields(V& v, E& e) {
  v.id("server", e.server);
  v.id("thread", e.thread);
  v.id("socket", e.socket);
}
template <class V, Is<event::ServerSampled> E>
void fields(V& v, E& e) {
  v.id("server", e.server);
  v.must("threads", e.threads);
  v.must("memory", e.memory);
  v.must("switches", e.switches);
  v.must("preempted", e.preempted);
  v.must("processor", e.processor);
}
template <class V, Is<event::LoadStarted> E>
void fields(V& v, E& e) {
  v.id("load", e.load);
  v.must("name", e.name);
  v.must("clients", e.clients);
  v.may("to", e.to);
}
template <class V, Is<event::LoadEnded> E>
void fields(V& v, E& e) {
  v.id("load", e.load);
  v.must("answered", e.answered);
  v.must("waiting", e.waiting);
  v.must("refused", e.refused);
  v.must("errors", e.errors);
}
template <class V, Is<event::HandlerPrinted> E>
void fields(V& v, E& e) {
  v.may_id("server", e.server);
  v.id("thread", e.thread);
  v.must("text", e.text);
}
template <class V, Is<event::HostStarted> E>
void fields(V& v, E& e) {
  v.id("host", e.host);
  v.must("name", e.name);
  v.boxed("address", e.address);
  v.boxed("address6", e.address6);
  v.may("keeper", e.keeper);
  v.must("net", e.net);
}
template <class V, Is<event::HostEnded> E>
void fields(V& v, E& e) {
  v.id("host", e.host);
  v.may("why", e.why);
}
template <class V, Is<event::WireChanged> E>
void fields(V& v, E& e) {
  v.id("from", e.from);
  v.id("to", e.to);
  v.must("joined", e.joined);
  v.may("hold", e.hold);
  v.may("arp", e.arp);
  v.may("seed", e.seed);
  v.may("loss", e.loss);
  v.may("duplicate", e.duplicate);
  v.may("reorder", e.reorder);
  v.may("delay", e.delay);
  v.may("jitter", e.jitter);
  v.may("rate", e.rate);
}
template <class V, Is<event::PacketSent> E>
void fields(V& v, E& e) {
  v.id("packet", e.packet);
  v.id("from", e.from);
  v.id("to", e.to);
  v.must("length", e.length);
  v.may_id("copy_of", e.copy_of);
  v.may_time("due", e.due);
  v.bytes("frame", e.frame);
}
template <class V, Is<event::PacketHeld> E>
void fields(V& v, E& e) {
  v.id("packet", e.packet);
}
template <class V, Is<event::PacketReleased> E>
void fields(V& v, E& e) {
  v.id("packet", e.packet);
  v.may_time("due", e.due);
}
template <class V, Is<event::PacketDropped> E>
void fields(V& v, E& e) {
  v.id("packet", e.packet);
  v.must("why", e.why);
}
template <class V, Is<event::PacketArrived> E>
void fields(V& v, E& e) {
  v.id("packet", e.packet);
}
template <class V, Is<event::StepReached> E>
void fields(V& v, E& e) {
  v.must("lesson", e.lesson);
  v.must("step", e.step);
}
template <class V, Is<event::Notice> E>
void fields(V& v, E& e) {
  v.must("code", e.code);
  v.must("text", e.text);
}

}  // namespace sockscope
