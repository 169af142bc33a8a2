#include "lesson/read_lesson.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lesson/files.h"
#include "lesson/lessons.h"
#include "lesson/read_blocks.h"
#include "lesson/read_head.h"
#include "net/text.h"

namespace sockscope {
namespace lesson {
namespace {

constexpr int kTab = 4;

struct Fence {
  char mark = 0;  // 0: the line is none
  std::size_t length = 0;
  std::string_view info;
};

// ``` or ~~~ with at most three blanks before it, as CommonMark has it.
Fence fence_of(std::string_view line) {
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  if (indent > 3 || indent == line.size()) return {};
  const char mark = line[indent];
  if (mark != '`' && mark != '~') return {};
  const std::size_t end = std::min(line.find_first_not_of(mark, indent), line.size());
  const std::string_view info = trimmed(line.substr(end));
  if (end - indent < 3 || (mark == '`' && info.find('`') != info.npos)) return {};
  return {mark, end - indent, info};
}

// How deep the list or quotation of this line is, from its blanks and marks alone.
int list_depth(std::string_view line) {
  int columns = 0, marks = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    const bool ends = at + 1 == line.size() || line[at + 1] == ' ' || line[at + 1] == '\t';
    if (c == ' ')
      ++columns;
    else if (c == '\t')
      columns += kTab;
    else if (c == '>')
      ++marks;
    else if ((c == '-' || c == '*' || c == '+') && ends)
      ++marks, ++columns;
    else
      break;
  }
  return marks == 0 ? 0 : std::max(marks, columns / 2);
}

class LessonReader {
 public:
  explicit LessonReader(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
  }

  Lesson read() {
    read_head();
    while (more()) take_line(next_line());
    end_prose();
    return std::move(lesson_);
  }

 private:
  bool more() const { return !rest_.empty(); }

  std::string_view next_line() {
    const std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return line;
  }

  void read_head() {
    HeadReader head;
    if (next_line() != "---")
      throw Fault{1, "a lesson begins with a line ---, then title: and its other keys, then --- again"};
    while (true) {
      if (!more()) throw Fault{number_, "the head does not end; write a line --- below it"};
      const std::string_view line = next_line();
      if (line == "---") break;
      if (!trimmed(line).empty()) head.line(line, number_);
    }
    lesson_.head = head.finish(1);
  }

  void take_line(std::string_view line) {
    if (const Fence fence = fence_of(line); fence.mark != 0) {
      take_fence(fence, line);
      return;
    }
    if (line.starts_with("## ") || line == "##") {
      begin_step(trimmed(line.substr(2)));
      return;
    }
    if (line.starts_with("# ")) throw Fault{number_, "the title stands in the head; begin a step with ##"};
    if (list_depth(line) > kDeepestList)
      throw Fault{number_, fmt::format("lists nested deeper than {}; a reader is lost there", kDeepestList)};
    add_prose(line);
  }

  void take_fence(const Fence& fence, std::string_view line) {
    Fenced fenced;
    fenced.line = number_;
    const auto end = std::min(fence.info.find_first_of(" \t"), fence.info.size());
    fenced.kind = fence.info.substr(0, end);
    fenced.argument = trimmed(fence.info.substr(end));
    const bool block = is_block_kind(fenced.kind);
    if (!block) add_prose(line);
    while (true) {
      if (!more()) throw Fault{fenced.line, "this block does not end; close it with a line like its first"};
      const std::string_view inside = next_line();
      const Fence closing = fence_of(inside);
      const bool closes =
          closing.mark == fence.mark && closing.length >= fence.length && closing.info.empty();
      if (!block) add_prose(inside);
      if (closes) break;
      if (block) fenced.lines.push_back(inside);
    }
    if (block) add(read_block(fenced));
  }

  void begin_step(std::string_view title) {
    end_prose();
    if (title.empty()) throw Fault{number_, "a step has a title: ## The seat nobody expects"};
    if (title.size() > kLongestLessonItem) throw Fault{number_, "this title is too long"};
    if (lesson_.steps.size() > kMostLessonSteps)
      throw Fault{number_, fmt::format("more than {} steps; make two lessons of it", kMostLessonSteps)};
    lesson_.steps.push_back({std::string(title), {}, number_});
  }

