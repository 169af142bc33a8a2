// The whole command line. Only this and parse_lesson include CLI11.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <cmath>

#include "cli/command.h"
#include "cli/parse_lesson.h"
#include "server/load_options.h"
#include "server/server.h"
#include "ui/language.h"

namespace sockscope::cli {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 1> kLater{
    {{"watch", "trace a program of your own"}}};
constexpr std::array<std::string_view, 1> kLaterExports{"perfetto"};
constexpr std::array<std::string_view, 10> kPanes{"stage",   "timeline",   "lesson",    "code",   "details",
                                                  "console", "new-socket", "narration", "states", "ladder"};

Answer later(const std::string& what) {
  return {fmt::format("sockscope {}: not in this version yet", what), kNotPossible};
}

Answer bad(std::string_view where, const std::string& what) {
  return {fmt::format("sockscope {}: {}", where, what), kBadInput};
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// The strings as typed, checked after parsing.
struct Raw {
  std::string size = "1600x1000", work = "0", deadline = "60s", at, step;
  std::string message_size, think = "0", drip = "0", slow_read = "0", arrival = "all-at-once", over = "1s",
                            end = "close";
  double scale = 1;
};

struct Parser {
  CLI::App app{"Sockscope: make real socket calls and watch what the kernel does with them.", "sockscope"};
  WindowCommand window;
  PlayCommand play;
  NarrateCommand narrate;
  ServeCommand serve;
  RaceCommand race;
  LoadCommand load;
  ShotCommand shot;
  LessonOptions lesson;
  ExportCommand exported;
  DoctorCommand doctor;
  Raw raw;
  CLI::App *play_app = nullptr, *narrate_app = nullptr, *serve_app = nullptr, *shot_app = nullptr,
           *race_app = nullptr, *load_app = nullptr;
  CLI::App *export_app = nullptr, *doctor_app = nullptr;

  Parser() {
    app.add_option("FILE", window.file, "a lesson, a play or a recording to open in the window");
    app.require_subcommand(0, 1);
    app.footer(
        "Exit codes: 0 done, 1 an expectation or server failed, 2 bad input or usage, 3 not possible here.");
    add_play();
    add_serve();
    add_race();
    add_load();
    add_shot();
    lesson.add_to(app);
    add_export();
    add_doctor();
    for (const auto& [name, does] : kLater) add_later(app, name, does);
  }

  // For the help; later_of() answers it.
  static void add_later(CLI::App& to, const char* name, const char* does) {
    to.add_subcommand(name, std::string(does) + " (not in this version yet)");
  }

  void add_play() {
    play_app = app.add_subcommand("play", "run a play and print what happens");
    play_app->add_option("FILE", play.file, "a play, or a lesson's folder or name")->required();
    auto* narrate_flag = play_app->add_flag("--narrate", play.narrate, "every event as one sentence");
    play_app->add_flag("--json", play.json, "the result as one JSON object")->excludes(narrate_flag);
    play_app->add_option("--record", play.record, "write a recording to this file");
    play_app->add_flag("--allow-run", play.allow_run, "let the play run programs");
    narrate_app = app.add_subcommand("narrate", "a recording as sentences");
    narrate_app->add_option("RECORDING", narrate.file, "the recording")->required();
  }

  void add_serve() {
    serve_app = app.add_subcommand("serve", "run a server until SIGINT or SIGTERM");
    serve_app->add_option("--model", serve.model, fmt::format("{}", fmt::join(server_models(), ", ")))
        ->capture_default_str();
    serve_app->add_option("--handler", serve.handler, fmt::format("{}", fmt::join(handlers(), ", ")))
        ->capture_default_str();
    serve_app->add_option("--host", serve.host, "the address to bind")->capture_default_str();
    serve_app->add_option("--port", serve.port, "the port to bind; 0: any free one")
        ->capture_default_str()
        ->check(CLI::Range(0, 65535));
    serve_app->add_option("--backlog", serve.backlog, "listen's argument")->capture_default_str();
    serve_app->add_flag("--reuse-addr", serve.reuse_addr, "set SO_REUSEADDR first");
    serve_app->add_option("--type", serve.type, "stream, or dgram: UDP, with the models iterative and thread")
        ->capture_default_str()
        ->check(CLI::IsMember({"stream", "dgram"}));
    serve_app
        ->add_option("--path", serve.path, "an AF_UNIX name instead of a port, in a directory of this run")
        ->excludes("--port", "--host");
    serve_app->add_flag("--daemon-threads", serve.daemon_threads,
                        "Ctrl-C does not wait for the threads of the model thread");
    serve_app->add_option("--work", raw.work, "the handler's time before it answers: 300ms, 1.5s");
    serve_app->add_option("--workers", serve.workers, "threads of the models pool and prethread")
        ->capture_default_str()
        ->check(CLI::Range(1, kMostWorkers));
    serve_app->add_option("--record", serve.record, "write a recording to this file");
  }

  void add_race() {
    race_app = app.add_subcommand("race", "the same clients against several server models at once");
    race_app->add_option("--models", race.models, fmt::format("{}", fmt::join(server_models(), ",")))
        ->required()
        ->delimiter(',');
    race_app->add_option("--clients", race.clients, "how many, of each model")
        ->capture_default_str()
        ->check(CLI::Range(1, kMostLoadThreads));
    race_app->add_option("--handler", race.handler, fmt::format("{}", fmt::join(handlers(), ", ")))
        ->capture_default_str();
    race_app->add_option("--work", raw.work, "the handler's time before it answers: 300ms, 1.5s");
    race_app->add_option("--backlog", race.backlog, "listen's argument")->capture_default_str();
    race_app->add_option("--workers", race.workers, "threads of the models pool and prethread")
        ->capture_default_str()
        ->check(CLI::Range(1, kMostWorkers));
    race_app->add_option("--deadline", raw.deadline, "when to stop waiting")->capture_default_str();
    race_app->add_flag("--json", race.json, "the figures as one JSON object");
    race_app->add_option("--record", race.record, "write a recording to this file");
  }

  void add_load() {
    load_app = app.add_subcommand("load", "clients against a server, and figures of them as JSON");
    load_app->add_option("--to", load.to, "the server: 127.0.0.1:9999")->required();
    load_app->add_option("--clients", load.options.clients, "how many")
        ->capture_default_str()
        ->check(CLI::Range(1, kMostLoadClients));
    add_load_messages();
    load_app
        ->add_option("--arrival", raw.arrival,
                     fmt::format("when they begin: {}", fmt::join(load_arrivals(), ", ")))
        ->capture_default_str();
    load_app->add_option("--over", raw.over, "the time over which they begin, steady or poisson")
        ->capture_default_str();
    load_app->add_option("--seed", load.options.seed, "of poisson: the same seed, the same moments")
        ->capture_default_str()
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{UINT32_MAX}));
    load_app
        ->add_option(
            "--end", raw.end,
            fmt::format("how each ends: {}; never: at SIGINT or the deadline", fmt::join(load_ends(), ", ")))
        ->capture_default_str();
    load_app->add_option("--deadline", raw.deadline, "when to stop waiting")->capture_default_str();
    load_app->add_option("--record", load.record, "write a recording to this file");
  }

