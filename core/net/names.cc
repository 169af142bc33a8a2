#include "net/names.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sockscope {
namespace {

constexpr std::array<std::string_view, 12> kStates = {"not known",  "ESTABLISHED", "SYN_SENT",  "SYN_RECV",
                                                      "FIN_WAIT1",  "FIN_WAIT2",   "TIME_WAIT", "CLOSED",
                                                      "CLOSE_WAIT", "LAST_ACK",    "LISTEN",    "CLOSING"};

constexpr std::pair<int, std::string_view> kExceptions[] = {{EAGAIN, "BlockingIOError"},
                                                            {EALREADY, "BlockingIOError"},
                                                            {EINPROGRESS, "BlockingIOError"},
                                                            {EPIPE, "BrokenPipeError"},
                                                            {ESHUTDOWN, "BrokenPipeError"},
                                                            {ECHILD, "ChildProcessError"},
                                                            {ECONNABORTED, "ConnectionAbortedError"},
                                                            {ECONNREFUSED, "ConnectionRefusedError"},
                                                            {ECONNRESET, "ConnectionResetError"},
                                                            {EEXIST, "FileExistsError"},
                                                            {ENOENT, "FileNotFoundError"},
                                                            {EINTR, "InterruptedError"},
                                                            {EISDIR, "IsADirectoryError"},
                                                            {ENOTDIR, "NotADirectoryError"},
                                                            {EACCES, "PermissionError"},
                                                            {EPERM, "PermissionError"},
                                                            {ESRCH, "ProcessLookupError"},
                                                            {ETIMEDOUT, "TimeoutError"}};

// Child, parent. OSError's aliases (IOError, socket.error) resolve to it.
constexpr std::pair<std::string_view, std::string_view> kAncestry[] = {
    {"OSError", "Exception"},
    {"BlockingIOError", "OSError"},
    {"BrokenPipeError", "ConnectionError"},
    {"ChildProcessError", "OSError"},
    {"ConnectionError", "OSError"},
    {"ConnectionAbortedError", "ConnectionError"},
    {"ConnectionRefusedError", "ConnectionError"},
    {"ConnectionResetError", "ConnectionError"},
    {"FileExistsError", "OSError"},
    {"FileNotFoundError", "OSError"},
    {"InterruptedError", "OSError"},
    {"IsADirectoryError", "OSError"},
    {"NotADirectoryError", "OSError"},
    {"PermissionError", "OSError"},
    {"ProcessLookupError", "OSError"},
    {"TimeoutError", "OSError"},
    {"gaierror", "OSError"},
    {"herror", "OSError"},
    {"UnsupportedOperation", "OSError"},
    {"OverflowError", "ArithmeticError"},
    {"ZeroDivisionError", "ArithmeticError"},
    {"ArithmeticError", "Exception"},
    {"IndexError", "LookupError"},
    {"KeyError", "LookupError"},
    {"LookupError", "Exception"},
    {"UnicodeDecodeError", "UnicodeError"},
    {"UnicodeEncodeError", "UnicodeError"},
    {"UnicodeError", "ValueError"},
    {"ValueError", "Exception"},
    {"TypeError", "Exception"},
    {"NameError", "Exception"},
    {"AttributeError", "Exception"},
    {"MemoryError", "Exception"},
    {"RuntimeError", "Exception"},
    {"NotImplementedError", "RuntimeError"},
    {"RecursionError", "RuntimeError"},
    {"ExceptionGroup", "Exception"},
    {"error", "Exception"}};

}  // namespace

std::string_view name_of(TcpState state) {
  const auto index = static_cast<std::size_t>(state);
  return index < kStates.size() ? kStates[index] : kStates[0];
}

std::optional<TcpState> tcp_state(std::string_view name) {
  for (std::size_t i = 1; i < kStates.size(); ++i)
    if (kStates[i] == name) return static_cast<TcpState>(i);
  return std::nullopt;
}

std::optional<int> errno_number(std::string_view name) {
  if (name == "EWOULDBLOCK") return EAGAIN;
  if (name == "EOPNOTSUPP" || name == "ENOTSUP") return EOPNOTSUPP;  // one number on Linux
  if (name == "EDEADLOCK") return EDEADLK;
  if (name.starts_with("EAI_")) {
    const auto lookup = constant(name);
    return lookup ? std::optional(static_cast<int>(*lookup)) : std::nullopt;
  }
  for (int error = 1; error < 134; ++error) {
    const char* known = strerrorname_np(error);
    if (known != nullptr && name == known) return error;
  }
  return std::nullopt;
}

std::string_view python_exception(int error) {
  if (error < 0) return "gaierror";
  for (const auto& [number, name] : kExceptions)
    if (number == error) return name;
  return "OSError";
}

bool exception_is(std::string_view name, std::string_view ancestor) {
  if (ancestor == "IOError" || ancestor == "EnvironmentError") ancestor = "OSError";
  for (int depth = 0; depth < 8; ++depth) {
    if (name == ancestor) return true;
    const auto* found = std::find_if(std::begin(kAncestry), std::end(kAncestry),
                                     [&](const auto& entry) { return entry.first == name; });
    if (found == std::end(kAncestry)) return false;
    name = found->second;
  }
  return false;
}

bool is_exception_class(std::string_view name) {
  return name == "Exception" || std::any_of(std::begin(kAncestry), std::end(kAncestry),
                                            [&](const auto& entry) { return entry.first == name; });
}

}  // namespace sockscope
