#include "export/story.h"

#include <sys/socket.h>

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

#include "play/names_used.h"
#include "play/syntax.h"
#include "trace/state.h"

namespace sockscope::exporting {
namespace {

class Reader {
 public:
  Reader(const Trace& trace, std::uint64_t end, std::size_t most, bool interrupts)
      : trace_(trace), end_(std::min<std::uint64_t>(end, trace.size())), interrupts_(interrupts) {
    std::vector<std::uint64_t> lines;
    for (std::uint64_t seq = 0; seq < end_; ++seq)
      if (std::holds_alternative<event::LineStarted>(trace_[seq].body)) lines.push_back(seq);
    if (lines.size() <= most) return;
    story_.not_shown = lines.size() - most;
    first_ = lines[story_.not_shown];
  }

  Story read() {
    for (seq_ = 0; seq_ < end_; ++seq_) std::visit([this](const auto& body) { on(body); }, trace_[seq_].body);
    for (std::size_t i = 0; i < story_.threads.size(); ++i) finish(i);
    return std::move(story_);
  }

 private:
  template <typename T>
  void on(const T& /*unused*/) {}
  void on(const event::ThreadStarted& e) { thread_names_[e.thread] = std::string(e.name.view()); }
  void on(const event::LineStarted& e);
  void on(const event::LineEnded& e);
  void on(const event::Expectation& e);
  void on(const event::CallEntered& e);
  void on(const event::SocketOpened& e) {
    open_.insert(e.socket);
    if (of_listener(e.how)) inherited_.insert(e.socket);
  }
  void on(const event::SocketClosed& e) { open_.erase(e.socket); }
  void on(const event::SocketNamed& e);
  void on(const event::NameBound& e);
  void on(const event::NameUnbound& e) { names_.erase(std::string(e.name.view())); }
  void on(const event::ServerStarted& e);
  void on(const event::Notice& e);

  // The thread of the program that does what `id` did from now on.
  std::size_t thread_of(ThreadId id);
  std::size_t add_thread(ThreadId id);
  // What the end of a thread's latest line meant: an interrupt that the program cannot make leaves it inside.
  void finish(std::size_t thread, bool goes_on = false);
  void direct(StoryLine& line);
  std::string name_of(SocketId socket) const;