  void add_prose(std::string_view line) {
    if (prose_.empty()) prose_line_ = number_;
    prose_ += line;
    prose_ += '\n';
  }

  void end_prose() {
    if (prose_.find_first_not_of(" \t\n") != prose_.npos) {
      const std::size_t begin = prose_.find_first_not_of('\n');
      push({Prose{prose_.substr(begin, prose_.find_last_not_of(" \t\n") + 1 - begin) + "\n"},
            prose_line_ + static_cast<int>(begin)});
    }
    prose_.clear();
  }

  void add(Block block) {
    end_prose();
    if (const auto* predict = std::get_if<Predict>(&block.what); predict && !ids_.insert(predict->id).second)
      throw Fault{block.line, fmt::format("a predict called '{}' was there before", predict->id)};
    push(std::move(block));
  }

  void push(Block block) {
    if (++blocks_ > kMostLessonBlocks)
      throw Fault{block.line, fmt::format("more than {} blocks", kMostLessonBlocks)};
    if (lesson_.steps.empty()) lesson_.steps.push_back({{}, {}, block.line});
    lesson_.steps.back().blocks.push_back(std::move(block));
  }

  std::string_view rest_;
  int number_ = 0;
  Lesson lesson_;
  std::string prose_;
  int prose_line_ = 0;
  std::size_t blocks_ = 0;
  std::set<std::string> ids_;
};

int line_at(std::string_view text, std::size_t byte) {
  return static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(byte), '\n')) +
         1;
}

// What is no text at all.
void check_bytes(std::string_view text) {
  if (text.size() > kLongestLessonText) throw Fault{0, "longer than 256 KB; a lesson's text is shorter"};
  if (text.find_first_not_of(" \t\r\n") == text.npos)
    throw Fault{0, "is empty; sockscope lesson new NAME makes one to begin with"};
  const auto control = std::find_if(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7f;
  });
  if (control != text.end()) {
    const auto at = static_cast<std::size_t>(control - text.begin());
    throw Fault{line_at(text, at), fmt::format("is no text: a byte {:#04x} is in it; a lesson is Markdown in "
                                               "UTF-8",
                                               static_cast<unsigned char>(*control))};
  }
  if (const std::size_t broken = broken_utf8(text); broken != text.npos)
    throw Fault{line_at(text, broken), "a byte here is not UTF-8; save the file as UTF-8"};
}

}  // namespace
}  // namespace lesson

std::string LessonFault::to_string() const {
  return line == 0 ? fmt::format("{}: {}", file, message) : fmt::format("{}:{}: {}", file, line, message);
}

tl::expected<Lesson, LessonFault> read_lesson(std::string_view text, const std::string& file) {
  try {
    lesson::check_bytes(text);
    Lesson read = lesson::LessonReader(text).read();
    read.file = file;
    return read;
  } catch (lesson::Fault& fault) {
    return tl::unexpected(LessonFault{file, fault.line, std::move(fault.message)});
  }
}

tl::expected<Lesson, LessonFault> load_lesson(const std::string& folder, std::string_view language) {
  const std::string file = fmt::format("{}/{}.md", folder, language);
  const auto text = lesson::read_file(file);
  if (!text) return tl::unexpected(LessonFault{file, 0, text.error() + "; a lesson has en.md and zh.md"});
  auto read = read_lesson(*text, file);
  if (!read) return read;
  for (lesson::Step& step : read->steps)
    for (lesson::Block& block : step.blocks) {
      lesson::Script* script = script_of(block);
      if (script == nullptr || script->file.empty()) continue;
      auto lines = lesson::read_file(folder + "/" + script->file);
      if (!lines)
        return tl::unexpected(
            LessonFault{file, block.line, fmt::format("{}: {}", script->file, lines.error())});
      script->lines = std::move(*lines);
    }
  return read;
}

}  // namespace sockscope
