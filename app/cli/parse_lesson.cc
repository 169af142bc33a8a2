#include "cli/parse_lesson.h"

namespace sockscope::cli {

void LessonOptions::add_to(CLI::App& app) {
  CLI::App* lesson = app.add_subcommand("lesson", "the lessons");
  lesson->require_subcommand(1);
  list_app_ = lesson->add_subcommand("list", "every lesson, one a line");
  list_app_->add_flag("--ids", list_.ids, "only their ids");
  list_app_->add_option("--lang", list_.language, "en or zh");
  show_app_ = lesson->add_subcommand("show", "a lesson's text");
  show_app_->add_option("ID", show_.id, "its id or name")->required();
  show_app_->add_option("--lang", show_.language, "en or zh");
  run_app_ = lesson->add_subcommand("run", "walk through a lesson in the terminal");
  run_app_->add_option("ID", run_.id, "its id, name or folder")->required();
  run_app_->add_flag("--auto", run_.automatic, "run every play of it and judge every check and prediction");
  run_app_->add_option("--lang", run_.language, "en or zh");
  run_app_->add_option("--record", run_.record, "write a recording to this file");
  lint_app_ = lesson->add_subcommand("lint", "what is wrong with lessons, one finding a line");
  lint_app_->add_option("DIR", lint_.folder, "a folder of lessons, or one lesson's")->required();
  lint_app_->add_flag("--no-run", no_run_, "only read them");
  new_app_ = lesson->add_subcommand("new", "the skeleton of a lesson");
  new_app_->add_option("NAME", new_.name, "its folder, which must not be there yet: lessons/25-mine")
      ->required();
  quiz_app_ = lesson->add_subcommand("quiz", "ten questions, before the lessons and after them");
  CLI::Option* before = quiz_app_->add_flag("--before", quiz_.before, "answer them as one who begins");
  quiz_app_->add_flag("--after", quiz_.after, "answer them as one who has done the lessons")
      ->excludes(before);
  quiz_app_->add_flag("--json", quiz_.json, "ask nothing, and print how they were answered");
  quiz_app_->add_option("--lang", quiz_.language, "en or zh");
  pack_app_ =
      lesson->add_subcommand("pack", "a student's own copy of a lesson: other payloads, ports, numbers");
  pack_app_->add_option("ID", pack_.id, "its id, name or folder")->required();
  pack_app_->add_option("--student", pack_.student, "whose: the same name gives the same copy")->required();
  pack_app_->add_option("--out", pack_.out, "the folder to put it in; else one of the student's name");
  record_app_ = lesson->add_subcommand("record", "a recording's lines as a lesson's play block");
  record_app_->add_option("RECORDING", record_.recording, "a recording")->required();
  grade_app_ = app.add_subcommand("grade", "recordings held against a lesson");
  grade_app_->add_option("RECORDING", grade_.recordings, "a recording, or a learner's folder of them")
      ->required();
  grade_app_->add_option("--lesson", grade_.lesson, "its id, name or folder")->required();
  grade_app_->add_option("--junit", grade_.junit, "write the results as JUnit XML to this file");
  grade_app_->add_option("--json", grade_.json,
                         "as JSON, Gradescope's results.json where there is one recording");
  grade_app_->add_option("--csv", grade_.csv, "as CSV; misconceptions.csv is written beside it");
  grade_app_->add_flag("--rerun", grade_.rerun, "run the lines of each recording once more, and grade that");
}

std::optional<Command> LessonOptions::chosen() const {
  if (*grade_app_) return grade_;
  if (*list_app_) return list_;
  if (*show_app_) return show_;
  if (*run_app_) return run_;
  if (*new_app_) return new_;
  if (*quiz_app_) return quiz_;
  if (*pack_app_) return pack_;
  if (*record_app_) return record_;
  if (!*lint_app_) return std::nullopt;
  LessonLintCommand lint = lint_;
  lint.run = !no_run_;
  return lint;
}

}  // namespace sockscope::cli
