#pragma once
// The window's language. English text is the key; a gettext .mo linked into the program holds the others.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sockscope::ui {

enum class Language { en, zh };
std::string_view code_of(Language language);  // "en", "zh"
// "zh", "zh_CN.UTF-8" → zh; anything else → en. Empty: from LC_ALL, LC_MESSAGES, LANG.
Language language_of(std::string_view locale);

// A .mo file in memory: looked up by binary search. A damaged one translates nothing.
class Catalog {
 public:
  Catalog() = default;
  explicit Catalog(std::string_view mo);
  std::string_view find(std::string_view english) const;  // empty: not there
  std::vector<std::pair<std::string_view, std::string_view>> entries() const;

 private:
  std::string_view mo_;
  std::uint32_t count_ = 0, originals_ = 0, translations_ = 0;
  bool swapped_ = false;
};

class Translator {
 public:
  explicit Translator(Language language = Language::en);
  Language language() const { return language_; }
  const Catalog& catalog() const { return catalog_; }
  // The text in this language; the English itself when there is none. A translation lives as long as the
  // program and ends with a NUL.
  std::string_view operator()(std::string_view english) const;

 private:
  Language language_;
  Catalog catalog_;
};

}  // namespace sockscope::ui
