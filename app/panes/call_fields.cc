// One parameter of a call: its name, what it is edited with, its unit.
#include <sys/socket.h>

#include <algorithm>

#include "panes/call_form.h"
#include "panes/forms.h"

namespace sockscope {

namespace fields {

constexpr float kRow = 34, kLabel = 150;
constexpr std::string_view kTrue = "True";

// What a row needs while it is drawn.
struct FieldPen {
  FormPen& pen;
  const Param& param;
  FieldDraft& field;
  std::string key;  // "flags"
  Rect row;

  ui::Ui& ui() const { return pen.ui; }
  float left() const { return row.max.x - row.min.x; }
};

void input(FieldPen& f, const std::string& key, std::string* text, std::string_view hint, float wide) {
  ui::Ui& ui = f.ui();
  const float width = std::min(ui.px(wide), std::max(ui.px(40), f.left()));
  ImGui::SetCursorScreenPos({f.row.min.x, f.row.min.y + ui.px(2)});
  ui.input(key.c_str(), text, hint, width);
  f.row.min.x += width + ui.px(8);
}

void word(FieldPen& f, std::string_view shown) {
  f.row.min.x += text_in(f.ui(), f.row, f.ui().theme.ink2, f.ui().fonts.label, shown).x + f.ui().px(8);
}

// Chips of names; true when one was pressed, and which.
bool chips(FieldPen& f, const std::vector<std::string>& names, const std::string& prefix,
           const std::function<bool(const std::string&)>& chosen, std::string& pressed) {
  ui::Ui& ui = f.ui();
  bool any = false;
  for (const std::string& name : names) {
    const float wide = chip_width(ui, name);
    if (wide > f.left()) break;
    const Rect box = rect(f.row.min.x, f.row.min.y + ui.px(4), wide, ui.px(24));
    if (chip(ui, prefix + name, box, name, chosen(name))) {
      pressed = name;
      any = true;
    }
    f.row.min.x += wide + ui.px(4);
  }
  return any;
}

std::vector<std::string> names_of(std::string_view group) {
  std::vector<std::string> out;
  if (group == "IPPROTO") out.emplace_back("0");
  for (const Constant& constant : constants()) {
    if (constant.group == group && constant.name != "IPPROTO_IP") out.emplace_back(constant.name);
  }
  return out;
}

void combo(FieldPen& f, const std::vector<std::string>& choices, float wide) {
  ui::Ui& ui = f.ui();
  const auto at = std::find(choices.begin(), choices.end(), f.field.text);
  int index = at == choices.end() ? -1 : static_cast<int>(at - choices.begin());
  ImGui::SetCursorScreenPos({f.row.min.x, f.row.min.y + ui.px(2)});
  if (ui.combo(f.key.c_str(), &index, choices, ui.px(wide)) && index >= 0) {
    f.field.text = choices[static_cast<std::size_t>(index)];
  }
  f.row.min.x += ui.px(wide) + ui.px(8);
}

// setsockopt's option brings its level and a value that fits.
void choose_option(CallDraft& draft, const OptionChoice& option) {
  draft.fields[0].text = option.level;
  draft.fields[1].text = option.name;
  if (draft.call == Call::setsockopt) draft.fields[2].text = option.value;
  if (draft.call == Call::getsockopt) draft.fields[2].text = std::to_string(option.length);
}

void option_level(FieldPen& f) {
  std::vector<std::string> levels;
  const std::vector<OptionChoice> all = option_choices();
  for (const OptionChoice& option : all) {
    if (std::find(levels.begin(), levels.end(), option.level) == levels.end())
      levels.emplace_back(option.level);
  }
  const std::string before = f.field.text;
  combo(f, levels, 170);
  if (f.field.text == before) return;
  const auto first =
      std::find_if(all.begin(), all.end(), [&](const auto& o) { return o.level == f.field.text; });
  if (first != all.end()) choose_option(f.pen.view.draft, *first);
}

void option_name(FieldPen& f) {
  const std::vector<OptionChoice> all = option_choices();
  std::vector<std::string> names;
  for (const OptionChoice& option : all) {
    if (option.level == f.pen.view.draft.fields[0].text) names.emplace_back(option.name);
  }
  const std::string before = f.field.text;
  combo(f, names, 210);
  if (f.field.text == before) return;
  const auto chosen =
      std::find_if(all.begin(), all.end(), [&](const auto& o) { return o.name == f.field.text; });
  if (chosen != all.end()) choose_option(f.pen.view.draft, *chosen);
}

void option_value(FieldPen& f) {
  const std::vector<OptionChoice> all = option_choices();
  const std::string& name = f.pen.view.draft.fields[1].text;
  const auto option = std::find_if(all.begin(), all.end(), [&](const auto& o) { return o.name == name; });
  std::string pressed;
  if (option != all.end() && option->yes_no &&
      chips(
          f, {"1", "0"}, f.key + "-", [&](const std::string& v) { return v == f.field.text; }, pressed)) {
    f.field.text = pressed;
  }
  input(f, f.key, &f.field.text, "", 330);
}

void choice(FieldPen& f) {
  const bool option = f.pen.view.draft.call == Call::setsockopt || f.pen.view.draft.call == Call::getsockopt;
  if (option) return f.param.group == "SOL" ? option_level(f) : option_name(f);
  std::vector<std::string> names = names_of(f.param.group);
  const bool zero = f.param.absent == 0 && constant_name(f.param.group, 0) == "0";
  if (zero) names.insert(names.begin(), 1, std::string(1, '0'));  // any
  const std::string before = f.field.text;
  combo(f, names, 190);
  const bool known = std::find(names.begin(), names.end(), f.field.text) != names.end();
  std::string number = known ? "" : f.field.text;
  input(f, f.key + "-number", &number, "number", 80);
  if (!number.empty() || (!known && f.field.text == before)) f.field.text = number;
}

// "MSG_PEEK | MSG_DONTWAIT": each name is there or not.
std::vector<std::string> parts_of(std::string_view text, char between) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(between), text.size());
    std::string_view part = text.substr(0, end);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) out.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Puts `name` in or takes it out, and keeps the order of `all`.
