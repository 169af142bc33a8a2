// The state glyphs: right half, what I send; left half, what the peer sends. Solid: open, empty: finished, a
// dot: asked, not yet answered. A diamond is opening, a disc is a connection, a square is a listener.
#include <algorithm>

#include "ui/draw.h"

namespace sockscope::ui {
namespace {

constexpr float kPi = 3.14159265f;

struct Pen {
  ImDrawList* list;
  ImVec2 centre;
  float radius;  // of the outline's middle
  float weight;
  ImU32 fill;

  void ring() const { list->AddCircle(centre, radius, fill, 0, weight); }
  void disc() const { list->AddCircleFilled(centre, radius + weight / 2, fill, 0); }
  void half_disc(bool right) const {
    const float begin = right ? -kPi / 2 : kPi / 2;
    list->PathArcTo(centre, radius, begin, begin + kPi, 16);
    list->PathFillConvex(fill);
  }
  // A dot in the left (−1) or right (+1) half, or in the middle.
  void dot(float side) const {
    list->AddCircleFilled({centre.x + side * radius * 0.42f, centre.y}, std::max(radius * 0.22f, 1.2f), fill,
                          8);
  }
};

void diamond(const Pen& pen, ImU32 edge, bool whole) {
  const float r = pen.radius * 1.12f;
  const ImVec2 top{pen.centre.x, pen.centre.y - r}, right{pen.centre.x + r, pen.centre.y},
      bottom{pen.centre.x, pen.centre.y + r}, left{pen.centre.x - r, pen.centre.y};
  if (whole) {
    pen.list->AddQuadFilled(top, right, bottom, left, pen.fill);
  } else {
    pen.list->AddTriangleFilled(top, right, bottom, pen.fill);
  }
  pen.list->AddQuad(top, right, bottom, left, edge, pen.weight);
}

// A door on the left, and who waits behind it.
void door(const Pen& pen) {
  const float r = pen.radius * 0.92f, gap = pen.radius * 0.34f;
  const ImVec2 c = pen.centre;
  const ImVec2 wall[6] = {{c.x - r, c.y - gap}, {c.x - r, c.y - r}, {c.x + r, c.y - r},
                          {c.x + r, c.y + r},   {c.x - r, c.y + r}, {c.x - r, c.y + gap}};
  pen.list->AddPolyline(wall, 6, pen.fill, 0, pen.weight);
  pen.list->AddCircleFilled(c, std::max(pen.radius * 0.32f, 1.5f), pen.fill, 10);
}

void clock(const Pen& pen) {
  pen.ring();
  const ImVec2 c = pen.centre;
  pen.list->AddLine(c, {c.x, c.y - pen.radius * 0.62f}, pen.fill, pen.weight);
  pen.list->AddLine(c, {c.x + pen.radius * 0.45f, c.y + pen.radius * 0.25f}, pen.fill, pen.weight);
}

}  // namespace

void state_glyph(ImDrawList* list, const Ui& ui, ImVec2 centre, float radius, TcpState state) {
  const float weight = std::max(ui.px(1.2f), radius * 0.18f);
  const std::size_t index = std::min<std::size_t>(static_cast<std::size_t>(state), 11);
  const Pen pen{list, centre, radius - weight / 2, weight, ui.theme.state_fill[index]};
  switch (state) {
    case TcpState::not_known:
      for (int i = 0; i < 8; ++i) {  // dotted: nothing observes it
        const float begin = static_cast<float>(i) * kPi / 4;
        list->PathArcTo(centre, pen.radius, begin, begin + kPi / 8, 3);
        list->PathStroke(ui.theme.ink3, 0, weight);
      }
      return;
    case TcpState::CLOSED:
      return pen.ring();
    case TcpState::LISTEN:
      return door(pen);
    case TcpState::SYN_SENT:
      return diamond(pen, pen.fill, false);
    case TcpState::SYN_RECV: {
      constexpr ImU32 kEdgeOnLight = IM_COL32(0x8C, 0x82, 0x00, 0xFF);  // yellow alone is lost on paper
      return diamond(pen, ui.theme.name == ThemeName::light ? kEdgeOnLight : pen.fill, true);
    }
    case TcpState::ESTABLISHED:
      return pen.disc();
    case TcpState::FIN_WAIT1:
      pen.ring();
      pen.half_disc(false);
      return pen.dot(1);
    case TcpState::FIN_WAIT2:
      pen.ring();
      return pen.half_disc(false);
    case TcpState::CLOSING:
      pen.ring();
      pen.dot(-1);
      return pen.dot(1);
    case TcpState::TIME_WAIT:
      return clock(pen);
    case TcpState::CLOSE_WAIT:
      pen.ring();
      return pen.half_disc(true);
    case TcpState::LAST_ACK:
      pen.ring();
      return pen.dot(1);
  }
}

void other_glyph(ImDrawList* list, const Ui& ui, ImVec2 centre, float radius, int fill) {
  const float weight = std::max(ui.px(1.2f), radius * 0.18f), r = radius * 0.92f - weight / 2;
  const ImU32 colour =
      ui.theme.state_fill[static_cast<std::size_t>(fill > 0 ? TcpState::ESTABLISHED : TcpState::CLOSED)];
  const ImVec2 min{centre.x - r, centre.y - r}, max{centre.x + r, centre.y + r};
  const float rounding = radius * 0.4f;
  if (fill >= 2) list->AddRectFilled(min, max, colour, rounding);
  if (fill == 1) list->AddRectFilled({centre.x, min.y}, max, colour, rounding, ImDrawFlags_RoundCornersRight);
  list->AddRect(min, max, colour, rounding, 0, weight);
}

}  // namespace sockscope::ui
