// The keeper of hosts alone, without the program around it.

#include <string_view>

#include "lab/keeper.h"

int main(int argc, char** argv) {
  if (argc != 2 || argv[1] != sockscope::keeper::kArgument) return 2;
  return sockscope::keeper_main();
}
