#include "session/progress_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "session/own_files.h"

namespace sockscope {
namespace {

constexpr std::size_t kLongestProgress = std::size_t{4} << 20;
constexpr int kLockTries = 25, kLockPause = 10;  // milliseconds

// Held by who reads and writes the file in one; lets go at its end.
class ProgressLock {
 public:
  explicit ProgressLock(const std::string& path)
      : fd_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (fd_ < 0) error_ = errno;
    for (int tries = 0; fd_ >= 0 && !held_ && tries < kLockTries; ++tries) {
      held_ = flock(fd_, LOCK_EX | LOCK_NB) == 0;
      if (!held_) error_ = errno;
      if (!held_) poll(nullptr, 0, kLockPause);
    }
  }
  ~ProgressLock() {
    if (fd_ >= 0) close(fd_);
  }
  ProgressLock(const ProgressLock&) = delete;
  ProgressLock& operator=(const ProgressLock&) = delete;
  bool held() const { return held_; }
  int error() const { return error_; }

 private:
  int fd_, error_ = 0;
  bool held_ = false;
};

// Under a name not taken yet. That name; error: one line.
tl::expected<std::string, std::string> put_aside(const std::string& path) {
  for (int count = 1; count < 1000; ++count) {
    const std::string aside = path + (count == 1 ? ".bad" : ".bad-" + std::to_string(count));
    std::error_code error;
    if (std::filesystem::exists(std::filesystem::symlink_status(aside, error))) continue;
    if (rename(path.c_str(), aside.c_str()) != 0) return tl::unexpected(file_failed(path, errno));
    return aside;
  }
  return tl::unexpected(path + ".bad: taken");
}

}  // namespace

tl::expected<std::string, std::string> progress_path() {
  auto place = state_place();
  if (place) *place += "/progress";
  return place;
}

std::string ProgressFile::load() {
  damaged_ = false;
  progress_.clear();
  std::string notice;
  const auto text = read_small_file(path_, kLongestProgress);
  if (!text) {
    notice = text.error();
  } else if (*text) {
    ReadProgress read = read_progress(**text);
    progress_ = std::move(read.progress);
    if (!read.notice.empty()) notice = path_ + ": " + read.notice;
  }
  damaged_ = !notice.empty();
  for (const auto& [lesson, now] : unsaved_) merge(progress_[lesson], now);
  return notice;
}

const LessonProgress& ProgressFile::of(const std::string& lesson) const {
  static const LessonProgress kNone;
  const auto found = progress_.find(lesson);
  return found == progress_.end() ? kNone : found->second;
}

std::string ProgressFile::record(const std::string& lesson, const LessonProgress& now) {
  LessonProgress with = of(lesson);
  merge(with, now);
  if (path_.empty() || with == of(lesson)) return {};
  merge(unsaved_[lesson], now);
  const auto written = write();
  if (written) unsaved_.clear();
  std::string told = written ? *written : written.error();
  if (told == told_) return {};
  if (!told.empty()) told_ = told;
  return told;
}

// What has come since is read once more first. One line: where a damaged file was put.
tl::expected<std::string, std::string> ProgressFile::write() {
  for (const auto& [lesson, now] : unsaved_) merge(progress_[lesson], now);
  const auto folder = made_folder(std::filesystem::path(path_).parent_path().string());
  if (!folder) return tl::unexpected(folder.error());
  const ProgressLock lock(path_ + ".lock");
  if (!lock.held()) return tl::unexpected(file_failed(path_ + ".lock", lock.error()));
  const std::string bad = load();
  std::string told;
  if (damaged_) {
    const auto aside = put_aside(path_);
    if (!aside) return tl::unexpected(aside.error());
    told = bad + "; the file is kept as " + *aside;
  }
  const std::string text = progress_text(progress_);
  if (text.size() > kLongestProgress) return tl::unexpected(path_ + ": too long");
  if (const auto replaced = replace_file(path_, text); !replaced) return tl::unexpected(replaced.error());
  return told;
}

}  // namespace sockscope