  void add_load_messages() {
    load_app->add_option("--messages", load.options.messages, "of each client, one after the other's answer")
        ->capture_default_str()
        ->check(CLI::Range(1, kMostLoadMessages));
    load_app->add_option("--text", load.options.text, "what each message says; a line's end is not added");
    load_app->add_option("--size", raw.message_size,
                         "each message is that many bytes of lines: 1000, 64k, 1m, 1g");
    load_app->add_option("--think", raw.think, "between an answer and the next message: 50ms")
        ->capture_default_str();
    load_app->add_option("--drip", raw.drip, "a message goes byte by byte, with so much time between two")
        ->capture_default_str();
    load_app
        ->add_option("--slow-read", raw.slow_read, "a slow reader waits so long before each recv of 1 KiB")
        ->capture_default_str();
  }

  void add_shot() {
    shot_app = app.add_subcommand("shot", "draw a picture; needs no display");
    shot_app->add_option("OUT", shot.out, "the picture, a PNG")->required();
    shot_app->add_option("FILE", shot.file, "a play (run to its end), a recording or a lesson");
    shot_app->add_option("--at", raw.at, "the cursor: seconds after the first event");
    shot_app->add_option("--step", raw.step, "a lesson's step");
    shot_app->add_option("--size", raw.size, "WIDTHxHEIGHT")->capture_default_str();
    shot_app->add_option("--scale", raw.scale, "everything this much larger")->capture_default_str();
    shot_app->add_option("--theme", shot.theme, "light, dark or contrast")->capture_default_str();
    shot_app->add_option("--lang", shot.language, "en or zh");
    shot_app->add_option("--pane", shot.pane, fmt::format("one pane alone: {}", fmt::join(kPanes, ", ")));
    shot_app->add_flag("--present", shot.present, "as on a projector");
  }

