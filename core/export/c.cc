#include "export/c.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "export/c_calls.h"
#include "export/c_text.h"
#include "export/frame.h"
#include "play/open_file.h"
#include "play/syntax.h"

namespace sockscope::exporting {
namespace {

struct Statements {
  std::uint64_t seq = 0;
  std::vector<std::string> text;
};

class CProgram {
 public:
  CProgram(const Trace& trace, const Story& story) : trace_(trace), story_(story) {}

  Program make();
  std::vector<ProgramLine> excerpt();

 private:
  void add(std::string text, std::uint64_t seq = 0) { program_.lines.push_back({std::move(text), seq}); }
  void add_block(std::string_view text);
  void read();
  void write_lines();
  void write(const StoryLine& line);
  void directive(const StoryLine& line, Statements& out);
  void calls(const StoryLine& line, std::vector<Statements>& out);
  std::string tell(const StoryLine& line, const char* what, const std::string& expression) const;
  std::string port_name(std::uint16_t port, std::uint64_t seq);
  std::string address(const Address& address, std::uint64_t seq);
  void leave_out(const StoryLine& line, Statements& out, const std::string& why);
  void head();
  void threads();
  void function(std::size_t thread);
  void main_function();
  std::string others(const std::vector<std::size_t>& inside) const;
  void only_servers();
  void serve(const std::string& name, const ServerOptions& options, const StoryLine& line, Statements& out);

