#pragma once
// What the process of a load tells (child_lines.h), and how its clients stand: "=answered waiting refused
// errors settled". Used by one thread.

#include "server/child_lines.h"
#include "server/load_clients.h"

namespace sockscope {

class LoadLines : public ChildLines {
 public:
  // `host`: where the load is.
  LoadLines(Engine& engine, LoadCounts& counts, const std::string& host)
      : ChildLines(engine, host), counts_(counts) {}

  static void append_figures(std::string& out, const Load::Figures& figures);  // a whole line

 private:
  std::optional<std::string> other_line(std::string_view text) override;
  bool figures(std::string_view text);

  LoadCounts& counts_;
};

}  // namespace sockscope
