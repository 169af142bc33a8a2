#pragma once
// The head of a lesson, its key: value lines. Pure.

#include <string>
#include <string_view>

#include "lesson/lesson.h"

namespace sockscope::lesson {

// Thrown inside this room while a lesson is read; read_lesson turns it into a fault of its file.
struct Fault {
  int line = 0;
  std::string message;
};

std::string_view trimmed(std::string_view text);

class HeadReader {
 public:
  // Throws Fault.
  void line(std::string_view line, int number);
  Head finish(int number);

 private:
  Head head_;
  std::string seen_;  // " title id "
};

}  // namespace sockscope::lesson
