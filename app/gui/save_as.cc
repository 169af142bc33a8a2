#include "gui/save_as.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

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

struct Saving::Impl {
  Impl(std::string named, const std::string& at, mode_t with, const Trace& trace)
      : path(std::move(named)), target(at), mode(with), beside(at), end(trace.size()) {}
  const std::string path, target;
  const mode_t mode;
  saving::Beside beside;
  const std::size_t end;
  std::size_t written = 0;
  std::optional<RecordingWriter> recording;  // none: it is a play, and written already

  // Closed before it is put in its place.
  tl::expected<bool, std::string> put_in_place() {
    recording.reset();
    if (const int error = beside.put_at(target, mode); error != 0)
      return tl::unexpected(file_failed(path, error));
    return true;
  }
  std::string of_target(std::string message) const {
    return saving::of_target(std::move(message), beside.path(), path);
  }
};

Saving::Saving(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Saving::~Saving() = default;

tl::expected<std::unique_ptr<Saving>, std::string> Saving::begin(const std::string& path, const Trace& trace,
                                                                 SavedAs kind) {
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
  auto impl = std::make_unique<Impl>(path, target, mode, trace);
  if (impl->beside.error() != 0) return tl::unexpected(file_failed(path, impl->beside.error()));
  if (kind == SavedAs::play) {
    if (const auto written = replace_file(impl->beside.path(), play_text(trace)); !written)
      return tl::unexpected(impl->of_target(written.error()));
  } else {
    auto writer = RecordingWriter::create(impl->beside.path());
    if (!writer) return tl::unexpected(impl->of_target(writer.error().message));
    impl->recording.emplace(std::move(*writer));
  }
  return std::unique_ptr<Saving>(new Saving(std::move(impl)));
}

tl::expected<bool, std::string> Saving::go_on(const Trace& trace, Time most) {
  constexpr std::size_t kAtOnce = 10'000;  // events, some milliseconds
  const Time begun = now();
  while (impl_->recording && impl_->written < impl_->end) {
    impl_->written = std::min(impl_->end, impl_->written + kAtOnce);
    if (!impl_->recording->follow(trace, impl_->written))
      return tl::unexpected(impl_->of_target(impl_->recording->error()));
    if (impl_->written < impl_->end && now() - begun >= most) return false;
  }
  return impl_->put_in_place();
}

float Saving::done() const {
  return impl_->end == 0 ? 1 : static_cast<float>(impl_->written) / static_cast<float>(impl_->end);
}

const std::string& Saving::path() const {
  return impl_->path;
}

tl::expected<void, std::string> save_as(const std::string& path, const Trace& trace, SavedAs kind) {
  const auto saving = Saving::begin(path, trace, kind);
  if (!saving) return tl::unexpected(saving.error());
  const auto saved = (*saving)->go_on(trace, std::numeric_limits<Time>::max());
  return saved ? tl::expected<void, std::string>() : tl::unexpected(saved.error());
}

}  // namespace sockscope