  struct Doing {
    std::optional<std::size_t> line;    // it is inside
    std::optional<std::size_t> latest;  // the latest that it began
    LineId id = 0;
  };
  const Trace& trace_;
  const std::uint64_t end_;
  const bool interrupts_;
  std::uint64_t first_ = 0, seq_ = 0;
  Story story_;
  std::vector<Doing> doing_;  // by index of story_.threads
  std::unordered_map<ThreadId, std::size_t> threads_;
  std::unordered_map<ThreadId, std::string> thread_names_;
  std::unordered_map<SocketId, ThreadId> caller_;      // the thread of the latest call on a socket
  std::unordered_map<SocketId, std::uint16_t> asked_;  // the port of its latest bind
  std::unordered_map<SocketId, int> backlogs_;
  std::set<SocketId> open_, inherited_, named_, reusing_;
  std::map<std::string, SocketId> names_;
};

std::size_t Reader::add_thread(ThreadId id) {
  const auto name = thread_names_.find(id);
  story_.threads.push_back({id == 0                       ? "directives"
                            : name == thread_names_.end() ? ""
                                                          : name->second,
                            id, false});
  doing_.emplace_back();
  return threads_[id] = story_.threads.size() - 1;
}

std::size_t Reader::thread_of(ThreadId id) {
  const auto found = threads_.find(id);
  return found == threads_.end() ? add_thread(id) : found->second;
}

void Reader::finish(std::size_t thread, bool goes_on) {
  const Doing& doing = doing_[thread];
  if (!doing.latest) return;
  const std::size_t at = *doing.latest;
  StoryLine& line = story_.lines[at];
  const bool undone = line.exception == "InterruptedError" && !line.interrupted;
  if (line.end != 0 && !undone) return;
  line.left = true;
  for (std::size_t i = at + 1; line.end != 0 && i < story_.lines.size(); ++i)
    if (story_.lines[i].seq > line.end) story_.lines[i].inside.push_back(thread);
  story_.inside.push_back(thread);
  if (goes_on) add_thread(story_.threads[thread].id);
}

void Reader::on(const event::LineStarted& e) {
  if (seq_ < first_) return;
  std::size_t thread = thread_of(e.thread);
  finish(thread, true);
  thread = thread_of(e.thread);
  StoryLine line;
  line.seq = seq_;
  line.number = story_.lines.size() + 1;
  line.thread = thread;
  line.text = std::string(e.text.view());
  auto parsed = e.text.cut() ? tl::expected<PlayLine, PlayError>(tl::unexpected(PlayError{}))
                             : parse_line(line.text, "main");
  if (parsed)
    line.parsed = std::move(*parsed);
  else
    line.refused = e.text.cut() ? "only its beginning was kept" : parsed.error().message;
  for (std::size_t i = 0; i < doing_.size(); ++i)
    if (i != thread && doing_[i].line) line.inside.push_back(i);
  for (const std::size_t left : story_.inside)
    if (std::find(line.inside.begin(), line.inside.end(), left) == line.inside.end())
      line.inside.push_back(left);
  if (line.parsed.statement) {
    std::vector<std::string> given = play::names_bound(*line.parsed.statement);
    if (!line.parsed.statement->removed.empty()) given.push_back(line.parsed.statement->removed);
    for (const std::string& name : given)
      if (const auto held = names_.find(name); held != names_.end() && open_.contains(held->second))
        line.loses.push_back(name);
  }
  if (line.parsed.directive) direct(line);
  doing_[thread] = {story_.lines.size(), story_.lines.size(), e.line_id};
  story_.lines.push_back(std::move(line));
}

// %interrupt: whom it means.
void Reader::direct(StoryLine& line) {
  const auto* what = std::get_if<play::directive::Interrupt>(&line.parsed.directive->what);
  if (what == nullptr) return;
  for (std::size_t i = 0; i < doing_.size(); ++i) {
    if (!doing_[i].line || story_.threads[i].name != what->thread) continue;
    const auto already = std::find_if(story_.threads.begin(), story_.threads.end(),
                                      [](const StoryThread& t) { return t.interrupted; });
    if (!interrupts_ && already != story_.threads.end() && !story_.threads[i].interrupted) return;
    story_.threads[i].interrupted = true;
    story_.lines[*doing_[i].line].interrupted = true;
    line.target = i;
    return;
  }
}

void Reader::on(const event::LineEnded& e) {
  const auto found = threads_.find(e.thread);
  if (found == threads_.end()) return;
  Doing& doing = doing_[found->second];
  if (!doing.line || doing.id != e.line_id) return;
  StoryLine& line = story_.lines[*doing.line];
  line.end = seq_;
  line.exception = std::string(e.exception.view());
  for (Birth& birth : story_.births)
    if (birth.line == *doing.line && birth.owner.empty()) birth.owner = name_of(birth.socket);
  doing.line.reset();
}

void Reader::on(const event::Expectation& e) {
  if (!story_.lines.empty()) story_.lines.back().notes.emplace_back(e.text.view());
}

void Reader::on(const event::CallEntered& e) {
  caller_[e.socket] = e.thread;
  if (e.name == Call::bind) asked_[e.socket] = e.args.address.get().port;
  if (e.name == Call::listen) backlogs_[e.socket] = static_cast<int>(e.args.numbers[0]);
  if (e.name == Call::setsockopt && e.args.numbers[1] == SO_REUSEADDR) reusing_.insert(e.socket);
  const auto found = threads_.find(e.thread);
  if (found == threads_.end() || !doing_[found->second].line) return;
  story_.lines[*doing_[found->second].line].calls.push_back(seq_);
}

void Reader::on(const event::SocketNamed& e) {
  const bool inet = e.local.family == AF_INET || e.local.family == AF_INET6;
  if (!inet || e.local.port == 0 || inherited_.contains(e.socket) || !named_.insert(e.socket).second) return;
  const auto asked = asked_.find(e.socket);
  if (asked != asked_.end() && asked->second == e.local.port) return;
  Birth birth{e.local.port, e.socket, seq_, kNobody, name_of(e.socket), false};
  if (const auto caller = caller_.find(e.socket); caller != caller_.end())
    if (const auto thread = threads_.find(caller->second); thread != threads_.end())
      birth.line = doing_[thread->second].line.value_or(kNobody);
  story_.births.push_back(std::move(birth));
}

void Reader::on(const event::NameBound& e) {
  if (e.kind == NameKind::socket)
    names_[std::string(e.name.view())] = e.id;
  else
    names_.erase(std::string(e.name.view()));
}

void Reader::on(const event::ServerStarted& e) {
  StoryServer server{e, seq_};
  if (const auto backlog = backlogs_.find(e.listener); backlog != backlogs_.end())
    server.backlog = backlog->second;
  server.reuse_addr = reusing_.contains(e.listener);
  story_.servers.push_back(std::move(server));
  for (Birth& birth : story_.births) {
    if (birth.socket != e.listener || story_.lines.empty()) continue;
    birth.owner = std::string(e.name.view());
    birth.server = true;
    birth.line = story_.lines.size() - 1;
  }
}

void Reader::on(const event::Notice& e) {
  if (e.code.view() != "not-here" && e.code.view() != "not-yours") return;
  if (!story_.lines.empty() && story_.lines.back().end == 0) story_.lines.back().outside = true;
}

std::string Reader::name_of(SocketId socket) const {
  for (const auto& [name, id] : names_)
    if (id == socket) return name;
  return {};
}

}  // namespace

const Birth* Story::birth_of(std::uint16_t port, std::uint64_t seq) const {
  const Birth* found = nullptr;
  for (const Birth& birth : births)
    if (birth.port == port && birth.seq < seq && birth.line != kNobody && !birth.owner.empty())
      found = &birth;
  return found;
}

Story read_story(const Trace& trace, std::uint64_t end, std::size_t most, bool interrupts) {
  return Reader(trace, end, most, interrupts).read();
}

bool is_by_inet(const LoadOptions& options) {
  return !options.to_name.empty() || options.to.family == AF_INET;
}

std::string comment_text(std::string_view text) {
  constexpr std::size_t kLongest = 400;
  std::string valid;
  for (std::size_t at = 0; at < text.size() && valid.size() < kLongest;) {
    const std::size_t from = at;
    if (play::next_character(text, at, false))
      valid += text.substr(from, at - from);
    else
      valid += "?", ++at;
  }
  const std::string quoted = play::repr(play::text(valid));
  const bool plain = std::string_view(quoted).substr(1, quoted.size() - 2) == valid;
  return (plain ? valid : quoted) + (valid.size() < text.size() ? " …" : "");
}

}  // namespace sockscope::exporting
