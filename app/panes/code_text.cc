#include "panes/code_text.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "net/catalogue.h"
#include "net/text.h"

namespace sockscope {
namespace {

bool is_directive(std::string_view text) {
  return !text.empty() && text.front() == '%';
}

// The line a thread was given last, if it runs it now or nothing after it.
const ThreadState* runner_of(const State& state, const event::LineStarted& line) {
  const ThreadState* thread = state.thread(line.thread);
  return thread != nullptr && thread->line_id == line.line_id ? thread : nullptr;
}

// What is before "TCPServer" in the name of socketserver's class; nullopt: it has none for this model.
std::optional<std::string_view> mixin_of(std::string_view model) {
  if (model == "iterative") return "";
  if (model == "thread") return "Threading";
  if (model == "fork") return "Forking";
  return std::nullopt;
}

class Program {
 public:
  explicit Program(const State& state) : state_(state) {}

  void line(const event::LineStarted& started) {
    const std::string_view text = started.text;
    if (is_directive(text)) {
      add("# " + std::string(text), true);
    } else {
      speak(started.thread);
      add(std::string(text), false);
    }
    const ThreadState* thread = runner_of(state_, started);
    if (thread == nullptr) return;
    lines_.back().failed = !thread->line_running && !thread->line_exception.empty();
    if (thread->line_running) lines_.back().here.push_back(thread->id);
  }

  void server(const event::ServerStarted& started) {
    said_ = 0;
    const std::string_view model = started.model.view();
    handler(started);
    if (const auto mixin = mixin_of(model)) return socketserver(started, *mixin);
    const std::string name(started.name.view());
    add(fmt::format("{} = create_server({})", name, to_python(started.address)), false);
    if (model == "pool") {
      add("pool = ThreadPoolExecutor()", false);
      mark("ThreadPoolExecutor");
      add("while True:", false);
      at({Call::accept}, started, fmt::format("    conn, addr = {}.accept()", name));
      add("    pool.submit(serve, conn, addr)", false);
    } else if (model == "prethread") {
      add("def worker():", false);
      add("    while True:", false);
      at({Call::accept}, started, fmt::format("        conn, addr = {}.accept()", name));
      add("        serve(conn, addr)", false);
      add("for _ in range(workers):", false);
      add("    Thread(target=worker).start()", false);
      mark("Thread");
    } else {
      ready_loop(started, name);
    }
    at({Call::shutdown, Call::close}, started, "    # after it: shutdown, close");
    lines_.back().comment = true;
  }

  std::vector<CodeLine> take() { return std::move(lines_); }

 private:
  void add(std::string text, bool comment) { lines_.push_back({std::move(text), 0, 0, {}, comment, false}); }

  // The word that makes the model.
  void mark(std::string_view word) {
    const std::size_t from = lines_.back().text.find(word);
    lines_.back().mark_from = from;
    lines_.back().mark_to = from + word.size();
  }

  bool is_datagram(const event::ServerStarted& started) const {
    const SocketState* socket = state_.socket(started.listener);
    return socket != nullptr && socket->type == SOCK_DGRAM;
  }

  // What the handler does with a client, in Python.
  void handler(const event::ServerStarted& started) {
    const std::string_view name = started.handler.view(), model = started.model.view();
    const bool own = mixin_of(model).has_value();
    const std::string in = own ? "        " : "    ", conn = own ? "self.request" : "conn";
    const auto line = [&](std::string_view text) { add(in + std::string(text), false); };
    const auto receive = [&](std::string_view text) {
      at({Call::recv}, started, in + fmt::format(fmt::runtime(text), conn));
    };
    const auto answer = [&](std::string_view text) {
      at({Call::send, Call::sendall}, started, in + fmt::format(fmt::runtime(text), conn));
    };
    add(own ? "class Handler(BaseRequestHandler):" : "def serve(conn, addr):", false);
    if (own) add("    def handle(self):", false);
    if (is_datagram(started)) return datagram_handler(started);
    if (name == "upper" || name == "slow") {
      receive("data = {}.recv(1024).strip()");
      line(own ? "print(f'{self.client_address[0]} wrote:')" : "print(f'{addr[0]} wrote:')");
      line("print(data)");
      if (name == "slow") line("time.sleep(1)");
      answer("{}.sendall(data.upper())");
    } else if (name == "http-hello") {
      receive("request = {}.recv(1024)");
      answer("{}.sendall(b'HTTP/1.1 200 OK' + page)");
    } else if (name == "upper-stream" || name == "chat") {
      receive("for data in {}.makefile('rb'):");
      if (name == "chat") {
        line("    for each in clients:");
        at({Call::send, Call::sendall}, started, in + "        each.sendall(data)");
      } else {
        answer("    {}.sendall(data.strip().upper() + b'\\n')");
      }
    } else {
      receive("while data := {}.recv(1024):");
      if (name == "echo")
        answer("    {}.sendall(data)");
      else
        line("    pass");
    }
  }

