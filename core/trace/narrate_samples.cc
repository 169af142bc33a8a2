#include "trace/narrate_samples.h"

#include <cstdint>

#include "trace/narrate_text.h"

namespace sockscope {
namespace {

// A queue of limit n takes n + 1 connections: the kernel compares with > (sk_acceptq_is_full).
std::uint64_t seats(std::uint32_t limit) {
  return std::uint64_t{limit} + 1;
}

void add(std::string& sentences, const std::string& one) {
  if (!sentences.empty() && !one.empty()) sentences += ' ';
  sentences += one;
}

}  // namespace

std::string told_sample(const event::ListenerSampled& e, const State& before, const std::string& label,
                        const Translate& tr) {
  const SocketState* s = before.socket(e.socket);
  const std::uint32_t dropped = s != nullptr && e.drops > s->drops ? e.drops - s->drops : 0;
  const bool same =
      s != nullptr && s->accept_queue == e.accept_queue && s->limit == e.limit && s->syn_queue == e.syn_queue;
  std::string sentences;
  if (!same || dropped == 0) {
    sentences = e.syn_queue == 0
                    ? say(tr("The accept queue of {0} holds {1} of {2} connections."), label, e.accept_queue,
                          seats(e.limit))
                    : say(tr("The accept queue of {0} holds {1} of {2} connections, its SYN queue {3}."),
                          label, e.accept_queue, seats(e.limit), e.syn_queue);
  }
  if (dropped == 0) return sentences;
  if (e.accept_queue > e.limit) {
    add(sentences, dropped == 1 ? say(tr("The accept queue of {0} is full: the kernel drops a SYN."), label)
                                : say(tr("The accept queue of {0} is full: the kernel drops {1} SYNs."),
                                      label, dropped));
  } else {
    add(sentences, say(tr("The kernel has dropped {1} packets for {0}."), label, dropped));
  }
  return sentences;
}

std::string told_sample(const event::QueuesSampled& e, const State& before, const std::string& label,
                        const Translate& tr) {
  const SocketState* s = before.socket(e.socket);
  const std::uint32_t received = s != nullptr ? s->recv_queue : 0;
  const std::uint32_t sent = s != nullptr ? s->send_queue : 0;
  std::string sentences;
  // Where only figures of the round trip moved, there is nothing to tell.
  if (received != e.recv_queue || sent != e.send_queue) {
    sentences = say(tr("The receive queue of {0} holds {1} B, its send queue {2} B."), label, e.recv_queue,
                    e.send_queue);
  }
  const auto window_shut = [](std::uint32_t cwnd, std::uint32_t window, std::uint32_t unsent,
                              std::uint32_t buffer) {
    return cwnd != 0 && buffer != 0 && window == 0 && unsent > 0;
  };
  if (window_shut(e.cwnd, e.send_window, e.unsent, e.send_buffer) &&
      (s == nullptr || !window_shut(s->cwnd, s->send_window, s->unsent, s->send_buffer))) {
    add(sentences, say(tr("The peer of {0} has no room left: its window is 0."), label));
  }
  if (s != nullptr && e.drops > s->drops) {
    add(sentences, say(tr("{1} datagrams found no room in the receive queue of {0} and are lost."), label,
                       e.drops - s->drops));
  }
  return sentences;
}

std::string told_sample(const event::TimerSampled& e, const State& before, const std::string& label,
                        const std::string& left, const Translate& tr) {
  const SocketState* s = before.socket(e.socket);
  const TcpState state = s != nullptr ? s->state : TcpState::not_known;
  switch (e.timer) {
    case Timer::none:
      return {};
    case Timer::retransmit:
      if (state == TcpState::SYN_SENT) {
        return say(tr("The SYN of {0} has no answer; the kernel sends it again in {1}."), label, left);
      }
      if (e.tries == 0) return {};  // every segment starts one
      return say(tr("What {0} sent is not acknowledged; the kernel sends it again in {1}, after {2} tries."),
                 label, left, e.tries);
    case Timer::keepalive:
      return say(tr("The kernel asks in {1} whether the peer of {0} is still there."), label, left);
    case Timer::time_wait:
      return say(tr("The kernel forgets {0} in {1}."), label, left);
    case Timer::probe:
      return say(tr("The kernel asks the peer of {0} for room in {1}."), label, left);
  }
  return {};
}

}  // namespace sockscope
