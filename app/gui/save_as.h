#pragma once
// What was done, saved where the person says.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "trace/clock.h"
#include "trace/trace.h"

namespace sockscope {

enum class SavedAs { recording, play };
// By the ending: .jsonl or .play; neither: none.
std::optional<SavedAs> saved_as(std::string_view path);

// What is in the trace when it begins, as a recording, or its lines as a play; a piece at a time, so that the
// window goes on meanwhile. Written to a file beside it first, on the disk, and then put in the place of what
// was there, whose mode it keeps: whatever fails, and if it is given up, the old file is whole. A link stays,
// and what it leads to is replaced. Errors: one line that names the file.
class Saving {
 public:
  static tl::expected<std::unique_ptr<Saving>, std::string> begin(const std::string& path, const Trace& trace,
                                                                  SavedAs kind);
  ~Saving();  // gives up what is not done
  Saving(const Saving&) = delete;
  Saving& operator=(const Saving&) = delete;

  // Writes for about `most`, of the same trace, grown. Whether all is done and in its place.
  tl::expected<bool, std::string> go_on(const Trace& trace, Time most);
  float done() const;  // 0 to 1
  const std::string& path() const;

 private:
  struct Impl;
  explicit Saving(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The same, whole.
tl::expected<void, std::string> save_as(const std::string& path, const Trace& trace, SavedAs kind);

}  // namespace sockscope
