#include "explain/leaving.h"

#include <algorithm>

namespace sockscope {

std::string_view notice_of_leaving(const State& state) {
  const auto& all = state.notices();
  const auto last = std::find_if(all.rbegin(), all.rend(), [](const event::Notice& notice) {
    return notice.code.view() == kLeavesHere || notice.code.view() == kStaysHere;
  });
  return last != all.rend() && last->code.view() == kLeavesHere ? last->text.view() : std::string_view();
}

bool may_leave(const State& state) {
  return !notice_of_leaving(state).empty();
}

}  // namespace sockscope
