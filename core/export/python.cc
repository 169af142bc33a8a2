#include "export/python.h"

#include <fmt/format.h>

#include <algorithm>

#include "export/frame.h"
#include "export/python_text.h"
#include "play/names_used.h"
#include "play/open_file.h"

namespace sockscope::exporting {
namespace {

constexpr std::size_t kWidth = 110;

// One line of the recording, written.
struct Written {
  std::vector<std::string> statements;  // empty: it is a comment only
  std::vector<std::string> comments;
};

// What %file wrote: of a size, one line again and again.
std::string content(const play::directive::File& file) {
  if (file.size < 0) return python_bytes(file.text);
  const std::string some = play::file_content(256);
  const std::string pattern = some.substr(0, some.find('\n') + 1);
  return fmt::format("({} * {})[:{}]", python_bytes(pattern),
                     file.size / static_cast<std::int64_t>(pattern.size()) + 1, file.size);
}

class PythonProgram {
 public:
  explicit PythonProgram(const Story& story) : story_(story), names_(reserved_in_python, false) {}

  Program make() {
    if (story_.lines.empty()) {
      only_servers();
      return std::move(program_);
    }
    for (const StoryThread& thread : story_.threads)
      functions_.push_back(names_.fresh(Identifiers(reserved_in_python, false).of(thread.name)));
    globals_.resize(story_.threads.size());
    for (const StoryLine& line : story_.lines) written_.push_back(write(line));
    for (std::size_t i = 0; i < captures_.size(); ++i) capture(captures_[i], i);
    head();
    for (std::size_t i = 0; i < story_.threads.size(); ++i) function(i);
    start();
    return std::move(program_);
  }

 private:
  void add(std::string text, std::uint64_t seq = 0) { program_.lines.push_back({std::move(text), seq}); }
  void add_block(std::string_view text);
  Written write(const StoryLine& line);
  Written directive(const StoryLine& line);
  std::string serve(const ServerOptions& options, const StoryLine& line);
  std::string load(const LoadOptions& options, const StoryLine& line);
  std::string port_name(std::int64_t port, std::uint64_t seq);
  std::string address(const Address& address, std::uint64_t seq);
  void capture(const Birth* birth, std::size_t number);
  void leave_out(const StoryLine& line, Written& out, const std::string& why);
  void head();
  void imports();
  void helpers();
  void function(std::size_t thread);
  void line(const StoryLine& line, const Written& out);
  void start();
  std::string others(const std::vector<std::size_t>& inside) const;
  void only_servers();
  void handler(bool work);

