#include "lesson/human_text.h"

#include <algorithm>
#include <cctype>

#include "net/text.h"

namespace sockscope {
namespace {

bool letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'';
}
bool vowel(char c) {
  return std::string_view("aeiouyAEIOUY").find(c) != std::string_view::npos;
}

// Groups of vowels, without a silent e at the end.
int syllables_of(std::string_view word) {
  int groups = 0;
  bool inside = false;
  for (const char c : word) {
    groups += vowel(c) && !inside;
    inside = vowel(c);
  }
  if (groups > 1 && word.ends_with('e') && !word.ends_with("le")) --groups;
  return std::max(groups, 1);
}

// Text without `code` and fenced code.
std::string without_code(std::string_view markdown) {
  std::string out;
  bool fenced = false;
  while (!markdown.empty()) {
    const auto end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (line.starts_with("```") || line.starts_with("~~~")) {
      fenced = !fenced;
      continue;
    }
    bool code = false;
    for (const char c : fenced ? std::string_view() : line) {
      if (c == '`') code = !code;
      if (!code && c != '`') out += c;
    }
    out += '\n';
  }
  return out;
}

void count(std::string_view text, ReadingFigures& figures) {
  std::string word;
  bool open = false;  // a sentence
  const auto end_word = [&] {
    if (!word.empty()) ++figures.words, figures.syllables += syllables_of(word), open = true;
    word.clear();
  };
  const auto end_sentence = [&] {
    figures.sentences += open;
    open = false;
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto next = next_character(text, at);
    if (!next) return;
    const char32_t c = *next;
    if (letter(c)) {
      word += static_cast<char>(c);
      continue;
    }
    end_word();
    if (c >= 0x4e00 && c <= 0x9fff) ++figures.characters, open = true;
    const bool blank_follows = at >= text.size() || text[at] == ' ' || text[at] == '\n';
    if (c == 0x3002 || c == 0xff01 || c == 0xff1f) end_sentence();
    if ((c == '.' || c == '!' || c == '?' || c == ':') && blank_follows) end_sentence();
  }
  end_word();
  end_sentence();
}

}  // namespace

void human_texts(const Lesson& lesson, const std::function<void(std::string_view, int)>& each) {
  const auto question = [&each](const lesson::Question& asked) {
    each(asked.ask, asked.line);
    for (const lesson::Choice& choice : asked.choices) {
      each(choice.text, choice.line);
      if (!choice.refutation.empty()) each(choice.refutation, choice.line);
    }
  };
  each(lesson.head.title, 1);
  for (const lesson::Step& step : lesson.steps) {
    if (!step.title.empty()) each(step.title, step.line);
    for (const lesson::Block& block : step.blocks) {
      if (const auto* prose = std::get_if<lesson::Prose>(&block.what)) each(prose->markdown, block.line);
      if (const auto* hint = std::get_if<lesson::Hint>(&block.what)) each(hint->markdown, block.line + 1);
      if (const auto* predict = std::get_if<lesson::Predict>(&block.what)) {
        question(predict->what);
        if (predict->because) question(*predict->because);
      }
      if (const auto* check = std::get_if<lesson::Check>(&block.what))
        for (const lesson::Mark& mark : check->marks)
          each(mark.words.empty() ? mark.condition : mark.words, mark.line);
    }
  }
}

double ReadingFigures::grade() const {
  if (words == 0 || sentences == 0) return 0;
  return std::max(0.0, 0.39 * words / sentences + 11.8 * syllables / words - 15.59);
}

double ReadingFigures::characters_a_sentence() const {
  return sentences == 0 ? 0 : static_cast<double>(characters) / sentences;
}

ReadingFigures reading_figures(const Lesson& lesson) {
  ReadingFigures figures;
  human_texts(lesson, [&](std::string_view text, int) { count(without_code(text), figures); });
  return figures;
}

}  // namespace sockscope
