#include "lesson/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "lesson/lessons.h"
#include "net/names.h"

namespace sockscope::lesson {
namespace {

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

tl::expected<std::string, std::string> read_file(const std::string& path) {
  const auto failed = [](int error) { return tl::unexpected(std::string(errno_text(error))); };
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (file.fd() < 0 || fstat(file.fd(), &info) != 0) return failed(errno);
  if (!S_ISREG(info.st_mode)) return tl::unexpected(std::string("not a file"));
  std::string text;
  char piece[16384];
  while (text.size() <= kLongestLessonText) {
    const ssize_t got = read(file.fd(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(errno);
    if (got == 0) return text;
    text.append(piece, static_cast<std::size_t>(got));
  }
  return tl::unexpected(std::string("longer than 256 KB; a lesson's text is shorter"));
}

bool plain_file_name(std::string_view name) {
  if (name.empty() || name.front() == '.' || name.size() > 255) return false;
  return std::none_of(name.begin(), name.end(),
                      [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '/'; });
}

}  // namespace sockscope::lesson