  const Story& story_;
  Program program_;
  Identifiers names_;
  PythonNeeds needs_;
  std::vector<std::string> functions_;          // by thread
  std::vector<std::set<std::string>> globals_;  // by thread
  std::vector<Written> written_;
  std::vector<const Birth*> captures_;
  std::vector<std::string> capture_names_;
  std::set<std::string> servers_, models_;  // names of %serve, server classes used
  bool works_ = false;
  double longest_wait_ = 0;
};

void PythonProgram::add_block(std::string_view text) {
  if (text.starts_with('\n')) text.remove_prefix(1);
  while (!text.empty()) {
    const auto end = text.find('\n');
    add(std::string(text.substr(0, end)));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
}

std::string PythonProgram::port_name(std::int64_t port, std::uint64_t seq) {
  if (port <= 0 || port > 65535) return {};
  const Birth* birth = story_.birth_of(static_cast<std::uint16_t>(port), seq);
  if (birth == nullptr) return {};
  const auto known = std::find(captures_.begin(), captures_.end(), birth);
  const auto at = static_cast<std::size_t>(known - captures_.begin());
  if (known == captures_.end()) {
    captures_.push_back(birth);
    capture_names_.push_back(names_.fresh(fmt::format("port_{}", captures_.size())));
  }
  return capture_names_[at];
}

// Where the kernel chose the port, the program asks for it.
void PythonProgram::capture(const Birth* birth, std::size_t number) {
  const std::string owner = names_.of(birth->owner);
  written_[birth->line].statements.push_back(fmt::format("{} = {}.{}[1]", capture_names_[number], owner,
                                                         birth->server ? "server_address" : "getsockname()"));
  globals_[story_.lines[birth->line].thread].insert(capture_names_[number]);
}

std::string PythonProgram::address(const Address& address, std::uint64_t seq) {
  const std::string port = port_name(address.port, seq);
  return fmt::format("('{}', {})", host_of(address), port.empty() ? std::to_string(address.port) : port);
}

void PythonProgram::leave_out(const StoryLine& line, Written& out, const std::string& why) {
  needs_.leaves_out = true;
  out.statements = {"raise LeftOut"};
  out.comments.push_back(fmt::format("left out, {}: {}", why, comment_text(line.text)));
  program_.left_out.push_back(fmt::format("line {}, {}: {}", line.number, why, comment_text(line.text)));
}

Written PythonProgram::write(const StoryLine& line) {
  Written out;
  if (!line.refused.empty()) {
    leave_out(line, out, "it is no line of a play");
  } else if (line.outside) {
    leave_out(line, out, "it would leave this machine");
  } else if (line.parsed.directive) {
    out = directive(line);
  } else if (line.parsed.statement) {
    const Statement& statement = *line.parsed.statement;
    PythonText text(names_, needs_, [&](std::int64_t port) { return port_name(port, line.seq); });
    try {
      const std::string made = text.statement(statement);
      for (const std::string& lost : line.loses)
        out.statements.push_back(fmt::format("kept.append({})", names_.of(lost)));
      if (!made.empty()) out.statements.push_back(made);
    } catch (const NoPython& no) {
      leave_out(line, out, no.why);
    }
    std::set<std::string>& globals = globals_[line.thread];
    for (const std::string& name : play::names_bound(statement)) globals.insert(names_.of(name));
    if (!statement.removed.empty()) globals.insert(names_.of(statement.removed));
    if (out.statements.empty()) out.comments.push_back(comment_text(line.text));
  }
  for (const std::string& note : line.notes) out.comments.push_back("expected: " + comment_text(note));
  return out;
}

std::string PythonProgram::serve(const ServerOptions& options, const StoryLine& line) {
  needs_.servers = true;
  servers_.insert(options.name);
  globals_[line.thread].insert(names_.of(options.name));
  const std::string model = options.model != "iterative" ? "ThreadingTCPServer" : "TCPServer";
  models_.insert(model);
  std::string made =
      fmt::format("{} = serve({}, {}", names_.of(options.name), model, address(options.address, line.seq));
  if (options.backlog != 5) made += fmt::format(", backlog={}", options.backlog);
  if (options.reuse_addr) made += ", reuse_addr=True";
  works_ = works_ || options.work > 0;
  if (options.work > 0) made += fmt::format(", work={}", python_seconds(options.work));
  return made + ")";
}

std::string PythonProgram::load(const LoadOptions& options, const StoryLine& line) {
  needs_.loads = true;
  needs_.socket.insert("socket");
  const std::string to = options.to_name.empty() ? address(options.to, line.seq)
                                                 : names_.of(options.to_name) + ".server_address";
  std::string made = fmt::format("load({}, clients={}", to, options.clients);
  if (options.messages != 1) made += fmt::format(", messages={}", options.messages);
  made += fmt::format(", text={}", python_bytes(options.text));
  return made + (options.stay ? ", stay=True)" : ")");
}

Written PythonProgram::directive(const StoryLine& line) {
  namespace directive = play::directive;
  Written out;
  const auto& what = line.parsed.directive->what;
  if (const auto* serving = std::get_if<directive::Serve>(&what)) {
    out.statements.push_back(serve(serving->options, line));
  } else if (const auto* clients = std::get_if<directive::Load>(&what)) {
    if (const LoadOptions& options = clients->options; !is_by_inet(options))
      leave_out(line, out, "the program's clients are AF_INET alone");
    else
      out.statements.push_back(load(options, line));
  } else if (const auto* ended = std::get_if<directive::Stop>(&what);
             ended != nullptr && servers_.contains(ended->name)) {
    needs_.stops = true;
    needs_.socket.insert("SHUT_RDWR");
    out.statements.push_back(fmt::format("stop({})", names_.of(ended->name)));
  } else if (const auto* file = std::get_if<directive::File>(&what)) {
    needs_.files = needs_.writes = true;
    out.statements.push_back(
        fmt::format("write({}, {})", play::repr(play::text(file->name)), content(*file)));
  } else if (const auto* wait = std::get_if<directive::Wait>(&what)) {
    longest_wait_ = std::max(longest_wait_, static_cast<double>(wait->time) / 1e9);
    out.statements.push_back(fmt::format("time.sleep({})", python_seconds(wait->time)));
  } else if (std::holds_alternative<directive::Interrupt>(what)) {
    if (line.target == kNobody) {
      leave_out(line, out, "Python interrupts its main thread only");
    } else {
      needs_.interrupts = true;
      out.statements.emplace_back("signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)");
    }
  } else {
    out.comments.push_back(comment_text(line.text));
  }
  return out;
}

void PythonProgram::head() {
  add("#!/usr/bin/env python3");
  add("\"\"\"A run of Sockscope as a program: each of its threads is a function, below.");
  add("");
  add("For each line it prints the number and what the line returned (or: done), or \"raised\", the "
      "exception's class and");
  add("errno; at the end \"blocked\" for a line that still waits.");
  add("\"\"\"");
  add("");
  imports();
  add("");
  if (story_.not_shown > 0)
    add(fmt::format("# Left out: the {} lines before the last {}.", story_.not_shown, story_.lines.size()));
  add(fmt::format("patience = {}  # seconds without a line that begins, before it gives up",
                  10 + static_cast<int>(longest_wait_)));
  add(fmt::format("others_run = {}  # a server or its clients, whose threads have no lines",
                  needs_.servers || needs_.loads ? "True" : "False"));
  helpers();
}

void PythonProgram::imports() {
  std::set<std::string>& modules = needs_.modules;
  modules.insert({"io", "os", "shutil", "sys", "tempfile", "threading", "time"});
  if (needs_.interrupts) modules.insert({"errno", "signal"});
  for (const std::string& module : modules) add("import " + module);
  std::string names;
  for (const std::string& name : needs_.socket) (names += names.empty() ? "" : ", ") += name;
  if (names.size() < kWidth - 20) {
    if (!names.empty()) add("from socket import " + names);
  } else {
    add("from socket import (");
    for (const std::string& name : needs_.socket) add("    " + name + ",");
    add(")");
  }
  if (!needs_.servers) return;
  std::string classes = "BaseRequestHandler";
  for (const std::string& model : models_) classes += ", " + model;
  add("from socketserver import " + classes);
}

void PythonProgram::handler(bool work) {
  add_block(python_frame::handler);
  if (work) add("        time.sleep(self.server.work)");
  add("        self.request.sendall(data.upper())");
  add("");
}

void PythonProgram::helpers() {
  add("");
  add_block(python_frame::baton);
  if (needs_.keeps) add_block(python_frame::keep), add("");
  if (needs_.files) add_block(python_frame::open_file), add("");
  if (needs_.writes) add_block(python_frame::write_file), add("");
  if (needs_.leaves_out) add_block(python_frame::left_out), add("");
  if (needs_.interrupts) add_block(python_frame::interrupt), add("");
  if (needs_.servers) {
    handler(works_);
    add_block(python_frame::serve), add("");
  }
  if (needs_.stops) add_block(python_frame::stop), add("");
  if (needs_.loads) add_block(python_frame::load), add("");
  add("");
  add("# ---- the threads ----");
}

std::string PythonProgram::others(const std::vector<std::size_t>& inside) const {
  std::string all;
  for (const std::size_t thread : inside) (all += all.empty() ? "" : " ") += functions_[thread];
  return all.empty() ? all : fmt::format(", '{}'", all);
}

void PythonProgram::line(const StoryLine& line, const Written& out) {
  const std::string with = fmt::format("    with line({}{}):", line.number, others(line.inside));
  if (out.statements.empty()) {
    for (const std::string& comment : out.comments) add("    # " + comment, line.seq);
    add(with + " pass", line.seq);
    return;
  }
  if (out.statements.size() == 1 && with.size() + 1 + out.statements[0].size() <= kWidth) {
    add(with + " " + out.statements[0], line.seq);
  } else {
    add(with, line.seq);
    for (const std::string& statement : out.statements) add("        " + statement, line.seq);
  }
  for (const std::string& comment : out.comments) add("    # " + comment, line.seq);
}

void PythonProgram::function(std::size_t thread) {
  add("");
  add("");
  add(fmt::format("def {}():", functions_[thread]));
  std::string globals;
  for (const std::string& name : globals_[thread]) (globals += globals.empty() ? "" : ", ") += name;
  if (!globals.empty()) add("    global " + globals);
  for (std::size_t i = 0; i < story_.lines.size(); ++i)
    if (story_.lines[i].thread == thread) line(story_.lines[i], written_[i]);
}

void PythonProgram::start() {
  std::size_t first = 0;
  for (std::size_t i = 0; i < story_.threads.size(); ++i)
    if (story_.threads[i].interrupted) first = i;
  add("");
  add("");
  add("directory = tempfile.mkdtemp()  # for what the calls put into the file system");
  add("os.chdir(directory)");
  std::string rest;
  for (std::size_t i = 0; i < functions_.size(); ++i)
    if (i != first) rest += functions_[i] + ", ";
  if (!rest.empty()) {
    add(fmt::format("for thread in ({}):", functions_.size() == 2 ? rest.substr(0, rest.size() - 1)
                                                                  : rest.substr(0, rest.size() - 2)));
    add("    threading.Thread(target=thread, name=thread.__name__, daemon=True).start()");
  }
  add(fmt::format("threading.Thread(target=finish, args=({}{}), daemon=True).start()",
                  story_.lines.size() + 1, story_.inside.empty() ? "," : others(story_.inside)));
  add(fmt::format("threading.current_thread().name = '{}'", functions_[first]));
  add(functions_[first] + "()");
  add("threading.Event().wait()  # finish() ends the program");
}

// serve --record: nobody typed a line.
void PythonProgram::only_servers() {
  add("#!/usr/bin/env python3");
  add("\"\"\"A server of a run of Sockscope as a program. It runs until Ctrl-C.\"\"\"");
  add("");
  if (story_.servers.empty()) {
    program_.left_out.emplace_back("there is no line and no server in the recording");
    add("# There is no line and no server in the recording.");
    return;
  }
  const StoryServer& server = story_.servers.front();
  const bool threads = server.started.model.view() != "iterative";
  const std::string model = threads ? "ThreadingTCPServer" : "TCPServer";
  add("from socketserver import BaseRequestHandler, " + model);
  program_.left_out.emplace_back("its clients: they are programs of their own");
  if (story_.servers.size() > 1) program_.left_out.emplace_back("every server but the first");
  for (const std::string& what : program_.left_out) add("# Left out: " + what + ".");
  add("");
  handler(false);
  add("");
  add(fmt::format("class Server({}):", model));
  add(fmt::format("    request_queue_size = {}  # listen's argument", server.backlog));
  add(fmt::format("    allow_reuse_address = {}", server.reuse_addr ? "True" : "False"));
  if (threads) add("    daemon_threads = True");
  add("");
  add("");
  const bool chosen = std::any_of(story_.births.begin(), story_.births.end(),
                                  [&](const Birth& b) { return b.socket == server.started.listener; });
  add(fmt::format("with Server(('{}', {}), Handler) as server:", host_of(server.started.address),
                  chosen ? 0 : server.started.address.port),
      server.seq);
  add("    print('listening on {}:{}'.format(*server.server_address), flush=True)", server.seq);
  add("    server.serve_forever()", server.seq);
}

}  // namespace

Program python_program(const Story& story) {
  return PythonProgram(story).make();
}

}  // namespace sockscope::exporting
