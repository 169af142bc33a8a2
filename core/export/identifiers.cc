#include "export/identifiers.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "play/value.h"

namespace sockscope::exporting {
namespace {

bool ascii_letter(char32_t c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool ascii_digit(char32_t c) {
  return c >= '0' && c <= '9';
}
// They are the same under the normal form that Python reads its names in.
bool plain_chinese(char32_t c) {
  return c >= 0x4e00 && c <= 0x9fa5;
}

std::string spelled(std::string_view name, bool ascii) {
  std::string out;
  for (std::size_t at = 0; at < name.size() && out.size() < 60;) {
    const std::size_t from = at;
    const auto c = play::next_character(name, at, false);
    if (!c) ++at;
    if (c && (ascii_letter(*c) || (ascii_digit(*c) && from > 0) || (!ascii && plain_chinese(*c))))
      out += name.substr(from, at - from);
    else
      out += fmt::format("x{:x}", static_cast<unsigned>(c.value_or(0)));
  }
  return out.empty() || out.front() == '_' ? fmt::format("x{}", out) : out;
}

template <typename A>
bool among(const A& words, std::string_view name) {
  return std::find(std::begin(words), std::end(words), name) != std::end(words);
}

constexpr std::string_view kPythonKeywords[] = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

// dir(builtins), the modules and names of the program's frame.
constexpr std::string_view kPythonNames[] = {"ArithmeticError",
                                             "AssertionError",
                                             "AttributeError",
                                             "BaseException",
                                             "BaseExceptionGroup",
                                             "Baton",
                                             "BlockingIOError",
                                             "BrokenPipeError",
                                             "BufferError",
                                             "BytesWarning",
                                             "ChildProcessError",
                                             "ConnectionAbortedError",
                                             "ConnectionError",
                                             "ConnectionRefusedError",
                                             "ConnectionResetError",
                                             "DeprecationWarning",
                                             "EOFError",
                                             "Ellipsis",
                                             "EncodingWarning",
                                             "EnvironmentError",
                                             "Exception",
                                             "ExceptionGroup",
                                             "FileExistsError",
                                             "FileNotFoundError",
                                             "FloatingPointError",
                                             "FutureWarning",
                                             "GeneratorExit",
                                             "Handler",
                                             "IOError",
                                             "ImportError",
                                             "ImportWarning",
                                             "IndentationError",
                                             "IndexError",
                                             "InterruptedError",
                                             "IsADirectoryError",
                                             "KeyError",
                                             "KeyboardInterrupt",
                                             "LeftOut",
                                             "LookupError",
                                             "MemoryError",
                                             "ModuleNotFoundError",
                                             "NameError",
                                             "NotADirectoryError",
                                             "NotImplemented",
                                             "NotImplementedError",
                                             "OSError",
                                             "OverflowError",
                                             "PendingDeprecationWarning",
                                             "PermissionError",
                                             "ProcessLookupError",
                                             "RecursionError",
                                             "ReferenceError",
                                             "ResourceWarning",
                                             "RuntimeError",
                                             "RuntimeWarning",
                                             "Server",
                                             "StopAsyncIteration",
                                             "StopIteration",
                                             "SyntaxError",
                                             "SyntaxWarning",
                                             "SystemError",
                                             "SystemExit",
                                             "TCPServer",
                                             "TabError",
                                             "ThreadingTCPServer",
                                             "TimeoutError",
                                             "TypeError",
                                             "UnboundLocalError",
                                             "UnicodeDecodeError",
                                             "UnicodeEncodeError",
                                             "UnicodeError",
                                             "UnicodeTranslateError",
                                             "UnicodeWarning",
                                             "UserWarning",
                                             "ValueError",
                                             "Warning",
                                             "ZeroDivisionError",
                                             "abs",
                                             "aiter",
                                             "all",
                                             "anext",
                                             "any",
                                             "ascii",
                                             "asleep",
                                             "baton",
                                             "begun",
                                             "bin",
                                             "bool",
                                             "breakpoint",
                                             "bytearray",
                                             "bytes",
                                             "callable",
                                             "chr",
                                             "classmethod",
                                             "compile",
                                             "complex",
                                             "copyright",
                                             "credits",
                                             "delattr",
                                             "dict",
                                             "dir",
                                             "directory",
                                             "divmod",
                                             "enumerate",
                                             "eval",
                                             "exec",
                                             "exit",
                                             "filter",
                                             "finish",
                                             "float",
                                             "format",
                                             "frozenset",
                                             "getattr",
                                             "globals",
                                             "hasattr",
                                             "hash",
                                             "help",
                                             "hex",
                                             "id",
                                             "input",
                                             "inside",
                                             "int",
                                             "interrupt",
                                             "io",
                                             "isinstance",
                                             "issubclass",
                                             "iter",
                                             "keep",
                                             "kept",
                                             "len",
                                             "license",
                                             "line",
                                             "list",
                                             "load",
                                             "locals",
                                             "look",
                                             "map",
                                             "max",
                                             "memoryview",
                                             "min",
                                             "next",
                                             "object",
                                             "oct",
                                             "open",
                                             "ord",
                                             "os",
                                             "pow",
                                             "print",
                                             "property",
                                             "quit",
                                             "range",
                                             "repr",
                                             "reversed",
                                             "round",
                                             "run",
                                             "select",
                                             "serve",
                                             "serving",
                                             "set",
                                             "setattr",
                                             "settle",
                                             "show",
                                             "shutil",
                                             "signal",
                                             "slice",
                                             "socket",
                                             "socketserver",
                                             "sorted",
                                             "staticmethod",
                                             "stop",
                                             "str",
                                             "struct",
                                             "sum",
                                             "super",
                                             "sys",
                                             "tempfile",
                                             "threading",
                                             "time",
                                             "tuple",
                                             "type",
                                             "vars",
                                             "write",
                                             "zip"};

// Plain names of sockets in C that mean nothing in any header; others get _fd.
constexpr std::string_view kPlainInC[] = {"client", "conn",  "left",   "listener",
                                          "peer",   "right", "server", "sock"};

}  // namespace

bool python_keyword(std::string_view name) {
  return among(kPythonKeywords, name);
}

bool reserved_in_python(std::string_view name) {
  return python_keyword(name) || among(kPythonNames, name);
}

bool reserved_in_c(std::string_view name) {
  const auto digits = name.find_last_not_of("0123456789");
  const std::string_view word = name.substr(0, digits + 1);
  if (word.size() == 1) return word[0] < 'a' || word[0] > 'z' || word[0] == 'y' || word[0] == 'j';
  return !among(kPlainInC, word);
}

bool nothing_reserved(std::string_view /*name*/) {
  return false;
}

const std::string& Identifiers::of(const std::string& name) {
  const auto found = known_.find(name);
  if (found != known_.end()) return found->second;
  return known_[name] = fresh(spelled(name, ascii_));
}

std::string Identifiers::fresh(std::string_view like) {
  std::string made(like);
  if (reserved_(made)) made += reserved_ == reserved_in_c ? "_fd" : "_";
  const std::string base = made;
  for (int i = 2; used_.contains(made); ++i) made = fmt::format("{}_{}", base, i);
  used_.insert(made);
  return made;
}

}  // namespace sockscope::exporting
