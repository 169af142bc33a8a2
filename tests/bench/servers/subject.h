#pragma once
// What is measured: a server in a process of its own.

#include <optional>
#include <string>
#include <vector>

#include "run.h"
#include "trace/clock.h"

namespace sockscope::bench {

enum class Kind { ours, python, bare };

struct Subject {
  Kind kind = Kind::ours;
  std::string name;     // of the model, or of the class of socketserver
  bool traced = false;  // ours only

  std::string label() const;
  // How many clients it serves at the same time.
  std::size_t most_clients() const;
};

// Every model of this build with and without a recording, socketserver's classes, the bare loop.
std::vector<Subject> all_subjects();

// It runs as long as this does. A recording is made in a folder of its own and goes with it.
class Running {
 public:
  // `clients`: that it will have at the same time.
  Running(const Subject& subject, std::size_t clients);
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  std::uint16_t port() const { return port_; }  // 0: it did not start
  // CPU time of all its threads and of the processes it made, ended ones too; and that of those who serve:
  // without its main thread, which reads the trace and writes the recording; where processes serve, theirs.
  Time cpu_time() const;
  Time serving_time() const;
  // Waits until it does nothing any more: what was traced is written.
  void settle() const;
  // A number of /proc/PID/status: "Threads", "VmHWM" (kB).
  std::size_t status(const std::string& field) const;
  // Ends it as Control-C does. How often the recording's lines hold `what`; none: it did not end well.
  std::optional<std::size_t> end_and_count(std::string_view what);

 private:
  std::string folder_;
  bool forks_;
  std::optional<Process> process_;
  std::uint16_t port_ = 0;
};

}  // namespace sockscope::bench
