#include "calls/private_directory.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace sockscope {
namespace {

namespace fs = std::filesystem;

std::string made_in(const char* parent) {
  if (parent == nullptr || *parent == '\0') return {};
  std::error_code error;
  const fs::path real = fs::canonical(parent, error);
  if (error) return {};
  std::string path = (real / "sockscope-XXXXXX").string();
  return ::mkdtemp(path.data()) == nullptr ? std::string() : path;
}

bool begins_with(const fs::path& path, const fs::path& beginning) {
  return std::mismatch(beginning.begin(), beginning.end(), path.begin(), path.end()).first == beginning.end();
}

}  // namespace

PrivateDirectory::PrivateDirectory() : path_(made_in(::getenv("TMPDIR"))) {
  if (path_.empty()) path_ = made_in("/tmp");
  there_ = !path_.empty();
}

PrivateDirectory::~PrivateDirectory() {
  remove();
}

void PrivateDirectory::remove() {
  if (!there_) return;
  there_ = false;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

int PrivateDirectory::enter() const {
  if (path_.empty()) return ENOENT;
  if (::unshare(CLONE_FS) != 0) return errno;
  return ::chdir(path_.c_str()) == 0 ? 0 : errno;
}

bool PrivateDirectory::holds(std::string_view path) const {
  if (path_.empty()) return false;
  std::error_code error;
  const fs::path asked = fs::path(path_) / std::string(path.substr(0, path.find('\0')));
  fs::path there = fs::weakly_canonical(asked, error);
  if (error || !begins_with(there, path_)) return false;
  // A link to what is not there yet: it may be there when the kernel looks.
  return !fs::is_symlink(fs::symlink_status(asked, error)) || fs::exists(asked, error);
}

}  // namespace sockscope
