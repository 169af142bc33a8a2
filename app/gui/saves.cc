#include "gui/saves.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "session/own_files.h"

namespace sockscope {
namespace {

namespace fs = std::filesystem;

// Whether a line says its own thread ("ann>>> …") or needs none (a directive).
bool says_its_thread(std::string_view text) {
  if (text.starts_with('%')) return true;
  const std::size_t prompt = text.find(">>>");
  return prompt != std::string_view::npos &&
         text.substr(0, prompt).find_first_of(" \t'\"(=") == std::string_view::npos;
}

}  // namespace

tl::expected<std::string, std::string> fresh_recording_path() {
  auto made = state_folder();
  if (!made) return made;
  const std::string path = *made + "/last.jsonl";
  std::error_code error;
  if (fs::exists(path, error)) fs::rename(path, *made + "/previous.jsonl", error);
  if (error) return tl::unexpected(file_failed(path, error.value()));
  return path;
}

bool mark_open() {
  const auto made = state_folder();
  if (!made) return false;
  const std::string path = *made + "/open";
  std::error_code error;
  const bool found = fs::exists(path, error);
  static_cast<void>(replace_file(path, ""));
  return found;
}

void mark_closed() {
  const auto made = state_folder();
  std::error_code ignored;
  if (made) fs::remove(*made + "/open", ignored);
}

void each_play_line(const Trace& trace, std::size_t end, const PlayLineBegan& on_line,
                    const PlayLineEnded& on_end) {
  std::vector<std::string> lines;
  const auto add = [&](std::string line) {
    lines.push_back(std::move(line));
    on_line(lines.back());
  };
  std::map<ThreadId, std::size_t> began;                            // its latest line
  std::map<ThreadId, std::pair<std::string, std::string>> threads;  // name, host not said yet
  for (std::size_t seq = 0; seq < std::min(end, trace.size()); ++seq) {
    const Body& body = trace[seq].body;
    if (const auto* started = std::get_if<event::ThreadStarted>(&body)) {
      const std::string host(started->host.view());
      threads[started->thread] = {std::string(started->name.view()),
                                  host == "localhost" ? std::string() : host};
    }
    if (const auto* ended = std::get_if<event::LineEnded>(&body)) {
      const std::string& thread = threads[ended->thread].first;
      const std::string interrupt = "%interrupt " + (thread.empty() ? "main" : thread);
      const auto said = lines.begin() + static_cast<std::ptrdiff_t>(began[ended->thread]);
      if (ended->exception.view() == "InterruptedError" &&
          std::find(said, lines.end(), interrupt) == lines.end())
        add(interrupt);  // it was done by key or button
      on_end(thread.empty() ? "main" : thread, *ended);
    }
    const auto* line = std::get_if<event::LineStarted>(&body);
    if (line == nullptr) continue;
    began[line->thread] = lines.size();
    std::string text;
    if (!says_its_thread(line->text.view())) {
      auto& [name, host] = threads[line->thread];
      text += name.empty() ? "main" : name;
      if (!host.empty()) text += "@" + host;
      host.clear();
      text += ">>> ";
    }
    text += line->text.view();
    add(std::move(text));
  }
}

std::vector<std::string> play_lines(const Trace& trace, std::size_t end) {
  std::vector<std::string> lines;
  each_play_line(
      trace, end, [&](const std::string& line) { lines.push_back(line); },
      [](const std::string&, const event::LineEnded&) {});
  return lines;
}

std::string play_text(const Trace& trace) {
  std::string text = "# Saved by Sockscope.\n";
  for (const std::string& line : play_lines(trace, trace.size())) text += line + "\n";
  return text;
}

}  // namespace sockscope
