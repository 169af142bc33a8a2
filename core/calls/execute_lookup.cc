// getaddrinfo(3) and Python's gethostbyname.

#include <netdb.h>

#include "calls/execute.h"
#include "calls/lookup.h"

namespace sockscope {
namespace {

Outcome of_lookup(int error) {
  if (error == 0) return {};
  return failed(error == EAI_SYSTEM ? errno : error);
}

// Python's setipaddr: '' is any address, and it knows two names of its own.
Lookup host_lookup(const std::string& name) {
  Lookup wanted;
  wanted.family = AF_INET;
  if (name.empty()) {
    wanted.service = "0";
    wanted.type = SOCK_DGRAM;
    wanted.flags = AI_PASSIVE;
  } else {
    wanted.host = name == "<broadcast>" ? "255.255.255.255" : name;
  }
  return wanted;
}

}  // namespace

Outcome execute_getaddrinfo(Run& run) {
  const Outcome outcome = of_lookup(
      look_up(lookup_of(run.request.text, run.request.numbers), run.caller.room().hosts(), run.reply.rows));
  if (outcome.error == 0) run.reply.data = python_rows(run.reply.rows, kMostText);
  return outcome;
}

Outcome execute_gethostbyname(Run& run) {
  const Outcome outcome =
      of_lookup(look_up(host_lookup(run.request.text), run.caller.room().hosts(), run.reply.rows));
  if (outcome.error != 0) return outcome;
  run.reply.address = run.reply.rows.front().address;
  run.reply.data = host_of(run.reply.address);
  return outcome;
}

}  // namespace sockscope
