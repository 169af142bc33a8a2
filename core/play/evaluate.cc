#include "play/evaluate.h"

#include <fmt/format.h>

#include <algorithm>

#include "net/names.h"
#include "net/text.h"
#include "play/socket_call.h"
#include "play/vocabulary.h"

namespace sockscope::play {
namespace {

constexpr std::size_t kSmall = std::size_t{1} << 16;  // what a line can spell itself is not counted
// Of a repr that the trace keeps of a name: what a recording is graded by. 1024 bytes, each as \xe5, fit.
constexpr std::size_t kLongestShown = 5000;

Blob shown(std::string_view text) {
  return {first_characters(text, kLongestShown), text.size()};
}

class Evaluator {
 public:
  Evaluator(Names& names, Caller& caller) : names_(names), caller_(caller) {}
  ~Evaluator() { names_.give_back(taken_); }
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  Value run(const Expr& e) {
    Value value = std::visit([this](const auto& node) { return eval(node); }, e.node);
    account_for(value);
    return value;
  }
  std::string printed;

 private:
  Value eval(const expr::Literal& literal) { return literal.value; }
  Value eval(const expr::TooBig&) {
    throw PyError{"OverflowError", 0, "Python int too large to convert to C long"};
  }
  Value eval(const expr::Name& name) {
    if (auto value = names_.find(name.name)) return std::move(*value);
    throw PyError{"NameError", 0, fmt::format("name '{}' is not defined", name.name)};
  }
  Value eval(const expr::MakeTuple& tuple) { return checked(Tuple{all(tuple.items)}); }
  Value eval(const expr::MakeList& list) { return checked(List{all(list.items)}); }
  Value eval(const expr::Negative& minus) { return negative(frozen(run(*minus.of))); }
  Value eval(const expr::Chain& chain) {
    Value value = run(*chain.first);
    for (const auto& [op, operand] : chain.rest)
      value = thawed(apply(op, frozen(std::move(value)), frozen(run(*operand))));
    return value;
  }
  Value eval(const expr::Subscript& s) {
    const Value of = frozen(run(*s.of));
    return subscript(of, run(*s.index));
  }
  Value eval(const expr::Slice& s) {
    const Value of = frozen(run(*s.of));
    std::optional<Value> parts[3];
    const ExprPtr* given[3] = {&s.from, &s.to, &s.step};
    for (int i = 0; i < 3; ++i)
      if (*given[i]) parts[i] = run(**given[i]);
    const auto at = [&](int i) { return parts[i] ? &*parts[i] : nullptr; };
    return thawed(slice(of, at(0), at(1), at(2)));
  }
  Value eval(const expr::Attribute& attribute);
  Value eval(const expr::Call& call);
  // Of conditions; the parser makes none in a statement.
  Value eval(const expr::Field&) { return {}; }
  Value eval(const expr::Anything&) { return {}; }
  Value eval(const expr::AnySocket&) { return {}; }

  Value function(const std::string& name, Values positional, Keywords keywords);
  Value method(const Value& on, const std::string& name, Values positional, Keywords keywords);
  Value method_of_object(const Value& of, const std::string& name, const Values& positional,
                         const Keywords& keywords);
  Value open(const Values& positional, const Keywords& keywords);
  void tell_changed(const Value& array);
  Value print(const Values& positional, const Keywords& keywords);

  // Until the line ends, also while it is blocked: a value is a copy, and a line may make 30,000 of them.
  void account_for(const Value& value) {
    const std::size_t bytes = weight(value);
    if (bytes < kSmall) return;
    if (!names_.take(bytes))
      throw PyError{"MemoryError", 0, "the lines at work of a play hold at most 512 MB"};
    taken_ += bytes;
  }

  Values all(const Exprs& items) {
    Values values;
    for (const auto& item : items) values.push_back(run(*item));
    return values;
  }

