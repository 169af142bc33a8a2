#include "servers/subject.h"

#include <time.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "server/server.h"

namespace sockscope::bench {
namespace {

const std::string kBuilt = SOCKSCOPE_BINARY_DIR;
const std::string kSources = SOCKSCOPE_SOURCE_DIR;

std::string python() {
  return access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
}

std::string own_folder() {
  std::error_code error;
  const bool has_shm = std::filesystem::is_directory("/dev/shm", error);
  std::string pattern =
      (has_shm ? "/dev/shm" : std::filesystem::temp_directory_path().string()) + "/sockscope-bench-XXXXXX";
  return mkdtemp(pattern.data()) == nullptr ? std::string() : pattern;
}

std::vector<std::string> command_of(const Subject& subject, std::size_t clients, const std::string& folder) {
  if (subject.kind == Kind::bare) return {kBuilt + "/bare_echo"};
  if (subject.kind == Kind::python)
    return {python(), "-B", kSources + "/tests/bench/servers/echo.py", subject.name};
  const std::size_t workers = std::clamp(clients, std::size_t{1}, std::size_t{kMostWorkers});
  std::vector<std::string> command{
      kBuilt + "/sockscope", "serve", "--model",   subject.name,           "--handler", "echo",
      "--backlog",           "1024",  "--workers", std::to_string(workers)};
  if (subject.traced) command.insert(command.end(), {"--record", folder + "/r.jsonl"});
  return command;
}

// Of a process and of all it has waited for or made that run.
Time cpu_time_of(pid_t pid) {
  clockid_t clock{};
  timespec ts{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &ts) != 0) return 0;
  return Time{ts.tv_sec} * kSecond + ts.tv_nsec;
}

// And their children: a server that forks is a child itself.
std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> all;
  std::error_code error;
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  for (std::filesystem::directory_iterator it(tasks, error), end; !error && it != end; it.increment(error)) {
    std::ifstream children(it->path() / "children");
    for (pid_t child = 0; children >> child;) all.push_back(child);
  }
  for (std::size_t i = 0, own = all.size(); i < own; ++i) {
    const std::vector<pid_t> below = children_of(all[i]);
    all.insert(all.end(), below.begin(), below.end());
  }
  return all;
}

Time children_time_of(pid_t pid) {
  Time all = 0;
  for (const pid_t child : children_of(pid)) all += cpu_time_of(child);
  return all;
}

}  // namespace

std::string Subject::label() const {
  if (kind == Kind::python) return "python " + name;
  if (kind == Kind::bare) return "bare epoll in C";
  return name + (traced ? ", traced" : "");
}

std::size_t Subject::most_clients() const {
  if (name == "iterative" || name == "TCPServer") return 1;
  if (name == "fork") return std::size_t{40};  // ForkingMixIn.max_children
  if (name == "pool" || name == "prethread") return std::size_t{kMostWorkers};
  return std::size_t{100'000};
}

std::vector<Subject> all_subjects() {
  std::vector<Subject> all;
  for (const std::string_view model : server_models())
    for (const bool traced : {false, true}) all.push_back({Kind::ours, std::string(model), traced});
  for (const char* name : {"TCPServer", "ThreadingTCPServer", "ForkingTCPServer"})
    all.push_back({Kind::python, name, false});
  all.push_back({Kind::bare, "", false});
  return all;
}

Running::Running(const Subject& subject, std::size_t clients)
    : folder_(own_folder()), forks_(subject.kind == Kind::ours && subject.name == "fork") {
  process_.emplace(command_of(subject, clients, folder_));
  constexpr std::string_view kSays = "listening on 127.0.0.1:";
  if (!process_->until_out("\n") || !process_->out().starts_with(kSays)) return;
  port_ = static_cast<std::uint16_t>(std::stoi(process_->out().substr(kSays.size())));
}

Running::~Running() {
  if (process_) {
    process_->signal(SIGTERM);
    process_->hang_up();
    process_->finish();
  }
  std::error_code error;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, error);
}

Time Running::cpu_time() const {
  return cpu_time_of(process_->pid()) + children_time_of(process_->pid());
}

Time Running::serving_time() const {
  if (forks_) return children_time_of(process_->pid());
  const std::string pid = std::to_string(process_->pid());
  std::ifstream main_thread("/proc/" + pid + "/task/" + pid + "/schedstat");
  Time main_time = 0;
  main_thread >> main_time;
  return cpu_time() - main_time;
}

void Running::settle() const {
  constexpr int kLooks = 200, kPause = 20;  // milliseconds
  Time before = cpu_time();
  for (int look = 0; look < kLooks; ++look) {
    poll(nullptr, 0, kPause);
    const Time after = cpu_time();
    if (after - before < kPause * kMillisecond / 10) return;
    before = after;
  }
}

std::size_t Running::status(const std::string& field) const {
  std::ifstream lines("/proc/" + std::to_string(process_->pid()) + "/status");
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(field + ":")) return std::stoul(line.substr(field.size() + 1));
  return 0;
}

std::optional<std::size_t> Running::end_and_count(std::string_view what) {
  process_->signal(SIGTERM);
  const Finished end = process_->finish();
  if (end.exit != 128 + SIGTERM || !end.err.empty()) return std::nullopt;
  std::size_t found = 0;
  std::ifstream recording(folder_ + "/r.jsonl");
  for (std::string line; std::getline(recording, line);) found += line.find(what) != std::string::npos;
  return found;
}

}  // namespace sockscope::bench
