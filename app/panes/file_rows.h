#pragma once
// The rows of the card that opens and saves files, and how the keyboard goes through them: no drawing.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "panes/files.h"

namespace sockscope {

struct FileRow {
  enum class Kind : std::uint8_t { heading, recent, folder, lesson, play, recording, other };
  Kind kind = Kind::heading;
  std::string_view name;  // of a heading: English; of what was open last: the last part of its path
  std::string path;       // absolute; empty: a heading
  bool dim = false;       // not there any more, or nothing Sockscope opens
};

// Made anew each frame; lives no longer than what it was made of.
class FileRows {
 public:
  // While saving, what was open last and what no recording or play is are left out.
  FileRows(const FolderListing& folder, std::span<const RecentFile> recent, const Browsing& browsing);
  std::size_t size() const { return headings() + recent_.size() + shown_; }
  FileRow row(std::size_t index) const;  // index < size()
  // The nearest row to `from` plus `by` that is no heading; 0 when there is none.
  std::size_t moved(std::size_t from, std::ptrdiff_t by) const;
  std::size_t first() const { return moved(0, 0); }
  // The row of the folder's entry of this name; first() when there is none.
  std::size_t named(std::string_view name) const;
  // The next row from `from` on, `from` too, whose name begins so, capitals or not; when there is none the
  // one at `from`.
  std::size_t beginning(std::string_view letters, std::size_t from) const;

 private:
  std::size_t headings() const { return recent_.empty() ? 0 : 2; }
  bool is_heading(std::size_t index) const;
  const FolderListing& folder_;
  std::span<const RecentFile> recent_;
  std::size_t shown_;  // of the folder's entries
};

// The folder that holds it; of "/" itself.
std::string folder_of(std::string_view path);
std::string joined(std::string_view folder, std::string_view name);
std::string_view last_part(std::string_view path);
// A file's name as it can be shown: what is no character or a control character is '?'.
std::string shown_name(std::string_view name);
// With the ending of a play or a recording in the place of such a one, or added.
std::string with_ending(std::string name, bool play);
bool ends_as_play(std::string_view name);
bool ends_as_recording(std::string_view name);

// The card goes to a listing: its path is in the path line and its first row chosen, or that of `name`.
void arrive(Browsing& browsing, const FolderListing& folder, std::span<const RecentFile> recent,
            std::string_view name = {});

}  // namespace sockscope
