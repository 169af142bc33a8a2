#pragma once
// Whether a call is blocked, from looks at where its thread sleeps. Of this room only.

#include "kernel/sleep.h"
#include "trace/event.h"

namespace sockscope {

// What the owner thread saw of one thread. One run: looks that found it asleep in the same call without a
// break.
struct CallWatch {
  static constexpr Time kBetweenPokes = kMillisecond;

  CallId call = 0;          // innermost call; 0: it was in none
  SleepLook first, last;    // of the run; first.asleep false: no run
  Time begun = 0;           // first look in this call, whatever it found
  bool told = false;        // its block was proved
  CallId interrupting = 0;  // the outermost call that was asked back
  Time poked = 0;

  // When to look next at a thread inside of `inside`; −1: not at all. `wanted`: the moment settled() needs a
  // look after, −1 none.
  Time due(CallId inside, Time wanted) const;
  // Before a look at a thread inside of `inside`, and what it saw. Whether that proves its block; once a run.
  void begin(CallId inside);
  bool saw(const SleepLook& seen);
  bool asleep_in(CallId inside) const { return first.asleep && last.asleep && call != 0 && call == inside; }
};

}  // namespace sockscope