std::string toggled(const std::string& text, const std::string& name, const std::vector<std::string>& all,
                    char between, std::string_view join) {
  std::vector<std::string> parts = parts_of(text, between);
  const auto at = std::find(parts.begin(), parts.end(), name);
  if (at == parts.end()) {
    parts.push_back(name);
  } else {
    parts.erase(at);
  }
  std::stable_sort(parts.begin(), parts.end(), [&](const std::string& a, const std::string& b) {
    return std::find(all.begin(), all.end(), a) < std::find(all.begin(), all.end(), b);
  });
  return fmt::format("{}", fmt::join(parts, join));
}

// The others are folded away.
constexpr std::string_view kMetFirst[] = {"MSG_OOB",        "MSG_PEEK",      "MSG_TRUNC",  "MSG_DONTWAIT",
                                          "MSG_WAITALL",    "MSG_NOSIGNAL",  "AI_PASSIVE", "AI_CANONNAME",
                                          "AI_NUMERICHOST", "AI_NUMERICSERV"};

float flags(FieldPen& f) {
  ui::Ui& ui = f.ui();
  const std::vector<std::string> all = names_of(f.param.group);
  const std::vector<std::string> on = parts_of(f.field.text, '|');
  bool& unfolded = f.pen.view.show_all_flags;
  ChipFlow flow({f.row.min, {f.row.max.x, f.row.min.y}}, ui.px(28), ui.px(4));
  for (const std::string& name : all) {
    const bool set = std::find(on.begin(), on.end(), name) != on.end();
    const bool met_first = std::find(std::begin(kMetFirst), std::end(kMetFirst), name) != std::end(kMetFirst);
    if (!set && !met_first && !unfolded) continue;
    const Rect box = flow.place(chip_width(ui, name), ui.px(24));
    if (chip(ui, f.key + "-" + name, box, name, set))
      f.field.text = toggled(f.field.text, name, all, '|', " | ");
  }
  const Rect fold = flow.place(chip_width(ui, "…"), ui.px(24));
  if (chip(ui, f.key + "-more", fold, unfolded ? "<" : "…", false)) unfolded = !unfolded;
  ui.tooltip(ui.tr("more and fewer flags"));
  return std::max(flow.used(), ui.px(kRow));
}

void sockets(FieldPen& f) {
  std::vector<std::string> names;
  for (const SocketState& socket : f.pen.scene.end.sockets()) {
    if (socket.id != 0 && socket.open && !socket.names.empty()) names.push_back(socket.names.back());
  }
  const std::vector<std::string> on = parts_of(f.field.text, ',');
  std::string pressed;
  const auto chosen = [&](const std::string& name) {
    return std::find(on.begin(), on.end(), name) != on.end();
  };
  if (chips(f, names, f.key + "-", chosen, pressed)) {
    f.field.text = toggled(f.field.text, pressed, names, ',', ", ");
  }
  if (f.left() > f.ui().px(80)) input(f, f.key, &f.field.text, "sockets", 160);
}

