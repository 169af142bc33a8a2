#include "gui/folder_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>

namespace sockscope {

FolderWatch::FolderWatch() : fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

FolderWatch::~FolderWatch() {
  if (fd_ >= 0) close(fd_);
}

void FolderWatch::look_at(const std::string& folder) {
  if (fd_ < 0) return;
  if (watched_ >= 0) inotify_rm_watch(fd_, watched_);
  watched_ =
      folder.empty() ? -1 : inotify_add_watch(fd_, folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR);
  saved();
}

bool FolderWatch::saved() {
  bool any = false;
  if (fd_ < 0) return any;
  alignas(inotify_event) char events[4096];
  // More than these wait for the next turn.
  for (int i = 0; i < 16; ++i) {
    const ssize_t got = read(fd_, events, sizeof events);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    any = true;
  }
  return any;
}

}  // namespace sockscope
