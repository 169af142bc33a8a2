#include "play/judge_value.h"

#include <fmt/format.h>

#include "play/fields.h"
#include "play/operators.h"

namespace sockscope::play {
namespace {

// Thrown and caught in this file: an expression without a value.
struct Missing {
  std::string why;
};

class Reader {
 public:
  Reader(const Ground& ground, const Subject& subject) : ground_(ground), subject_(subject) {}
  Value read(const Expr& e) const {
    return frozen(std::visit([this](const auto& node) { return value(node); }, e.node));
  }

 private:
  Value value(const expr::Literal& literal) const { return literal.value; }
  Value value(const expr::TooBig&) const { throw Missing{"the number is too large"}; }
  Value value(const expr::Name& name) const {
    if (auto found = ground_.names.find(name.name)) return std::move(*found);
    throw Missing{fmt::format("{} is not bound", name.name)};
  }
  Value value(const expr::MakeTuple& tuple) const { return Tuple{all(tuple.items)}; }
  Value value(const expr::MakeList& list) const { return List{all(list.items)}; }
  Value value(const expr::Negative& minus) const { return negative(read(*minus.of)); }
  Value value(const expr::Chain& chain) const {
    Value result = read(*chain.first);
    for (const auto& [op, operand] : chain.rest) result = apply(op, result, read(*operand));
    return result;
  }
  Value value(const expr::Subscript& s) const { return subscript(read(*s.of), read(*s.index)); }
  Value value(const expr::Slice& s) const {
    const Value of = read(*s.of);
    const Value from = s.from ? read(*s.from) : Value(), to = s.to ? read(*s.to) : Value(),
                step = s.step ? read(*s.step) : Value();
    return slice(of, &from, &to, &step);
  }
  Value value(const expr::Anything&) const { return {}; }
  Value value(const expr::AnySocket&) const { return {}; }
  Value value(const expr::Attribute& attribute) const {
    return attribute_of(read(*attribute.of), attribute.name);
  }

  Value value(const expr::Call& call) const {
    if (!call.of) {
      if (call.arguments.size() != 1) throw Missing{"len takes one argument"};
      return Value(static_cast<std::int64_t>(length(read(*call.arguments[0].value))));
    }
    const Value of = read(*call.of);
    const auto* socket = of.as<SocketValue>();
    if (socket == nullptr) throw Missing{fmt::format("{} is no socket", repr(of))};
    const SocketState& state = state_of(socket->id);
    const Address& address = call.name == "getsockname" ? state.local : state.peer;
    if (!address.known())
      throw Missing{fmt::format("{} has no such address", ground_.state.label(socket->id))};
    return of_address(address);
  }

  Value value(const expr::Field& f) const {
    std::optional<Value> found;
    if (const auto* socket = std::get_if<const SocketState*>(&subject_)) found = field(**socket, f.name);
    if (const auto* thread = std::get_if<const ThreadState*>(&subject_)) found = field(**thread, f.name);
    if (const auto* call = std::get_if<const CallRecord*>(&subject_))
      found = field(**call, ground_.state, f.name);
    if (const auto* packet = std::get_if<const PacketState*>(&subject_))
      found = field(**packet, ground_.state, ground_.trace, f.name);
    return found ? std::move(*found) : throw Missing{fmt::format("there is no field {}", f.name)};
  }

  const SocketState& state_of(SocketId id) const {
    const SocketState* socket = ground_.state.socket(id);
    if (socket == nullptr) throw Missing{fmt::format("nothing is known of socket #{} yet", id)};
    return *socket;
  }

  Value attribute_of(const Value& of, const std::string& name) const {
    std::optional<Value> found;
    if (const auto* socket = of.as<SocketValue>()) {
      if (socket->entry && name == "timeout") {
        const std::int64_t ns = socket->entry->timeout_ns.load();
        return ns < 0 ? Value() : Value(static_cast<double>(ns) / 1e9);
      }
      found = field(state_of(socket->id), name);
    } else if (const auto* server = of.as<ServerValue>()) {
      const auto known = ground_.names.server(server->name);
      if (known && name == "server_address") return of_address(known->address);
      if (known) found = field(state_of(known->listener), name);
    } else if (const auto* load = of.as<LoadValue>()) {
      const auto figures = ground_.load(load->name);
      if (!figures) throw Missing{fmt::format("nothing is known of load {} yet", load->name)};
      found = field(*figures, name);
    } else if (const auto* thread = of.as<ThreadValue>()) {
      const ThreadState* state = ground_.state.thread(thread->name);
      if (state == nullptr) throw Missing{fmt::format("thread {} has not begun", thread->name)};
      found = field(*state, name);
    }
    if (!found) throw Missing{fmt::format("a {} has no field {}", type_name(of), name)};
    return std::move(*found);
  }

  Values all(const Exprs& items) const {
    Values values;
    for (const auto& item : items) values.push_back(read(*item));
    return values;
  }

  const Ground& ground_;
  const Subject& subject_;
};

bool all_match(const Exprs& patterns, const Values& values) {
  if (patterns.size() != values.size()) return false;
  for (std::size_t i = 0; i < patterns.size(); ++i)
    if (!matches(*patterns[i], values[i])) return false;
  return true;
}

// What is left of a pattern below its tuples: numbers, text, and their signs and sums.
std::optional<Value> literal_of(const Expr& e) {
  if (const auto* literal = std::get_if<expr::Literal>(&e.node)) return literal->value;
  if (const auto* minus = std::get_if<expr::Negative>(&e.node)) {
    const auto of = literal_of(*minus->of);
    return of ? std::optional(negative(*of)) : std::nullopt;
  }
  const auto* chain = std::get_if<expr::Chain>(&e.node);
  auto value = chain != nullptr ? literal_of(*chain->first) : std::nullopt;
  for (std::size_t i = 0; value && i < chain->rest.size(); ++i) {
    const auto operand = literal_of(*chain->rest[i].second);
    value = operand ? std::optional(apply(chain->rest[i].first, *value, *operand)) : std::nullopt;
  }
  return value;
}

}  // namespace

tl::expected<Value, std::string> value_in(const Expr& e, const Ground& ground, const Subject& subject) {
  try {
    return Reader(ground, subject).read(e);
  } catch (const Missing& missing) {
    return tl::unexpected(missing.why);
  } catch (const PyError& error) {
    return tl::unexpected(fmt::format("{}: {}", error.type, error.message));
  }
}

bool matches(const Expr& pattern, const Value& value) {
  if (std::holds_alternative<expr::Anything>(pattern.node)) return true;
  if (std::holds_alternative<expr::AnySocket>(pattern.node)) return value.as<SocketValue>() != nullptr;
  if (const auto* tuple = std::get_if<expr::MakeTuple>(&pattern.node))
    return value.as<Tuple>() != nullptr && all_match(tuple->items, value.as<Tuple>()->items);
  if (const auto* list = std::get_if<expr::MakeList>(&pattern.node))
    return value.as<List>() != nullptr && all_match(list->items, value.as<List>()->items);
  try {
    const auto literal = literal_of(pattern);
    return literal && equal(*literal, value);
  } catch (const PyError&) {
    return false;  // 'a' - 1 is no value
  }
}

}  // namespace sockscope::play
