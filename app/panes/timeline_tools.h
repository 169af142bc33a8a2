#pragma once
// What a person does with the timeline beyond looking: searches, measures, marks places, folds lanes, moves
// along the overview. Held by View.

#include <optional>
#include <vector>

#include "panes/timeline.h"
#include "panes/timeline_search.h"

namespace sockscope {

struct Bookmark {
  Time at = 0;
  std::uint32_t seq = 0;  // events before it were so
  friend bool operator==(const Bookmark&, const Bookmark&) = default;
};

struct TimelineTools {
  // search
  bool searching = false;
  std::string text;  // in the field
  TimelineSearch search;
  std::optional<std::size_t> hit;  // where Enter went last, in search.hits()
  bool reveal = false;             // the lane of what is selected must come into sight

  // measuring: from, to; the second end goes with the cursor, or the mouse, until it is put
  struct Measure {
    Time from = 0, to = 0;
    enum class End { with_cursor, with_mouse, put } end = End::put;
  };
  std::optional<Measure> measure;

  std::vector<Bookmark> bookmarks;  // by time
  bool listing = false;             // their names are shown

  std::vector<std::uint32_t> folded;  // servers and hosts, as timeline_rows() has them

  // What of the overview's frame is dragged, and how far from the pointer its start or end is.
  enum class Grip { none, frame, left, right } grip = Grip::none;
  Time grip_off = 0;
};
TimelineTools& tools_of(View& view);

// Esc: ends the search, the measuring, the list. False: there was nothing to end.
bool leave_tools(View& view);
// The cursor goes to `t`, and what is shown with it if it is elsewhere.
void go_to_time(View& view, const Scene& scene, Time t);

// timeline_find.cc
void open_search(ui::Ui& ui, View& view);
// The next or previous hit from the cursor, round the ends: the cursor goes there and it is selected.
void go_to_hit(View& view, const Scene& scene, bool next);
// Searches on; once a frame while the field is open.
void search_on(ui::Ui& ui, View& view, const Scene& scene, const TimelineIndex& index);
void draw_search(ui::Ui& ui, View& view, const Scene& scene, Rect where);  // in the pane's header
void paint_hits(TimelineFrame& frame);
void reveal_selected(TimelineFrame& frame);  // before the rows on screen are known

// timeline_header.cc: buttons in the pane's header, right-aligned; the search field when it is open.
void draw_timeline_header(ui::Ui& ui, View& view, const Scene& scene, const TimelineIndex& index, Rect where);

// timeline_overview.cc: the whole trace in one line, and which part of it is shown. `whole` is what is shown
// when all is: then the line lies under the lanes as they are.
float overview_height(const ui::Ui& ui);
void paint_overview(TimelineFrame& frame, const TimeWindow& whole, Rect where);

// timeline_measure.cc
void measure_at_cursor(View& view, const Scene& scene);
// Shift and drag on a lane, whose last item this is. True: the drag is a measuring one.
bool measure_by_mouse(TimelineFrame& frame, std::optional<std::size_t> row);
void paint_measure(TimelineFrame& frame);
// "850 ms · 12 calls · 5 packets · 1.2 kB sent", longest first.
std::vector<std::string> measured_words(const ui::Ui& ui, const Scene& scene, const TimelineIndex& index,
                                        Time from, Time to);

// timeline_bookmarks.cc
void toggle_bookmark(View& view, const Scene& scene);
void next_bookmark(View& view, const Scene& scene);
std::string bookmark_name(const Scene& scene, const TimelineIndex& index, const Bookmark& bookmark);
void paint_bookmarks(TimelineFrame& frame);
void draw_bookmark_list(TimelineFrame& frame);

// timeline_folds.cc: names of hosts, and the marks that fold lanes away.
void label_host(TimelineFrame& frame, std::size_t row);
void label_folded_group(TimelineFrame& frame, std::size_t row);
void paint_failures(TimelineFrame& frame);
// Over the area of the row: true when it was pressed.
void fold_area(TimelineFrame& frame, std::size_t row);
bool is_folded(const View& view, const TimelineRow& row);
// Unfolds whatever hides this lane; false: nothing did.
bool unfold_lane(View& view, const TimelineIndex& index, const ThreadLane& lane);

}  // namespace sockscope
