#pragma once
// The bytes of sends, as what draws them wants to know them.

#include <vector>

#include "trace/state.h"
#include "ui/bytes.h"

namespace sockscope {

inline std::vector<ui::SendRun> runs_of(const std::vector<Piece>& pieces) {
  std::vector<ui::SendRun> runs;
  runs.reserve(pieces.size());
  for (const Piece& piece : pieces) runs.push_back({piece.send, piece.bytes});
  return runs;
}

}  // namespace sockscope
