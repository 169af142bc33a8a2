#include "differential.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <regex>
#include <set>
#include <sstream>
#include <unordered_map>

#include "net/names.h"

namespace sockscope::testing {
namespace {

constexpr std::size_t kCompared = 2000;  // characters of a result; std::regex recurses on long ones

struct Line {
  std::string text;
  ThreadId thread = 0;
  LineId id = 0;
  bool interrupted = false;  // by a %interrupt
  const event::LineEnded* ended = nullptr;
  std::vector<std::uint64_t> calls;  // seq of CallEntered
  std::string lookup_error;          // " -2"; empty: Python looked nothing up by a call
  bool directive() const { return text.starts_with("%"); }
  bool left() const {
    return ended == nullptr || (ended->exception.view() == "InterruptedError" && !interrupted);
  }
};

std::vector<Line> lines_of(const Trace& trace) {
  std::vector<Line> lines;
  std::map<LineId, std::size_t> by_id;
  std::map<ThreadId, std::size_t> running;
  std::map<std::string, ThreadId> threads;
  for (std::size_t seq = 0; seq < trace.size(); ++seq) {
    const Body& body = trace[seq].body;
    if (const auto* thread = std::get_if<event::ThreadStarted>(&body)) {
      threads[std::string(thread->name.view())] = thread->thread;
    } else if (const auto* started = std::get_if<event::LineStarted>(&body)) {
      const std::string text(started->text.view());
      if (text.starts_with("%interrupt "))
        if (const auto found = running.find(threads[text.substr(11)]); found != running.end())
          lines[found->second].interrupted = true;
      by_id[started->line_id] = lines.size();
      running[started->thread] = lines.size();
      lines.push_back({text, started->thread, started->line_id, false, nullptr, {}, {}});
    } else if (const auto* ended = std::get_if<event::LineEnded>(&body)) {
      lines[by_id[ended->line_id]].ended = ended;
      running.erase(ended->thread);
    } else if (const auto* returned = std::get_if<event::CallReturned>(&body)) {
      if (const auto found = running.find(returned->thread); found != running.end() && returned->error < 0)
        lines[found->second].lookup_error = fmt::format(" {}", returned->error);
    } else if (const auto* entered = std::get_if<event::CallEntered>(&body)) {
      if (const auto found = running.find(entered->thread); found != running.end())
        lines[found->second].calls.push_back(seq);
    }
  }
  return lines;
}

bool has(const std::string& text, const char* what) {
  return text.find(what) != text.npos;
}

// Without what the kernel chooses.
std::string normal(std::string result, const std::string& text) {
  static const std::regex kSocket(R"(fd=-?\d+|, [lr]addr=(\([^)]*\)|'[^']*'|b'[^']*'|[^,>]*))");
  static const std::regex kPort(R"(\b(3[2-9]|[45]\d|60)\d{3}\b)");
  static const std::regex kAuto(R"(\\x00[0-9a-f]{5})");
  static const std::regex kNumber(R"(^\d+$)");
  static const std::regex kEvents(R"(\(\d+, )");
  result = std::regex_replace(result.substr(0, kCompared), kSocket, "");
  result = std::regex_replace(result, kPort, "PORT");
  result = std::regex_replace(result, kAuto, "AUTO");
  if (has(text, "fileno()") || has(text, "detach()")) result = std::regex_replace(result, kNumber, "FD");
  if (has(text, ".poll(")) result = std::regex_replace(result, kEvents, "(FD, ");
  return result;
}

std::string result_of(const Line& line) {
  if (line.left()) return "blocked";
  const event::LineEnded& ended = *line.ended;
  if (ended.exception.view() == "gaierror") return fmt::format("raised gaierror{}", line.lookup_error);
  if (!ended.exception.empty())
    return fmt::format("raised {}{}", ended.exception.view(),
                       ended.error == 0 ? "" : fmt::format(" {}", ended.error));
  const bool prints = line.text.starts_with("print(");
  return ended.text.empty() || prints ? "done" : normal(std::string(ended.text.view()), line.text);
}

// What this call printed in C; empty: nothing is compared.
std::string call_result(const event::CallEntered& entered, const event::CallReturned& returned) {
  const CallInfo& call = info(entered.name);
  static const std::set<Call> kQuiet{Call::gettimeout,    Call::getblocking,       Call::fileno,
                                     Call::detach,        Call::sendfile,          Call::os_sendfile,
                                     Call::getaddrinfo,   Call::gethostbyname,     Call::create_connection,
                                     Call::create_server, Call::getdefaulttimeout, Call::setdefaulttimeout};
  if (kQuiet.contains(entered.name)) return {};
  const Numbers& n = entered.args.numbers;
  if (entered.name == Call::socket && n[3] >= 0) return {};            // fileno: no system call
  if (entered.name == Call::fromfd && returned.error != 0) return {};  // of no socket
  if (entered.name == Call::recv && n[0] == 0) return {};              // as in Python
  if (entered.name == Call::recv_into && n[0] == 0 && n[2] == 0) return {};
  const std::string name(call.python);
  if (returned.error > 0)
    return fmt::format("{} raised {} {}", name, errno_name(returned.error), returned.error);
  switch (call.result) {
    case ResultKind::bytes:
    case ResultKind::bytes_and_address:
    case ResultKind::message:
      return returned.data.cut() ? name : fmt::format("{} {}", name, python_bytes(returned.data.view()));
    case ResultKind::integer:
      return fmt::format("{} {}", name, returned.result);
    case ResultKind::option:
      return entered.args.numbers[2] != 0 ? fmt::format("{} {}", name, python_bytes(returned.data.view()))
                                          : fmt::format("{} {}", name, returned.result);
    case ResultKind::none:
    case ResultKind::address:
    case ResultKind::two_sockets:
      return fmt::format("{} 0", name);
    default:
      return name;  // a descriptor, a count of what is ready
  }
}

// The rows of a program's output that are "NUMBER RESULT".
std::vector<std::pair<std::size_t, std::string>> numbered(const std::string& output) {
  std::vector<std::pair<std::size_t, std::string>> rows;
  std::istringstream stream(output);
  for (std::string row; std::getline(stream, row);) {
    const auto digits = row.find_first_not_of("0123456789");
    if (digits == 0 || digits > 6 || row[digits] != ' ') continue;
    rows.emplace_back(std::stoul(row.substr(0, digits)), row.substr(digits + 1));
  }
  return rows;
}

std::string where(std::size_t number, const std::vector<Line>& lines) {
  return number <= lines.size() ? fmt::format("line {} ({})", number, lines[number - 1].text)
                                : fmt::format("line {}", number);
}

}  // namespace

Results results_here(const Trace& trace) {
  Results results;
  const std::vector<Line> lines = lines_of(trace);
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (!lines[i].directive()) results[i + 1] = result_of(lines[i]);
  return results;
}

Results results_of_python(const std::string& output, const Trace& trace) {
  const std::vector<Line> lines = lines_of(trace);
  Results results;
  for (const auto& [number, result] : numbered(output))
    if (number <= lines.size() && !lines[number - 1].directive())
      results[number] = normal(result, lines[number - 1].text);
  return results;
}

CallResults calls_here(const Trace& trace) {
  std::unordered_map<CallId, const event::CallReturned*> returned;
  for (std::size_t seq = 0; seq < trace.size(); ++seq)
    if (const auto* r = std::get_if<event::CallReturned>(&trace[seq].body)) returned[r->call] = r;
  CallResults results;
  const std::vector<Line> lines = lines_of(trace);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].left()) continue;
    for (const std::uint64_t seq : lines[i].calls) {
      const auto& entered = std::get<event::CallEntered>(trace[seq].body);
      if (!returned.contains(entered.call)) continue;
      const std::string result = call_result(entered, *returned[entered.call]);
      if (!result.empty()) results[i + 1].push_back(normal(result, lines[i].text));
    }
  }
  return results;
}

