#include "play/binder.h"

#include <fmt/format.h>

#include <algorithm>

#include "play/address_argument.h"

namespace sockscope::play {
namespace {

[[noreturn]] void wrong_type(std::string message) {
  throw PyError{"TypeError", 0, std::move(message)};
}
[[noreturn]] void value_error(std::string message) {
  throw PyError{"ValueError", 0, std::move(message)};
}

// Which of a call's numbers is a size that Python refuses below 0.
bool is_size(Call call, std::size_t slot) {
  switch (call) {
    case Call::recv:
    case Call::recvfrom:
    case Call::recv_into:
      return slot == 0;
    case Call::recvmsg:
      return slot == 0 || slot == 2;
    case Call::sendfile:
      return slot < 2;
    default:
      return false;
  }
}

}  // namespace

void Binder::bind(Given given) {
  if (info_.call == Call::sendmsg) {
    if (given[1] && frozen(*given[1]).items() == nullptr && given[1]->as<Text>() == nullptr &&
        frozen(*given[1]).as<Bytes>() == nullptr)
      wrong_type("sendmsg() argument 2 must be an iterable");
    if (given[1] && length(frozen(*given[1])) > 0)
      throw PyError{"NotImplementedError", 0,
                    "ancillary data is not in a play: sendmsg's second argument is an empty list"};
    given.erase(given.begin() + 1);
  }
  if (info_.call == Call::setsockopt) {
    optlen_ = given.back();
    given.pop_back();
  }
  // An address is of a family that may stand behind it: create_server(address, *, family).
  for (std::size_t i = 0; i < info_.params.size(); ++i)
    if (info_.params[i].kind != ParamKind::address) parameter(info_.params[i], given[i]);
  check_sizes();
  for (std::size_t i = 0; i < info_.params.size(); ++i)
    if (info_.params[i].kind == ParamKind::address) parameter(info_.params[i], given[i]);
  if (info_.call == Call::create_server) check_server();
}

void Binder::parameter(const Param& param, const std::optional<Value>& given) {
  if (!given && !param.absent && !param.optional)
    wrong_type(fmt::format("{}() is missing its argument '{}'", info_.python, param.name));
  switch (param.kind) {
    case ParamKind::address:
      return address(param, given);
    case ParamKind::bytes:
      return data(*given);
    case ParamKind::buffers:
      return buffers(*given);
    case ParamKind::buffer:
      return buffer(param, *given);
    case ParamKind::option:
      return option(param, *given);
    case ParamKind::host:
    case ParamKind::text:
      return host(*given);
    case ParamKind::port:
      return port(param, *given);
    case ParamKind::target:
      return target(param, *given);
    case ParamKind::file:
      return file(*given);
    case ParamKind::sockets:
      return bind_list(bound_, caller_, param.slot, *given);
    default:
      return number(param, given);
  }
}

void Binder::number(const Param& param, const std::optional<Value>& given) {
  std::int64_t& slot = request_.numbers[param.slot];
  slot = param.absent.value_or(0);
  const bool adopts = info_.call == Call::socket && param.slot < 3;
  const bool none_is_absent = info_.call == Call::socketpair || info_.call == Call::create_server ||
                              info_.call == Call::sendfile || param.name == "fileno";
  if (!given || (given->none() && none_is_absent && param.kind == ParamKind::integer)) {
    if (adopts) slot = -1;
    return;
  }
  if (param.name == "fileno" && integer_of(*given) < 0) value_error("negative file descriptor");
  if (param.kind == ParamKind::boolean) {
    slot = truth(frozen(*given)) ? 1 : 0;
  } else if (param.kind == ParamKind::seconds) {
    slot = info_.call == Call::select ? select_timeout(*given) : timeout_seconds(*given);
  } else if (info_.call == Call::sendfile && param.slot == 1 && !given->integer()) {
    wrong_type("count must be a positive integer");
  } else if (info_.call == Call::sendfile && param.slot == 1) {
    slot = std::max<std::int64_t>(*given->integer(), 0);  // 0 is refused; -1 means that it was left out
  } else {
    slot = is_size(info_.call, param.slot) ? integer_of(*given) : c_int(*given);
  }
}

void Binder::check_sizes() {
  std::int64_t* numbers = request_.numbers.data();
  if (info_.call == Call::socket) {
    // Left out (−1): the default, or with a descriptor to take over what the kernel says it is.
    if (numbers[3] == -1)
      for (const Param& param : info_.params.first(3))
        if (numbers[param.slot] == -1) numbers[param.slot] = *param.absent;
  }
  if ((info_.call == Call::recv || info_.call == Call::recvfrom || info_.call == Call::recvmsg ||
       info_.call == Call::recv_into) &&
      numbers[0] < 0)
    value_error(fmt::format("negative buffersize in {}", info_.python));
  if (info_.call == Call::recvmsg && (numbers[2] < 0 || numbers[2] > INT32_MAX))
    value_error("invalid ancillary data buffer length");
  if (info_.call == Call::recv_into && numbers[0] > numbers[2])
    value_error("buffer too small for requested bytes");
}

void Binder::check_server() {
  if (request_.numbers[3] != 0 && request_.numbers[0] != AF_INET6)
    value_error("dualstack_ipv6 requires AF_INET6 family");
}

void Binder::address(const Param& param, const std::optional<Value>& given) {
  if (!given || (given->none() && param.optional)) return;
  if (info_.call == Call::create_connection) {
    request_.address = source_argument(*given, caller_.room().hosts());
  } else if (info_.call == Call::create_server) {
    const int family = static_cast<int>(request_.numbers[0]);
    if (!knows_family(family)) return;  // socket() says what is wrong with it
    try {
      request_.address = address_argument("bind", family, *given, caller_.room().hosts());
    } catch (PyError& error) {
      if (error.type == "gaierror") error.type = "OSError";  // as create_server words it anew
      throw;
    }
  } else {
    request_.address = address_argument(info_.python, socket_->entry->family, *given, caller_.room().hosts());
  }
}

void Binder::data(const Value& value) {
  const Value plain = frozen(value);
  bound_.data = bytes_of(plain);
  request_.data = bound_.data;
}

void Binder::buffers(const Value& value) {
  const Value sequence = frozen(value);
  const Values* items = sequence.items();
  if (items == nullptr) {
    if (sequence.as<Text>() == nullptr && sequence.as<Bytes>() == nullptr)
      wrong_type("sendmsg() argument 1 must be an iterable");
    if (length(sequence) > 0) wrong_type("a bytes-like object is required, not 'int'");
    return;
  }
  for (const Value& item : *items) {
    const Value part = frozen(item);
    bound_.data += bytes_of(part);
    if (bound_.data.size() > kMostBytes)
      throw PyError{"MemoryError", 0, "a value of a play has at most 16 MB"};
    (request_.text += request_.text.empty() ? "" : " ") += fmt::format("{}", bytes_of(part).size());
  }
  request_.data = bound_.data;
}

void Binder::buffer(const Param& param, const Value& value) {
  const auto* array = value.as<ByteArray>();
  if (array == nullptr)
    wrong_type(
        fmt::format("recv_into() argument 1 must be read-write bytes-like object, not {}", type_name(value)));
  bound_.into = array->held;
  request_.numbers[param.slot] = static_cast<std::int64_t>(array->held->size());
}

// An int, bytes, or None and a length.
void Binder::option(const Param& param, const Value& value) {
  if (optlen_) {
    if (!value.none() || !optlen_->integer()) wrong_type("setsockopt() takes exactly 3 arguments (4 given)");
    request_.numbers[param.slot + 1U] = 2;
    request_.numbers[param.slot + 2U] = *optlen_->integer() & UINT32_MAX;
    return;
  }
  const auto n = value.integer();
  if (n && *n >= INT32_MIN && *n <= INT32_MAX) {
    request_.numbers[param.slot] = *n;
    return;
  }
  data(value);
  request_.numbers[param.slot + 1U] = 1;
}

void Binder::host(const Value& value) {
  const Value plain = frozen(value);
  const bool looked_up = info_.call == Call::getaddrinfo;
  if (looked_up && plain.none()) return;
  std::string name;
  if (const auto* t = plain.as<Text>())
    name = t->utf8;
  else if (plain.as<Bytes>() != nullptr && (!looked_up || !plain.as<Bytes>()->array))
    name = bytes_of(plain);
  else
    wrong_type(
        fmt::format("{}() argument 1 must be str, bytes or None, not {}", info_.python, type_name(plain)));
  if (!looked_up && name.find('\0') != name.npos) wrong_type("host name must not contain null character");
  request_.text = name.substr(0, name.find('\0'));
  if (looked_up) request_.text += '\0';
}

void Binder::port(const Param& param, const Value& value) {
  const Value plain = frozen(value);
  PortKind kind = PortKind::none;
  if (const auto n = plain.integer()) {
    kind = PortKind::integer;
    request_.text += fmt::format("{}", *n);
  } else if (plain.as<Text>() != nullptr || (plain.as<Bytes>() != nullptr && !plain.as<Bytes>()->array)) {
    kind = PortKind::text;
    const std::string_view name =
        plain.as<Text>() != nullptr ? std::string_view(plain.as<Text>()->utf8) : bytes_of(plain);
    request_.text += name.substr(0, name.find('\0'));
  } else if (!plain.none()) {
    throw PyError{"OSError", 0, "Int or String expected"};
  }
  request_.numbers[param.slot] = static_cast<std::int64_t>(kind);
}

void Binder::target(const Param& param, const Value& value) {
  Endpoint endpoint = target_argument(value, caller_.room().hosts());
  request_.text = std::move(endpoint.host);
  request_.numbers[param.slot] = endpoint.port;
}

void Binder::file(const Value& value) {
  const auto* file = value.as<FileValue>();
  if (file == nullptr)
    throw PyError{"AttributeError", 0, fmt::format("'{}' object has no attribute 'read'", type_name(value))};
  if (!file->file->binary()) value_error("file should be opened in binary mode");
  bound_.file = file->file;
  bound_.descriptor = file->file->descriptor();
  request_.file = bound_.descriptor->number();
  request_.text = file->file->name();
}

}  // namespace sockscope::play
