#include "trace/fold.h"

#include <algorithm>

#include "trace/notice_codes.h"

namespace sockscope {
namespace {

// More than any session binds; a recording with more is not a session.
constexpr std::size_t kMostNames = 100'000;
constexpr std::size_t kMostNotices = 1000;
constexpr std::size_t kPrintedKept = 200;

}  // namespace

void Fold::operator()(const event::ThreadStarted& e) {
  ThreadState* thread = this->thread(e.thread);
  if (thread == nullptr) return;
  thread->parent = e.parent;
  thread->tid = e.tid;
  thread->role = e.role;
  thread->name = e.name.view();
  thread->host = e.host.view();
  thread->server = e.server.view();
  thread->alive = true;
  thread->started = at;
}

void Fold::operator()(const event::ThreadEnded& e) {
  ThreadState* thread = this->thread(e.thread);
  if (thread == nullptr) return;
  thread->alive = false;
  thread->ended = at;
  thread->calls.clear();
  thread->blocked = false;
  thread->sleeps_in.clear();
  thread->line_running = false;
  thread->serving = 0;
}

void Fold::operator()(const event::LineStarted& e) {
  ThreadState* thread = this->thread(e.thread);
  if (thread == nullptr) return;
  thread->line_id = e.line_id;
  thread->line = e.line;
  thread->line_running = true;
  thread->line_seq = seq;
  thread->line_end_seq = 0;
  thread->line_error = 0;
  thread->line_exception.clear();
}

void Fold::operator()(const event::LineEnded& e) {
  ThreadState* thread = this->thread(e.thread);
  if (thread == nullptr || thread->line_id != e.line_id) return;
  thread->line_running = false;
  thread->line_end_seq = seq;
  thread->line_error = e.error;
  thread->line_exception = e.exception.view();
}

void Fold::unname(std::string_view name) {
  const auto found = state.name_at_.find(name);
  if (found == state.name_at_.end()) return;
  const std::size_t place = found->second;
  BoundName& bound = state.names_[place];
  if (bound.kind == NameKind::socket && bound.id != 0 && bound.id <= state.sockets_.size()) {
    std::erase(state.sockets_[bound.id - 1].names, name);
  }
  state.name_at_.erase(found);
  if (place + 1 != state.names_.size()) {
    bound = std::move(state.names_.back());
    state.name_at_.find(bound.name)->second = place;
  }
  state.names_.pop_back();
}

void Fold::operator()(const event::NameBound& e) {
  unname(e.name.view());
  if (state.names_.size() >= kMostNames) return;
  std::string name(e.name.view());
  if (e.kind == NameKind::socket) {
    if (SocketState* named = socket(e.id)) {
      named->names.push_back(name);
      named->called = name;
    }
  }
  state.name_at_.emplace(name, state.names_.size());
  state.names_.push_back({std::move(name), e.kind, e.id, std::string(e.value.view())});
}

void Fold::operator()(const event::NameUnbound& e) {
  unname(e.name.view());
}

void Fold::operator()(const event::ServerStarted& e) {
  ServerState* server = entry(state.servers_, e.server);
  if (server == nullptr) return;
  server->name = e.name.view();
  server->model = e.model.view();
  server->handler = e.handler.view();
  server->address = e.address;
  server->listener = e.listener;
  server->running = true;
  server->started = at;
}

void Fold::operator()(const event::ServerEnded& e) {
  ServerState* server = entry(state.servers_, e.server);
  if (server == nullptr) return;
  server->running = false;
  server->ended = at;
}

void Fold::operator()(const event::ClientStarted& e) {
  if (ServerState* server = entry(state.servers_, e.server)) ++server->serving;
  if (ThreadState* thread = this->thread(e.thread)) thread->serving = e.socket;
}

void Fold::operator()(const event::ClientEnded& e) {
  if (ServerState* server = entry(state.servers_, e.server)) {
    if (server->serving > 0) --server->serving;
    ++server->served;
  }
  ThreadState* thread = this->thread(e.thread);
  if (thread != nullptr && thread->serving == e.socket) thread->serving = 0;
}

void Fold::operator()(const event::ServerSampled& e) {
  if (ServerState* server = entry(state.servers_, e.server)) server->cost = e;
}

void Fold::operator()(const event::LoadStarted& e) {
  LoadState* load = entry(state.loads_, e.load);
  if (load == nullptr) return;
  load->name = e.name.view();
  load->to = e.to.view();
  load->clients = e.clients;
  load->running = true;
}

void Fold::operator()(const event::LoadEnded& e) {
  LoadState* load = entry(state.loads_, e.load);
  if (load == nullptr) return;
  load->running = false;
  load->answered = e.answered;
  load->waiting = e.waiting;
  load->refused = e.refused;
  load->errors = e.errors;
}

void Fold::operator()(const event::HandlerPrinted& e) {
  auto& printed = state.printed_;
  // Cut seldom: a busy server prints two lines a message.
  if (printed.size() >= 2 * kPrintedKept) {
    printed.erase(printed.begin(), printed.end() - static_cast<std::ptrdiff_t>(kPrintedKept));
  }
  printed.push_back({at, e.server, e.thread, std::string(e.text.view())});
}

void Fold::operator()(const event::Notice& e) {
  // What a person allowed is told also where very much else was.
  const bool consent = e.code.view() == kLeavesHere || e.code.view() == kStaysHere;
  if (state.notices_.size() < (consent ? 2 : 1) * kMostNotices) state.notices_.push_back(e);
}

}  // namespace sockscope
