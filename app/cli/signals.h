#pragma once
// SIGINT, SIGTERM and SIGHUP as something to read (signalfd(2)), so that a run ends in its own time and
// saves.

namespace sockscope::cli {

class Signals {
 public:
  // Blocks them in this thread and in every thread it makes from now on.
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  int fd() const { return fd_; }
  // The first one that came, 0 if none did. Does not wait.
  int came();
  bool came_again();  // another one, after the first
  int exit_code(int otherwise) const { return first_ == 0 ? otherwise : 128 + first_; }

 private:
  int fd_ = -1;
  int first_ = 0;
  bool again_ = false;
};

}  // namespace sockscope::cli
