#pragma once
// An event as bytes between processes of one executable: what is told for every message must cost little. A
// call's entry and return, as most are, go as they lie in memory; every other event as its line
// (trace/event_line.h). Of this room only.

#include <optional>
#include <string>
#include <string_view>

#include "trace/event.h"

namespace sockscope {

// Replaces `out`. The first byte tells the kind.
void put_told(std::string& out, const Event& event);
// nullopt: it is a line, or of no kind that is known, or not whole.
std::optional<Event> told_event(std::string_view record);

}  // namespace sockscope
