#include "cli/commands.h"

int main(int argc, char** argv) {
  return sockscope::cli::run(argc, argv);
}