  void add_export() {
    export_app = app.add_subcommand(
        "export", "a recording as a program that makes the same calls, or its packets for Wireshark");
    export_app->add_option("RECORDING", exported.file, "the recording")->required();
    export_app->add_option("--to", exported.to, "python, c, pcapng or svg")->required();
    export_app->add_option("-o", exported.out, "the program; -: standard output")->capture_default_str();
  }

  void add_doctor() {
    doctor_app = app.add_subcommand("doctor", "what this machine permits, and how to permit more");
    doctor_app->add_flag("--json", doctor.json, "as one JSON object");
    doctor_app->add_option("--lang", doctor.language, "en or zh");
  }
};

std::optional<Answer> check_language(std::string_view where, std::string& language) {
  if (language.empty()) language = ui::code_of(ui::language_of(""));
  if (language == "en" || language == "zh") return std::nullopt;
  return bad(where, fmt::format("--lang {}: there is en and zh", language));
}

std::optional<Answer> check_time(std::string_view where, std::string_view option, const std::string& text,
                                 Time& to) {
  const auto time = parse_duration(text);
  if (!time)
    return bad(where, fmt::format("{} {}: not a time like 300ms or 1.5s, up to an hour", option, text));
  to = *time;
  return std::nullopt;
}

std::optional<Answer> check_serve(Parser& parser) {
  return check_time("serve", "--work", parser.raw.work, parser.serve.work);
}

std::optional<Answer> check_race(Parser& parser) {
  RaceCommand& race = parser.race;
  if (auto answer = check_time("race", "--work", parser.raw.work, race.work)) return answer;
  if (auto answer = check_time("race", "--deadline", parser.raw.deadline, race.deadline)) return answer;
  for (std::size_t i = 0; i < race.models.size(); ++i)
    if (std::find(race.models.begin(), race.models.begin() + static_cast<std::ptrdiff_t>(i),
                  race.models[i]) != race.models.begin() + static_cast<std::ptrdiff_t>(i))
      return bad("race", fmt::format("--models: {} is there twice", race.models[i]));
  if (race.handler == "discard") return bad("race", "--handler discard: it never answers");
  // A thread for each client, and in the model thread one more; and each server's own.
  const auto models = static_cast<std::size_t>(race.models.size());
  const std::size_t most =
      (kMostThreads - models * static_cast<std::size_t>(race.workers + 1)) / (models + 1);
  if (static_cast<std::size_t>(race.clients) > most)
    return bad("race", fmt::format("--clients {}: with {} models at most {}", race.clients, models, most));
  return std::nullopt;
}

