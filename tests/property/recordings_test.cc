#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "house.h"
#include "random_events.h"
#include "trace/header_line.h"
#include "trace/recording.h"
#include "trace/state.h"

namespace sockscope {
namespace {

// Events of every kind from a random seed, committed as they come: some are late.
Trace any_trace() {
  const auto seed = *rc::gen::arbitrary<std::uint32_t>();
  const auto count = *rc::gen::inRange<std::size_t>(0, 120);
  Trace trace;
  for (Event& event : RandomEvents(seed).make(count, 7 * kSecond)) {
    const bool late = event.at < trace.end();
    trace.append(std::move(event), late);
  }
  return trace;
}

std::string saved(const Trace& trace) {
  std::string out;
  write_header(out, {trace.start(), 0});
  for (std::size_t i = 0; i < trace.size(); ++i) {
    write_event(out, trace[i], trace.late(i), trace.start());
    out += '\n';
  }
  return out;
}

RC_GTEST_PROP(Recording, LoadedItIsWhatWasSavedAtEveryPrefix, ()) {
  const Trace trace = any_trace();
  const auto loaded = parse_recording(saved(trace), "r.jsonl");
  RC_ASSERT(loaded.has_value());
  RC_ASSERT(loaded->size() == trace.size());
  State live, from_loaded;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    RC_ASSERT((*loaded)[i] == trace[i]);
    RC_ASSERT(loaded->late(i) == trace.late(i));
    live.apply(trace[i], i);
    from_loaded.apply((*loaded)[i], i);
  }
  RC_ASSERT(live == from_loaded);
}

RC_GTEST_PROP(Recording, SavedAgainItIsTheSameText, ()) {
  const std::string text = saved(any_trace());
  const auto loaded = parse_recording(text, "r.jsonl");
  RC_ASSERT(loaded.has_value());
  if (!loaded->empty()) RC_ASSERT(saved(*loaded) == text);
}

// A crash, a full disk: whatever is left of a recording loads as far as it goes.
RC_GTEST_PROP(Recording, CutAnywhereItLoadsAsFarAsItGoes, ()) {
  const std::string text = saved(any_trace());
  const std::size_t header = text.find('\n') + 1;
  const auto length = *rc::gen::inRange<std::size_t>(header, text.size() + 1);
  const auto loaded = parse_recording(std::string_view(text).substr(0, length), "r.jsonl");
  RC_ASSERT(loaded.has_value());
  const auto whole = parse_recording(text, "r.jsonl");
  RC_ASSERT(loaded->size() <= whole->size());
  for (std::size_t i = 0; i + 1 < loaded->size(); ++i) RC_ASSERT((*loaded)[i] == (*whole)[i]);
}

}  // namespace
}  // namespace sockscope