void address(FieldPen& f, FieldKind kind) {
  ui::Ui& ui = f.ui();
  const FieldDraft before = f.field;
  if (kind == FieldKind::unix_path) {
    input(f, f.key, &f.field.text, "path", 200);
    ImGui::SetCursorScreenPos({f.row.min.x, f.row.min.y + ui.px(2)});
    ui.checkbox((f.key + "-abstract").c_str(), "abstract", &f.field.abstract);
    f.row.min.x += ui.measure(ui.fonts.label, ui.tr("abstract")).x + ui.px(42);
  } else {
    input(f, f.key, &f.field.text, f.param.optional ? "not given" : "host", 170);
    input(f, f.key + "-port", &f.field.more, "port", 76);
  }
  if (f.field.text != before.text || f.field.more != before.more || f.field.abstract != before.abstract) {
    f.field.whole.clear();
  }
  const bool own = f.pen.view.draft.call == Call::bind || f.pen.view.draft.call == Call::create_server;
  if (own || f.param.optional) return;
  const auto offers = address_offers(f.pen.scene, f.pen.view.draft.socket);
  if (!offers.empty()) word(f, ui.tr("or"));
  std::string pressed;
  const auto chosen = [&](const std::string& offer) { return offer == f.field.whole; };
  if (chips(f, offers, f.key + "-", chosen, pressed)) f.field.whole = f.field.whole == pressed ? "" : pressed;
}

float edit(FieldPen& f, FieldKind kind) {
  ui::Ui& ui = f.ui();
  switch (kind) {
    case FieldKind::number:
      input(f, f.key, &f.field.text, "number", 150);
      break;
    case FieldKind::choice:
      choice(f);
      break;
    case FieldKind::flags:
      return flags(f);
    case FieldKind::yes_no: {
      bool on = f.field.text == "True";
      ImGui::SetCursorScreenPos({f.row.min.x, f.row.min.y + ui.px(2)});
      if (ui.checkbox(f.key.c_str(), kTrue, &on)) f.field.text = on ? "True" : "False";
      break;
    }
    case FieldKind::wait:
      input(f, f.key, &f.field.text, "None", 110);
      break;
    case FieldKind::inet:
    case FieldKind::unix_path:
    case FieldKind::host_port:
      address(f, kind);
      break;
    case FieldKind::bytes:
      input(f, f.key, &f.field.text, "no bytes", 420);
      break;
    case FieldKind::text:
      input(f, f.key, &f.field.text, "None", 260);
      break;
    case FieldKind::port:
      input(f, f.key, &f.field.text, "None", 110);
      break;
    case FieldKind::names:
      sockets(f);
      break;
    case FieldKind::watched:
      sockets(f);
      input(f, f.key + "-events", &f.field.more, "events", 220);
      break;
    case FieldKind::buffer:
      input(f, f.key, &f.field.text, "buf", 110);
      word(f, ui.tr("a bytearray of"));
      input(f, f.key + "-size", &f.field.more, "1024", 90);
      word(f, ui.tr("bytes"));
      break;
    case FieldKind::file:
      input(f, f.key, &f.field.text, "file.txt", 160);
      word(f, ui.tr("a new file of"));
      input(f, f.key + "-size", &f.field.more, "64k", 90);
      break;
    case FieldKind::expression:
      if (f.param.kind == ParamKind::option) {
        option_value(f);
      } else {
        input(f, f.key, &f.field.text, "Python", 420);
      }
      break;
  }
  if (!f.param.unit.empty() && kind != FieldKind::buffer) word(f, ui.tr(f.param.unit));
  return ui.px(kRow);
}

}  // namespace fields

float draw_field(FormPen& pen, std::size_t field, Rect row) {
  ui::Ui& ui = pen.ui;
  CallDraft& draft = pen.view.draft;
  const Param& param = info(draft.call).params[field];
  const float label = std::min(ui.px(fields::kLabel), row.width() * 0.3f);
  row.max.y = row.min.y + ui.px(fields::kRow);
  text_in(ui, {row.min, {row.min.x + label - ui.px(8), row.max.y}}, ui.theme.ink, ui.fonts.mono, param.name);
  fields::FieldPen pen_of_field{
      pen, param, draft.fields[field], std::string(param.name), {{row.min.x + label, row.min.y}, row.max}};
  return fields::edit(pen_of_field, field_kind(pen.scene.end, draft, field));
}

}  // namespace sockscope
