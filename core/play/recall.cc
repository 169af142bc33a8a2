#include "play/recall.h"

#include <charconv>

#include "net/catalogue.h"
#include "play/from_repr.h"
#include "play/names_used.h"
#include "play/play.h"

namespace sockscope::play {

struct Recall::Impl {
  explicit Impl(const Trace& recorded)
      : trace(recorded), ground{trace, state, names,
                                lines, calls, [this](const std::string& name) { return figures(name); }} {}

  const Trace& trace;
  State state;
  Names names;
  Lines lines;
  CallLog calls;
  Ground ground;
  struct Running {
    std::string thread;
    std::size_t first_call = 0;  // in the call log
    std::shared_ptr<const Statement> statement;
  };
  std::map<LineId, Running> running;

  std::optional<Load::Figures> figures(const std::string& name) const {
    const LoadState* load = state.load(name);
    if (load == nullptr) return std::nullopt;
    return Load::Figures{load->answered, load->waiting, load->refused, load->errors, 0};
  }

  SocketOf by_fd = [this](int fd) -> SocketId {
    const auto& sockets = state.sockets();
    for (auto socket = sockets.rbegin(); socket != sockets.rend(); ++socket)
      if (socket->open && socket->fd == fd) return socket->id;
    return 0;
  };

  template <typename T>
  void learn(const T&) {}

  void learn(const event::ThreadStarted& thread) { names.add_thread(std::string(thread.name.view())); }
  void learn(const event::NameUnbound& name) { names.unbind(std::string(name.name.view())); }

  void learn(const event::NameBound& bound) {
    const std::string name(bound.name.view());
    if (bound.kind == NameKind::socket) names.bind(name, SocketValue{bound.id, nullptr});
    if (bound.kind == NameKind::load) names.add_load(name);
    if (bound.kind == NameKind::server) learn_server(name);
    if (bound.kind != NameKind::value) return;
    if (auto value = value_of_repr(bound.value.view(), by_fd); value && !bound.value.cut())
      names.bind(name, std::move(*value));
    else
      names.unbind(name);
  }

  void learn(const event::ServerStarted& started) { learn_server(std::string(started.name.view())); }
  void learn_server(const std::string& name) {
    if (const ServerState* server = state.server(name))
      names.add_server(name, {server->address, server->listener});
  }
  void learn(const event::HostStarted& started) {
    const HostState* host = state.host(started.name.view());
    if (host != nullptr) names.add_host(host->name, {host->address, host->address6});
  }

  void learn(const event::LineStarted& line) {
    const ThreadState* thread = state.thread(line.thread);
    if (thread == nullptr || line.text.view().starts_with('%')) return;
    Running now{thread->name, calls.calls().size(), nullptr};
    ThreadLine latest{line.line, std::string(line.text.view()), {}, true, {}};
    if (auto read = parse_line(line.text.view(), thread->name); read && read->statement) {
      now.statement = read->statement;
      latest.binds = names_bound(*read->statement);
    }
    lines.start(thread->name, std::move(latest));
    running[line.line_id] = std::move(now);
  }

  void learn(const event::LineEnded& line) {
    const auto found = running.find(line.line_id);
    if (found == running.end()) return;
    Outcome outcome;
    outcome.raised = !line.exception.empty();
    if (outcome.raised)
      outcome.error = {std::string(line.exception.view()), number_of(line), std::string(line.text.view())};
    else
      outcome.value = value_of(line, found->second);
    lines.finish(found->second.thread, std::move(outcome));
    running.erase(found);
  }

  // gaierror's stands in its message alone.
  static int number_of(const event::LineEnded& line) {
    constexpr std::string_view kBegins = "[Errno ";
    std::string_view text = line.text.view();
    int number = line.error;
    if (number != 0 || !text.starts_with(kBegins)) return number;
    text.remove_prefix(kBegins.size());
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }

  // What it printed, or the result of the call it was.
  Value value_of(const event::LineEnded& line, const Running& run) const {
    const std::string_view text = line.text.view();
    if (!text.empty()) return value_of_repr(text.substr(text.rfind('\n') + 1), by_fd).value_or(Value());
    const bool call = run.statement && run.statement->expression &&
                      std::holds_alternative<expr::Call>(run.statement->expression->node);
    const ThreadState* thread = state.thread(run.thread);
    if (!call || thread == nullptr) return {};
    const auto& made = std::get<expr::Call>(run.statement->expression->node);
    const CallInfo* info = find_call(made.name);
    for (std::size_t i = calls.calls().size(); info != nullptr && i-- > run.first_call;)
      if (calls.calls()[i].thread == thread->id && calls.calls()[i].name == info->call)
        return calls.calls()[i].result;
    return {};
  }
};

Recall::Recall(const Trace& trace) : impl_(std::make_unique<Impl>(trace)) {}
Recall::~Recall() = default;

bool Recall::more() const {
  return impl_->state.next() < impl_->trace.size();
}

const Event& Recall::next() const {
  return impl_->trace[impl_->state.next()];
}

void Recall::step() {
  const Event& event = next();
  impl_->state.apply(event, impl_->state.next());
  impl_->calls.follow(impl_->trace, impl_->state.next());
  std::visit([this](const auto& body) { impl_->learn(body); }, event.body);
}

Judged Recall::judge(const Condition& condition) const {
  return play::judge(condition, impl_->ground);
}

const State& Recall::state() const {
  return impl_->state;
}

}  // namespace sockscope::play
