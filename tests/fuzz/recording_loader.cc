// Any bytes as a recording: they load, or are refused in one line. What loads folds, is told as sentences,
// and once saved loads as the same again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "trace/header_line.h"
#include "trace/narrate.h"
#include "trace/recording.h"
#include "trace/state.h"

namespace sockscope {
namespace {

void require(bool so) {
  if (!so) std::abort();
}

std::string saved(const Trace& trace) {
  std::string out;
  write_header(out, trace.origin());
  for (std::size_t i = 0; i < trace.size(); ++i) {
    write_event(out, trace[i], trace.late(i), trace.origin().start);
    out += '\n';
  }
  return out;
}

State folded_and_told(const Trace& trace) {
  State state;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    narrate_line(trace[i], state, trace.start(), untranslated);
    state.apply(trace[i], i);
    require(state.next() == i + 1);
  }
  return state;
}

void check_round_trip(const Trace& trace, const State& state) {
  const std::string text = saved(trace);
  const auto again = parse_recording(text, "again.jsonl");
  require(again && again->size() == trace.size());
  State from_again;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    require((*again)[i] == trace[i] && again->late(i) == trace.late(i));
    from_again.apply((*again)[i], i);
  }
  require(from_again == state);
  require(saved(*again) == text);
}

}  // namespace
}  // namespace sockscope

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sockscope;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto trace = parse_recording(text, "any.jsonl");
  if (trace)
    check_round_trip(*trace, folded_and_told(*trace));
  else
    require(trace.error().message.starts_with("any.jsonl:"));
  return 0;
}
