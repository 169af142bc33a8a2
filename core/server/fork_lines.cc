#include "server/fork_lines.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <utility>

#include "server/told_event.h"
#include "trace/base64.h"

namespace sockscope {
namespace {

constexpr SocketId kItsListener = 1;

// "3 4711"
template <typename A, typename B>
bool two_numbers(std::string_view text, A& a, B& b) {
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, a);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ' ') return false;
  const auto second = std::from_chars(first.ptr + 1, end, b);
  return second.ec == std::errc{} && second.ptr == end;
}

}  // namespace

bool Hearing::all_taken_in() {
  const std::unique_lock lock(mutex, std::try_to_lock);
  return lock && told.empty();  // else something is being taken in
}

ForkLines::ForkLines(Service& service, ThreadId parent, std::shared_ptr<Hearing> hearing)
    : ChildLines(service.engine(), service.options().host, parent),
      service_(service),
      hearing_(std::move(hearing)) {
  lend(kItsListener, service.listener()->id);
}

void ForkLines::take_in() {
  const std::lock_guard taking(hearing_->mutex);
  hearing_->told.take([this](std::string_view record) {
    if (auto its = told_event(record)) return event(std::move(*its));
    padded_.assign(record);
    padded_.append(LineReader::kPadding, '\0');
    line(std::string_view(padded_).substr(0, record.size()));
  });
}

std::vector<int> ForkLines::running() const {
  std::vector<int> result;
  for (const auto& [thread, process] : processes_)
    if (process) result.push_back(process.get());
  return result;
}

std::optional<std::string> ForkLines::other_line(std::string_view text) {
  if (text.empty() || text[0] == '{') return std::nullopt;
  const std::string_view rest = text.substr(1);
  bool good = false;
  switch (text[0]) {
    case '.':
      good = ready_ = true;
      break;
    case '>':
      good = said(rest, service_.options().print);
      break;
    case '!':
      good = said(rest, service_.options().warn);
      break;
    case '+':
      good = began(rest);
      break;
    case '-':
      good = ended(rest);
      break;
    case '~':
      good = waits(rest);
      break;
    default:
      return std::nullopt;
  }
  return good ? std::string() : "not what follows " + std::string(text.substr(0, 1));
}

bool ForkLines::said(std::string_view base64, const std::function<void(std::string_view)>& to) const {
  const auto text = from_base64(base64);
  if (text && to) to(*text);
  return text.has_value();
}

bool ForkLines::began(std::string_view text) {
  ThreadId thread = 0;
  pid_t pid = 0;
  if (!two_numbers(text, thread, pid) || pid <= 0) return false;
  processes_[thread] = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  return true;
}

bool ForkLines::ended(std::string_view text) {
  ThreadId thread = 0;
  SocketId socket = 0;
  if (!two_numbers(text, thread, socket)) return false;
  processes_.erase(thread);
  if (ThreadId ours = thread; thread_of_ours(ours)) end_client(ours);
  close_socket(socket);
  end_thread(thread);
  return true;
}

bool ForkLines::waits(std::string_view text) {
  ThreadId thread = 0;
  Time since = 0;
  if (!two_numbers(text, thread, since)) return false;
  if (!thread_of_ours(thread)) return !engine().room().tracing();
  const auto waiting = outside_.find(thread);
  if (waiting != outside_.end()) waiting->second->waits(since);
  return true;
}

bool ForkLines::own_event(Body& body) {
  if (auto* begins = std::get_if<event::ClientStarted>(&body))
    return begins->server == service_.id() && thread_of_ours(begins->thread) &&
           socket_of_ours(begins->socket);
  if (auto* ends = std::get_if<event::ClientEnded>(&body))
    return ends->server == service_.id() && thread_of_ours(ends->thread) && socket_of_ours(ends->socket);
  if (auto* printed = std::get_if<event::HandlerPrinted>(&body))
    return printed->server == service_.id() && thread_of_ours(printed->thread);
  if (auto* sampled = std::get_if<event::ListenerSampled>(&body)) return socket_of_ours(sampled->socket);
  return false;
}

void ForkLines::took(const Body& body) {
  const auto of = [this](ThreadId thread) {
    const auto found = outside_.find(thread);
    return found == outside_.end() ? nullptr : found->second;
  };
  if (const auto* started = std::get_if<event::ThreadStarted>(&body)) {
    auto made = std::make_shared<Outside>(started->thread, std::string(started->name.view()), started->tid,
                                          [hearing = hearing_] { return hearing->all_taken_in(); });
    outside_[started->thread] = made;
    costs_[started->thread] = {started->tid, {}};
    service_.processes(static_cast<unsigned>(costs_.size()));
    engine().attach(std::move(made));
  } else if (const auto* ended = std::get_if<event::ThreadEnded>(&body)) {
    outside_.erase(ended->thread);
    if (const auto cost = costs_.extract(ended->thread); !cost.empty()) {
      service_.processes(static_cast<unsigned>(costs_.size()));
      service_.count_cost(ended->thread, cost.mapped().told, true, [this](Body sum) { put(std::move(sum)); });
    }
    engine().detach(ended->thread);
  } else if (const auto* entered = std::get_if<event::CallEntered>(&body)) {
    if (const auto its = of(entered->thread)) its->entered(entered->call);
  } else if (const auto* returned = std::get_if<event::CallReturned>(&body)) {
    if (const auto its = of(returned->thread)) its->returned(returned->call);
  } else if (const auto* client = std::get_if<event::ClientStarted>(&body)) {
    clients_[client->thread] = {client->server, client->thread, client->socket};
    look_at_cost(client->thread);
  } else if (const auto* done = std::get_if<event::ClientEnded>(&body)) {
    clients_.erase(done->thread);
    look_at_cost(done->thread);
  }
}

// While it lives: nobody can be asked once it has been collected. The server's own process beside it.
void ForkLines::look_at_cost(ThreadId thread) {
  const bool due = service_.cost_is_due();
  for (auto& [its, cost] : costs_) {
    if (its != thread && !due) continue;
    const ThreadCost now_so = cost_of_process(cost.pid);
    if (now_so.memory == 0) continue;  // it has ended
    cost.told = now_so;
    service_.count_cost(its, cost.told, false, [this](Body sum) { put(std::move(sum)); });
  }
}

void ForkLines::end_client(ThreadId thread) {
  const auto client = clients_.extract(thread);
  if (!client.empty()) put(client.mapped());
}

void ForkLines::end() {
  for (const auto& [thread, client] : std::exchange(clients_, {})) put(client);
  processes_.clear();
  ChildLines::end();
}

}  // namespace sockscope
