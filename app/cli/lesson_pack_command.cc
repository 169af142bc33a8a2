#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "cli/commands.h"
#include "cli/lesson_found.h"
#include "cli/output.h"
#include "coach/lint.h"
#include "lesson/files.h"
#include "lesson/lessons.h"
#include "lesson/pack.h"
#include "net/names.h"

namespace sockscope::cli {
namespace {

constexpr std::string_view kSays = "sockscope lesson pack: ";

tl::expected<std::vector<PackFile>, std::string> files_of(const LessonEntry& lesson) {
  std::vector<std::string> names{"en.md", "zh.md"};
  names.insert(names.end(), lesson.plays.begin(), lesson.plays.end());
  std::vector<PackFile> files;
  for (const std::string& name : names) {
    auto text = lesson::read_file(lesson.folder + "/" + name);
    if (!text) return tl::unexpected(fmt::format("{}/{}: {}", lesson.folder, name, text.error()));
    files.push_back({name, std::move(*text)});
  }
  return files;
}

// Error: one line.
tl::expected<void, std::string> write(const std::string& folder, const std::vector<PackFile>& files) {
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), failed);
  if (mkdir(folder.c_str(), 0777) != 0)
    return tl::unexpected(fmt::format("{}: {}", folder, errno_text(errno)));
  for (const PackFile& file : files) {
    const std::string path = folder + "/" + file.name;
    errno = 0;
    std::ofstream out(path, std::ios::binary);
    out << file.text;
    out.close();
    if (!out) return tl::unexpected(fmt::format("{}: {}", path, errno_text(errno != 0 ? errno : EIO)));
  }
  return {};
}

}  // namespace

int run_lesson_pack(const LessonPackCommand& command) {
  const std::string out = command.out.empty() ? command.student : command.out;
  if (command.student.empty() || (command.out.empty() && !lesson::plain_file_name(command.student))) {
    complain(fmt::format("{}--student {}: it is no name of a folder; say where with --out", kSays,
                         command.student));
    return kBadInput;
  }
  const auto folder = find_lesson_folder(command.id, "en");
  const auto lesson = folder ? lesson_in(*folder, "en") : std::nullopt;
  if (!lesson) {
    complain(fmt::format("{}there is no lesson {}; sockscope lesson list shows them", kSays, command.id));
    return kBadInput;
  }
  const auto files = files_of(*lesson);
  if (!files) {
    complain(files.error());
    return kBadInput;
  }
  const std::string made = out + "/" + lesson->id;
  if (const auto written = write(made, packed(*files, lesson->id, command.student)); !written) {
    complain(written.error());
    return kFailed;
  }
  const LintedLesson linted = lint_lesson(made);
  for (const Finding& finding : linted.findings)
    if (finding.weight == Finding::Weight::error) say_line(finding.to_string());
  if (has_errors(linted.findings)) {
    complain(fmt::format("{}{} is not the lesson any more", kSays, made));
    return kFailed;
  }
  say_line(made);
  return kDone;
}

}  // namespace sockscope::cli