  Names& names_;
  Caller& caller_;
  std::size_t taken_ = 0;
};

[[noreturn]] void no_attribute(const Value& of, std::string_view name) {
  throw PyError{"AttributeError", 0, fmt::format("'{}' object has no attribute '{}'", type_name(of), name)};
}

Value Evaluator::eval(const expr::Attribute& attribute) {
  const Value of = run(*attribute.of);
  if (const auto* server = of.as<ServerValue>(); server != nullptr && attribute.name == "server_address")
    return of_address(names_.server(server->name)->address);
  const auto* socket = of.as<SocketValue>();
  if (socket == nullptr || !socket->entry) no_attribute(of, attribute.name);
  if (attribute.name == "family") return enum_value("AF", socket->entry->family);
  if (attribute.name == "type") return enum_value("SOCK", socket->entry->type);
  if (attribute.name == "proto") return socket->entry->protocol;
  if (attribute.name != "timeout") no_attribute(of, attribute.name);
  const std::int64_t timeout = socket->entry->timeout_ns.load();
  return timeout < 0 ? Value() : Value(static_cast<double>(timeout) / 1e9);
}

Value Evaluator::eval(const expr::Call& call) {
  std::optional<Value> of;
  if (call.of) of = run(*call.of);
  Values positional;
  Keywords keywords;
  for (const auto& argument : call.arguments) {
    if (argument.keyword.empty())
      positional.push_back(run(*argument.value));
    else
      keywords.emplace_back(argument.keyword, run(*argument.value));
  }
  return of ? method(*of, call.name, positional, keywords) : function(call.name, positional, keywords);
}

// Functions and methods that make no call work on what a bytearray holds now.
void freeze(Values& positional, Keywords& keywords) {
  for (Value& value : positional) value = frozen(std::move(value));
  for (auto& [name, value] : keywords) value = frozen(std::move(value));
}

Value Evaluator::function(const std::string& name, Values positional, Keywords keywords) {
  if (name == "select.select") return call_socket(caller_, info(Call::select), nullptr, positional, keywords);
  if (socket_function(name) == Known::now)
    return call_socket(caller_, *find_call(name), nullptr, positional, keywords);
  freeze(positional, keywords);
  if (name == "select.poll") {
    if (!positional.empty() || !keywords.empty())
      throw PyError{"TypeError", 0, "select.poll() takes no arguments"};
    return PollValue{std::make_shared<PollObject>()};
  }
  if (name == "open") return open(positional, keywords);
  if (name == "print") return print(positional, keywords);
  if (name == "len") {
    const Given given = arrange(name, {"object"}, positional, {});
    if (!given[0] || !keywords.empty()) throw PyError{"TypeError", 0, "len() takes exactly one argument"};
    return Value(static_cast<std::int64_t>(length(*given[0])));
  }
  if (name == "bytes" || name == "bytearray")
    return thawed(make_bytes(arrange(name, {"source", "encoding", "errors"}, positional, keywords),
                             name == "bytearray"));
  if (name == "str") return make_str(arrange(name, {"object", "encoding", "errors"}, positional, keywords));
  const Given given(positional.begin(), positional.end());
  return name == "struct.pack" ? struct_pack(given) : struct_unpack(given);
}

Value Evaluator::open(const Values& positional, const Keywords& keywords) {
  const Given given = arrange("open", {"file", "mode"}, positional, keywords);
  if (!given[0]) throw PyError{"TypeError", 0, "open() missing required argument 'file' (pos 1)"};
  return OpenFile::open(caller_.room().directory(), *given[0], given[1] ? &*given[1] : nullptr);
}

// A method of a socket, an open file or a poll object.
Value Evaluator::method_of_object(const Value& of, const std::string& name, const Values& positional,
                                  const Keywords& keywords) {
  const CallInfo* call = find_call(name);
  if (const auto* socket = of.as<SocketValue>()) {
    if (call == nullptr || !call->is_method() || !socket->entry) no_attribute(of, name);
    Value result = call_socket(caller_, *call, &of, positional, keywords);
    if (call->call == Call::recv_into) tell_changed(positional.empty() ? keywords[0].second : positional[0]);
    return result;
  }
  if (const auto* poll = of.as<PollValue>()) {
    if (!play::method_of(Owned::poll, name)) no_attribute(of, name);
    if (name == "poll") return call_socket(caller_, *call, &of, positional, keywords);
    if (!keywords.empty())
      throw PyError{"TypeError", 0, fmt::format("{}() takes no keyword arguments", name)};
    return change_poll(caller_, *poll->poll, name, positional);
  }
  if (!play::method_of(Owned::file, name)) no_attribute(of, name);
  if (!keywords.empty()) throw PyError{"TypeError", 0, fmt::format("{}() takes no keyword arguments", name)};
  Values plain = positional;
  for (Value& value : plain) value = frozen(std::move(value));
  return call_file(*of.as<FileValue>()->file, name, plain);
}

Value Evaluator::method(const Value& on, const std::string& name, Values positional, Keywords keywords) {
  if (on.as<SocketValue>() != nullptr || on.as<PollValue>() != nullptr || on.as<FileValue>() != nullptr)
    return method_of_object(on, name, positional, keywords);
  const Value of = frozen(on);
  if ((of.as<Text>() == nullptr && of.as<Bytes>() == nullptr) || !play::method_of(Owned::text, name))
    no_attribute(of, name);
  freeze(positional, keywords);
  if (name == "format") {
    if (of.as<Text>() == nullptr) no_attribute(of, name);
    return format(of.as<Text>()->utf8, Given(positional.begin(), positional.end()), keywords);
  }
  std::vector<std::string_view> parameters;
  if (name == "encode" || name == "decode") parameters = {"encoding", "errors"};
  if (name == "split") parameters = {"sep", "maxsplit"};
  if (name == "strip" || name == "join") parameters = {"argument"};
  return thawed(call_method(of, name, arrange(name, parameters, positional, keywords)));
}

Value Evaluator::print(const Values& positional, const Keywords& keywords) {
  std::string separator = " ", end = "\n";
  for (const auto& [name, value] : keywords) {
    if (name != "sep" && name != "end")
      throw PyError{"TypeError", 0,
                    fmt::format("'{}' is an invalid keyword argument for print() here", name)};
    if (!value.none()) (name == "sep" ? separator : end) = text_of(value, name);
  }
  for (std::size_t i = 0; i < positional.size(); ++i)
    (printed += i > 0 ? separator : "") += str(positional[i]);
  printed += end;
  if (printed.size() > kMostBytes) throw PyError{"MemoryError", 0, "a value of a play has at most 16 MB"};
  return {};
}

void tell_bound(const std::string& name, const Value& value, Caller& caller) {
  const auto* socket = value.as<SocketValue>();
  caller.put(event::NameBound{socket != nullptr ? NameKind::socket : NameKind::value,
                              socket != nullptr ? socket->id : 0, std::string_view(name),
                              shown(repr(value))});
}

// A bytearray was written to: the trace learns what its names now mean.
void Evaluator::tell_changed(const Value& array) {
  for (const std::string& name : names_.of(array)) tell_bound(name, array, caller_);
}

void bind_name(const std::string& name, const Value& value, Names& names, Caller& caller) {
  if (!names.bind(name, value))
    throw PyError{"MemoryError", 0, "the variables of a play hold at most 256 MB"};
  tell_bound(name, value, caller);
}

void assign(const Target& target, const Value& value, Names& names, Caller& caller);

void unpack(const std::vector<Target>& targets, const Value& given, Names& names, Caller& caller) {
  const Value value = frozen(given);
  Values characters_of;
  const Values* items = value.items();
  if (items == nullptr) {
    if (value.as<Text>() == nullptr && value.as<Bytes>() == nullptr)
      throw PyError{"TypeError", 0, fmt::format("cannot unpack non-iterable {} object", type_name(value))};
    const std::size_t size = length(value);
    for (std::size_t i = 0; i < std::min(size, targets.size() + 1); ++i)
      characters_of.push_back(subscript(value, Value(static_cast<std::int64_t>(i))));
    items = &characters_of;
  }
  if (items->size() != targets.size())
    throw PyError{"ValueError", 0,
                  items->size() > targets.size()
                      ? fmt::format("too many values to unpack (expected {})", targets.size())
                      : fmt::format("not enough values to unpack (expected {}, got {})", targets.size(),
                                    items->size())};
  for (std::size_t i = 0; i < targets.size(); ++i) assign(targets[i], (*items)[i], names, caller);
}

void assign(const Target& target, const Value& value, Names& names, Caller& caller) {
  if (target.parts.empty())
    bind_name(target.name, value, names, caller);
  else
    unpack(target.parts, value, names, caller);
}

void run_body(const Statement& statement, Names& names, Caller& caller, Outcome& outcome) {
  if (statement.what == Statement::What::import) return;
  if (statement.what == Statement::What::remove) {
    if (!names.unbind(statement.removed))
      throw PyError{"NameError", 0, fmt::format("name '{}' is not defined", statement.removed)};
    caller.put(event::NameUnbound{std::string_view(statement.removed)});
    return;
  }
  Evaluator evaluator(names, caller);
  try {
    outcome.value = evaluator.run(*statement.expression);
  } catch (...) {
    outcome.printed = std::move(evaluator.printed);
    throw;
  }
  outcome.printed = std::move(evaluator.printed);
  if (statement.what == Statement::What::expression) {
    if (!outcome.value.none()) outcome.printed += repr(outcome.value);
  } else if (statement.unpack) {
    unpack(statement.targets, outcome.value, names, caller);
  } else {
    assign(statement.targets[0], outcome.value, names, caller);
  }
}

}  // namespace

Outcome run_statement(const Statement& statement, Names& names, Caller& caller) {
  Outcome outcome;
  try {
    run_body(statement, names, caller, outcome);
  } catch (PyError& error) {
    outcome.raised = true;
    outcome.error = std::move(error);
  } catch (const std::bad_alloc&) {
    outcome.raised = true;
    outcome.error = {"MemoryError", 0, ""};
  }
  if (outcome.printed.ends_with('\n')) outcome.printed.pop_back();
  return outcome;
}

}  // namespace sockscope::play
