#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "export/pcapng.h"
#include "export/program.h"
#include "export/svg.h"
#include "net/names.h"
#include "session/open_file.h"
#include "trace/recording.h"

namespace sockscope::cli {
namespace {

std::string resolved(const std::string& link) {
  std::error_code none;
  return std::filesystem::weakly_canonical(link, none).string();
}

// Beside the file first, so that a full disk leaves what was there; a device or a fifo is written to and
// never replaced, and a link stays one.
bool write_whole(const std::string& path, const std::string& text) {
  if (path == "-") {
    say(text);
    return true;
  }
  std::error_code none;
  const auto there = std::filesystem::status(path, none);
  const bool in_place = std::filesystem::exists(there) && !std::filesystem::is_regular_file(there);
  const std::string real = std::filesystem::is_symlink(path, none) ? resolved(path) : path;
  const std::string part = in_place ? path : real + ".part";
  errno = 0;
  std::ofstream file;
  if (!std::filesystem::is_fifo(there)) file.open(part, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file && (in_place || std::rename(part.c_str(), real.c_str()) == 0)) return true;
  const int error = errno;
  if (!in_place) unlink(part.c_str());
  complain(fmt::format("{}: cannot be written: {}", path.empty() ? "-o ''" : path,
                       error == 0 ? "this is a fifo" : errno_text(error)));
  return false;
}

}  // namespace

int run_export(const ExportCommand& command) {
  const auto found = find_file(command.file, "en");
  if (!found) {
    complain(found.error());
    return kBadInput;
  }
  if (same_file(command.out, command.file)) {
    complain(fmt::format("{}: this is the recording itself; write to another file", command.out));
    return kBadInput;
  }
  const auto trace = load_recording(found->kind == FileArgument::Kind::lesson ? command.file : found->path);
  if (!trace) {
    complain(trace.error().message);
    return kBadInput;
  }
  if (command.to == "pcapng") {
    const std::string packets = export_pcapng(*trace);
    return write_whole(command.out, packets) ? kDone : kFailed;
  }
  if (command.to == "svg") {
    const std::string picture = export_ladder_svg(*trace);
    if (!picture.empty()) return write_whole(command.out, picture) ? kDone : kFailed;
    complain(fmt::format("{}: no TCP packet was seen in it; packets are seen on wires and on hosts",
                         command.file));
    return kFailed;
  }
  const auto language = command.to == "c" ? ProgramLanguage::c : ProgramLanguage::python;
  const Program program = export_program(*trace, language, trace->size());
  if (!write_whole(command.out, program_text(program))) return kFailed;
  for (const std::string& what : program.left_out) complain(fmt::format("left out: {}", what));
  return kDone;
}

}  // namespace sockscope::cli
