#include <fcntl.h>
#include <unistd.h>

#include "cli/commands.h"

namespace {

// Started with one of the three closed (`>&-`), the next descriptor would take its number and get what is
// meant for people: a recording, a learner's socket. Opened for reading only, so that writing still fails.
void hold_standard_descriptors() {
  int fd = 0;
  do fd = open("/dev/null", O_RDONLY);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_descriptors();
  return sockscope::cli::run(argc, argv);
}