  void datagram_handler(const event::ServerStarted& started) {
    const std::string_view name = started.handler.view();
    add("        data, socket = self.request", false);
    if (name == "slow") add("        time.sleep(1)", false);
    const std::string_view answer = name == "echo" ? "data" : name == "discard" ? "" : "data.strip().upper()";
    if (!answer.empty())
      at({Call::sendto}, started, fmt::format("        socket.sendto({}, self.client_address)", answer));
  }

  void socketserver(const event::ServerStarted& started, std::string_view mixin) {
    const std::string name(started.name.view());
    const bool datagrams = is_datagram(started);
    const std::string_view kind = started.address.family == AF_UNIX
                                      ? (datagrams ? "UnixDatagram" : "UnixStream")
                                  : datagrams ? "UDP"
                                              : "TCP";
    const std::string server = fmt::format("{}{}Server", mixin, kind);
    add(fmt::format("{} = {}({}, Handler)", name, server, to_python(started.address)), false);
    mark(server);
    at({Call::accept, Call::recvfrom}, started, name + ".serve_forever()");
    if (datagrams) return;
    at({Call::shutdown, Call::close}, started, "    # after handle(): shutdown, close");
    lines_.back().comment = true;
  }

  void ready_loop(const event::ServerStarted& started, const std::string& name) {
    const bool edge = started.model.view() == "epoll-edge";
    if (edge || started.model.view() == "epoll") {
      add("ep = epoll()", false);
      add(fmt::format("ep.register({}, EPOLLIN{})", name, edge ? " | EPOLLET" : ""), false);
      if (edge) mark("EPOLLET");
    } else {
      add("clients = []", false);
    }
    add("while True:", false);
    if (started.model.view() == "select") {
      at({Call::select}, started, fmt::format("    ready, _, _ = select([{}, *clients], [], [])", name));
      mark("select");
      add("    for one in ready:", false);
    } else if (started.model.view() == "poll") {
      at({Call::poll}, started, "    ready = p.poll()");
      mark("poll");
      add("    for one, events in ready:", false);
    } else {
      at({Call::epoll_wait}, started, "    ready = ep.poll()");
      mark("ep.poll");
      add("    for one, events in ready:", false);
    }
    add(fmt::format("        if one is {}:", name), false);
    at({Call::accept, Call::epoll_ctl}, started,
       edge || started.model.view() == "epoll"
           ? fmt::format("            ep.register({}.accept()[0], EPOLLIN{})", name, edge ? " | EPOLLET" : "")
           : fmt::format("            clients.append({}.accept()[0])", name));
    add("        else:", false);
    add("            serve(one, one.getpeername())", false);
  }

  // "# thread client", when another thread goes on.
  void speak(ThreadId id) {
    if (said_ == id) return;
    said_ = id;
    const ThreadState* thread = state_.thread(id);
    if (thread == nullptr) return;
    if (thread->host.empty() || thread->host == "localhost") {
      add("# thread " + thread->name, true);
    } else {
      add(fmt::format("# thread {}, on host {}", thread->name, thread->host), true);
    }
  }

  // A line of a server, with those of its threads that are in one of `calls` now.
  void at(std::vector<Call> calls, const event::ServerStarted& started, std::string text) {
    add(std::move(text), false);
    lines_.back().here = threads_in(state_, started.name.view(), calls);
  }

