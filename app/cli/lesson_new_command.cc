#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "cli/commands.h"
#include "cli/output.h"
#include "lesson/skeleton.h"
#include "net/names.h"

namespace sockscope::cli {
namespace {

bool good_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && id.front() != '-' && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

int run_lesson_new(const LessonNewCommand& command) {
  std::string folder = command.name;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  const std::string id = folder.substr(folder.rfind('/') + 1);
  if (!good_id(id)) {
    complain(
        fmt::format("sockscope lesson new: '{}' is no name like 25-mine: small letters, digits and -", id));
    return kBadInput;
  }
  if (mkdir(folder.c_str(), 0777) != 0) {
    complain(fmt::format("{}: {}", folder, errno_text(errno)));
    return kBadInput;
  }
  for (const SkeletonFile& file : lesson_skeleton(id)) {
    const std::string path = folder + "/" + file.name;
    std::ofstream out(path, std::ios::binary);
    out << file.text;
    out.close();
    if (!out) {
      complain(fmt::format("{}: {}", path, errno_text(errno)));
      return kFailed;
    }
    say_line(path);
  }
  return kDone;
}

}  // namespace sockscope::cli
