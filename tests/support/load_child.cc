// The child process of a load alone, without the program around it.

#include "server/load_child.h"

int main(int argc, char** argv) {
  const std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
  if (arguments.size() < 2 || arguments[1] != sockscope::kLoadChild) return 2;
  return sockscope::run_load_child(arguments.subspan(2));
}
