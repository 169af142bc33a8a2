#pragma once
// Names of a recording as identifiers of a program: each gets one that is its own, means nothing else there,
// and has only letters, digits, _ and Chinese characters. Pure.

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace sockscope::exporting {

class Identifiers {
 public:
  // `ascii`: Chinese characters are not kept either.
  explicit Identifiers(bool (*reserved)(std::string_view), bool ascii) : reserved_(reserved), ascii_(ascii) {}
  // The same for the same name, always.
  const std::string& of(const std::string& name);
  // A new one that begins so.
  std::string fresh(std::string_view like);

 private:
  bool (*reserved_)(std::string_view);
  bool ascii_;
  std::map<std::string, std::string> known_;
  std::set<std::string> used_;
};

bool reserved_in_python(std::string_view name);
bool reserved_in_c(std::string_view name);
bool nothing_reserved(std::string_view name);
bool python_keyword(std::string_view name);

}  // namespace sockscope::exporting
