// The table of addresses a name stands for, and a click to connect to one.
#include <fmt/format.h>

#include <algorithm>

#include "panes/addresses.h"
#include "panes/forms.h"
#include "panes/stage_actions.h"
#include "panes/timeline.h"

namespace sockscope {

namespace addresses {

constexpr float kRow = 30;

// What getaddrinfo gave last on any thread, at the cursor; nullptr: nothing.
const event::CallReturned* last_answer(const Scene& scene) {
  const ThreadState* latest = nullptr;
  for (const ThreadState& thread : scene.state.threads()) {
    const bool fits = thread.has_returned && thread.last_call == Call::getaddrinfo && thread.last_error == 0;
    if (fits && (latest == nullptr || thread.last_return > latest->last_return)) latest = &thread;
  }
  if (latest == nullptr || latest->last_return >= scene.trace.size()) return nullptr;
  return std::get_if<event::CallReturned>(&scene.trace[latest->last_return].body);
}

std::string types_of(const AddressRow& row) {
  std::vector<std::string> names;
  for (const int type : row.types) {
    std::string name = constant_name("SOCK", type);
    constexpr std::string_view kPrefix = "SOCK_";
    names.push_back(name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

void connect(FormPen& pen, const AddressRow& row) {
  const std::string variable = fresh_name(pen.scene, "c");
  for (std::string& line : connect_lines(row, variable)) {
    pen.requests.push_back(request::RunLine{pen.view.thread, std::move(line)});
  }
}

float one_row(FormPen& pen, const AddressRow& row, std::size_t index, Rect where) {
  ui::Ui& ui = pen.ui;
  where.max.y = where.min.y + ui.px(kRow);
  const float family = ui.px(84), address = std::min(ui.px(300), where.width() * 0.4f);
  text_in(ui, rect(where.min.x, where.min.y, family, where.height()), ui.theme.ink2, ui.fonts.mono_small,
          constant_name("AF", row.family));
  text_in(ui, rect(where.min.x + family, where.min.y, address, where.height()), ui.theme.ink, ui.fonts.mono,
          row.address);
  const float x = where.min.x + family + address + ui.px(8);
  const float button = button_size(ui, "Connect").x;
  text_in(ui, {{x, where.min.y}, {where.max.x - button - ui.px(12), where.max.y}}, ui.theme.ink2,
          ui.fonts.mono_small, types_of(row));
  ImVec2 at{where.max.x, where.min.y + ui.px(1)};
  if (button_at(ui, at, ("connect-" + std::to_string(index)).c_str(), "Connect", false, true))
    connect(pen, row);
  const auto lines = connect_lines(row, fresh_name(pen.scene, "c"));
  ui.tooltip(fmt::format("{0}>>> {1}\n{0}>>> {2}", pen.view.thread, lines[0], lines[1]));
  return where.height();
}

}  // namespace addresses

float draw_addresses(FormPen& pen, Rect area) {
  ui::Ui& ui = pen.ui;
  const event::CallReturned* answer = addresses::last_answer(pen.scene);
  if (answer == nullptr) return 0;
  const std::vector<AddressRow> rows = address_rows(answer->data.view());
  if (rows.empty()) return 0;
  float y = area.min.y;
  ImGui::GetWindowDrawList()->AddLine({area.min.x, y}, {area.max.x, y}, ui.theme.line, ui.theme.hairline);
  y += ui.px(4);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    y += addresses::one_row(pen, rows[i], i, rect(area.min.x, y, area.width(), 0));
  }
  text_in(ui, rect(area.min.x, y, area.width(), ui.px(20)), ui.theme.ink2, ui.fonts.small,
          ui.say("Each row is one address; getaddrinfo says it once for each type of socket."));
  return y + ui.px(20) - area.min.y;
}

}  // namespace sockscope
