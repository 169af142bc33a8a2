#include "panes/files_card.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "net/text.h"
#include "panes/file_rows.h"
#include "panes/forms.h"
#include "panes/frame.h"
#include "panes/icons.h"
#include "ui/compat.h"
#include "ui/draw.h"

namespace sockscope {

namespace files_card {

constexpr float kPitch = 26, kButtonHigh = 28;
constexpr double kAhead = 1;  // seconds between letters of one name

struct Pen {
  ui::Ui& ui;
  const Scene& scene;
  Browsing& at;
  Requests& requests;
  const FileRows& rows;
};

// What Enter does at a row. While saving, a file's name is taken for what is saved.
void choose(Pen& pen, bool inside) {
  if (pen.at.row >= pen.rows.size()) return;
  const FileRow row = pen.rows.row(pen.at.row);
  if (row.path.empty()) return;
  const bool folder = row.kind == FileRow::Kind::folder || row.kind == FileRow::Kind::lesson;
  if (pen.at.saving && !folder) {
    pen.at.name = row.name;
    pen.ui.focus("files/name");
    return;
  }
  if (inside && !folder) return;
  pen.requests.push_back(request::Go{row.path, inside || pen.at.saving});
}

void go_up(Pen& pen) {
  if (pen.scene.folder == nullptr || pen.scene.folder->path.empty()) return;
  pen.requests.push_back(request::Go{folder_of(pen.scene.folder->path), true});
}

void choose_row(Pen& pen, std::size_t row) {
  pen.at.row = row;
  pen.at.reveal = true;
}

void take_letters(Pen& pen) {
  const double now = ImGui::GetTime();
  for (const ImWchar c : ImGui::GetIO().InputQueueCharacters) {
    if (c <= ' ') continue;
    if (now - pen.at.ahead_at > kAhead) pen.at.ahead.clear();
    pen.at.ahead_at = now;
    append_utf8(pen.at.ahead, static_cast<char32_t>(c));
    // The same row as long as it fits; the first letter goes on to the next.
    const bool first = pen.at.ahead == first_character(pen.at.ahead);
    choose_row(pen, pen.rows.beginning(pen.at.ahead, first ? pen.at.row + 1 : pen.at.row));
  }
}

void take_keys(Pen& pen, float page_rows) {
  using ui::Key;
  if (ui::typing() || !pen.at.replaces.empty()) {
    if (ui::plain_pressed(Key::down) && pen.at.replaces.empty()) pen.ui.focus("files/list");
    return;
  }
  const auto page = std::max<std::ptrdiff_t>(1, static_cast<std::ptrdiff_t>(page_rows) - 1);
  const auto all = static_cast<std::ptrdiff_t>(pen.rows.size());
  const std::pair<Key, std::ptrdiff_t> steps[] = {{Key::down, 1},         {Key::up, -1},
                                                  {Key::page_down, page}, {Key::page_up, -page},
                                                  {Key::end, all},        {Key::home, -all}};
  for (const auto& [key, by] : steps)
    if (ui::plain_pressed(key, true)) choose_row(pen, pen.rows.moved(pen.at.row, by));
  if (ui::plain_pressed(Key::right)) choose(pen, true);
  if (ui::plain_pressed(Key::left) || ui::plain_pressed(Key::backspace)) go_up(pen);
  if (pen.ui.ring == nullptr || pen.ui.ring->at() == "files/list") take_letters(pen);
}

std::string_view word_of(FileRow::Kind kind) {
  switch (kind) {
    case FileRow::Kind::folder:
      return "folder";
    case FileRow::Kind::lesson:
      return "lesson";
    case FileRow::Kind::play:
      return "play";
    case FileRow::Kind::recording:
      return "recorded";
    default:
      return "";
  }
}

void draw_icon(const ui::Ui& ui, ImDrawList* list, FileRow::Kind kind, Rect box, ImU32 colour) {
  const float w = ui.px(1.3f);
  const ImVec2 centre{(box.min.x + box.max.x) / 2, (box.min.y + box.max.y) / 2};
  switch (kind) {
    case FileRow::Kind::folder:
      list->AddRect({box.min.x, box.min.y + ui.px(3)}, box.max, colour, ui.px(1.5f), 0, w);
      list->AddLine({box.min.x + ui.px(1), box.min.y + ui.px(1)}, {centre.x - ui.px(1), box.min.y + ui.px(1)},
                    colour, ui.px(2));
      break;
    case FileRow::Kind::lesson:
      list->AddRect(box.min, {centre.x, box.max.y}, colour, 0, 0, w);
      list->AddRect({centre.x, box.min.y}, box.max, colour, 0, 0, w);
      break;
    case FileRow::Kind::play:
      icon::move(list, shrink(box, ui.px(1)), colour, icon::Move::run);
      break;
    case FileRow::Kind::recording:
      list->AddCircle(centre, ui.px(4.5f), colour, 0, w);
      list->AddCircleFilled(centre, ui.px(1.8f), colour);
      break;
    default:
      list->AddCircleFilled(centre, ui.px(1.5f), colour);
  }
}

// What was open last is known by its name.
FileRow::Kind look_of(const FileRow& row) {
  if (row.kind != FileRow::Kind::recent) return row.kind;
  return ends_as_play(row.name)        ? FileRow::Kind::play
         : ends_as_recording(row.name) ? FileRow::Kind::recording
                                       : FileRow::Kind::lesson;
}

void draw_row(Pen& pen, std::size_t index, Rect box) {
  const FileRow row = pen.rows.row(index);
  ui::Ui& ui = pen.ui;
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (row.kind == FileRow::Kind::heading) {
    text_in(ui, {{box.min.x + ui.px(8), box.min.y}, box.max}, ui.theme.ink2, ui.fonts.small, ui.tr(row.name));
    return;
  }
  ImGui::SetCursorScreenPos(box.min);
  const std::string key = "row-" + std::to_string(index);
  const bool clicked = ImGui::InvisibleButton(key.c_str(), {box.width(), box.height()});
  const bool over = ImGui::IsItemHovered();
  ui.note(key.c_str(), row.path);
  const bool chosen = index == pen.at.row;
  if (chosen || over)
    list->AddRectFilled(box.min, box.max, chosen ? ui.theme.accent.tint : ui.theme.hover, ui.px(3));
  if (chosen) list->AddRect(box.min, box.max, ui.theme.accent.fill, ui.px(3), 0, ui.px(1.5f));
  const ImU32 ink = row.dim ? ui.theme.ink3 : ui.theme.ink;
  const float middle = (box.min.y + box.max.y) / 2;
  draw_icon(ui, list, look_of(row), rect(box.min.x + ui.px(10), middle - ui.px(6), ui.px(14), ui.px(12)),
            row.dim ? ui.theme.ink3 : ui.theme.ink2);
  std::string right(ui.tr(word_of(row.kind)));
  if (row.kind == FileRow::Kind::recent)
    right = row.dim ? std::string(ui.tr("not there any more")) : shown_name(folder_of(row.path));
  const float most = box.width() * 0.55f, wide = std::min(ui.measure(ui.fonts.small, right).x, most);
  text_in(ui, {{box.max.x - ui.px(10) - wide, box.min.y}, {box.max.x - ui.px(10), box.max.y}},
          row.dim ? ui.theme.ink3 : ui.theme.ink2, ui.fonts.small, right, Align::right);
  text_in(ui, {{box.min.x + ui.px(32), box.min.y}, {box.max.x - ui.px(22) - wide, box.max.y}}, ink,
          ui.fonts.body, shown_name(row.name));
  if (clicked) {
    pen.at.row = index;
    ui.focus("files/list", false);
  }
  if (over && ImGui::IsMouseDoubleClicked(0)) choose(pen, false);
}

void reveal_row(Pen& pen, float pitch, float high) {
  if (!pen.at.reveal) return;
  pen.at.reveal = false;
  const float top = pitch * static_cast<float>(pen.at.row), scroll = ImGui::GetScrollY();
  if (pen.at.row == pen.rows.first()) {
    ImGui::SetScrollY(0);
  } else if (top < scroll) {
    ImGui::SetScrollY(top);
  } else if (top + pitch > scroll + high) {
    ImGui::SetScrollY(top + pitch - high);
  }
  pen.ui.wake(0);
}

// Only the rows in sight are drawn, however many there are. The whole list is one stop of the keyboard.
void draw_list(Pen& pen, Rect box) {
  ui::Ui& ui = pen.ui;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(box.min, box.max, ui.theme.paper, ui.px(4));
  list->AddRect(box.min, box.max, ui.theme.line2, ui.px(4), 0, ui.theme.hairline);
  const float pitch = ui.px(kPitch), high = box.height();
  pen.at.row = pen.rows.moved(pen.at.row, 0);
  take_keys(pen, high / pitch);
  if (ui.area("list", box.min, box.max)) choose(pen, false);
  ImGui::SetCursorScreenPos(box.min);
  ui::begin_child("rows", {box.width(), high});
  reveal_row(pen, pitch, high);
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const float wide = ImGui::GetContentRegionAvail().x, scroll = ImGui::GetScrollY();
  const std::size_t count = pen.rows.size();
  const auto first = static_cast<std::size_t>(std::max(0.0f, scroll / pitch));
  const auto last = std::min(count, first + static_cast<std::size_t>(high / pitch) + 2);
  for (std::size_t i = first; i < last; ++i) {
    const float top = from.y + pitch * static_cast<float>(i);
    draw_row(pen, i, rect(from.x + ui.px(2), top + 1, wide - ui.px(4), pitch - 2));
  }
  if (count == 0 && pen.scene.folder != nullptr && pen.scene.folder->error.empty())
    text_in(ui, rect(from.x + ui.px(10), from.y, wide - ui.px(20), pitch), ui.theme.ink2, ui.fonts.body,
            ui.tr("Nothing here that Sockscope opens."));
  ImGui::SetCursorScreenPos(from);
  ImGui::Dummy({1, pitch * static_cast<float>(count)});
  ImGui::EndChild();
}

// A row of 28: what is typed, and what stands right of it.
void draw_path(Pen& pen, Rect row) {
  ui::Ui& ui = pen.ui;
  const ImVec2 up = button_size(ui, "One up");
  ImGui::SetCursorScreenPos(row.min);
  if (ui.input("path", &pen.at.path, "type or paste a path, then Enter", row.width() - up.x - ui.px(8)))
    pen.requests.push_back(request::Go{pen.at.path, pen.at.path.ends_with('/')});
  ImVec2 at{row.max.x, row.min.y};
  if (button_at(ui, at, "up", "One up", false, true)) go_up(pen);
}

void save(Pen& pen) {
  pen.at.error.clear();
  pen.requests.push_back(request::SaveAs{pen.at.name, false});
}

void draw_name(Pen& pen, Rect row) {
  ui::Ui& ui = pen.ui;
  const std::string recording = ui.say("recording {0}", ".jsonl"), play = ui.say("play {0}", ".play");
  const float high = ui.px(26), gap = ui.px(8), second = chip_width(ui, play),
              first = chip_width(ui, recording);
  const float left = row.max.x - second - gap - first;
  const bool is_play = ends_as_play(pen.at.name);
  ImGui::SetCursorScreenPos(row.min);
  if (ui.input("name", &pen.at.name, "its name", left - gap - row.min.x)) save(pen);
  const Rect whole = rect(left, row.min.y + ui.px(2), first, high),
             lines = rect(row.max.x - second, row.min.y + ui.px(2), second, high);
  if (chip(ui, "as-recording", whole, recording, !is_play)) pen.at.name = with_ending(pen.at.name, false);
  ui.tooltip(ui.tr("everything that happened: it opens as a replay"));
  if (chip(ui, "as-play", lines, play, is_play)) pen.at.name = with_ending(pen.at.name, true);
  ui.tooltip(ui.tr("the lines you ran: they run again, for real"));
}

// What went wrong, else what is asked, else what the keys do: at most two lines.
void draw_word(Pen& pen, Rect box) {
  ui::Ui& ui = pen.ui;
  const bool more = pen.scene.folder != nullptr && pen.scene.folder->more;
  std::string words;
  ImU32 colour = ui.theme.ink2;
  if (!pen.at.error.empty()) {
    words = shown_name(pen.at.error);
    colour = ui.theme.bad.text;
  } else if (!pen.at.replaces.empty()) {
    words = ui.say("{0} is there already. Replace it?", shown_name(last_part(pen.at.replaces)));
    colour = ui.theme.warn.text;
  } else if (more) {
    words = ui.say("Only {0} of this folder's files are shown. Any other opens by its path.",
                   pen.scene.folder->entries.size());
  } else {
    words = ui.tr("Up and Down choose, Enter opens, Right looks inside, Left goes one up.");
  }
  std::vector<std::string_view> lines = ui.wrap(ui.fonts.label, words, box.width());
  const float pitch = ui.line_height(ui.fonts.label);
  const auto room = static_cast<std::size_t>(std::max(1.0f, (box.height() + 1) / pitch));
  for (std::size_t i = 0; i < std::min(lines.size(), room); ++i) {
    // What has no room is cut where the last line ends.
    const bool last = i + 1 == room && lines.size() > room;
    const std::string_view line =
        last ? std::string_view(words).substr(static_cast<std::size_t>(lines[i].data() - words.data()))
             : lines[i];
    ui.text({box.min.x, box.min.y + pitch * static_cast<float>(i)}, colour, ui.fonts.label, line,
            box.width());
  }
}

void draw_buttons(Pen& pen, ImVec2 corner) {
  ui::Ui& ui = pen.ui;
  Browsing& at = pen.at;
  if (!at.replaces.empty()) {
    // The question has the keyboard until it is answered.
    const std::string replaces = at.replaces;
    const std::string here = ui.ring == nullptr ? std::string() : ui.ring->at();
    if (here != "files/keep" && here != "files/replace") ui.focus("files/keep");
    if (button_at(ui, corner, "keep", "Keep it", true, true)) {
      at.replaces.clear();
      ui.focus("files/name");
    }
    if (button_at(ui, corner, "replace", "Replace it", false, true))
      pen.requests.push_back(request::SaveAs{replaces, true});
    return;
  }
  if (at.saving) {
    if (button_at(ui, corner, "save", "Save", true, true)) save(pen);
  } else if (button_at(ui, corner, "open", "Open", true, true)) {
    choose(pen, false);
  }
  if (button_at(ui, corner, "cancel", "Cancel", false, true)) at.on = false;
}

}  // namespace files_card

void open_files(ui::Ui& ui, View& view, Requests& requests, bool saving, bool as_play) {
  view.browsing = {};
  view.browsing.on = true;
  view.browsing.saving = saving;
  view.browsing.as_play = as_play;
  view.show_keys = view.show_consent = false;
  requests.push_back(request::Go{});
  ui.focus(saving ? "files/name" : "files/list");
}

void leave_files(View& view) {
  if (!view.browsing.replaces.empty()) {
    view.browsing.replaces.clear();
  } else {
    view.browsing.on = false;
  }
}

void draw_files(ui::Ui& ui, const Scene& scene, View& view, Requests& requests, ImVec2 size) {
  using namespace files_card;
  const ui::Scope scope(ui, "files");
  Browsing& at = view.browsing;
  const FolderListing nothing;
  const FileRows rows(scene.folder != nullptr ? *scene.folder : nothing, scene.recent, at);
  Pen pen{ui, scene, at, requests, rows};
  ImDrawList* back = ImGui::GetWindowDrawList();
  back->AddRectFilled({0, 0}, size, faded(ui.theme.ink, 0.35f));
  const float wide = std::min(ui.px(760), size.x - ui.px(24)),
              high = std::min(ui.px(620), size.y - ui.px(24));
  const Rect box = rect((size.x - wide) / 2, (size.y - high) / 2, wide, high);
  back->AddRectFilled(box.min, box.max, ui.theme.raised, ui.px(6));
  back->AddRect(box.min, box.max, ui.theme.line2, ui.px(6), 0, ui.px(1.5f));
  const Rect in = shrink(box, ui.px(20));
  const float row = ui.px(kButtonHigh), gap = ui.px(10);
  text_in(ui, rect(in.min.x, in.min.y - ui.px(6), in.width(), ui.px(32)), ui.theme.ink, ui.fonts.title,
          ui.tr(at.saving ? "Save as" : "Open"));
  float y = in.min.y + ui.px(34);
  draw_path(pen, rect(in.min.x, y, in.width(), row));
  y += row + gap;
  const float buttons = in.max.y - row;
  const float said = ui.line_height(ui.fonts.label) * (high < ui.px(420) ? 1 : 2);
  const float word = buttons - gap - said;
  const float name = at.saving ? word - gap - row - ui.px(2) : word;
  draw_list(pen, {{in.min.x, y}, {in.max.x, name - gap}});
  if (at.saving) draw_name(pen, rect(in.min.x, name, in.width(), row));
  draw_word(pen, rect(in.min.x, word, in.width(), said));
  draw_buttons(pen, {in.max.x, buttons});
}

}  // namespace sockscope
