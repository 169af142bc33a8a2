#pragma once
// A trace as sentences: one event, one plain sentence. The window's text view and --narrate share it.

#include <functional>
#include <string>
#include <string_view>

#include "trace/state.h"
#include "trace/trace.h"

namespace sockscope {

// English pattern in, pattern of the reader's language out; fmt's numbered fields ("{0} calls {1}").
using Translate = std::function<std::string(std::string_view)>;
std::string untranslated(std::string_view english);

// The sentence for `event`, without a time; empty for an event that says nothing to a person. `before` is the
// state just before it (so that names are those of the moment).
std::string narrate(const Event& event, const State& before, const Translate& tr);

// A whole line as --narrate prints it: "0.104113  client calls connect(('127.0.0.1', 9999)) on c." Seconds
// since `start`. Empty if there is no sentence.
std::string narrate_line(const Event& event, const State& before, Time start, const Translate& tr);

}  // namespace sockscope
