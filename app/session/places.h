#pragma once
// Where things are on this machine.

#include <string>

namespace sockscope {

// The folder of the lessons: SOCKSCOPE_LESSONS, else beside the tree this was built in, else where it is
// installed. Empty: there is none.
std::string lessons_root();

}  // namespace sockscope
