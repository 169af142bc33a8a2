#include "gui/save_as.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "gui/saves.h"
#include "panes/file_rows.h"
#include "session/own_files.h"
#include "trace/recording.h"

namespace sockscope {

namespace saving {

constexpr mode_t kNewFile = 0644;

// A file nobody else has, beside the one to come; gone at the end unless it took that one's place.
class Beside {
 public:
  explicit Beside(const std::string& path) : path_(joined(folder_of(path), ".sockscope-XXXXXX")) {
    const int fd = mkostemp(path_.data(), O_CLOEXEC);
    error_ = fd < 0 ? errno : 0;
    if (fd >= 0) close(fd);
  }
  ~Beside() {
    if (error_ == 0 && !placed_) unlink(path_.c_str());
  }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  int error() const { return error_; }
  const std::string& path() const { return path_; }
  // On the disk, and then under its name. Returns an errno.
  int put_at(const std::string& target, mode_t mode) {
    const int fd = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    const int error = fsync(fd) != 0 || fchmod(fd, mode) != 0 ? errno : 0;
    close(fd);
    if (error != 0) return error;
    if (rename(path_.c_str(), target.c_str()) != 0) return errno;
    placed_ = true;
    return 0;
  }

 private:
  std::string path_;
  int error_ = 0;
  bool placed_ = false;
};

tl::expected<void, std::string> write(const std::string& path, const Trace& trace, SavedAs kind) {
  if (kind == SavedAs::play) return replace_file(path, play_text(trace));
  const auto saved = save_recording(trace, path);
  return saved ? tl::expected<void, std::string>() : tl::unexpected(saved.error().message);
}

// The window writes there what happens now.
bool is_own_recording(const std::string& path) {
  const auto own = state_folder();
  std::error_code error;
  return own && std::filesystem::equivalent(path, *own + "/last.jsonl", error) && !error;
}

// What was said of the file beside, said of the one the person named.
std::string of_target(std::string message, const std::string& beside, const std::string& target) {
  for (const std::string& name : {beside + ".part", beside})
    if (message.starts_with(name)) return target + message.substr(name.size());
  return message;
}

}  // namespace saving

std::optional<SavedAs> saved_as(std::string_view path) {
  if (ends_as_play(last_part(path))) return SavedAs::play;
  if (ends_as_recording(last_part(path))) return SavedAs::recording;
  return std::nullopt;
}

tl::expected<void, std::string> save_as(const std::string& path, const Trace& trace, SavedAs kind) {
  struct stat there {};
  mode_t mode = saving::kNewFile;
  std::string target = path;
  if (stat(path.c_str(), &there) == 0) {
    if (!S_ISREG(there.st_mode)) return tl::unexpected(path + ": not a file");
    if (saving::is_own_recording(path))
      return tl::unexpected(path + ": the window itself records there; give another name");
    mode = there.st_mode & 0777;
    std::error_code error;
    target = std::filesystem::canonical(path, error).string();
    if (error) return tl::unexpected(file_failed(path, error.value()));
  }
  saving::Beside beside(target);
  if (beside.error() != 0) return tl::unexpected(file_failed(path, beside.error()));
  if (const auto written = saving::write(beside.path(), trace, kind); !written)
    return tl::unexpected(saving::of_target(written.error(), beside.path(), path));
  if (const int error = beside.put_at(target, mode); error != 0)
    return tl::unexpected(file_failed(path, error));
  return {};
}

}  // namespace sockscope
