#pragma once
// What a call would come to on this socket as it is now, said before it is run. It forbids nothing. Pure.

#include <string>

#include "panes/panes.h"

namespace sockscope {

struct Advice {
  std::string words;  // empty: nothing certain to say
  int error = 0;      // the errno it foretells; 0: none
};
Advice advice(const ui::Translator& tr, const State& state, const CallDraft& draft);

}  // namespace sockscope
