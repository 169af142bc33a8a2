#include "ui/language.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>

extern "C" const char sockscope_mo_zh;
extern "C" const char sockscope_mo_zh_end;

namespace sockscope::ui {
namespace {

constexpr std::uint32_t kMagic = 0x950412de;
constexpr std::size_t kHeader = 28;  // seven words, the hash table's two among them

std::uint32_t word_at(std::string_view mo, std::size_t offset, bool swapped) {
  std::uint32_t word = 0;
  std::memcpy(&word, mo.data() + offset, sizeof word);
  return swapped ? __builtin_bswap32(word) : word;
}

// One string of a table of (length, offset) pairs; empty when it lies outside the file.
std::string_view string_at(std::string_view mo, std::uint32_t table, std::uint32_t index, bool swapped) {
  const std::size_t entry = std::size_t{table} + std::size_t{index} * 8;
  const std::size_t length = word_at(mo, entry, swapped);
  const std::size_t offset = word_at(mo, entry + 4, swapped);
  if (offset > mo.size() || length > mo.size() - offset) return {};
  return mo.substr(offset, length);
}

std::string_view linked_in(Language language) {
  if (language == Language::en) return {};
  const char* begin = &sockscope_mo_zh;
  const char* end = &sockscope_mo_zh_end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view code_of(Language language) {
  return language == Language::zh ? "zh" : "en";
}

Language language_of(std::string_view locale) {
  if (locale.empty()) {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
      const char* value = std::getenv(name);
      if (value != nullptr && *value != '\0') {
        locale = value;
        break;
      }
    }
  }
  const std::string_view code = locale.substr(0, locale.find_first_of("_.@-"));
  return code == "zh" ? Language::zh : Language::en;
}

Catalog::Catalog(std::string_view mo) {
  if (mo.size() < kHeader) return;
  const std::uint32_t magic = word_at(mo, 0, false);
  if (magic != kMagic && magic != __builtin_bswap32(kMagic)) return;
  swapped_ = magic != kMagic;
  const std::size_t count = word_at(mo, 8, swapped_);
  const std::size_t originals = word_at(mo, 12, swapped_);
  const std::size_t translations = word_at(mo, 16, swapped_);
  const std::size_t most = mo.size() / 8;
  if (count > most || originals > mo.size() - count * 8 || translations > mo.size() - count * 8) return;
  mo_ = mo;
  count_ = static_cast<std::uint32_t>(count);
  originals_ = static_cast<std::uint32_t>(originals);
  translations_ = static_cast<std::uint32_t>(translations);
}

std::string_view Catalog::find(std::string_view english) const {
  std::uint32_t low = 0, high = count_;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const std::string_view original = string_at(mo_, originals_, middle, swapped_);
    if (original == english) return string_at(mo_, translations_, middle, swapped_);
    if (original < english) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return {};
}

std::vector<std::pair<std::string_view, std::string_view>> Catalog::entries() const {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const std::string_view original = string_at(mo_, originals_, i, swapped_);
    if (original.empty()) continue;  // the catalogue's own head
    all.emplace_back(original, string_at(mo_, translations_, i, swapped_));
  }
  return all;
}

Translator::Translator(Language language) : language_(language), catalog_(linked_in(language)) {}

std::string_view Translator::operator()(std::string_view english) const {
  if (english.empty()) return english;
  const std::string_view found = catalog_.find(english);
  return found.empty() ? english : found;
}

}  // namespace sockscope::ui
