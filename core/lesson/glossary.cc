#include "lesson/glossary.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "lesson/files.h"
#include "lesson/read_head.h"
#include "lesson/words_used.h"

namespace sockscope {
namespace {

using lesson::Fault;
using lesson::trimmed;

class GlossaryReader {
 public:
  Glossary read(std::string_view text) {
    int number = 0;
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size());
      line(text.substr(0, end), ++number);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    finish();
    return std::move(words_);
  }

 private:
  void line(std::string_view text, int number) {
    text = trimmed(text);
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
      throw Fault{number, "this line has control characters"};
    if (text.size() > kLongestLessonItem)
      throw Fault{number,
                  fmt::format("this line is longer than {} bytes; say it shorter", kLongestLessonItem)};
    if (text.empty()) return;
    if (text.starts_with("## ")) return begin(trimmed(text.substr(3)), number);
    if (words_.empty()) {
      if (text.starts_with("# ")) return;
      throw Fault{number, "a word begins with a line '## word'"};
    }
    GlossaryWord& word = words_.back();
    if (text.starts_with("also:")) return also(text.substr(5), number);
    if (text.starts_with("lesson:")) {
      if (!word.lesson.empty()) throw Fault{number, "lesson: is there twice"};
      word.lesson = trimmed(text.substr(7));
      return;
    }
    if (!word.meaning.empty()) word.meaning += ' ';
    word.meaning += text;
  }

  void begin(std::string_view heading, int number) {
    finish();
    if (words_.size() == kMostGlossaryWords)
      throw Fault{number, fmt::format("more than {} words", kMostGlossaryWords)};
    const auto equals = heading.find(" = ");
    GlossaryWord word;
    word.key = trimmed(heading.substr(0, equals));
    word.word = equals == heading.npos ? word.key : std::string(trimmed(heading.substr(equals + 3)));
    word.line = number;
    if (word.key.empty() || word.word.empty()) throw Fault{number, "this heading names no word"};
    if (!keys_.insert(word.key).second) throw Fault{number, fmt::format("'{}' is there twice", word.key)};
    words_.push_back(std::move(word));
    form(words_.back().word, number);
  }

  void also(std::string_view list, int number) {
    while (!list.empty()) {
      const auto end = std::min(list.find(','), list.size());
      if (const std::string_view one = trimmed(list.substr(0, end)); !one.empty()) form(one, number);
      list.remove_prefix(std::min(end + 1, list.size()));
    }
  }

  void form(std::string_view said, int number) {
    if (!forms_.emplace(said).second)
      throw Fault{number, fmt::format("'{}' is said of two words, or twice of one", said)};
    words_.back().forms.emplace_back(said);
  }

  void finish() const {
    if (words_.empty()) return;
    const GlossaryWord& word = words_.back();
    if (word.meaning.empty()) throw Fault{word.line, fmt::format("'{}' is not explained", word.key)};
    if (word.lesson.empty())
      throw Fault{word.line,
                  fmt::format("'{}' has no line lesson: with the lesson that introduces it", word.key)};
  }

  Glossary words_;
  std::set<std::string, std::less<>> keys_, forms_;
};

// A name in capitals is found as it is: listen is not LISTEN.
std::optional<TermPlace> first_place(std::string_view text, const std::string& form,
                                     const std::vector<std::string>& masks) {
  const auto capital = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  if (!std::all_of(form.begin(), form.end(), capital)) return place_of_term(text, form, masks);
  std::optional<TermPlace> found;
  capital_words(text, [&](std::string_view word, int line) {
    if (!found && word == form) found = TermPlace{form, line};
  });
  return found;
}

const GlossaryWord* word_of(const Glossary& glossary, const std::string& key) {
  const auto found = std::find_if(glossary.begin(), glossary.end(),
                                  [&](const GlossaryWord& word) { return word.key == key; });
  return found == glossary.end() ? nullptr : &*found;
}

}  // namespace

tl::expected<Glossary, LessonFault> read_glossary(std::string_view text, const std::string& file) {
  try {
    return GlossaryReader().read(text);
  } catch (const Fault& fault) {
    return tl::unexpected(LessonFault{file, fault.line, fault.message});
  }
}

tl::expected<Glossary, LessonFault> load_glossary(const std::string& folder, std::string_view language) {
  const std::string path = fmt::format("{}/glossary.{}.md", folder, language);
  std::error_code none;
  if (!std::filesystem::exists(path, none)) return Glossary();
  const auto text = lesson::read_file(path);
  if (!text) return tl::unexpected(LessonFault{path, 0, text.error()});
  return read_glossary(*text, path);
}

tl::expected<Glossary, LessonFault> glossary_beside(const Lesson& lesson) {
  std::error_code none;
  const auto file = std::filesystem::absolute(lesson.file, none).lexically_normal();
  return load_glossary(file.parent_path().parent_path().string(), file.stem().string());
}

std::vector<LessonFault> compare_glossaries(const Glossary& english, const std::string& english_file,
                                            const Glossary& other, const std::string& other_file) {
  std::vector<LessonFault> faults;
  for (const GlossaryWord& word : english) {
    const GlossaryWord* same = word_of(other, word.key);
    if (same == nullptr)
      faults.push_back({english_file, word.line, fmt::format("'{}' is not in {}", word.key, other_file)});
    else if (same->lesson != word.lesson)
      faults.push_back({other_file, same->line,
                        fmt::format("'{}' is of {} here and of {} in {}", word.key, same->lesson, word.lesson,
                                    english_file)});
  }
  for (const GlossaryWord& word : other)
    if (word_of(english, word.key) == nullptr)
      faults.push_back({other_file, word.line, fmt::format("'{}' is not in {}", word.key, english_file)});
  return faults;
}

std::vector<std::vector<GlossaryUse>> first_uses(const Lesson& lesson, const Glossary& glossary) {
  std::vector<std::string> masks;
  for (const GlossaryWord& word : glossary) masks.insert(masks.end(), word.forms.begin(), word.forms.end());
  std::set<const GlossaryWord*> used;
  std::vector<std::vector<GlossaryUse>> steps(lesson.steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i)
    for (const lesson::Block& block : lesson.steps[i].blocks) {
      const auto* prose = std::get_if<lesson::Prose>(&block.what);
      if (prose == nullptr) continue;
      for (const GlossaryWord& word : glossary) {
        if (used.contains(&word)) continue;
        for (const std::string& form : word.forms) {
          const auto at = first_place(prose->markdown, form, masks);
          if (!at) continue;
          used.insert(&word);
          steps[i].push_back({&word, &block, at->said, block.line + at->line});
          break;
        }
      }
    }
  return steps;
}

}  // namespace sockscope
