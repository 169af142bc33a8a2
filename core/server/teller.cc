#include "server/teller.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "server/told_event.h"

namespace sockscope {

Teller::Teller(int memory, int wake) : wake_(wake), ring_(Descriptor(memory)) {}

void Teller::line(std::string_view text) {
  lines_.emplace_back(text);
}

void Teller::flush() {
  for (const Event& event : inbox_.take()) {
    put_told(record_, event);
    put(record_);
  }
  for (const std::string& text : std::exchange(lines_, {})) put(text);
}

void Teller::put(std::string_view record) {
  if (!ring_.put(record)) return;
  const char woken = 0;
  while (::write(wake_, &woken, 1) < 0 && errno == EINTR) {
  }
}

}  // namespace sockscope
