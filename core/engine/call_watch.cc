#include "engine/call_watch.h"

#include <algorithm>

namespace sockscope {

Time CallWatch::due(CallId inside, Time wanted) const {
  if (inside == 0) return -1;
  if (inside != call) return 0;
  if (told && wanted < 0) return -1;  // proved, and nobody asks again
  if (!first.asleep) return last.at + std::clamp(last.at - begun, kMillisecond, kBetweenLooks);
  if (!told) return first.at + kBetweenLooks;
  return last.at < wanted + kBetweenLooks ? wanted + kBetweenLooks : -1;
}

void CallWatch::begin(CallId inside) {
  if (inside == call) return;
  call = inside;
  first = last = {};
  told = false;
  begun = now();
}

bool CallWatch::saw(const SleepLook& seen) {
  const bool goes_on = first.same_sleep(seen);
  last = seen;
  if (!goes_on) first = seen;
  if (!goes_on || told || seen.at - first.at < kBetweenLooks) return false;
  return told = true;
}

}  // namespace sockscope
