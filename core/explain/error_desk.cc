#include "explain/error_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "explain/failure.h"
#include "net/call_errors.h"

namespace sockscope {
namespace {

// winsock2.h, as far as a text for Windows would show it.
constexpr std::pair<int, int> kWindows[] = {{EINTR, 10004},
                                            {EACCES, 10013},
                                            {EPERM, 10013},
                                            {EINVAL, 10022},
                                            {EMFILE, 10024},
                                            {EAGAIN, 10035},
                                            {EINPROGRESS, 10035},
                                            {EALREADY, 10037},
                                            {ENOTSOCK, 10038},
                                            {EBADF, 10038},
                                            {EDESTADDRREQ, 10039},
                                            {EMSGSIZE, 10040},
                                            {EPROTOTYPE, 10041},
                                            {ENOPROTOOPT, 10042},
                                            {EPROTONOSUPPORT, 10043},
                                            {ESOCKTNOSUPPORT, 10044},
                                            {EOPNOTSUPP, 10045},
                                            {EAFNOSUPPORT, 10047},
                                            {EADDRINUSE, 10048},
                                            {EADDRNOTAVAIL, 10049},
                                            {ENETUNREACH, 10051},
                                            {ECONNABORTED, 10053},
                                            {EPIPE, 10053},
                                            {ECONNRESET, 10054},
                                            {ENOBUFS, 10055},
                                            {EISCONN, 10056},
                                            {ENOTCONN, 10057},
                                            {ETIMEDOUT, 10060},
                                            {ECONNREFUSED, 10061},
                                            {EHOSTUNREACH, 10065},
                                            {-2, 11001}};

int windows_number(int error) {
  const auto* found = std::find_if(std::begin(kWindows), std::end(kWindows),
                                   [&](const auto& row) { return row.first == error; });
  return found == std::end(kWindows) ? 0 : found->second;
}

std::string exception_of(const Failure& f) {
  if (f.call() == Call::connect_ex && f.error > 0) return {};
  if (f.returned.timed_out) return "TimeoutError";
  return f.error < 0 ? std::string("socket.gaierror") : std::string(python_exception(f.error));
}

std::string printed_by_python(const Failure& f) {
  const std::string exception = exception_of(f);
  if (exception.empty()) return fmt::format("{}", f.error);
  if (f.returned.timed_out) return exception + ": timed out";
  return fmt::format("{}: [Errno {}] {}", exception, f.error, error_text(f.error));
}

std::string meaning(const Failure& f) {
  if (f.returned.timed_out)
    return f.say("This is Python's own timeout, kept with poll(): the kernel has no error number for it.");
  for (const ErrorCase& known : errors_of(f.call()))
    if (known.error == f.error) return f.say(known.means);
  return {};
}

}  // namespace

std::optional<Explanation> explain(const Trace& trace, const State& before, std::uint64_t returned,
                                   const Translate& tr) {
  const auto f = failure_at(trace, before, returned, tr);
  if (!f) return std::nullopt;
  Explanation out;
  out.name = f->returned.timed_out ? std::string() : error_name(f->error);
  out.number = f->returned.timed_out ? 0 : f->error;
  out.windows = windows_number(f->error);
  out.exception = exception_of(*f);
  out.python = printed_by_python(*f);
  out.means = meaning(*f);
  out.man = info(f->call()).man;
  const bool known = f->error < 0 ? explain_lookup(*f, out)
                                  : (f->returned.timed_out && explain_moving(*f, out)) ||
                                        explain_address(*f, out) || explain_connecting(*f, out) ||
                                        explain_moving(*f, out) || explain_kind(*f, out);
  if (!known)
    out.plain = out.means.empty() ? f->say("The kernel refused: {0}.", error_text(f->error)) : out.means;
  if (out.causes.empty()) possible(out, out.means.empty() ? out.plain : out.means);
  std::stable_sort(out.causes.begin(), out.causes.end(),
                   [](const Cause& a, const Cause& b) { return a.verdict < b.verdict; });
  add_facts(*f, out);
  return out;
}

}  // namespace sockscope
