#pragma once
// Tells that a file in a folder was saved: written and closed, or put there. Asks the kernel (inotify), so
// that nothing is polled. One owner thread; fd() may be waited for by another.

#include <string>

namespace sockscope {

class FolderWatch {
 public:
  FolderWatch();  // where the kernel gives no inotify, nothing is ever told
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  void look_at(const std::string& folder);  // this one instead of the one before; empty: none
  bool saved();                             // since this was asked last; clears it
  int fd() const { return fd_; }            // readable when saved() has something to say; −1: never

 private:
  int fd_;
  int watched_ = -1;
};

}  // namespace sockscope
