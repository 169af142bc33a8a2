#pragma once
// The parts of an exported program that do not come from the recording: the baton, the server, the helpers.

#include <string_view>

namespace sockscope::exporting::python_frame {

extern const std::string_view baton, keep, open_file, write_file, left_out, interrupt, handler, serve, stop,
    load;

}  // namespace sockscope::exporting::python_frame

namespace sockscope::exporting::c_frame {

extern const std::string_view head, baton, told, addresses, timeouts, data, sends, files, ready, interrupt,
    server, load;

}  // namespace sockscope::exporting::c_frame