template <typename Names>
Answer no_choice(std::string_view option, const std::string& text, const Names& names) {
  return bad("load", fmt::format("{} {}: there is {}", option, text, fmt::join(names, ", ")));
}

std::optional<Answer> check_load_times(Parser& parser) {
  LoadOptions& options = parser.load.options;
  const Raw& raw = parser.raw;
  const std::tuple<const char*, const std::string&, Time&> times[] = {
      {"--think", raw.think, options.think},
      {"--drip", raw.drip, options.drip},
      {"--slow-read", raw.slow_read, options.slow_read},
      {"--over", raw.over, options.over},
      {"--deadline", raw.deadline, parser.load.deadline}};
  for (const auto& [option, text, to] : times)
    if (auto answer = check_time("load", option, text, to)) return answer;
  return std::nullopt;
}

std::optional<Answer> check_load_together(const Parser& parser) {
  std::vector<std::string_view> given;
  for (const std::string_view word : {"text", "size", "over", "seed", "end"})
    if (parser.load_app->count(fmt::format("--{}", word)) > 0) given.push_back(word);
  const auto conflict = load_conflict(parser.load.options, given);
  if (!conflict) return std::nullopt;
  return bad("load", fmt::format("--{}: {}", conflict->word, conflict->message));
}

std::optional<Answer> check_load(Parser& parser) {
  LoadOptions& options = parser.load.options;
  const Raw& raw = parser.raw;
  if (auto answer = check_load_times(parser)) return answer;
  if (options.text.empty()) return bad("load", "--text '': an empty message has no answer");
  const auto arrival = load_arrival_of(raw.arrival);
  if (!arrival) return no_choice("--arrival", raw.arrival, load_arrivals());
  options.arrival = *arrival;
  const auto end = load_end_of(raw.end);
  if (!end) return no_choice("--end", raw.end, load_ends());
  options.end = *end;
  if (parser.load_app->count("--size") > 0) {
    const auto size = load_size_of(raw.message_size);
    if (!size)
      return bad("load",
                 fmt::format("--size {}: bytes from 1 to 1g, like 1000, 64k or 1m", raw.message_size));
    options.size = *size;
  }
  return check_load_together(parser);
}

std::optional<Answer> check_pane(const std::string& pane) {
  if (pane.empty() || std::find(kPanes.begin(), kPanes.end(), pane) != kPanes.end()) return std::nullopt;
  return bad("shot", fmt::format("--pane {}: there is {}", pane, fmt::join(kPanes, ", ")));
}

std::optional<Answer> check_export(const ExportCommand& command) {
  if (command.out.empty()) return bad("export", "an empty OUT: name the program, or - for standard output");
  if (command.to == "python" || command.to == "c" || command.to == "pcapng" || command.to == "svg")
    return std::nullopt;
  if (std::find(kLaterExports.begin(), kLaterExports.end(), command.to) != kLaterExports.end())
    return later("export --to " + command.to);
  return bad("export", fmt::format("--to {}: there is python, c, pcapng and svg", command.to));
}

std::optional<Answer> check_at(ShotCommand& shot, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto at = parse_duration(text);
  if (!at) return bad("shot", fmt::format("--at {}: not seconds from 0 to 3600", text));
  shot.at = static_cast<double>(*at) / 1e9;
  return std::nullopt;
}

