#pragma once
// Files as the window shows them: a folder's entries and what was open last, as plain values; and where the
// person is in the card that opens and saves them.

#include <cstdint>
#include <string>
#include <vector>

namespace sockscope {

struct FolderEntry {
  enum class Kind : std::uint8_t { folder, lesson, play, recording, other } kind = Kind::other;
  std::string name;
};
struct FolderListing {
  std::string path;                  // absolute, links followed; empty: none was read yet
  std::string error;                 // why it could not be read, one line; empty: it was
  std::vector<FolderEntry> entries;  // folders, then what can be opened, then the rest; each by name
  bool more = false;                 // the folder has more than was read
};
struct RecentFile {
  std::string path;  // absolute
  bool there = true;
};

// The card over the window. What is asked for in it is request::Go and request::SaveAs.
struct Browsing {
  bool on = false, saving = false;
  bool as_play = false;       // saving: the name proposed is a play's
  bool shows_recent = false;  // what was open last stands above the folder, until the person goes elsewhere
  std::string path, name;     // as typed
  std::size_t row = 0;        // of FileRows
  bool reveal = false;        // the row is to be scrolled into sight
  std::string error;          // one line
  std::string replaces;       // the file that is there already: whether to replace it is asked
  std::string ahead;          // letters typed for a row that begins so
  double ahead_at = 0;        // ImGui's clock, of the last of them
};

}  // namespace sockscope