CallResults calls_of_c(const std::string& output) {
  CallResults results;
  for (const auto& [number, result] : numbered(output))
    if (result.find(' ') != result.npos) results[number].push_back(normal(result, ""));
  return results;
}

std::string difference(const Results& here, const Results& there, const Trace& trace) {
  const std::vector<Line> lines = lines_of(trace);
  std::string all;
  for (const auto& [number, result] : here) {
    const auto found = there.find(number);
    std::string other = found == there.end() ? "nothing" : found->second;
    if (result == "raised gaierror") other = other.substr(0, result.size());  // its number is in no event
    if (other == "raised LeftOut") continue;
    if (other != result)
      all += fmt::format("{}: here {}, in Python {}\n", where(number, lines), result, other);
  }
  return all;
}

namespace {

// C makes none for it: a part of sendall, an argument that Python refuses, a second close, what would leave
// the machine.
bool needs_no_call(const std::string& made, const std::vector<std::string>& line) {
  const bool part = made.starts_with("send ") &&
                    std::any_of(line.begin(), line.end(),
                                [](const std::string& other) { return other.starts_with("sendall"); });
  return part || made == "close 0" || made.ends_with("raised EINVAL 22");
}

}  // namespace

std::string difference(const CallResults& here, const CallResults& there, const Trace& trace) {
  const std::vector<Line> lines = lines_of(trace);
  std::string all;
  for (const auto& [number, calls] : here) {
    const bool outside = std::any_of(
        calls.begin(), calls.end(), [](const std::string& made) { return made.ends_with("raised EPERM 1"); });
    if (outside) continue;  // the line is left out
    const auto found = there.find(number);
    const std::vector<std::string> told = found == there.end() ? std::vector<std::string>() : found->second;
    std::size_t at = 0;
    for (const std::string& made : calls) {
      const bool same = at < told.size() && (told[at] == made || told[at].starts_with(made + " "));
      if (same)
        ++at;
      else if (!needs_no_call(made, calls))
        all += fmt::format("{}: here {}, in C {}\n", where(number, lines), made,
                           at < told.size() ? told[at] : "nothing");
    }
    for (; at < told.size(); ++at) all += fmt::format("{}: in C also {}\n", where(number, lines), told[at]);
  }
  return all;
}

}  // namespace sockscope::testing