std::optional<Answer> check_shot(Parser& parser) {
  ShotCommand& shot = parser.shot;
  const Raw& raw = parser.raw;
  if (shot.out.empty()) return bad("shot", "an empty OUT: name the picture");
  if (!raw.step.empty()) {
    std::size_t step = 0;
    const char* end = raw.step.data() + raw.step.size();
    const auto read = std::from_chars(raw.step.data(), end, step);
    if (read.ec != std::errc() || read.ptr != end || step < 1)
      return bad("shot", fmt::format("--step {}: a step's number, from 1", raw.step));
    shot.step = step;
  }
  const auto size = parse_size(raw.size);
  if (!size) return bad("shot", fmt::format("--size {}: not WIDTHxHEIGHT", raw.size));
  std::tie(shot.width, shot.height) = *size;
  if (shot.width < 320 || shot.height < 200 || shot.width > 7680 || shot.height > 4320) {
    return bad("shot", fmt::format("--size {}: from 320x200 to 7680x4320", raw.size));
  }
  if (!std::isfinite(raw.scale) || raw.scale < 0.5 || raw.scale > 4) {
    return bad("shot", fmt::format("--scale {}: from 0.5 to 4", raw.scale));
  }
  shot.scale = static_cast<float>(raw.scale);
  if (shot.theme != "light" && shot.theme != "dark" && shot.theme != "contrast") {
    return bad("shot", fmt::format("--theme {}: there is light, dark, contrast", shot.theme));
  }
  if (auto answer = check_language("shot", shot.language)) return answer;
  if (auto answer = check_pane(shot.pane)) return answer;
  return check_at(shot, raw.at);
}

// Told before anything is parsed: what follows the name is that version's.
std::optional<Answer> later_of(int argc, const char* const* argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  for (const auto& [name, does] : kLater) {
    if (first == name) return later(name);
  }
  return std::nullopt;
}

// The language as it was asked for, or the one the environment speaks.
std::optional<Answer> check_lesson(Command& command) {
  if (auto* list = std::get_if<LessonListCommand>(&command))
    return check_language("lesson list", list->language);
  if (auto* show = std::get_if<LessonShowCommand>(&command))
    return check_language("lesson show", show->language);
  if (auto* quiz = std::get_if<LessonQuizCommand>(&command))
    return check_language("lesson quiz", quiz->language);
  if (auto* run = std::get_if<LessonRunCommand>(&command)) return check_language("lesson run", run->language);
  return std::nullopt;
}

tl::expected<Command, Answer> chosen(Parser& parser) {
  const auto checked = [](std::optional<Answer> wrong, Command command) -> tl::expected<Command, Answer> {
    if (wrong) return tl::unexpected(*wrong);
    return command;
  };
  if (*parser.play_app) return parser.play;
  if (*parser.narrate_app) return parser.narrate;
  if (*parser.serve_app) {
    auto wrong = check_serve(parser);
    return checked(std::move(wrong), parser.serve);
  }
  if (*parser.race_app) {
    auto wrong = check_race(parser);
    return checked(std::move(wrong), parser.race);
  }
  if (*parser.load_app) {
    auto wrong = check_load(parser);
    return checked(std::move(wrong), parser.load);
  }
  if (*parser.shot_app) {
    auto wrong = check_shot(parser);
    return checked(std::move(wrong), parser.shot);
  }
  if (*parser.export_app) {
    auto wrong = check_export(parser.exported);
    return checked(std::move(wrong), parser.exported);
  }
  if (*parser.doctor_app) {
    auto wrong = check_language("doctor", parser.doctor.language);
    return checked(std::move(wrong), parser.doctor);
  }
  if (auto lesson = parser.lesson.chosen()) {
    auto wrong = check_lesson(*lesson);
    return checked(std::move(wrong), std::move(*lesson));
  }
  return parser.window;
}

}  // namespace

tl::expected<Command, Answer> parse_command_line(int argc, const char* const* argv) {
  if (auto answer = later_of(argc, argv)) return tl::unexpected(*answer);
  Parser parser;
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return tl::unexpected(Answer{parser.app.help(), kDone});
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return tl::unexpected(Answer{parser.app.help(), kDone});
    return tl::unexpected(
        Answer{fmt::format("sockscope: {} (sockscope --help says more)", one_line(error.what())), kBadInput});
  }
  return chosen(parser);
}

}  // namespace sockscope::cli
