#include "cli/json.h"

#include <fmt/format.h>

#include <iterator>

#include "net/text.h"

namespace sockscope::cli {

void Json::separate() {
  if (!first_) text_.push_back(',');
  first_ = false;
}

Json& Json::open(char bracket) {
  separate();
  text_.push_back(bracket);
  first_ = true;
  return *this;
}

Json& Json::shut(char bracket) {
  text_.push_back(bracket);
  first_ = false;
  return *this;
}

Json& Json::key(std::string_view name) {
  separate();
  quote(name);
  text_.push_back(':');
  first_ = true;
  return *this;
}

Json& Json::string(std::string_view text) {
  separate();
  quote(text);
  return *this;
}

Json& Json::number(std::int64_t value) {
  separate();
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

Json& Json::boolean(bool value) {
  separate();
  text_ += value ? "true" : "false";
  return *this;
}

Json& Json::null() {
  separate();
  text_ += "null";
  return *this;
}

void Json::quote(std::string_view text) {
  text_.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const std::optional<char32_t> character = next_character(text, at);
    if (!character) {
      text_ += "\\ufffd";
      ++at;
    } else if (*character < 0x20 || *character == 0x7f) {
      fmt::format_to(std::back_inserter(text_), "\\u{:04x}", static_cast<unsigned>(*character));
    } else {
      if (*character == '"' || *character == '\\') text_.push_back('\\');
      text_ += text.substr(from, at - from);
    }
  }
  text_.push_back('"');
}

}  // namespace sockscope::cli