  const Trace& trace_;
  const Story& story_;
  Program program_;
  Identifiers names_{reserved_in_c, true}, thread_names_{nothing_reserved, true};
  CNeeds needs_;
  CCalls writer_{names_, needs_};
  std::map<std::uint64_t, CCall> calls_;          // by the seq of CallEntered
  std::vector<std::vector<Statements>> written_;  // by line
  std::vector<std::string> functions_;            // by thread
  std::vector<const Birth*> captures_;
  std::map<std::string, std::string> servers_;  // %serve's names → variables
  std::vector<std::string> loads_;
  bool interrupts_ = false, tells_ = true;
  double longest_wait_ = 0, work_ = 0;
};

void CProgram::add_block(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    add(std::string(text.substr(0, end)));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
}

// Pairs what was entered with what returned, and with the sockets it closed.
void CProgram::read() {
  std::unordered_map<CallId, std::uint64_t> open;
  for (const StoryLine& line : story_.lines)
    for (const std::uint64_t seq : line.calls) {
      const auto& entered = std::get<event::CallEntered>(trace_[seq].body);
      calls_[seq].entered = &entered;
      open[entered.call] = seq;
    }
  CCall* closing = nullptr;
  for (std::uint64_t seq = 0; seq < trace_.size(); ++seq) {
    const Body& body = trace_[seq].body;
    if (const auto* entered = std::get_if<event::CallEntered>(&body)) {
      const bool closes = entered->name == Call::close || entered->name == Call::detach;
      if (closes && calls_.contains(seq)) closing = &calls_[seq];
    } else if (const auto* returned = std::get_if<event::CallReturned>(&body)) {
      const auto found = open.find(returned->call);
      if (found == open.end() || found->second > seq) continue;
      CCall& call = calls_[found->second];
      call.returned = returned;
      if (closing == &call) closing = nullptr;
    } else if (const auto* opened = std::get_if<event::SocketOpened>(&body)) {
      writer_.opened(*opened);
    } else if (const auto* closed = std::get_if<event::SocketClosed>(&body)) {
      if (closing != nullptr) closing->closed.push_back(closed->socket);
    } else if (const auto* bound = std::get_if<event::NameBound>(&body);
               bound != nullptr && bound->kind == NameKind::socket) {
      writer_.name(bound->id, std::string(bound->name.view()));
    }
  }
}

std::string CProgram::tell(const StoryLine& line, const char* what, const std::string& expression) const {
  return tells_ ? fmt::format("told({}, \"{}\", {});", line.number, what, expression) : expression + ";";
}

std::string CProgram::port_name(std::uint16_t port, std::uint64_t seq) {
  const Birth* birth = port == 0 ? nullptr : story_.birth_of(port, seq);
  if (birth == nullptr) return {};
  auto known = std::find(captures_.begin(), captures_.end(), birth);
  if (known == captures_.end()) known = captures_.insert(captures_.end(), birth);
  return fmt::format("port_{}", known - captures_.begin() + 1);
}

std::string CProgram::address(const Address& address, std::uint64_t seq) {
  needs_.addresses = true;
  const std::string port = port_name(address.port, seq);
  return c_address(address, port.empty() ? std::to_string(address.port) : port);
}

void CProgram::leave_out(const StoryLine& line, Statements& out, const std::string& why) {
  out.text.push_back(fmt::format("// left out: {}", why));
  program_.left_out.push_back(fmt::format("line {}, {}: {}", line.number, why, comment_text(line.text)));
}

void CProgram::serve(const std::string& name, const ServerOptions& options, const StoryLine& line,
                     Statements& out) {
  const std::string variable =
      servers_.try_emplace(name, fmt::format("server_{}", servers_.size() + 1)).first->second;
  work_ = std::max(work_, static_cast<double>(options.work) / 1e9);
  out.text.push_back(fmt::format("{}.threads = {};", variable, options.model != "iterative"));
  out.text.push_back(tell(line, "serve",
                          fmt::format("serve(&{}, {}, {}, {})", variable, address(options.address, line.seq),
                                      options.backlog, options.reuse_addr)));
}

void CProgram::directive(const StoryLine& line, Statements& out) {
  const auto& what = line.parsed.directive->what;
  if (const auto* serving = std::get_if<play::directive::Serve>(&what)) {
    serve(serving->options.name, serving->options, line, out);
  } else if (const auto* clients = std::get_if<play::directive::Load>(&what)) {
    const LoadOptions& options = clients->options;
    const auto server = servers_.find(options.to_name);
    if (!options.to_name.empty() && server == servers_.end())
      return leave_out(line, out, "its server is not in the recording");
    if (!is_by_inet(options)) return leave_out(line, out, "the program's clients are AF_INET alone");
    needs_.addresses = true;
    const std::string to = server == servers_.end()
                               ? address(options.to, line.seq)
                               : fmt::format("in4(\"127.0.0.1\", port_of({}.listener))", server->second);
    loads_.push_back(fmt::format("load_{}", loads_.size() + 1));
    out.text.push_back(fmt::format("{} = (struct load){{{}, {}, {}, {}, {}, {}}};", loads_.back(), to,
                                   options.clients, options.messages, c_string(options.text),
                                   options.text.size(), options.stay));
    out.text.push_back(tell(line, "load", fmt::format("run_load(&{})", loads_.back())));
  } else if (const auto* ended = std::get_if<play::directive::Stop>(&what)) {
    if (const auto server = servers_.find(ended->name); server != servers_.end())
      out.text.push_back(tell(line, "stop", fmt::format("stop(&{})", server->second)));
  } else if (const auto* file = std::get_if<play::directive::File>(&what)) {
    if (file->name.find('/') != file->name.npos) return leave_out(line, out, "the file is elsewhere");
    needs_.files = true;
    needs_.written.insert(file->name);
    const bool sized = file->size >= 0;
    const std::string some = sized ? play::file_content(256) : file->text;
    const std::string pattern = sized ? some.substr(0, some.find('\n') + 1) : some;
    needs_.data = needs_.data || sized;
    out.text.push_back(
        sized ? fmt::format("write_file({}, repeated({}, {}, {}), {});", c_string(file->name),
                            c_string(pattern), pattern.size(), file->size, file->size)
              : fmt::format("write_file({}, {}, {});", c_string(file->name), c_string(some), some.size()));
  } else if (const auto* wait = std::get_if<play::directive::Wait>(&what)) {
    longest_wait_ = std::max(longest_wait_, static_cast<double>(wait->time) / 1e9);
    out.text.push_back(fmt::format("nap({:.6g});", static_cast<double>(wait->time) / 1e9));
  } else if (line.target != kNobody) {
    interrupts_ = true;
    out.text.push_back(fmt::format("pthread_kill(threads[THREAD_{}], SIGUSR1);", line.target + 1));
  }
}

void CProgram::calls(const StoryLine& line, std::vector<Statements>& out) {
  std::uint64_t inside_sendall = 0;  // until its return nothing else is written
  for (const std::uint64_t seq : line.calls) {
    const CCall& call = calls_[seq];
    if (call.entered->name == Call::sendall) {
      inside_sendall = seq;
    } else if (inside_sendall != 0 && call.entered->name == Call::send) {
      continue;  // send_all makes it
    } else {
      inside_sendall = 0;
    }
    Statements made{
        seq, writer_.write(line.number, call, [&](std::uint16_t port) { return port_name(port, seq); })};
    const bool block = std::any_of(made.text.begin(), made.text.end(), [](const std::string& text) {
      return text.starts_with("struct ") || text.starts_with("int ") || text.starts_with("char ");
    });
    if (block) {
      for (std::string& text : made.text) text = fmt::format("  {}", text);
      made.text.insert(made.text.begin(), "{");
      made.text.emplace_back("}");
    }
    out.push_back(std::move(made));
  }
}

void CProgram::write(const StoryLine& line) {
  std::vector<Statements> all{{line.seq, {"// " + c_comment(line.text)}}};
  if (!line.refused.empty()) {
    leave_out(line, all[0], "it is no line of a play");
  } else if (line.outside) {
    leave_out(line, all[0], "it would leave this machine");
  } else if (line.parsed.directive) {
    directive(line, all[0]);
  }
  if (line.refused.empty() && !line.outside) calls(line, all);
  for (const std::string& note : tells_ ? line.notes : std::vector<std::string>())
    all.back().text.push_back("// expected: " + c_comment(note));
  written_.push_back(std::move(all));
}

void CProgram::write_lines() {
  read();
  for (const StoryThread& thread : story_.threads)
    functions_.push_back(
        thread_names_.fresh(Identifiers(nothing_reserved, true).of(thread.name) + "_thread"));
  for (const StoryLine& line : story_.lines) write(line);
  for (const Birth* birth : captures_) {
    const std::string port = port_name(birth->port, birth->seq + 1);
    std::string owner = birth->server ? servers_[birth->owner] + ".listener" : writer_.socket(birth->socket);
    needs_.addresses = true;
    auto& all = written_[birth->line];
    // Behind the call that made the kernel choose it.
    auto at = std::find_if(all.begin(), all.end(), [&](const Statements& s) { return s.seq > birth->seq; });
    all.insert(at, Statements{birth->seq, {fmt::format("{} = port_of({});", port, owner)}});
  }
}

std::vector<ProgramLine> CProgram::excerpt() {
  if (story_.lines.empty()) return make().lines;
  writer_.read_only();
  tells_ = false;
  write_lines();
  if (story_.not_shown > 0) add(fmt::format("// … {} lines before", story_.not_shown));
  std::size_t said = kNobody;
  for (std::size_t i = 0; i < story_.lines.size(); ++i) {
    const StoryLine& line = story_.lines[i];
    if (line.thread != said) add("// thread " + c_comment(story_.threads[line.thread].name));
    said = line.thread;
    const std::vector<Statements>& all = written_[i];
    // What a line did stands for it.
    const bool did = all.size() > 1 || all[0].text.size() > 1;
    for (std::size_t at = 0; at < all.size(); ++at)
      for (std::size_t t = did && at == 0 ? 1 : 0; t < all[at].text.size(); ++t)
        add(all[at].text[t], line.seq);
  }
  return std::move(program_.lines);
}

Program CProgram::make() {
  if (story_.lines.empty()) {
    only_servers();
    return std::move(program_);
  }
  write_lines();
  head();
  threads();
  for (std::size_t i = 0; i < story_.threads.size(); ++i) function(i);
  main_function();
  return std::move(program_);
}

void CProgram::head() {
  add("// A run of Sockscope as a program: each of its threads is a function, at the end, and begin() keeps "
      "the order.");
  add("// It prints for each call the number of its line and what came of it, at the end the lines that "
      "still wait.");
  add("//   gcc -std=c17 -Wall -Wextra -Werror THIS.c -lpthread && ./a.out");
  if (story_.not_shown > 0)
    add(fmt::format("// Left out: the {} lines before the last {}.", story_.not_shown, story_.lines.size()));
  add_block(c_frame::head);
  add("#include <netinet/tcp.h>");
  if (!loads_.empty()) add("#include <semaphore.h>");
  if (needs_.addresses) add("#include <stddef.h>");
  add("");
  std::string list;
  for (std::size_t i = 0; i < functions_.size(); ++i) list += fmt::format("THREAD_{}, ", i + 1);
  add(fmt::format("enum {{ {}THREADS, END = -1 }};", list));
  add(fmt::format("#define PATIENCE {}  // seconds without a line that begins, before it gives up",
                  10 + static_cast<int>(longest_wait_)));
  add(fmt::format("#define OTHERS_RUN {}  // a server or its clients, whose threads have no lines",
                  !servers_.empty() || !loads_.empty()));
  if (!servers_.empty()) add(fmt::format("#define WORK {:.6g}", work_));
  add("");
  add("static char directory[] = \"/tmp/sockscope-XXXXXX\";  // for what the calls put into the file system");
  add("");
  add("static inline void leave_directory(void) {");
  add("  char command[64];");
  add("  snprintf(command, sizeof command, \"rm -rf %s\", directory);");
  add("  if (system(command) != 0) perror(command);");
  add("}");
  add_block(c_frame::baton);
  add_block(c_frame::told);
  if (needs_.addresses || !servers_.empty() || !loads_.empty()) add_block(c_frame::addresses);
  if (needs_.timeouts) add_block(c_frame::timeouts);
  if (needs_.data) add_block(c_frame::data);
  if (needs_.sends) add_block(c_frame::sends);
  if (needs_.files) add_block(c_frame::files);
  if (needs_.ready) add_block(c_frame::ready);
  if (interrupts_) add_block(c_frame::interrupt);
  if (!servers_.empty()) add_block(c_frame::server);
  if (!loads_.empty()) add_block(c_frame::load);
}

void CProgram::threads() {
  add("");
  add("// ---- the threads ----");
  add("");
  for (const std::string& name : needs_.sockets) add(fmt::format("static int {} = -1;", name));
  for (std::size_t i = 0; i < captures_.size(); ++i) add(fmt::format("static int port_{};", i + 1));
  for (const auto& [name, variable] : servers_) add(fmt::format("static struct server {};", variable));
  for (const std::string& name : loads_) add(fmt::format("static struct load {};", name));
  if (needs_.buffer > 0 || std::any_of(written_.begin(), written_.end(), [](const auto& all) {
        return std::any_of(all.begin(), all.end(), [](const Statements& s) {
          return std::any_of(s.text.begin(), s.text.end(),
                             [](const std::string& t) { return t.find("buffer,") != t.npos; });
        });
      }))
    add(fmt::format("static _Thread_local char buffer[{}];", std::max<std::size_t>(needs_.buffer, 1)));
}

std::string CProgram::others(const std::vector<std::size_t>& inside) const {
  std::string all;
  for (const std::size_t thread : inside) all += fmt::format(", THREAD_{}", thread + 1);
  return all + ", END";
}

void CProgram::function(std::size_t thread) {
  add("");
  add(fmt::format("static void *{}(void *unused) {{", functions_[thread]));
  add(fmt::format("  me = THREAD_{};", thread + 1));
  for (std::size_t i = 0; i < story_.lines.size(); ++i) {
    const StoryLine& line = story_.lines[i];
    if (line.thread != thread) continue;
    add("");
    add(fmt::format("  begin({}{});", line.number, others(line.inside)), line.seq);
    for (const Statements& statements : written_[i])
      for (const std::string& text : statements.text) add("  " + text, line.seq);
    add("  end();", line.seq);
  }
  add("  return unused;");
  add("}");
}

void CProgram::main_function() {
  add("");
  add("int main(void) {");
  add("  signal(SIGPIPE, SIG_IGN);  // as Python does: a send to a closed peer is EPIPE");
  if (interrupts_) add("  handle_interrupts();");
  add("  if (mkdtemp(directory) == NULL || chdir(directory) != 0) return 1;");
  for (std::size_t i = 0; i < functions_.size(); ++i)
    add(fmt::format("  pthread_create(&threads[THREAD_{}], NULL, {}, NULL);", i + 1, functions_[i]));
  add(fmt::format("  finish({}{});", story_.lines.size() + 1, others(story_.inside)));
  add("}");
}

// serve --record: nobody typed a line.
void CProgram::only_servers() {
  if (story_.servers.empty()) {
    program_.left_out.emplace_back("there is no line and no server in the recording");
    add("// There is no line and no server in the recording.");
    add("int main(void) {");
    add("  return 0;");
    add("}");
    return;
  }
  const StoryServer& server = story_.servers.front();
  const bool chosen = std::any_of(story_.births.begin(), story_.births.end(),
                                  [&](const Birth& b) { return b.socket == server.started.listener; });
  Address at = server.started.address;
  if (chosen) at.port = 0;
  program_.left_out.emplace_back("its clients: they are programs of their own");
  if (story_.servers.size() > 1) program_.left_out.emplace_back("every server but the first");
  add("// A server of a run of Sockscope as a program. It runs until Ctrl-C.");
  for (const std::string& what : program_.left_out) add("// Left out: " + what + ".");
  add_block(c_frame::head);
  add("#include <stddef.h>");
  add("");
  add("#define WORK 0");
  add("static inline void nap(double seconds) { usleep((useconds_t)(seconds * 1e6)); }");
  add_block(c_frame::addresses);
  add_block(c_frame::server);
  add("");
  add("int main(void) {");
  add("  static struct server server;");
  add("  signal(SIGPIPE, SIG_IGN);");
  add(fmt::format("  server.threads = {};", server.started.model.view() != "iterative"), server.seq);
  add(fmt::format("  if (serve(&server, {}, {}, {}) != 0) {{", c_address(at, std::to_string(at.port)),
                  server.backlog, server.reuse_addr),
      server.seq);
  add("    perror(\"serve\");");
  add("    return 1;");
  add("  }");
  add("  printf(\"listening on port %d\\n\", port_of(server.listener));");
  add("  fflush(stdout);");
  add("  for (;;) pause();");
  add("}");
}

}  // namespace

Program c_program(const Trace& trace, const Story& story) {
  return CProgram(trace, story).make();
}

std::vector<ProgramLine> c_excerpt(const Trace& trace, const Story& story) {
  return CProgram(trace, story).excerpt();
}

}  // namespace sockscope::exporting
