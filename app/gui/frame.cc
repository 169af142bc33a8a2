#include "gui/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "calls/reachable.h"
#include "export/program.h"
#include "gui/fonts.h"
#include "gui/lesson_shown.h"
#include "play/play.h"
#include "session/consent.h"
#include "session/open_file.h"
#include "trace/clock.h"

namespace sockscope {
namespace {

constexpr int kTutorialPort = 9999;  // socketserver's example in Python's documentation
constexpr std::string_view kTutorialServer = "S";

template <typename... A>
std::string in_language(ui::Language language, std::string_view pattern, const A&... args) {
  const ui::Translator tr(language);
  return fmt::format(fmt::runtime(tr(pattern)), args...);
}

// What a person set for the window itself stays when another session begins.
View kept(const View& old) {
  View view;
  view.first_run = false;
  view.right_width = old.right_width;
  view.stage_height = old.stage_height;
  view.console_height = old.console_height;
  view.lesson_height = old.lesson_height;
  view.code_height = old.code_height;
  view.walk_lesson_height = old.walk_lesson_height;
  view.walk_code_height = old.walk_code_height;
  view.right_tab = old.right_tab;
  view.code = old.code;
  view.detail = old.detail;
  view.presenting = old.presenting;
  view.history = old.history;
  view.language = old.language;
  view.theme = old.theme;
  view.size = old.size;
  view.hints = old.hints;
  return view;
}

}  // namespace

Frame::Frame(Session& session, LessonShelf shelf) : session_(&session), shelf_(std::move(shelf)) {
  last_growth_ = now();
}

Frame::Frame(std::unique_ptr<Session> session, LessonShelf shelf) : Frame(*session, std::move(shelf)) {
  owned_ = std::move(session);
}

void Frame::become(std::unique_ptr<Session> session) {
  finish_saving();
  // What is wrong with the progress kept is no matter of one session.
  const bool of_progress = !notice_.empty() && notice_ == progress_notice_;
  const std::string closed = of_progress ? view.notice_closed : std::string();
  view = kept(view);
  view.notice_closed = closed;
  console_error_.clear();
  if (!of_progress) notice_.clear();
  replay_from_.reset();
  replay_until_.reset();
  tutorial_.reset();
  marked_path_.clear();
  kept_bookmarks_.clear();
  loading_.reset();
  refused_ = {};
  last_growth_ = now();
  std::string stuck;
  if (owned_ != nullptr && owned_->is_live()) {
    for (const std::string& name : owned_->stop()) stuck += (stuck.empty() ? "" : ", ") + name;
  }
  owned_ = std::move(session);
  session_ = owned_.get();
  if (session_->is_live() && on_new_session) on_new_session(*session_);
  if (!stuck.empty()) say(in_language(view.language, "These threads did not come back: {0}", stuck));
}

bool Frame::untouched() const {
  if (!session_->file().empty() || !lesson_id_.empty()) return false;
  const Trace& trace = session_->trace();
  for (std::size_t seq = 0; seq < trace.size(); ++seq) {
    const Body& body = trace[seq].body;
    if (!std::holds_alternative<event::ThreadStarted>(body) && !std::holds_alternative<event::Notice>(body)) {
      return false;
    }
  }
  return true;
}

tl::expected<void, std::string> Frame::open(const std::string& argument) {
  const auto found = find_file(argument, language());
  if (!found) return tl::unexpected(found.error());
  switch (found->kind) {
    case FileArgument::Kind::lesson:
      shelf_.opened = found->lesson.folder;
      open_lesson(found->lesson.id);
      remember(found->lesson.folder);
      break;
    case FileArgument::Kind::recording: {
      if (loads_apart) {
        loading_ = std::make_unique<Loading>(found->path);
        break;
      }
      auto trace = load_recording(found->path);
      if (!trace) return tl::unexpected(trace.error().message);
      become(Session::replay(std::move(*trace), found->path));
      remember(found->path);
      restore_bookmarks(found->path);
      break;
    }
    case FileArgument::Kind::play: {
      const auto play = load_play(found->path);
      if (!play) return tl::unexpected(play.error().to_string());
      become(Session::live(true));
      session_->load(*play);
      remember(found->path);
      break;
    }
  }
  return {};
}

void Frame::open_lesson(const std::string& id) {
  lesson_id_.clear();
  lesson_text_.clear();
  walk_.reset();
  recall_.reset();
  lint_.clear();
  const std::string folder = shelf_.folder(id).value_or("");
  watch_.look_at(folder);
  if (id.empty()) return;
  auto text = shelf_.text(id, language());
  if (!text) return say(text.error());
  lesson_id_ = id;
  lesson_text_ = std::move(*text);
  view.first_run = false;
  if (folder == shelf_.opened) lint_open_lesson(false);
  auto ready = shelf_.ready(id, language());
  if (!ready) return say(ready.error());
  const bool simple = ready->lesson->head.detail == lesson::Detail::simple;
  view.detail = simple ? Detail::simple : Detail::full;
  lesson_terms_ = terms_of(*ready->lesson);
  walk_.emplace(std::move(*ready));
  view.term.clear();
  remember_walk();
  open_recall();
}

bool Frame::tick() {
  const bool saved = look_for_saved();
  const bool grew = session_->tick();
  if (grew) {
    last_growth_ = now();
    watch_tutorial();
  }
  if (tick_loading()) return true;
  const bool saves = tick_saving();
  const bool walked = tick_walk(grew);
  if (walked) record_progress();
  if (!replay_from_) return walked || grew || saved || saves;
  const Time end = replay_until_.value_or(session_->trace().end());
  const Time real = now();
  const double passed = static_cast<double>(real - replay_from_->real) * view.replay_speed;
  view.cursor = std::min(replay_from_->trace + static_cast<Time>(passed), end);
  *replay_from_ = {real, view.cursor};
  if (view.cursor >= end) {
    replay_from_.reset();
    view.follow = session_->is_live();
  }
  return true;
}

void Frame::refresh_lessons() {
  if (lessons_language_ == view.language) return;
  lessons_ = shelf_.items(language());
  mark_lessons();
  if (lessons_language_ && !lesson_id_.empty()) {
    if (recall_)
      open_lesson(std::string(lesson_id_));  // nothing of it has begun
    else
      reload_lesson();
  }
  lessons_language_ = view.language;
}

namespace {

std::vector<std::string> reachable_texts() {
  std::vector<std::string> texts;
  for (const ReachableAddress& one : reachable_addresses()) texts.push_back(to_text(one));
  return texts;
}

}  // namespace

// Looked at when the first screen comes, and once more when what it told has run out.
std::optional<HeldPort> Frame::held_port() {
  if (!looks_at_port || !view.first_run) return std::nullopt;
  const auto until = [&] { return port_look_ && *port_look_ ? (*port_look_)->free_at : 0; };
  if (!port_look_ || (until() > 0 && now() >= until())) port_look_ = holder_of_port(kTutorialPort);
  if (!*port_look_) return std::nullopt;
  const Time left = until() == 0 ? 0 : std::max<Time>(1, until() - now());
  return HeldPort{kTutorialPort, left, (*port_look_)->who};
}

Scene Frame::scene() {
  const Trace& trace = session_->trace();
  const State& end = session_->state();
  const bool live = session_->is_live();
  // Events after the last fold are not so yet.
  std::uint64_t seq = end.next();
  if (view.follow) {
    view.cursor = live ? clock() : trace.end();
  } else {
    seq = std::min<std::uint64_t>(trace.upto(view.cursor), seq);
  }
  std::vector<WaitingLine> waiting;
  if (live) {
    for (auto& line : session_->runner().waiting()) waiting.push_back({line.thread, line.text, line.why});
  }
  const bool playing = replay_from_.has_value() || !waiting.empty();
  return Scene{
      .trace = trace,
      .state = session_->state_at(seq),
      .end = end,
      .cursor_seq = seq,
      .cursor = view.cursor,
      .start = trace.start(),
      .now = clock(),
      .live = live,
      .recording = session_->recording(),
      .playing = playing,
      .file = session_->file(),
      .lessons = lessons_,
      .lesson_id = lesson_id_,
      .lesson_markdown = lesson_text_,
      .lesson_lint = lint_,
      .walk = walk_ ? std::optional(shown_of(*walk_, lessons_, lesson_terms_, recall_ ? &*recall_ : nullptr))
                    : std::nullopt,
      .waiting = std::move(waiting),
      .console_error = console_error_,
      .notice = notice_,
      .reachable = view.show_consent ? reachable_texts() : std::vector<std::string>(),
      .grid = probe_.grid(),
      .c_code =
          [&trace](std::uint64_t end_seq, std::size_t most) {
            std::vector<CodeStatement> code;
            for (ProgramLine& line : c_statements(trace, end_seq, most))
              code.push_back({std::move(line.text), line.seq});
            return code;
          },
      .loading = saving_ != nullptr    ? std::optional(FileLoading{saving_->path(), saving_->done(), true})
                 : loading_ != nullptr ? std::optional(FileLoading{loading_->path(), loading_->done()})
                                       : std::nullopt,
      .folder = folder_.path.empty() ? nullptr : &folder_,
      .recent = recent_,
      .held_port = held_port()};
}

void Frame::settle_language(const FontAtlas& fonts) {
  const bool chinese = view.language == ui::Language::zh;
  if (!fonts.has_latin() || (chinese && !fonts.has_chinese())) say(fonts.notice());
  if (chinese && !fonts.has_chinese()) view.language = ui::Language::en;
}

void Frame::draw(ui::Ui& ui, ImVec2 size, Pane alone) {
  refresh_lessons();
  view.walking = walk_.has_value();
  if (view.show_new_socket || alone == Pane::new_socket) {
    probe_.begin();
    if (frozen) probe_.wait();  // a picture has no next frame
  }
  Requests requests;
  const Time cursor_before = view.cursor;
  {
    const Scene now_shown = scene();
    if (alone == Pane::none) {
      draw_window(ui, now_shown, view, requests, size);
    } else {
      draw_alone(ui, now_shown, view, requests, alone, size);
    }
  }
  // Somebody moved the cursor while the replay ran: it goes on from there.
  if (replay_from_ && !view.follow && view.cursor != cursor_before) *replay_from_ = {now(), view.cursor};
  if (replay_from_ && view.follow) replay_from_.reset();
  const std::string dropped = std::exchange(view.dropped, {});
  keep_bookmarks();
  for (const WindowRequest& request : requests) run(request);
  if (dropped.empty()) return;
  if (const auto opened = open(dropped); !opened) say(opened.error());
}

namespace {

// One overload a request.
template <typename... F>
struct Each : F... {
  using F::operator()...;
};
template <typename... F>
Each(F...) -> Each<F...>;

}  // namespace

void Frame::run(const WindowRequest& request) {
  std::visit(Each{[&](const request::RunLine& r) { run_line(r.thread, r.text); },
                  [&](const request::Interrupt& r) {
                    if (session_->is_live()) session_->engine().interrupt(r.thread);
                  },
                  [&](const request::OpenLesson& r) {
                    open_lesson(r.id);
                    if (!lesson_id_.empty()) remember(shelf_.folder(lesson_id_).value_or(""));
                  },
                  [&](const request::Walk& r) {
                    walk(r);
                    record_progress();
                  },
                  [&](const request::OpenPlay& r) {
                    const auto path = shelf_.play(r.lesson, r.file);
                    if (!path) return say(path.error());
                    if (const auto opened = open(*path); !opened) return say(opened.error());
                    open_lesson(r.lesson);
                  },
                  [&](const request::Go& r) { go(r); }, [&](const request::SaveAs& r) { save_as(r); },
                  [&](const request::SendFile& r) { send_file(r); },
                  [&](const request::StartTutorialServer& r) {
                    if (!session_->is_live() || !untouched()) become(Session::live(true));
                    start_tutorial(r.model, kTutorialPort);
                  },
                  [&](const request::ReplayRun& r) { replay(r.run); },
                  [&](const request::Consent& r) { consent_to_leave(*session_, r.allowed); },
                  [&](const request::RunAgain&) { run_again(); },
                  [&](const request::CopyAsLesson&) { copy_as_lesson(); },
                  [&](const request::CancelLoading&) {
                    if (saving_ != nullptr)
                      saving_.reset();
                    else
                      loading_.reset();
                  },
                  [&](const request::Quit&) { quit_ = true; }},
             request);
}

void Frame::run_line(const std::string& thread, const std::string& text) {
  if (!session_->is_live()) {
    const std::string file = session_->file();
    become(Session::live(true));
    say(in_language(view.language, "A new session begins. The recording stays in {0}.", file));
  }
  console_error_.clear();
  view.follow = true;  // what the line does happens at the end
  replay_from_.reset();
  if (const auto typed = session_->runner().type(text, thread); !typed)
    console_error_ = typed.error().to_string();
  else if (walk_)
    walk_->typed();
}

void Frame::start_tutorial(const std::string& model, int port) {
  view.first_run = false;
  tutorial_ = Tutorial{fmt::format("%serve {} model={} handler=upper port={}", kTutorialServer, model, port),
                       model, session_->trace().size(), false};
  run_line("main", tutorial_->line);
  if (!console_error_.empty()) tutorial_.reset();
}

// Ann connects and says nothing yet; bob asks at once. With one thread bob waits for ann; with a thread each
// he does not.
void Frame::start_tutorial_clients() {
  const struct {
    const char *thread, *line;
  } lines[] = {{"ann", "a = socket(AF_INET, SOCK_STREAM)"},
               {"ann", "a.connect(S.server_address)"},
               {"bob", "b = socket(AF_INET, SOCK_STREAM)"},
               {"bob", "b.connect(S.server_address)"},
               {"bob", "b.sendall(b'hi\\n')"},
               {"bob", "b.recv(1024)"},
               {"ann", "a.sendall(b'yo\\n')"},
               {"ann", "a.recv(1024)"}};
  for (const auto& line : lines) run_line(line.thread, line.line);
}

void Frame::watch_tutorial() {
  if (!tutorial_) return;
  const Trace& trace = session_->trace();
  LineId line = 0;
  bool in_use = false;
  for (std::size_t seq = tutorial_->from; seq < trace.size(); ++seq) {
    const Body& body = trace[seq].body;
    if (const auto* started = std::get_if<event::LineStarted>(&body)) {
      if (started->text.view() == tutorial_->line) line = started->line_id;
    } else if (const auto* returned = std::get_if<event::CallReturned>(&body)) {
      in_use = in_use || returned->error == EADDRINUSE;
    } else if (const auto* server = std::get_if<event::ServerStarted>(&body)) {
      if (server->name.view() == kTutorialServer) tutorial_->listens = true;
    } else if (const auto* ended = std::get_if<event::LineEnded>(&body)) {
      if (line != 0 && ended->line_id == line) return end_tutorial(in_use);
    }
  }
}

// The server's line has ended: it listens, or another program has the port.
void Frame::end_tutorial(bool in_use) {
  const Tutorial ended = *tutorial_;
  tutorial_.reset();
  if (ended.listens) return start_tutorial_clients();
  if (!in_use) return;  // the console shows what it was
  start_tutorial(ended.model, 0);
  say(in_language(view.language, "Port {0} is in use on this machine. The server takes a free one.",
                  kTutorialPort));
}

}  // namespace sockscope
