#include "explain/model_source.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#define SOCKSCOPE_SOURCE(name)                   \
  extern "C" const char sockscope_source_##name; \
  extern "C" const char sockscope_source_##name##_end

SOCKSCOPE_SOURCE(datagrams);
SOCKSCOPE_SOURCE(epoll_loop);
SOCKSCOPE_SOURCE(fork_loop);
SOCKSCOPE_SOURCE(iterative);
SOCKSCOPE_SOURCE(pool);
SOCKSCOPE_SOURCE(ready_loop);
SOCKSCOPE_SOURCE(service);
SOCKSCOPE_SOURCE(talks);
SOCKSCOPE_SOURCE(thread);

#undef SOCKSCOPE_SOURCE

namespace sockscope {
namespace {

struct SourceFile {
  std::string_view path, text;
};

#define SOCKSCOPE_FILE(name)                                                                  \
  SourceFile {                                                                                \
    "core/server/" #name ".cc", {                                                             \
      &sockscope_source_##name,                                                               \
          static_cast<std::size_t>(&sockscope_source_##name##_end - &sockscope_source_##name) \
    }                                                                                         \
  }

struct Excerpt {
  SourceFile file;
  std::string_view function;  // its name as its first line has it
};

std::vector<Excerpt> excerpts_of(std::string_view model, bool datagrams) {
  const SourceFile service = SOCKSCOPE_FILE(service), talks = SOCKSCOPE_FILE(talks);
  const Excerpt handle{service, "Service::handle("};
  const std::initializer_list<Excerpt> talk = {
      {talks, "Talks::read("}, {talks, "Talks::send("}, {talks, "Talks::finish("}};
  std::vector<Excerpt> all;
  if (datagrams) {
    const SourceFile file = SOCKSCOPE_FILE(datagrams);
    return {{file, "serve_datagrams("},
            {file, "receive_datagram("},
            {file, "handle_datagram("},
            {file, "answer("}};
  }
  if (model == "iterative") return {{SOCKSCOPE_FILE(iterative), "serve_iterative("}, handle};
  if (model == "thread") return {{SOCKSCOPE_FILE(thread), "serve_thread("}, handle};
  if (model == "fork") {
    const SourceFile file = SOCKSCOPE_FILE(fork_loop);
    return {{file, "ForkLoop::run("}, {file, "ForkLoop::begin("}, {file, "ForkLoop::serve("}, handle};
  }
  if (model == "pool" || model == "prethread") {
    const SourceFile file = SOCKSCOPE_FILE(pool);
    return {{file, model == "pool" ? "serve_pool(" : "serve_prethread("}, {file, "serve_one("}, handle};
  }
  if (model == "select" || model == "poll") {
    const SourceFile file = SOCKSCOPE_FILE(ready_loop);
    all = {{file, "run("}, {file, "turn("}, {file, "accept("}, {file, "wait("}};
  }
  if (model == "epoll" || model == "epoll-edge") {
    const SourceFile file = SOCKSCOPE_FILE(epoll_loop);
    all = {{file, "run("}, {file, "turn("}, {file, "accept("}, {file, "go_on("}};
  }
  if (!all.empty()) {
    if (model == "epoll") all.push_back({SOCKSCOPE_FILE(epoll_loop), "put_on_list("});
    all.insert(all.end(), talk);
    all.push_back({talks, "Talks::accept("});
  }
  return all;
}

#undef SOCKSCOPE_FILE

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

struct Place {
  std::string_view code;
  std::initializer_list<Call> calls;
};

// Where a call is made, as the loops write it.
std::vector<Call> calls_at(std::string_view line) {
  static constexpr std::initializer_list<Call> kAccept = {Call::accept}, kReceive = {Call::recv},
                                               kSend = {Call::send, Call::sendall},
                                               kEnd = {Call::shutdown, Call::close},
                                               kReady = {Call::select, Call::poll},
                                               kEpoll = {Call::epoll_wait}, kControl = {Call::epoll_ctl},
                                               kFrom = {Call::recvfrom}, kTo = {Call::sendto};
  static constexpr std::array kPlaces = {Place{"service.accept(", kAccept},
                                         Place{"service_.accept(", kAccept},
                                         Place{"service_.accept_once(", kAccept},
                                         Place{"call_recv(", kReceive},
                                         Place{"call_sendall(", kSend},
                                         Place{"call_send(", kSend},
                                         Place{"shutdown_request(", kEnd},
                                         Place{"epoll_.wait(", kEpoll},
                                         Place{"epoll_.control(", kControl},
                                         Place{"return perform(", kReady},
                                         Place{"= perform(", kFrom},
                                         Place{", sends)", kTo}};
  for (const Place& place : kPlaces)
    if (line.find(place.code) != std::string_view::npos) return place.calls;
  return {};
}

// A type, then the name, and a body or more parameters to come.
bool defines(std::string_view line, std::string_view function) {
  const std::size_t name = line.find(function);
  if (name == std::string_view::npos || name == 0 || line[name - 1] != ' ') return false;
  const std::string_view type = line.substr(0, name - 1);
  return type.find_first_not_of(" abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:<>[]") ==
             std::string_view::npos &&
         (line.ends_with('{') || line.ends_with(','));
}

void add_function(std::vector<SourceLine>& all, const Excerpt& excerpt) {
  const std::vector<std::string_view> lines = lines_of(excerpt.file.text);
  const auto begins = std::find_if(lines.begin(), lines.end(),
                                   [&](std::string_view line) { return defines(line, excerpt.function); });
  if (begins == lines.end()) return;
  const std::size_t indent = indent_of(*begins);
  for (auto line = begins; line != lines.end(); ++line) {
    const std::string_view text = line->size() < indent ? *line : line->substr(indent);
    all.push_back({text, line == begins ? excerpt.file.path : std::string_view(), calls_at(text)});
    if (line != begins && indent_of(*line) == indent && text.starts_with('}')) return;
  }
}

// A call that is made in several places stands at the first.
void keep_first_places(std::vector<SourceLine>& lines) {
  std::vector<Call> seen;
  for (SourceLine& line : lines) {
    std::erase_if(line.calls,
                  [&](Call call) { return std::find(seen.begin(), seen.end(), call) != seen.end(); });
    seen.insert(seen.end(), line.calls.begin(), line.calls.end());
  }
}

}  // namespace

std::vector<SourceLine> model_source(std::string_view model, bool datagrams) {
  std::vector<SourceLine> lines;
  for (const Excerpt& excerpt : excerpts_of(model, datagrams)) add_function(lines, excerpt);
  keep_first_places(lines);
  return lines;
}

}  // namespace sockscope
