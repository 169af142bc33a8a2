#include "lesson/read_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lesson/files.h"
#include "lesson/read_lesson.h"

namespace sockscope::lesson {
namespace {

constexpr std::array<std::string_view, 8> kKinds{"setup", "play", "predict",  "order",
                                                 "check", "hint", "solution", "recording"};

std::string joined(const std::vector<std::string_view>& lines) {
  std::string text;
  for (const std::string_view line : lines) {
    text += line;
    text += '\n';
  }
  return text;
}

bool only_blank(const std::vector<std::string_view>& lines) {
  return std::all_of(lines.begin(), lines.end(), [](std::string_view l) { return trimmed(l).empty(); });
}

void capped(std::string_view what, std::string_view text, int line) {
  if (text.size() > kLongestLessonItem)
    throw Fault{line, fmt::format("{} is longer than {} bytes; say it shorter", what, kLongestLessonItem)};
}

void file_beside(std::string_view name, std::string_view ending, int line) {
  if (!plain_file_name(name) || name.find('\\') != name.npos)
    throw Fault{line,
                fmt::format("'{}' is not a file beside the lesson; give its name alone, without '/'", name)};
  if (!name.ends_with(ending) || name.size() == ending.size())
    throw Fault{line, fmt::format("'{}' does not end in {}", name, ending)};
}

Script script_of(const Fenced& fenced) {
  if (fenced.argument.empty()) {
    if (only_blank(fenced.lines) && fenced.kind != "setup")
      throw Fault{fenced.line, fmt::format("this {} is empty; write its lines, or name a file: {} NAME.play",
                                           fenced.kind, fenced.kind)};
    return {{}, fenced.line + 1, joined(fenced.lines)};
  }
  file_beside(fenced.argument, ".play", fenced.line);
  if (!only_blank(fenced.lines))
    throw Fault{fenced.line,
                fmt::format("this {} names a file and has lines; it has one or the other", fenced.kind)};
  return {std::string(fenced.argument), 1, {}};
}

// One run of blanks is one blank; a condition is left as it is.
std::string with_single_blanks(std::string_view text) {
  std::string out;
  for (const char c : trimmed(text)) {
    const bool blank = c == ' ' || c == '\t';
    if (!blank)
      out += c;
    else if (!out.ends_with(' '))
      out += ' ';
  }
  return out;
}

// Where two blanks and then `mark` stand; npos: nowhere.
std::size_t marker(std::string_view text, std::string_view marks, std::size_t from = 0) {
  for (std::size_t at = std::max<std::size_t>(from, 2); at < text.size(); ++at) {
    const auto blank = [&](std::size_t i) { return text[i] == ' ' || text[i] == '\t'; };
    if (marks.find(text[at]) != marks.npos && blank(at - 1) && blank(at - 2)) return at;
  }
  return text.npos;
}

// - words   !misconception refutation   =condition
Choice read_choice(std::string_view text, int line) {
  Choice choice;
  choice.line = line;
  const auto at = marker(text, "!=");
  choice.text = with_single_blanks(text.substr(0, at));
  if (choice.text.empty()) throw Fault{line, "this choice has no words; write - words  !id why not"};
  if (at == text.npos)
    throw Fault{line, fmt::format("'{}' is neither right nor wrong; behind two blanks write =condition, or "
                                  "!misconception and why not",
                                  choice.text)};
  std::string_view rest = text.substr(at);
  if (rest.front() == '!') {
    const auto equals = marker(rest, "=");
    std::string_view why = trimmed(rest.substr(1, equals == rest.npos ? rest.npos : equals - 1));
    const auto end = std::min(why.find_first_of(" \t"), why.size());
    choice.misconception = why.substr(0, end);
    choice.refutation = with_single_blanks(why.substr(end));
    if (choice.misconception.empty())
      throw Fault{line, "behind ! stands the misconception's id, then why it is wrong: !m3a listen(2) is …"};
    rest = equals == rest.npos ? std::string_view() : rest.substr(equals);
  } else {
    choice.right = true;
  }
  if (!rest.empty()) choice.condition = trimmed(rest.substr(1));
  if (!choice.right && !rest.empty() && choice.condition.empty())
    throw Fault{line, "a wrong choice has no = without a condition"};
  for (const std::string* part : {&choice.text, &choice.refutation, &choice.condition})
    capped("this choice", *part, line);
  return choice;
}

// A line that begins with blanks goes on with the one before it.
struct Joined {
  std::string text;
  int line = 0;
};
std::vector<Joined> joined_lines(const Fenced& fenced) {
  std::vector<Joined> lines;
  int number = fenced.line;
  for (const std::string_view line : fenced.lines) {
    ++number;
    if (trimmed(line).empty()) continue;
    const bool goes_on = (line.front() == ' ' || line.front() == '\t') && !lines.empty();
    if (goes_on)
      lines.back().text.append("  ").append(trimmed(line));
    else
      lines.push_back({std::string(trimmed(line)), number});
  }
  return lines;
}

void check_choices(const Question& question, bool predicted) {
  const auto& choices = question.choices;
  if (choices.size() < 2)
    throw Fault{question.line, "a question needs two choices or more: lines that begin with -"};
  if (choices.size() > kMostChoices)
    throw Fault{question.line, fmt::format("{} choices; {} are the most", choices.size(), kMostChoices)};
  const auto right = std::count_if(choices.begin(), choices.end(), [](const Choice& c) { return c.right; });
  if (right != 1)
    throw Fault{question.line, fmt::format("{} choices are right; exactly one has = without !", right)};
  if (predicted) return;
  for (const Choice& choice : choices)
    if (!choice.condition.empty())
      throw Fault{choice.line, "a reason is not judged by a condition; write = alone"};
}

Predict read_predict(const Fenced& fenced) {
  Predict predict;
  Question* to = nullptr;
  predict.what.line = fenced.line;
  for (const Joined& line : joined_lines(fenced)) {
    const std::string_view text = line.text;
    const auto value = [&](std::string_view key) { return std::string(trimmed(text.substr(key.size()))); };
    capped("this line", text, line.line);
    if (text.starts_with("id:")) {
      predict.id = value("id:");
    } else if (text.starts_with("ask:")) {
      to = &predict.what;
      *to = {with_single_blanks(value("ask:")), {}, line.line};
    } else if (text.starts_with("because:")) {
      if (to == nullptr) throw Fault{line.line, "because: comes after the choices of ask:"};
      to = &predict.because.emplace();
      *to = {with_single_blanks(value("because:")), {}, line.line};
    } else if (text.starts_with("-")) {
      if (to == nullptr) throw Fault{line.line, "choices come after ask:"};
      if (to->choices.size() == kMostChoices)
        throw Fault{line.line, fmt::format("more than {} choices", kMostChoices)};
      to->choices.push_back(read_choice(text.substr(1), line.line));
    } else {
      throw Fault{line.line, "a predict block has id:, ask:, choices that begin with -, and because:"};
    }
  }
  const auto named = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (predict.id.empty() || !std::all_of(predict.id.begin(), predict.id.end(), named))
    throw Fault{fenced.line, "this predict has no id; write id: and small letters, like fourth-client"};
  if (predict.what.ask.empty())
    throw Fault{fenced.line, "this predict asks nothing; write ask: and a question"};
  check_choices(predict.what, true);
  if (predict.because) check_choices(*predict.because, false);
  return predict;
}

// A condition alone, or - words   =condition
Check read_check(const Fenced& fenced) {
  Check check;
  for (const Joined& line : joined_lines(fenced)) {
    std::string_view text = line.text;
    capped("this line", text, line.line);
    if (text.starts_with('#')) continue;
    if (check.marks.size() == kMostMarks)
      throw Fault{line.line, fmt::format("more than {} conditions in one check", kMostMarks)};
    Mark mark{{}, std::string(text), line.line};
    if (text.starts_with('-')) {
      text.remove_prefix(1);
      const auto at = marker(text, "=");
      if (at == text.npos) throw Fault{line.line, "behind the words stand two blanks and =condition"};
      mark.words = with_single_blanks(text.substr(0, at));
      mark.condition = trimmed(text.substr(at + 1));
    }
    if (mark.condition.empty()) throw Fault{line.line, "a condition is missing behind ="};
    check.marks.push_back(std::move(mark));
  }
  if (check.marks.empty()) throw Fault{fenced.line, "this check is empty; write a condition on each line"};
  return check;
}

Hint read_hint(const Fenced& fenced) {
  if (only_blank(fenced.lines)) throw Fault{fenced.line, "this hint is empty"};
  return {joined(fenced.lines)};
}

Recording read_recording(const Fenced& fenced) {
  if (fenced.argument.empty()) throw Fault{fenced.line, "name the recording: recording golden.jsonl"};
  file_beside(fenced.argument, ".jsonl", fenced.line);
  if (!only_blank(fenced.lines)) throw Fault{fenced.line, "a recording block has no lines"};
  return {std::string(fenced.argument)};
}

}  // namespace

bool is_block_kind(std::string_view kind) {
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

Block read_block(const Fenced& fenced) {
  const std::string_view kind = fenced.kind;
  const bool takes_file =
      kind == "recording" || kind == "setup" || kind == "play" || kind == "order" || kind == "solution";
  if (!fenced.argument.empty() && !takes_file)
    throw Fault{fenced.line, fmt::format("{} takes nothing behind it on its line", kind)};
  if (kind == "setup") return {Setup{script_of(fenced)}, fenced.line};
  if (kind == "play") return {Play{script_of(fenced)}, fenced.line};
  if (kind == "order") return {Order{script_of(fenced)}, fenced.line};
  if (kind == "solution") return {Solution{script_of(fenced)}, fenced.line};
  if (kind == "predict") return {read_predict(fenced), fenced.line};
  if (kind == "check") return {read_check(fenced), fenced.line};
  if (kind == "hint") return {read_hint(fenced), fenced.line};
  return {read_recording(fenced), fenced.line};
}

}  // namespace sockscope::lesson
