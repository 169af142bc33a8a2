#include "session/open_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "net/names.h"
#include "session/own_files.h"
#include "session/places.h"
#include "trace/recording.h"

namespace sockscope {
namespace {

tl::expected<FileArgument, std::string> failed(const std::string& path, std::string_view what) {
  return tl::unexpected(path + ": " + std::string(what));
}

FileArgument lesson_argument(LessonEntry lesson) {
  FileArgument found{FileArgument::Kind::lesson, {}, std::move(lesson)};
  if (!found.lesson.plays.empty()) found.path = found.lesson.folder + "/" + found.lesson.plays.front();
  return found;
}

// The first bytes of a regular file.
tl::expected<std::string, std::string> beginning_of(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return tl::unexpected(file_failed(path, errno));
  char bytes[256];
  const ssize_t got = read(fd, bytes, sizeof bytes);
  const int error = errno;
  close(fd);
  if (got < 0) return tl::unexpected(file_failed(path, error));
  return std::string(bytes, static_cast<std::size_t>(got));
}

tl::expected<FileArgument, std::string> find_by_name(const std::string& name, std::string_view language) {
  const std::vector<LessonEntry> lessons = list_lessons(lessons_root(), language);
  if (const LessonEntry* lesson = find_lesson(lessons, name)) return lesson_argument(*lesson);
  return failed(name, "there is no such file and no lesson of that name");
}

}  // namespace

tl::expected<FileArgument, std::string> find_file(const std::string& argument, std::string_view language) {
  if (argument.empty())
    return tl::unexpected(std::string("an empty FILE: name a play, a recording or a lesson"));
  struct stat info {};
  if (stat(argument.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return find_by_name(argument, language);
    return failed(argument, errno_text(errno));
  }
  if (S_ISDIR(info.st_mode)) {
    if (auto lesson = lesson_in(argument, language)) return lesson_argument(std::move(*lesson));
    return failed(argument, "this folder is no lesson: there is no en.md and no play in it");
  }
  if (!S_ISREG(info.st_mode)) return failed(argument, "not a file");
  const auto beginning = beginning_of(argument);
  if (!beginning) return tl::unexpected(beginning.error());
  const auto kind =
      looks_like_recording(*beginning) ? FileArgument::Kind::recording : FileArgument::Kind::play;
  return FileArgument{kind, argument, {}};
}

}  // namespace sockscope
