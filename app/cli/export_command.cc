#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "export/program.h"
#include "net/names.h"
#include "session/open_file.h"
#include "trace/recording.h"

namespace sockscope::cli {
namespace {

// Beside the file first, so that a full disk leaves what was there.
bool write_whole(const std::string& path, const std::string& text) {
  if (path == "-") {
    say(text);
    return true;
  }
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file && std::rename(part.c_str(), path.c_str()) == 0) return true;
  const int error = errno;
  unlink(part.c_str());
  complain(fmt::format("{}: cannot be written: {}", path, errno_text(error)));
  return false;
}

}  // namespace

int run_export(const ExportCommand& command) {
  const auto found = find_file(command.file, "en");
  if (!found) {
    complain(found.error());
    return kBadInput;
  }
  const auto trace = load_recording(found->kind == FileArgument::Kind::lesson ? command.file : found->path);
  if (!trace) {
    complain(trace.error().message);
    return kBadInput;
  }
  const auto language = command.to == "c" ? ProgramLanguage::c : ProgramLanguage::python;
  const Program program = export_program(*trace, language, trace->size());
  if (!write_whole(command.out, program_text(program))) return kFailed;
  for (const std::string& what : program.left_out) complain(fmt::format("left out: {}", what));
  return kDone;
}

}  // namespace sockscope::cli
