#pragma once
// A recording that is read on a thread of its own, while the window lives.

#include <cstddef>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "session/session.h"

namespace sockscope {

// One owner thread. The destructor stops the reading and joins it.
class Loading {
 public:
  // Begins at once.
  explicit Loading(std::string path);
  ~Loading();
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

  const std::string& path() const;
  float done() const;     // 0 to 1
  bool finished() const;  // take() does not wait
  // The replay, or one line that names the file. Once.
  tl::expected<std::unique_ptr<Session>, std::string> take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sockscope
