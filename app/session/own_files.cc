#include "session/own_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "net/names.h"

namespace sockscope {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

std::string file_failed(const std::string& path, int error) {
  return path + ": " + std::string(errno_text(error));
}

tl::expected<std::string, std::string> made_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return tl::unexpected(file_failed(path, error.value()));
  fs::permissions(path, fs::perms::owner_all, error);  // a folder somebody else made keeps its mode
  return path;
}

tl::expected<void, std::string> write_all(int fd, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return tl::unexpected(file_failed(path, errno));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

tl::expected<std::string, std::string> xdg_place(const char* variable, const char* otherwise) {
  std::string base = environment(variable);
  if (base.empty() || base.front() != '/') {
    const std::string home = environment("HOME");
    if (home.empty()) return tl::unexpected(std::string("HOME is not set: nothing can be saved"));
    base = home + otherwise;
  }
  return base + "/sockscope";
}

tl::expected<std::string, std::string> xdg_folder(const char* variable, const char* otherwise) {
  const auto place = xdg_place(variable, otherwise);
  return place ? made_folder(*place) : place;
}

tl::expected<std::optional<std::string>, std::string> read_small_file(const std::string& path,
                                                                      std::size_t most) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 && errno == ENOENT) return std::nullopt;
  if (fd < 0) return tl::unexpected(file_failed(path, errno));
  std::string text(most + 1, '\0');
  std::size_t length = 0;
  ssize_t got = 0;
  while (length < text.size()) {
    got = read(fd, text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    length += static_cast<std::size_t>(got);
  }
  const int error = got < 0 ? errno : 0;
  close(fd);
  if (error != 0) return tl::unexpected(file_failed(path, error));
  if (length > most) return tl::unexpected(path + ": too long");
  text.resize(length);
  return text;
}

tl::expected<void, std::string> replace_file(const std::string& path, std::string_view text) {
  const std::string part = path + ".part";
  const int fd = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return tl::unexpected(file_failed(part, errno));
  auto written = write_all(fd, part, text);
  if (written && fsync(fd) != 0) written = tl::unexpected(file_failed(part, errno));
  close(fd);
  if (written && rename(part.c_str(), path.c_str()) != 0) written = tl::unexpected(file_failed(path, errno));
  if (!written) unlink(part.c_str());
  return written;
}

tl::expected<std::string, std::string> state_place() {
  return xdg_place("XDG_STATE_HOME", "/.local/state");
}

tl::expected<std::string, std::string> state_folder() {
  const auto place = state_place();
  return place ? made_folder(*place) : place;
}

}  // namespace sockscope
