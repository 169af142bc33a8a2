#pragma once
// The panes: free functions that read a Scene, keep what the person is looking at in View, and ask for things
// in Requests, which the session runs after the frame. No pane makes a call, and none keeps anything else.

//
// Every draw_ function wants an ImGui window open around it (draw_window and draw_alone open one) and draws
// on that window's list; it may open child windows inside `where`.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "net/grid.h"
#include "panes/call_draft.h"
#include "panes/console_log.h"
#include "panes/files.h"
#include "panes/hints.h"
#include "trace/state.h"
#include "trace/trace.h"
#include "ui/ui.h"

namespace sockscope {

struct TimelineLanes;   // panes/timeline.h
struct TimelineTools;   // panes/timeline_tools.h
struct CodeOutline;     // panes/code_text.h
struct NarrationLines;  // panes/narration_lines.h
struct Desk;            // panes/details_desk.h
class StatesWalk;       // panes/states_walk.h
class Race;             // explain/race.h
struct ActionMenu;      // panes/action_menu.h

// What there is to draw. Live and replay look the same.
struct LessonItem {
  std::string id, title;
  std::vector<std::string> plays;
  enum class Done : std::uint8_t { none, some, all } done = Done::none;  // by the learner, ever
  // Of the quiz: how many answers were right before the lessons, and after; how many questions it has.
  std::optional<int> before = {}, after = {};
  int questions = 0;  // 0: it is a lesson
};
// The step of a lesson at hand, as plain values: what it means is judged elsewhere.
struct LessonMark {
  std::string words, condition;
  bool met = false;
};
struct LessonChoice {
  std::string text;
  bool guessed = false, right = false;  // right: only once it is told
};
struct LessonPart {
  enum class Kind { text, lines, order, question, verdict, marks, hint, so_far } kind = Kind::text;
  std::string text;                   // Markdown; of a question what is asked; of a verdict what refutes; of
                                      // so_far what the learner's own lines came to, as it is
  std::vector<std::string> lines;     // with ____ for blanks; of order those to press
  std::vector<bool> pressed;          // of order
  std::vector<LessonChoice> choices;  // of a question or verdict, without "I don't know"
  bool unknown = false;               // of a verdict: "I don't know" was said
  bool seen = true;                   // of a verdict: it happened; text: what was so instead
  std::vector<LessonMark> marks;
};
struct LessonTerm {  // of the glossary
  std::string word, meaning;
  std::string said;  // as it first stands in the text
};
struct LessonFinding {  // of lint, about the open lesson's files
  bool error = true;
  std::string text;
};
struct LessonShown {
  std::string title, step_title;
  std::size_t step = 0;    // its place in `done`
  bool opening = false;    // the first one is the lesson's opening: it has no number
  std::vector<bool> done;  // one for each step
  std::size_t resume = 0;  // its place: the first one not done of a lesson begun before; 0: none
  std::vector<LessonPart> parts;
  enum class Now { recall, guess, show, type, running, reason, next_step, finished } now = Now::next_step;
  bool may_show = false, last_left = false, met = false, may_again = false;
  bool golden = false;  // a recording of the lesson is shown instead of a run
  std::size_t hints_left = 0;
  std::string next_lesson;             // its id; empty: this is the last
  std::vector<LessonTerm> terms = {};  // those this step is the first to use
};
struct FileLoading {  // a recording that is being read or saved
  std::string file;
  float done = 0;  // 0 to 1
  bool writes = false;
};
// The tutorial's port, when a server cannot have it now.
struct HeldPort {
  std::uint16_t port = 0;
  Time left = 0;    // until the last closed connection is forgotten; 0: a program has it
  std::string who;  // "python3 (pid 123)"; empty: not known
};
struct WaitingLine {
  std::string thread, text, why;
};
struct CodeStatement {  // a line of the run as C
  std::string text;
  std::uint64_t seq = 0;  // of the line it came from
};
struct Scene {
  const Trace& trace;
  const State& state;        // at the cursor
  const State& end;          // at the end of the trace
  std::uint64_t cursor_seq;  // events before it are so
  Time cursor;
  Time start;  // of the trace
  Time now;    // live: the clock; replay: the end
  bool live = false;
  bool recording = false;
  bool playing = false;  // a play is running, or replay runs
  std::string file;      // what is open, empty: nothing
  std::vector<LessonItem> lessons;
  std::string lesson_id, lesson_markdown;  // the open lesson
  std::vector<LessonFinding> lesson_lint = {};
  std::optional<LessonShown> walk;          // where the learner is in it; none: it cannot be walked through
  std::vector<WaitingLine> waiting;         // console lines that wait for their thread
  std::string console_error;                // the last line's parse error, with its caret
  std::string notice;                       // one line for the person: "saved r.jsonl"
  std::vector<std::string> reachable = {};  // "192.0.2.7 (eth0)": while the consent is asked for
  const Grid* grid = nullptr;               // what socket() gives here; null: not tried yet
  // The first `end` events as C, at most their last `most` lines. Not cheap: ask when a line was added.
  std::function<std::vector<CodeStatement>(std::uint64_t end, std::size_t most)> c_code = {};
  std::optional<FileLoading> loading = {};
  const FolderListing* folder = nullptr;    // of the card that opens and saves; null: none was looked into
  std::span<const RecentFile> recent = {};  // opened last, the latest first
  std::optional<HeldPort> held_port = {};
};

struct Selection {
  enum class Kind { none, socket, thread, server, call, packet, host, wire } kind = Kind::none;
  std::uint32_t id = 0;   // socket, thread, server, CallId, packet or host; of a wire the lower host
  std::uint64_t seq = 0;  // call: of its CallEntered; wire: the other host
  friend bool operator==(const Selection&, const Selection&) = default;
};

enum class Pane {
  stage,
  timeline,
  lesson,
  code,
  details,
  console,
  new_socket,
  narration,
  states,
  ladder,
  none
};

// The run as Python or C, or the C++ of the servers in it.
enum class CodeShown : std::uint8_t { python, c, servers };

// How much is said: simple leaves out what a beginner does not need yet (LOOK's two sizes of detail).
enum class Detail : std::uint8_t { simple, full };

// The projector: one call in large type, the Stage, the lesson that is walked, and one pane below the Stage.
struct Presenting {
  bool on = false;
  bool blank = false;  // the screen is dark
  // How the last call came out, the pane below the Stage, and in the lesson what was so and what follows.
  bool hides_answer = false;
  std::optional<Pane> lower = {};  // not chosen: the timeline, or with a lesson none
  // A show of hands, for the answers of the question at hand; another question begins another.
  std::array<int, 8> hands{};
  std::string asked = {};
  std::string step = {};
  float told_height = 0, todo_height = 0;  // of the lesson's text and of what is to be done, as last drawn
  std::string key;                         // pressed just now, and when (ImGui's clock)
  double key_at = -1;
};

// What can be done with a thing, opened over it by the right button or the Menu key.
struct OpenMenu {
  std::shared_ptr<const ActionMenu> menu;  // null: closed
  ImVec2 at{};                             // where it was asked for
  bool asked = false;                      // by key: the pane that shows the selection opens it there
  Pane pane = Pane::none;                  // what had the keys before, and which widget
  std::string focus;
};

struct Passing {  // said for a few seconds: "Saved as r.jsonl"
  std::string text;
  double since = -1;  // ImGui's clock; < 0: not drawn yet
};

struct View {
  Selection selection;
  bool follow = true;  // the cursor stays at the end and the timeline with it
  Time cursor = 0;     // when not following
  // timeline
  Time from = 0, span = 0;  // shown; span 0: fit the whole trace
  float lane_scroll = 0;
  std::vector<std::uint32_t> unfolded;      // groups whose client lanes are all shown
  std::shared_ptr<TimelineLanes> timeline;  // the trace, read once into lanes; made when first drawn
  std::shared_ptr<TimelineTools> tools;     // search, bookmarks, measuring; made when first used
  double replay_speed = 1;                  // seconds of the trace in a second
  // code and sentences: the same, and the cursor they last scrolled to
  std::shared_ptr<CodeOutline> outline;
  std::shared_ptr<NarrationLines> narration;
  std::uint64_t code_cursor_seq = 0, narration_seq = 0;
  std::shared_ptr<Race> race;          // the trace, read as a race
  std::optional<bool> show_race;       // in the Stage's place; not chosen: when there is one
  std::shared_ptr<StatesWalk> states;  // the way of each socket through TCP's states
  // details: the failure explained last; all its causes are shown
  std::shared_ptr<Desk> desk;
  bool all_causes = false;
  std::string term;  // of the glossary: its card is open in the lesson
  // panes
  bool first_run = true;  // the three ways in are shown
  Pane maximised = Pane::none;
  Pane focus = Pane::console;  // F6 goes round
  bool show_new_socket = false, show_narration = false, show_states = false, show_ladder = false,
       show_keys = false, show_consent = false;
  // Sizes at scale 1; heights of the columns are for a window 1000 high and grow with it.
  float right_width = 480, stage_height = 395, console_height = 150, lesson_height = 357, code_height = 172;
  // In place of the last two while a lesson is walked: its text and buttons need the room.
  bool walking = false;
  float walk_lesson_height = 540, walk_code_height = 90;
  Pane right_tab = Pane::lesson;  // of a narrow window, where the right column is one pane with tabs
  CodeShown code = CodeShown::python;
  Detail detail = Detail::full;
  Presenting presenting;
  bool paused = false;
  std::vector<std::string> desks;  // hosts in the order the person put their desks; empty: as they came
  // console
  std::string thread = "main", prompt, new_thread;
  std::vector<std::string> history;
  int history_at = -1;
  bool focus_prompt = false;
  bool naming_thread = false;  // "+ thread" was pressed
  ConsoleLog log;
  std::string notice_closed;  // the notice that was read and pressed away
  Passing passing;
  OpenMenu open_menu;
  Hints hints;
  Browsing browsing;
  std::string dropped;  // the path of a file let go over the window: the socket under the mouse takes it
  // the forms that have the New socket pane's place
  CallDraft draft;           // the call being put together
  bool show_fileno = false;  // socket()'s fileno is unfolded
  bool show_all_flags = false;
  float form_height = 0;  // of the call's fields as last drawn, in pixels; 0: not known
  // look
  ui::Language language = ui::Language::en;
  ui::ThemeName theme = ui::ThemeName::light;
  float size = 1.0f;  // 100 %, 150 %, 200 %
};

namespace request {
struct RunLine {  // as if typed at `thread`'s prompt: every action in the window is a play line
  std::string thread, text;
};
struct Interrupt {
  ThreadId thread;
};
struct OpenLesson {
  std::string id;  // empty: back to the list
};
struct Walk {  // through the open lesson
  enum class Do { choose, show, next, again, hint, press, go } what = Do::next;
  std::size_t number = 0;  // of a choice, a line or a step
};
struct OpenPlay {
  std::string lesson, file;
};
struct Go {             // in the card: into the folder, or opens the file; relative to the folder shown
  std::string path;     // empty: to where the card begins
  bool inside = false;  // a lesson's folder is looked into, not opened
};
struct SaveAs {  // from the card; by its ending a recording or a play; relative to the folder shown
  std::string name;
  bool replace = false;  // a file that is there already
};
struct StartTutorialServer {  // the second way in: %serve and two clients
  std::string model;
};
struct ReplayRun {  // run or pause a replay
  bool run;
};
struct Consent {  // to leave loopback, or no more
  bool allowed;
};
struct RunAgain {};  // the lines before the cursor, for real, in a new session
struct CancelLoading {};
struct CopyAsLesson {};              // what was done, as a lesson's play block, to the clipboard
struct SendFile {                    // a file of the person's, let go over a socket of the Stage
  std::string thread, socket, path;  // socket: its variable
};
struct Quit {};
}  // namespace request
using WindowRequest =
    std::variant<request::RunLine, request::Interrupt, request::OpenLesson, request::Walk, request::OpenPlay,
                 request::Go, request::SaveAs, request::StartTutorialServer, request::ReplayRun,
                 request::Consent, request::RunAgain, request::CancelLoading, request::CopyAsLesson,
                 request::SendFile, request::Quit>;
using Requests = std::vector<WindowRequest>;

struct Rect {
  ImVec2 min, max;
  float width() const { return max.x - min.x; }
  float height() const { return max.y - min.y; }
};

// Whole window: bar, panes in their places with splitters, first-run screen, shortcuts. `size` is the
// window's.
void draw_window(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, ImVec2 size);

// One pane, alone, in a window of this size: what `shot --pane` draws.
void draw_alone(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, Pane pane, ImVec2 size);

// One pane into `where`.
void draw_bar(ui::Ui&, const Scene&, View&, Requests&, Rect where);
void draw_stage(ui::Ui&, const Scene&, View&, Requests&, Rect where);
void draw_timeline(ui::Ui&, const Scene&, View&, Requests&, Rect where);
void draw_lesson(ui::Ui&, const Scene&, View&, Requests&, Rect where);
void draw_code(ui::Ui&, const Scene&, View&, Requests&, Rect where);
void draw_details(ui::Ui&, const Scene&, View&, Requests&, Rect where);
void draw_console(ui::Ui&, const Scene&, View&, Requests&, Rect where);
void draw_new_socket(ui::Ui&, const Scene&, View&, Requests&, Rect where);
void draw_narration(ui::Ui&, const Scene&, View&, Requests&, Rect where);
void draw_states(ui::Ui&, const Scene&, View&, Requests&, Rect where);
void draw_ladder(ui::Ui&, const Scene&, View&, Requests&, Rect where);
void draw_first_run(ui::Ui&, const Scene&, View&, Requests&, Rect where);

// A pane's ground and header ("Timeline  two servers on one clock"); returns what is left for the content.
Rect pane_frame(ui::Ui& ui, View& view, Pane pane, std::string_view title, std::string_view subtitle,
                Rect where);

}  // namespace sockscope