  const State& state_;
  std::vector<CodeLine> lines_;
  ThreadId said_ = 0;
};

bool word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

CodeInk ink_of(std::string_view word) {
  constexpr std::array<std::string_view, 15> words = {"struct", "int",    "NULL", "class",  "def",
                                                      "del",    "import", "from", "None",   "True",
                                                      "False",  "for",    "in",   "return", "if"};
  if (std::isdigit(static_cast<unsigned char>(word.front())) != 0) return CodeInk::number;
  return std::find(words.begin(), words.end(), word) != words.end() ? CodeInk::keyword : CodeInk::plain;
}

}  // namespace

void extend(CodeOutline& outline, const Trace& trace) {
  if (outline.of != &trace || trace.size() < outline.read || outline.start != trace.start()) {
    outline = {};
    outline.of = &trace;
    outline.start = trace.start();
  }
  for (; outline.read < trace.size(); ++outline.read) {
    const Body& body = trace[outline.read].body;
    if (std::holds_alternative<event::LineEnded>(body)) outline.ended.push_back(outline.read);
    const bool server = std::holds_alternative<event::ServerStarted>(body);
    if (server || std::holds_alternative<event::LineStarted>(body))
      outline.parts.push_back({outline.read, server});
  }
}

std::vector<CodeLine> code_text(const CodeOutline& outline, const Trace& trace, const State& state,
                                std::uint64_t cursor_seq, std::size_t most) {
  const auto end = std::partition_point(outline.parts.begin(), outline.parts.end(),
                                        [&](const CodeOutline::Part& part) { return part.seq < cursor_seq; });
  const std::size_t count = static_cast<std::size_t>(end - outline.parts.begin());
  Program program(state);
  for (std::size_t i = count - std::min(count, most); i < count; ++i) {
    const Body& body = trace[outline.parts[i].seq].body;
    if (outline.parts[i].server) {
      program.server(std::get<event::ServerStarted>(body));
    } else {
      program.line(std::get<event::LineStarted>(body));
    }
  }
  return program.take();
}

std::vector<CodeLine> code_lines(const std::vector<CodeStatement>& statements, const State& state) {
  std::vector<CodeLine> lines;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    CodeLine& line = lines.emplace_back();
    line.text = statements[i].text;
    line.comment = line.text.starts_with("//");
    const std::uint64_t seq = statements[i].seq;
    const bool last = i + 1 == statements.size() || statements[i + 1].seq != seq;
    if (seq == 0 || !last) continue;
    for (const ThreadState& thread : state.threads()) {
      if (thread.line_id == 0 || thread.line_seq != seq) continue;
      if (thread.line_running) line.here.push_back(thread.id);
      line.failed = !thread.line_running && !thread.line_exception.empty();
    }
  }
  return lines;
}

std::uint64_t code_version(const CodeOutline& outline, std::uint64_t cursor_seq) {
  const auto begun =
      std::partition_point(outline.parts.begin(), outline.parts.end(),
                           [&](const CodeOutline::Part& part) { return part.seq < cursor_seq; });
  const auto ended = std::lower_bound(outline.ended.begin(), outline.ended.end(), cursor_seq);
  return 1 + static_cast<std::uint64_t>(begun - outline.parts.begin()) +
         static_cast<std::uint64_t>(ended - outline.ended.begin());
}

std::vector<CodePiece> code_pieces(std::string_view line) {
  std::vector<CodePiece> pieces;
  const auto add = [&](std::size_t from, std::size_t to, CodeInk ink) {
    if (to == from) return;
    if (!pieces.empty() && pieces.back().ink == ink) {
      const char* begin = pieces.back().text.data();
      pieces.back().text = std::string_view(begin, pieces.back().text.size() + (to - from));
    } else {
      pieces.push_back({line.substr(from, to - from), ink});
    }
  };
  for (std::size_t at = 0; at < line.size();) {
    std::size_t next = at + 1;
    CodeInk ink = CodeInk::plain;
    if (line[at] == '#' || line.substr(at).starts_with("//")) {
      next = line.size();
      ink = CodeInk::comment;
    } else if (line[at] == '\'' || line[at] == '"') {
      next = quoted_end(line, at);
      ink = CodeInk::text;
    } else if (word_character(line[at])) {
      while (next < line.size() && word_character(line[next])) ++next;
      ink = ink_of(line.substr(at, next - at));
      const bool prefix = next - at == 1 && next < line.size() && (line[next] == '\'' || line[next] == '"');
      if (prefix) {  // b'', f''
        next = quoted_end(line, next);
        ink = CodeInk::text;
      }
    }
    add(at, std::min(next, line.size()), ink);
    at = next;
  }
  return pieces;
}

}  // namespace sockscope
