// From a socket to a listening one, with the mouse: the line connect() is typed for the person. And from the
// desktop to a socket: sendfile().
#include <cstring>
#include <utility>

#include "net/address.h"
#include "panes/frame.h"
#include "panes/stage_draw.h"
#include "panes/stage_model.h"

namespace sockscope {

namespace dragging {

constexpr const char* kSocket = "socket";

// Where a client of this host would find the listener: a wildcard address is no destination on another host.
Address destination(const State& state, const SocketState& from, const SocketState& to) {
  const HostState* host = state.host(to.host);
  const std::string bound = host_of(to.local);
  if (host == nullptr || from.host == to.host || (bound != "0.0.0.0" && bound != "::")) return to.local;
  const auto reached = numeric_address(host_of(host->address), to.local.port);
  return reached ? *reached : to.local;
}

}  // namespace dragging

void drag_caption(ui::Ui& ui, const std::string& words) {
  const ImVec2 pad{ui.px(8), ui.px(5)}, size = ui.measure(ui.fonts.mono, words);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, pad);
  ImGui::BeginTooltip();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  // ImGui lets what is under a dragged thing shine through.
  ImGui::GetWindowDrawList()->AddRectFilled({at.x - pad.x + 1, at.y - pad.y + 1},
                                            {at.x + size.x + pad.x - 1, at.y + size.y + pad.y - 1},
                                            ui.theme.raised);
  ui.text(at, ui.theme.ink, ui.fonts.mono, words);
  ImGui::Dummy(size);
  ImGui::EndTooltip();
  ImGui::PopStyleVar();
}

void drag_socket(StagePen& pen, const SocketState& socket) {
  if (!pen.scene.live || socket.names.empty()) return;
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  constexpr auto kQuiet = ImGuiDragDropFlags_SourceNoPreviewTooltip | ImGuiDragDropFlags_SourceNoDisableHover;
  if (!ImGui::BeginDragDropSource(kQuiet)) return;
  ImGui::SetDragDropPayload(dragging::kSocket, &socket.id, sizeof socket.id);
  ImDrawList* list = ImGui::GetForegroundDrawList();
  const ImVec2 to = ImGui::GetMousePos(), from{(low.x + high.x) / 2, (low.y + high.y) / 2};
  list->AddLine(from, to, pen.ui.theme.accent.fill, pen.ui.px(2));
  list->AddCircleFilled(to, pen.ui.px(4), pen.ui.theme.accent.fill);
  ImGui::EndDragDropSource();
}

void take_dropped_file(StagePen& pen, const SocketState& socket) {
  if (pen.view.dropped.empty() || !pen.scene.live || socket.names.empty()) return;
  if (!ImGui::IsMouseHoveringRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax())) return;
  const ThreadState* owner = pen.scene.end.thread(owner_of(pen.scene.end, socket));
  pen.requests.push_back(request::SendFile{owner != nullptr ? owner->name : pen.view.thread,
                                           socket.names.back(), std::exchange(pen.view.dropped, {})});
}

void drop_on_listener(StagePen& pen, const SocketState& listener) {
  if (!ImGui::BeginDragDropTarget()) return;
  constexpr auto kPeek = ImGuiDragDropFlags_AcceptBeforeDelivery | ImGuiDragDropFlags_AcceptNoDrawDefaultRect;
  const ImGuiPayload* payload = ImGui::AcceptDragDropPayload(dragging::kSocket, kPeek);
  SocketId id = 0;
  if (payload != nullptr) std::memcpy(&id, payload->Data, sizeof id);
  const SocketState* socket = pen.scene.end.socket(id);
  if (socket != nullptr && !socket->names.empty()) {
    const Address to = dragging::destination(pen.scene.end, *socket, listener);
    drag_caption(pen.ui, "connect → " + to_text(to));
    if (payload->IsDelivery()) {
      pen.view.hints.done(Hint::drag_connect);
      const ThreadState* owner = pen.scene.end.thread(owner_of(pen.scene.end, *socket));
      pen.requests.push_back(request::RunLine{owner != nullptr ? owner->name : pen.view.thread,
                                              socket->names.back() + ".connect(" + to_python(to) + ")"});
    }
  }
  ImGui::EndDragDropTarget();
}

}  // namespace sockscope
