#include "trace/trace.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>

#include "trace/order.h"

namespace sockscope {
namespace {

template <class... Blobs>
std::size_t sum(const Blobs&... blobs) {
  return (blobs.heap_bytes() + ...);
}

// One overload a kind that owns bytes.
struct HeapBytes {
  std::size_t operator()(const event::ThreadStarted& e) const { return sum(e.name, e.host, e.server); }
  std::size_t operator()(const event::LineStarted& e) const { return sum(e.file, e.text); }
  std::size_t operator()(const event::LineEnded& e) const { return sum(e.exception, e.text); }
  std::size_t operator()(const event::NameBound& e) const { return sum(e.name, e.value); }
  std::size_t operator()(const event::NameUnbound& e) const { return sum(e.name); }
  std::size_t operator()(const event::Expectation& e) const { return sum(e.file, e.text, e.saw); }
  std::size_t operator()(const event::SettleTimedOut& e) const { return sum(e.moving); }
  std::size_t operator()(const event::CallEntered& e) const {
    const Address* address = e.args.address.there();
    return sum(e.args.data, e.args.text) +
           (address == nullptr ? 0 : sizeof *address + address->path.heap_bytes());
  }
  std::size_t operator()(const event::CallReturned& e) const { return sum(e.address.path, e.data); }
  std::size_t operator()(const event::CallBlocked& e) const { return sum(e.where); }
  std::size_t operator()(const event::SocketOpened& e) const { return sum(e.host); }
  std::size_t operator()(const event::SocketNamed& e) const { return sum(e.local.path, e.peer.path); }
  std::size_t operator()(const event::AddressLooked& e) const { return sum(e.asked.path); }
  std::size_t operator()(const event::AddressHeld& e) const { return sum(e.local.path, e.holder); }
  std::size_t operator()(const event::ServerStarted& e) const {
    return sum(e.name, e.model, e.handler, e.address.path);
  }
  std::size_t operator()(const event::ClientStarted& e) const { return sum(e.peer.path); }
  std::size_t operator()(const event::LoadStarted& e) const { return sum(e.name, e.to); }
  std::size_t operator()(const event::HandlerPrinted& e) const { return sum(e.text); }
  std::size_t operator()(const event::HostStarted& e) const {
    return sum(e.name) + (e.address.there() != nullptr ? sizeof(Address) : 0) +
           (e.address6.there() != nullptr ? sizeof(Address) : 0);
  }
  std::size_t operator()(const event::HostEnded& e) const { return sum(e.why); }
  std::size_t operator()(const event::PacketSent& e) const { return sum(e.frame); }
  std::size_t operator()(const event::StepReached& e) const { return sum(e.lesson); }
  std::size_t operator()(const event::Notice& e) const { return sum(e.code, e.text); }
  std::size_t operator()(const event::Unknown& e) const { return sum(e.kind, e.line); }
  // Kinds of plain numbers: listed, so that a new kind cannot be forgotten.
  template <class E>
  requires std::is_trivially_copyable_v<E> std::size_t operator()(const E&) const { return 0; }
};

// The bytes a call moved, or a packet's; empty for other events.
Blob* preview(Event& event) {
  if (auto* entered = std::get_if<event::CallEntered>(&event.body)) return &entered->args.data;
  if (auto* returned = std::get_if<event::CallReturned>(&event.body)) return &returned->data;
  if (auto* packet = std::get_if<event::PacketSent>(&event.body)) return &packet->frame;
  return nullptr;
}

}  // namespace

std::size_t heap_bytes(const Event& event) {
  return std::visit(HeapBytes{}, event.body);
}

std::size_t Trace::commit(std::vector<Event> arrived, Time horizon) {
  const std::size_t before = size_;
  if (pending_.empty()) {
    pending_ = std::move(arrived);
  } else {
    pending_.insert(pending_.end(), std::make_move_iterator(arrived.begin()),
                    std::make_move_iterator(arrived.end()));
  }
  sort_by_time(pending_);
  const auto rest = std::partition_point(pending_.begin(), pending_.end(),
                                         [&](const Event& event) { return event.at <= horizon; });
  for (auto it = pending_.begin(); it != rest; ++it) {
    const bool late = size_ != 0 && it->at < last_;
    push(std::move(*it), late);
  }
  pending_.erase(pending_.begin(), rest);
  if (past_limits()) keep_within_limits();
  return size_ - before;
}

void Trace::append(Event event, bool late) {
  push(std::move(event), late);
  if (past_limits()) keep_within_limits();
}

void Trace::push(Event event, bool late) {
  if (size_ % kChunk == 0) chunks_.push_back({std::make_unique<Event[]>(kChunk), last_, true});
  Chunk& chunk = chunks_.back();
  if (size_ != 0 && event.at < last_) chunk.sorted = false;
  last_ = size_ == 0 ? event.at : std::max(last_, event.at);
  chunk.last = last_;
  blob_bytes_ += heap_bytes(event);
  if (late) late_.push_back(size_);
  chunk.events[size_ % kChunk] = std::move(event);
  ++size_;
}

bool Trace::late(std::size_t seq) const {
  return std::binary_search(late_.begin(), late_.end(), seq);
}

std::size_t Trace::upto(Time t) const {
  const auto chunk =
      std::partition_point(chunks_.begin(), chunks_.end(), [&](const Chunk& c) { return c.last <= t; });
  if (chunk == chunks_.end()) return size_;
  const std::size_t first = static_cast<std::size_t>(chunk - chunks_.begin()) * kChunk;
  const Event* begin = chunk->events.get();
  const Event* end = begin + std::min(kChunk, size_ - first);
  const auto past = [&](const Event& event) { return event.at > t; };
  // Late events stand where they are, so the first event past t ends the search also when older ones follow.
  const Event* found =
      chunk->sorted ? std::partition_point(begin, end, std::not_fn(past)) : std::find_if(begin, end, past);
  return first + static_cast<std::size_t>(found - begin);
}

std::size_t Trace::bytes() const {
  return chunks_.size() * kChunk * sizeof(Event) + pending_.size() * sizeof(Event) +
         late_.size() * sizeof(std::size_t) + blob_bytes_;
}

bool Trace::past_limits() const {
  return trimmed_ != size_ && (size_ - trimmed_ > limits_.events || bytes() > limits_.bytes);
}

// Drops previews from the oldest on until an eighth of either limit is free again, so that it is rarely done.
// Returns how many events lost theirs.
std::size_t Trace::drop_previews() {
  const std::size_t events = limits_.events - limits_.events / 8;
  const std::size_t most = limits_.bytes - limits_.bytes / 8;
  std::size_t dropped = 0;
  for (; trimmed_ < size_ && (size_ - trimmed_ > events || bytes() > most); ++trimmed_) {
    Blob* data = preview(chunks_[trimmed_ / kChunk].events[trimmed_ % kChunk]);
    if (data == nullptr || data->view().empty()) continue;
    Blob counted({}, data->total());
    blob_bytes_ -= data->heap_bytes() - counted.heap_bytes();
    *data = std::move(counted);
    ++dropped;
  }
  return dropped;
}

void Trace::keep_within_limits() {
  const std::size_t dropped = drop_previews();
  if (dropped == 0 || all_trimmed_) return;
  all_trimmed_ = trimmed_ == size_;
  const std::string text = "The trace has reached its limit: the bytes of the first " +
                           std::to_string(trimmed_) + " events are not kept any more, only their counts.";
  push(Event{last_, event::Notice{"limit", Blob(text)}}, false);
}

}  // namespace sockscope
