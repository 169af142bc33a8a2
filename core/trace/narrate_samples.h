#pragma once
// Sentences of what was sampled: queues, windows, timers. Private to trace/.

#include <string>

#include "trace/narrate.h"

namespace sockscope {

std::string told_sample(const event::ListenerSampled& e, const State& before, const std::string& label,
                        const Translate& tr);
std::string told_sample(const event::QueuesSampled& e, const State& before, const std::string& label,
                        const Translate& tr);
// `left`: until it runs out, as a duration.
std::string told_sample(const event::TimerSampled& e, const State& before, const std::string& label,
                        const std::string& left, const Translate& tr);

}  // namespace sockscope
