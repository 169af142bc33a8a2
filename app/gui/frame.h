#pragma once
// Everything the window has but the window: a session, what the person looks at, and what they asked for. The
// window, pictures and headless tests draw through the same Frame; so do live and replay.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gui/folder_watch.h"
#include "gui/lesson_shelf.h"
#include "gui/save_as.h"
#include "panes/panes.h"
#include "panes/timeline_tools.h"
#include "session/grid_probe.h"
#include "session/lesson_walk.h"
#include "session/loading.h"
#include "session/port_look.h"
#include "session/progress_file.h"
#include "session/recall.h"
#include "session/session.h"

namespace sockscope {

class FontAtlas;

class Frame {
 public:
  // Draws a session of somebody else's, which outlives it.
  Frame(Session& session, LessonShelf shelf);
  // Owns it, and begins another when asked to (a play of a lesson, a line typed into a recording).
  Frame(std::unique_ptr<Session> session, LessonShelf shelf);
  ~Frame();  // what is being saved is saved whole first
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  View view;
  // When set, the clock stands there: pictures.
  std::optional<Time> frozen;
  // A recording is read on a thread of its own, and open() is back before it is there: the window.
  bool loads_apart = false;
  // What is opened is remembered in the state folder, and shown in the card of files: the window.
  bool keeps_recent = false;
  // The first screen says why the tutorial's port cannot be had: the window.
  bool looks_at_port = false;
  // What was open last is read. Nothing unless keeps_recent.
  void look_at_recent();
  // Called for each live session this frame begins; the window records it and listens to it.
  std::function<void(Session&)> on_new_session;

  Session& session() { return *session_; }
  const Session& session() const { return *session_; }
  // A file dropped or given: a recording, a play or a lesson. Error: one line; nothing has changed then.
  tl::expected<void, std::string> open(const std::string& argument);
  // A file let go over the window: with the next frame the socket under the mouse sends it, else it opens.
  void drop(const std::string& path) { view.dropped = path; }
  void open_lesson(const std::string& id);
  // To a step of the open lesson, numbered from 1, what comes before it having run; ends. Error: one line.
  tl::expected<void, std::string> walk_to(std::size_t step);

  // From here on what is done of lessons is kept in this file, and what it holds is shown: the window.
  void keep_progress(const std::string& path);

  // One turn of the session and of a running replay. Returns whether there is something new to draw.
  bool tick();
  // Draws one frame and then does what was asked for in it. Between ImGui::NewFrame and Render.
  void draw(ui::Ui& ui, ImVec2 size, Pane alone = Pane::none);
  // Does one thing as if the person had asked for it in the window.
  void run(const WindowRequest& request);

  // Says which fonts are missing, and goes on in English where there are none for Chinese.
  void settle_language(const FontAtlas& fonts);

  bool quit() const { return quit_; }
  const std::string& notice() const { return notice_; }
  void say(std::string notice) { notice_ = std::move(notice); }
  const std::string& console_error() const { return console_error_; }
  // Nothing has happened in the session and no file is open.
  bool untouched() const;
  // How long a picture with clocks in it stays true, in seconds; < 0: until something happens.
  double clock_pitch() const;
  // Readable when a file of the open lesson was saved; −1: that is not told here. As long as the frame is.
  int saved_fd() const { return watch_.fd(); }
  bool replaying() const { return replay_from_.has_value(); }
  bool loading() const { return loading_ != nullptr; }
  bool saving() const { return saving_ != nullptr; }

 private:
  struct ReplayClock {
    Time real, trace;
  };
  // The tutorial's server on 9999, until it is seen to listen or not.
  struct Tutorial {
    std::string line, model;
    std::size_t from;  // events before it are older
    bool listens;
  };
  void become(std::unique_ptr<Session> session);
  void run_line(const std::string& thread, const std::string& text);
  void start_tutorial(const std::string& model, int port);
  void start_tutorial_clients();
  void watch_tutorial();
  void end_tutorial(bool in_use);
  void replay(bool run);
  void run_again();
  bool tick_loading();
  void begin_saving(const std::string& path, SavedAs kind);
  bool tick_saving();
  bool tick_saving(Time most);
  void end_saving();
  void finish_saving();
  void remember(const std::string& path);
  void begin_browsing();
  void look_into(const std::string& path, std::string_view name = {});
  void go(const request::Go& request);
  void save_as(const request::SaveAs& request);
  void send_file(const request::SendFile& request);
  void copy_as_lesson();
  void walk(const request::Walk& request);
  std::string so_far();
  bool look_for_saved();
  void reload_lesson();
  void lint_open_lesson(bool notes);
  bool tick_walk(bool grew);
  void choose_thread();
  void look_for_refusal();
  bool tick_golden();
  bool begin_golden();
  void show_golden();
  void refresh_lessons();
  void mark_lessons();
  void tell_of_progress(std::string told);
  void record_progress();
  void remember_walk();
  void open_recall();
  void recall(const request::Walk& request);
  Scene scene();
  std::optional<HeldPort> held_port();
  void restore_bookmarks(const std::string& path);
  void keep_bookmarks();
  Time clock() const;
  std::string_view language() const { return ui::code_of(view.language); }

  std::unique_ptr<Session> owned_;
  Session* session_;
  LessonShelf shelf_;
  GridProbe probe_;
  std::vector<LessonItem> lessons_;
  std::optional<ui::Language> lessons_language_;
  std::string lesson_id_, lesson_text_;
  std::string kept_as_;                                // the open lesson's id in the progress
  std::vector<std::vector<LessonTerm>> lesson_terms_;  // of the glossary, by step
  std::optional<LessonWalk> walk_;
  std::optional<std::pair<std::size_t, std::size_t>> at_hand_;  // step and block whose thread was chosen
  std::optional<ProgressFile> progress_;
  std::optional<Recall> recall_;  // questions of earlier lessons that stand before the open one
  HostsRefused refused_;          // in this session, by what was looked at
  FolderWatch watch_;             // of the open lesson
  std::vector<LessonFinding> lint_;
  std::string console_error_, notice_, progress_notice_;
  std::optional<ReplayClock> replay_from_;
  std::optional<Time> replay_until_;  // of a lesson's recording: so far its lines at hand go
  std::optional<Tutorial> tutorial_;
  std::optional<std::optional<PortHolder>> port_look_;  // of the tutorial's port; none: not looked at yet
  std::unique_ptr<Loading> loading_;
  std::unique_ptr<Saving> saving_;
  FolderListing folder_;  // looked into last
  std::vector<RecentFile> recent_;
  std::string marked_path_;               // of the recording that is open, whose bookmarks are kept
  std::vector<Bookmark> kept_bookmarks_;  // as the file has them
  Time last_growth_ = 0;
  bool quit_ = false;
};

}  // namespace sockscope
