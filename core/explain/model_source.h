#pragma once
// The C++ of our server models as it is written in core/server: the program carries those files. Shown beside
// the Python that corresponds.

#include <string_view>
#include <vector>

#include "net/catalogue.h"

namespace sockscope {

struct SourceLine {
  std::string_view text;    // static
  std::string_view file;    // "core/server/thread.cc", with the first line of each excerpt; else empty
  std::vector<Call> calls;  // a thread that is in one of them is on this line
};

// The functions that make the model, and what they hand a client to; empty: no such model.
std::vector<SourceLine> model_source(std::string_view model, bool datagrams);

}  // namespace sockscope
