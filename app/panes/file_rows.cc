#include "panes/file_rows.h"

#include <algorithm>

#include "net/text.h"

namespace sockscope {

namespace file_rows {

constexpr std::string_view kPlay = ".play", kRecording = ".jsonl";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool begins(std::string_view name, std::string_view letters) {
  return name.size() >= letters.size() && std::equal(letters.begin(), letters.end(), name.begin(),
                                                     [](char a, char b) { return lower(a) == lower(b); });
}

FileRow::Kind kind_of(FolderEntry::Kind kind) {
  switch (kind) {
    case FolderEntry::Kind::folder:
      return FileRow::Kind::folder;
    case FolderEntry::Kind::lesson:
      return FileRow::Kind::lesson;
    case FolderEntry::Kind::play:
      return FileRow::Kind::play;
    case FolderEntry::Kind::recording:
      return FileRow::Kind::recording;
    case FolderEntry::Kind::other:
      break;
  }
  return FileRow::Kind::other;
}

}  // namespace file_rows

FileRows::FileRows(const FolderListing& folder, std::span<const RecentFile> recent, const Browsing& browsing)
    : folder_(folder),
      recent_(browsing.saving || !browsing.shows_recent ? std::span<const RecentFile>() : recent),
      shown_(folder.entries.size()) {
  if (!browsing.saving) return;
  const auto other =
      std::partition_point(folder.entries.begin(), folder.entries.end(),
                           [](const FolderEntry& entry) { return entry.kind != FolderEntry::Kind::other; });
  shown_ = static_cast<std::size_t>(other - folder.entries.begin());
}

bool FileRows::is_heading(std::size_t index) const {
  return !recent_.empty() && (index == 0 || index == recent_.size() + 1);
}

FileRow FileRows::row(std::size_t index) const {
  if (is_heading(index))
    return {FileRow::Kind::heading, index == 0 ? "Opened last" : "In this folder", {}, false};
  if (!recent_.empty() && index <= recent_.size()) {
    const RecentFile& file = recent_[index - 1];
    return {FileRow::Kind::recent, last_part(file.path), file.path, !file.there};
  }
  const FolderEntry& entry = folder_.entries[index - headings() - recent_.size()];
  return {file_rows::kind_of(entry.kind), entry.name, joined(folder_.path, entry.name),
          entry.kind == FolderEntry::Kind::other};
}

std::size_t FileRows::moved(std::size_t from, std::ptrdiff_t by) const {
  const auto last = static_cast<std::ptrdiff_t>(size()) - 1;
  if (last < 0) return 0;
  const auto wanted =
      static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(from) + by, 0, last));
  if (!is_heading(wanted)) return wanted;
  // Two headings never stand next to each other, and the first row may be one.
  if (by < 0 && wanted > 0) return wanted - 1;
  return wanted < static_cast<std::size_t>(last) ? wanted + 1 : wanted - 1;
}

std::size_t FileRows::named(std::string_view name) const {
  for (std::size_t i = 0; i < shown_; ++i)
    if (folder_.entries[i].name == name) return headings() + recent_.size() + i;
  return first();
}

std::size_t FileRows::beginning(std::string_view letters, std::size_t from) const {
  const std::size_t count = size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t index = (from + i) % count;
    if (!is_heading(index) && file_rows::begins(row(index).name, letters)) return index;
  }
  return moved(from, 0);
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == path.npos || slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string joined(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.ends_with('/')) path += '/';
  return path.append(name);
}

std::string_view last_part(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);
}

std::string shown_name(std::string_view name) {
  std::string shown;
  for (std::size_t at = 0; at < name.size();) {
    std::size_t next = at;
    const auto c = next_character(name, next);
    const bool whole = c && *c >= 0x20 && *c != 0x7f && (*c < 0x80 || *c >= 0xa0);
    if (next <= at) next = at + 1;
    shown += whole ? name.substr(at, next - at) : std::string_view("?");
    at = next;
  }
  return shown;
}

bool ends_as_play(std::string_view name) {
  return name.size() > file_rows::kPlay.size() && name.ends_with(file_rows::kPlay);
}

bool ends_as_recording(std::string_view name) {
  return name.size() > file_rows::kRecording.size() && name.ends_with(file_rows::kRecording);
}

std::string with_ending(std::string name, bool play) {
  if (ends_as_play(name)) name.resize(name.size() - file_rows::kPlay.size());
  if (ends_as_recording(name)) name.resize(name.size() - file_rows::kRecording.size());
  return name.append(play ? file_rows::kPlay : file_rows::kRecording);
}

void arrive(Browsing& browsing, const FolderListing& folder, std::span<const RecentFile> recent,
            std::string_view name) {
  browsing.path = folder.path;
  browsing.error = folder.error;
  browsing.replaces.clear();
  browsing.ahead.clear();
  browsing.row = FileRows(folder, recent, browsing).named(name);
  browsing.reveal = true;
}

}  // namespace sockscope
