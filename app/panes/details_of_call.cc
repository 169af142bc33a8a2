// The page of one call: what it does and gave, or why it failed, and the bytes it moved.

#include <fmt/format.h>

#include <algorithm>

#include "explain/waiting.h"
#include "net/catalogue.h"
#include "panes/details.h"
#include "panes/details_call.h"
#include "panes/details_desk.h"
#include "panes/send_runs.h"
#include "ui/bytes.h"
#include "ui/draw.h"

namespace sockscope {
namespace {

// "0010  68 65 6c 6c 6f 0a …  hello.", in the colours of the sends.
void hex_row(DetailsPage& page, std::string_view bytes, std::size_t at, std::size_t wide,
             std::span<const std::uint32_t> sends) {
  ui::Ui& ui = page.ui();
  ImFont* font = ui.fonts.mono_small;
  const float letter = ui.measure(font, "0").x, high = ui.line_height(font);
  const ImVec2 from = page.at();
  ui.text(from, ui.theme.ink3, font, fmt::format("{:04x}", at));
  std::string hex, plain;
  for (std::size_t i = 0; i < wide && at + i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[at + i]);
    const float x = from.x + letter * static_cast<float>(6 + 3 * i);
    const float end = from.x + letter * static_cast<float>(7 + 3 * wide + i);
    if (const std::uint32_t send = at + i < sends.size() ? sends[at + i] : 0; send != 0) {
      ImDrawList* list = ImGui::GetWindowDrawList();
      const ImU32 colour = ui::byte_line(ui.theme, send);
      list->AddRectFilled({x, from.y + high - ui.px(3)}, {x + 2 * letter, from.y + high - ui.px(1)}, colour);
      list->AddRectFilled({end, from.y + high - ui.px(3)}, {end + letter, from.y + high - ui.px(1)}, colour);
    }
    hex += fmt::format("{:02x} ", byte);
    plain += byte >= ' ' && byte < 0x7F ? static_cast<char>(byte) : '.';
  }
  ui.text({from.x + letter * 6, from.y}, ui.theme.ink, font, hex);
  ui.text({from.x + letter * static_cast<float>(7 + 3 * wide), from.y}, ui.theme.ink2, font, plain);
  page.gap(high / ui.scale);
}

// The bytes as cells and as hex. `pieces`: which sends they are of; empty when that is not known.
void bytes_view(DetailsPage& page, std::string_view title, const Blob& data,
                const std::vector<Piece>& pieces) {
  if (data.empty()) return;
  ui::Ui& ui = page.ui();
  page.heading(title);
  const std::string_view bytes = data.view();
  const std::vector<ui::SendRun> runs = runs_of(pieces);
  const auto most = static_cast<std::size_t>(std::max(4.0f, (page.width() - ui.px(60)) / ui.px(14)));
  ui::byte_cells(ImGui::GetWindowDrawList(), ui, page.at(), bytes, runs, most);
  page.gap(30);
  if (ui::torn_at_start(bytes) || (!data.cut() && ui::torn_at_end(bytes))) {
    page.sentence(ui.say("A character is cut in half here: its other bytes are elsewhere in the stream."));
  }
  std::vector<std::uint32_t> sends;
  for (const ui::SendRun& run : runs) {
    sends.insert(sends.end(),
                 std::min<std::uint64_t>(run.bytes, bytes.size() - std::min(bytes.size(), sends.size())),
                 run.send);
  }
  const float letter = ui.measure(ui.fonts.mono_small, "0").x;
  const std::size_t wide = page.width() >= letter * 73 ? 16 : 8;
  for (std::size_t at = 0; at < bytes.size(); at += wide) hex_row(page, bytes, at, wide, sends);
  if (data.cut()) {
    page.sentence(ui.say("{0} of {1} B are kept.", bytes.size(), data.total()));
    if (data.hash() != 0) page.fact("XXH3", fmt::format("{:016x}", data.hash()));
  }
}

void pieces_words(DetailsPage& page, const Scene& scene, const std::vector<Piece>& taken) {
  const ui::Ui& ui = page.ui();
  constexpr std::size_t kMostSaid = 6;
  for (std::size_t i = 0; i < std::min(taken.size(), kMostSaid); ++i) {
    const Piece& piece = taken[i];
    if (piece.send == 0) continue;
    page.sentence(
        ui.say("{0} B of send {1} of {2}.", piece.bytes, piece.send, scene.state.label(piece.from)));
    if (piece.lost > 0) page.sentence(ui.say("{0} B of the datagram did not fit and are lost.", piece.lost));
  }
}

void times(DetailsPage& page, const Scene& scene, const CallAt& call) {
  const ui::Ui& ui = page.ui();
  if (const ThreadState* thread = scene.state.thread(call.entered->thread)) {
    page.fact(ui.tr("thread"), thread->name);
  }
  page.fact(ui.tr("called at"), since_start(scene, call.entered_at));
  const Time end = call.returned != nullptr ? call.returned_at : scene.cursor;
  page.fact(ui.tr("took"), ui::duration_text(end - call.entered_at),
            call.returned == nullptr ? ui.say("so far") : std::string());
  if (call.blocked_since >= 0 && call.blocked_since < end) {
    page.fact(ui.tr("blocked for"), ui::duration_text(end - call.blocked_since), ui.say("seen asleep twice"));
  }
}

}  // namespace

std::string waiting_words(const ui::Ui& ui, const State& state, ThreadId thread) {
  const auto waits =
      waits_for(state, thread, [&](std::string_view text) { return std::string(ui.tr(text)); });
  if (!waits) return {};
  if (waits->freed_by.empty()) return ui.say("It waits for {0}.", waits->what);
  return ui.say("It waits for {0}. Freed by: {1}.", waits->what, waits->freed_by);
}

Time deadline_of(const ThreadState& thread) {
  return thread.calls.empty() ? -1 : thread.calls.back().deadline;
}

void call_details(DetailsPage& page, const Scene& scene, View& view, Requests& requests, const CallAt& call) {
  const ui::Ui& ui = page.ui();
  const CallInfo& its = info(call.entered->name);
  const std::string source = call_source(scene.state, *call.entered);
  const Desk* desk = call.returned != nullptr ? &desk_at(ui, scene, view, call.returned_seq) : nullptr;
  if (desk != nullptr && desk->said) {
    desk_details(page, view, requests, *desk->said, source,
                 ui::duration_text(call.returned_at - call.entered_at));
    return;
  }
  page.title(its.python, call.returned != nullptr ? "" : ui.tr("not back yet"), ui.theme.warn.text,
             fmt::format("#{}", call.entered->call));
  page.mono(source, ui.theme.ink);
  page.sentence(ui.tr(its.does));
  if (call.returned == nullptr) page.sentence(waiting_words(ui, scene.state, call.entered->thread));
  page.gap(6);
  if (call.returned != nullptr) {
    page.fact(ui.tr("result"), call_result(scene.state, *call.entered, *call.returned),
              ui.say("from the call"));
  }
  times(page, scene, call);
  if (desk != nullptr) pieces_words(page, scene, desk->taken);
  bytes_view(page, ui.tr("Bytes it was given"), call.entered->args.data, {});
  if (call.returned != nullptr && its.result != ResultKind::addresses && its.result != ResultKind::ready &&
      its.result != ResultKind::events && its.result != ResultKind::text) {
    bytes_view(page, ui.tr("Bytes it gave"), call.returned->data, desk->taken);
  }
  page.footer({}, its.man);
}

}  // namespace sockscope
