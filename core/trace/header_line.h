#pragma once
// The first line of a recording. Private to trace/.

#include <string>

#include "trace/trace.h"

namespace sockscope {

struct Header {
  int version = 0;
  Trace::Origin origin;
};
void write_header(std::string& out, const Trace::Origin& origin);

}  // namespace sockscope
