#pragma once
// The directory of one engine: mode 0700, in TMPDIR or /tmp, removed with all that is in it. AF_UNIX path
// names and a play's files live here and nowhere else.

#include <string>
#include <string_view>

namespace sockscope {

class PrivateDirectory {
 public:
  PrivateDirectory();
  ~PrivateDirectory();
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;

  // Absolute, without symbolic links. Empty: it could not be made.
  const std::string& path() const { return path_; }
  void remove();  // with all that is in it; once

  // Makes it the working directory of the calling thread alone (unshare(2) CLONE_FS): the process and its
  // other threads stay where they are. 0, or the errno of what refused it.
  int enter() const;

  // Whether a path, taken from here if it is relative, stays in here: also through "..", and through symbolic
  // links as they are now. A NUL ends it, as it does for the kernel.
  bool holds(std::string_view path) const;

 private:
  std::string path_;
  bool there_ = false;
};

}  // namespace sockscope
