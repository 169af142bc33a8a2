#pragma once
// A literal of a play line as the value it stands for, by the play's own parser.

#include <optional>
#include <string>

#include "play/play.h"
#include "play/syntax.h"
#include "play/value.h"

namespace sockscope {

struct ReadBack {
  using Read = std::optional<play::Value>;
  static Read of(const play::Expr& expr) { return std::visit(ReadBack{}, expr.node); }

  Read operator()(const play::expr::Literal& literal) const { return literal.value; }
  Read operator()(const play::expr::MakeTuple& tuple) const { return items<play::Tuple>(tuple.items); }
  Read operator()(const play::expr::MakeList& list) const { return items<play::List>(list.items); }
  Read operator()(const play::expr::Negative& negative) const {
    const Read value = of(*negative.of);
    if (!value) return value;
    if (const auto* real = value->as<double>()) return play::Value(-*real);
    if (const auto* whole = value->as<std::int64_t>()) return play::Value(-*whole);
    return std::nullopt;
  }
  template <typename Other>
  Read operator()(const Other&) const {
    return std::nullopt;
  }

 private:
  template <typename Made>
  static Read items(const play::Exprs& from) {
    Made made;
    for (const auto& item : from) {
      const Read value = of(*item);
      if (!value) return value;
      made.items.push_back(*value);
    }
    return play::Value(std::move(made));
  }
};

// Nothing: it does not parse, or is no literal.
inline std::optional<play::Value> read_back(const std::string& text) {
  const auto line = parse_line("x = " + text, "main");
  if (!line || !line->statement || !line->statement->expression) return std::nullopt;
  return ReadBack::of(*line->statement->expression);
}

}  // namespace sockscope
