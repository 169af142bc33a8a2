#pragma once
// The error desk in the Details pane: what explain() says of the failure that is shown, kept until another
// is.

#include <optional>
#include <string>

#include "explain/error_desk.h"
#include "panes/details.h"

namespace sockscope {

// What was last explained, and for which event in which language: folding to it is done once.
struct Desk {
  const Trace* of = nullptr;
  Time start = 0;
  std::uint64_t seq = 0;
  ui::Language language = ui::Language::en;
  std::optional<Explanation> said;
  std::vector<Piece> taken;  // of the socket a receive that returned there took from
};

// Of a call that returned, or a line that ended, at `seq`.
const Desk& desk_at(const ui::Ui& ui, const Scene& scene, View& view, std::uint64_t seq);

// Plain words, Python's words, what is so now, the causes with what to try. `source`: the call as typed;
// `took`: "after 34 µs".
void desk_details(DetailsPage& page, View& view, Requests& requests, const Explanation& said,
                  std::string_view source, std::string_view took);

}  // namespace sockscope
