#pragma once
// JSON text, written piece by piece. Text that is not UTF-8 becomes U+FFFD, so the result is always valid.

#include <cstdint>
#include <string>
#include <string_view>

namespace sockscope::cli {

class Json {
 public:
  Json& begin_object() { return open('{'); }
  Json& end_object() { return shut('}'); }
  Json& begin_array() { return open('['); }
  Json& end_array() { return shut(']'); }
  Json& key(std::string_view name);
  Json& string(std::string_view text);
  Json& number(std::int64_t value);
  Json& boolean(bool value);
  Json& null();
  const std::string& text() const { return text_; }

 private:
  Json& open(char bracket);
  Json& shut(char bracket);
  void separate();
  void quote(std::string_view text);
  std::string text_;
  bool first_ = true;
};

}  // namespace sockscope::cli
