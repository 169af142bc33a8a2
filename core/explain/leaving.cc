#include "explain/leaving.h"

#include <algorithm>

namespace sockscope {
namespace {

constexpr std::string_view kAt = " reached at ";

}  // namespace

std::string_view notice_of_leaving(const State& state) {
  const auto& all = state.notices();
  const auto last = std::find_if(all.rbegin(), all.rend(), [](const event::Notice& notice) {
    return notice.code.view() == kLeavesHere || notice.code.view() == kStaysHere;
  });
  return last != all.rend() && last->code.view() == kLeavesHere ? last->text.view() : std::string_view();
}

std::string leaving_text(const std::vector<std::string>& where) {
  std::string text =
      "You allowed this run to reach other machines. Sockets bound to 0.0.0.0 or :: from now on can be";
  if (where.empty()) text += " reached by nobody else: this computer has no address but loopback";
  for (const std::string& one : where) text.append(&one == where.data() ? kAt : ", ").append(one);
  return text + ".";
}

std::string_view first_reachable(std::string_view leaving_text) {
  const std::size_t from = leaving_text.find(kAt);
  if (from == leaving_text.npos) return {};
  const std::string_view rest = leaving_text.substr(from + kAt.size());
  return rest.substr(0, rest.find(' '));
}

bool may_leave(const State& state) {
  return !notice_of_leaving(state).empty();
}

}  // namespace sockscope
