// The frame's part of finding, opening and saving files.
#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>

#include "gui/as_lesson.h"
#include "gui/folder_list.h"
#include "gui/frame.h"
#include "gui/kept_marks.h"
#include "gui/recent.h"
#include "gui/save_as.h"
#include "net/catalogue.h"
#include "net/text.h"
#include "panes/file_rows.h"
#include "play/open_file.h"
#include "session/own_files.h"

namespace sockscope {

namespace frame_files {

std::string working_folder() {
  std::error_code error;
  const std::string here = std::filesystem::current_path(error).string();
  // A program started from a menu is somewhere nobody chose.
  if (!error && here != "/") return here;
  const char* home = std::getenv("HOME");
  return home != nullptr && is_folder(home) ? home : "/";
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

// "2026-11-28-1812", or as the open file is called.
std::string proposed_name(const std::string& open_file) {
  const std::string name(last_part(open_file));
  if (ends_as_play(name) || ends_as_recording(name)) return name;
  const std::time_t clock = std::time(nullptr);
  std::tm local{};
  localtime_r(&clock, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d-%H%M", &local);
  return text;
}

constexpr std::size_t kTextInALine = 4096;

// Whether a line %file can hold it, so that a saved play has it too.
bool fits_a_line(std::string_view content) {
  return content.size() <= kTextInALine && content.find('\0') == content.npos &&
         broken_utf8(content) == content.npos;
}

}  // namespace frame_files

void Frame::remember(const std::string& path) {
  if (!keeps_recent || path.empty()) return;
  auto recent = remember_opened(absolute_path(path, frame_files::working_folder()));
  if (recent) {
    recent_ = std::move(*recent);
  } else {
    say(recent.error());
  }
}

void Frame::restore_bookmarks(const std::string& path) {
  if (!keeps_recent) return;
  marked_path_ = absolute_path(path, frame_files::working_folder());
  auto marks = load_bookmarks(marked_path_, session_->trace());
  if (!marks) return say(marks.error());
  if (marks->empty()) return;
  kept_bookmarks_ = *marks;
  tools_of(view).bookmarks = std::move(*marks);
}

void Frame::keep_bookmarks() {
  if (marked_path_.empty() || !view.tools || view.tools->bookmarks == kept_bookmarks_) return;
  kept_bookmarks_ = view.tools->bookmarks;
  const auto kept = sockscope::keep_bookmarks(marked_path_, session_->trace(), kept_bookmarks_);
  if (!kept) say(kept.error());
}

void Frame::look_at_recent() {
  if (!keeps_recent) return;
  auto recent = load_recent();
  if (recent) {
    recent_ = std::move(*recent);
  } else {
    say(recent.error());
  }
}

// A folder that cannot be read is said, and the one before it stays, if there is one.
void Frame::look_into(const std::string& path, std::string_view name) {
  FolderListing listing = list_folder(path);
  if (!listing.error.empty() && !folder_.path.empty() && folder_.error.empty() &&
      listing.path != folder_.path) {
    view.browsing.error = listing.error;
    return;
  }
  const bool up = folder_of(folder_.path) == listing.path;
  const std::string left(up ? last_part(folder_.path) : std::string_view());
  folder_ = std::move(listing);
  arrive(view.browsing, folder_, recent_, name.empty() ? left : std::string(name));
}

void Frame::begin_browsing() {
  Browsing& at = view.browsing;
  look_at_recent();
  if (at.saving)
    at.name = with_ending(frame_files::proposed_name(session_->file()), at.as_play);
  else
    at.shows_recent = !recent_.empty();
  const std::string file = session_->file();
  std::string folder = folder_.path;
  if (folder.empty() && !at.saving && !file.empty())
    folder = folder_of(absolute_path(file, frame_files::working_folder()));
  if (!is_folder(folder)) folder = frame_files::working_folder();
  folder_ = list_folder(folder);
  arrive(at, folder_, recent_);
}

void Frame::go(const request::Go& request) {
  Browsing& at = view.browsing;
  const ui::Translator tr(view.language);
  if (request.path.empty()) {
    if (at.on) begin_browsing();
    return;
  }
  const bool saving = at.on && at.saving;
  std::string path =
      absolute_path(request.path, folder_.path.empty() ? frame_files::working_folder() : folder_.path);
  at.error.clear();
  if (at.on && is_folder(path) && (saving || request.inside || !is_lesson_folder(path))) {
    at.shows_recent = false;
    return look_into(path);
  }
  if (saving) {
    if (!is_folder(folder_of(path))) {
      at.error = path + ": " + std::string(tr("no such folder"));
      return;
    }
    at.name = last_part(path);
    return look_into(folder_of(path), at.name);
  }
  // The name of a lesson is no path.
  std::error_code error;
  if (!std::filesystem::exists(path, error) && request.path.find('/') == request.path.npos)
    path = request.path;
  if (const auto opened = open(path); opened) {
    view.browsing = {};
  } else if (at.on) {
    at.error = frame_files::first_line(opened.error());
  } else {
    say(frame_files::first_line(opened.error()));
  }
}

void Frame::save_as(const request::SaveAs& request) {
  Browsing& at = view.browsing;
  const ui::Translator tr(view.language);
  at.error.clear();
  at.replaces.clear();
  if (request.name.empty()) {
    at.error = tr("It needs a name.");
    return;
  }
  std::string path = absolute_path(request.name, folder_.path);
  if (is_folder(path) || request.name.ends_with('/')) return go({path, true});
  if (last_part(path).find('.') == std::string_view::npos) path = with_ending(path, at.as_play);
  const auto kind = saved_as(path);
  if (!kind) {
    at.error = tr("The name ends with .jsonl, a recording, or with .play, the lines you ran.");
    return;
  }
  std::error_code error;
  if (!request.replace && std::filesystem::exists(std::filesystem::symlink_status(path, error))) {
    at.replaces = path;
    return;
  }
  begin_saving(path, *kind);
}

// Into the play's own folder, where open() finds it, and then by the line a person would type.
void Frame::send_file(const request::SendFile& request) {
  if (!session_->is_live()) return;
  if (is_folder(request.path)) {
    if (const auto opened = open(request.path); !opened) say(opened.error());
    return;
  }
  const auto content = read_small_file(request.path, static_cast<std::size_t>(play::kMostFile));
  if (!content) return say(content.error());
  if (!*content) return say(file_failed(request.path, ENOENT));
  const std::string name(last_part(request.path)), quoted = python_string(shown_name(name));
  if (frame_files::fits_a_line(**content)) {
    run_line("main", "%file " + quoted + " " + python_string(**content));
    if (!console_error_.empty()) return;
  } else if (const int error =
                 play::make_file(session_->engine().room().directory(), shown_name(name), **content);
             error != 0) {
    return say(file_failed(request.path, error));
  } else {
    const ui::Translator tr(view.language);
    say(fmt::format(
        fmt::runtime(tr("{0} was copied to where open() finds it. A saved play does not hold it.")),
        shown_name(name)));
  }
  run_line(request.thread, request.socket + ".sendfile(open(" + quoted + ", 'rb'))");
}

void Frame::copy_as_lesson() {
  const std::string block = play_block(session_->trace(), session_->state());
  const ui::Translator tr(view.language);
  if (block.empty()) {
    view.passing = {std::string(tr("Nothing was run that a lesson could run again."))};
    return;
  }
  ImGui::SetClipboardText(block.c_str());
  view.passing = {std::string(tr("Copied: a play block for a lesson's file."))};
}

}  // namespace sockscope
