#pragma once
// A connection's packets as a ladder in SVG 1.1: for a report or a slide. Text is escaped; the picture needs
// nothing beside itself.

#include <string>

#include "trace/trace.h"

namespace sockscope {

// Of the connection whose packet was sent last. Empty: no TCP packet was seen.
std::string export_ladder_svg(const Trace& trace);

}  // namespace sockscope
