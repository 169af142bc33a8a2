// getaddrinfo's errors: names, services, and families that do not fit.

#include <netdb.h>

#include "explain/failure.h"

namespace sockscope {
namespace {

// numbers: family, type, protocol, flags
constexpr std::size_t kFamily = 0, kFlags = 3;

void not_a_name(const Failure& f, Explanation& out, std::string_view host) {
  const bool looks_up = f.call() == Call::getaddrinfo;
  if (looks_up && host.empty()) {
    out.plain = f.say("Neither a host nor a port was given.");
    f.offer(seen(out, f.say("One of the two may be None, not both")), f.say("Ask for addresses to bind"),
            "getaddrinfo(None, 0, type=SOCK_STREAM, flags=AI_PASSIVE)");
    return;
  }
  if (looks_up && (f.entered.args.numbers[kFlags] & AI_NUMERICHOST) != 0) {
    out.plain = f.say("{0} is no number, and AI_NUMERICHOST takes numbers only.", plain(host));
    seen(out, f.say("The flag AI_NUMERICHOST is set"), f.say("Nothing is looked up then."));
    return;
  }
  out.plain = f.say("Nobody knows the name {0}.", plain(host));
  possible(out, f.say("It is misspelled, or not known on this machine"),
           f.say("Sockscope asks no name server: it knows numbers, localhost and what is in /etc/hosts."));
}

void other_family(const Failure& f, Explanation& out, std::string_view host) {
  const std::string family = constant_name("AF", f.entered.args.numbers[kFamily]);
  out.plain = f.call() == Call::getaddrinfo ? f.say("{0} has no address of {1}.", plain(host), family)
                                            : f.say("{0} has no address of this family.", plain(host));
  Cause& cause = seen(out, f.say("127.0.0.1 is of AF_INET, ::1 is of AF_INET6"),
                      f.say("With AF_UNSPEC, or no family at all, any address will do."));
  if (f.call() == Call::getaddrinfo)
    f.offer(cause, f.say("Ask for any family"), "getaddrinfo(" + python_bytes(host).substr(1) + ", 80)");
}

}  // namespace

bool explain_lookup(const Failure& f, Explanation& out) {
  const std::string_view text = f.entered.args.text.view();
  const std::string_view host = text.substr(0, text.find('\0'));
  switch (f.error) {
    case EAI_NONAME:
      not_a_name(f, out, host);
      return true;
    case EAI_AGAIN:
      out.plain = f.say("The name {0} could not be looked up now.", plain(host));
      possible(out, f.say("The name server is not reached"));
      return true;
    case EAI_SERVICE:
      out.plain = f.say("No service has this name.");
      possible(out, f.say("A port is a number, or a name that stands in /etc/services"));
      return true;
    case EAI_ADDRFAMILY:
    case EAI_NODATA:
      other_family(f, out, host);
      return true;
    case EAI_FAMILY:
      out.plain = f.say("Names and ports are AF_INET's and AF_INET6's, not another family's.");
      return true;
    case EAI_SOCKTYPE:
      out.plain = f.say("This family, type and protocol do not go together.");
      return true;
    case EAI_BADFLAGS:
      out.plain = f.say("The flags hold one that getaddrinfo does not know.");
      seen(out, f.say("Its flags begin with AI_"), f.say("AI_PASSIVE and AI_NUMERICHOST, for example."));
      return true;
    default:
      if (f.error >= 0) return false;
      out.plain = f.say("The name {0} could not be looked up.", plain(host));
      return true;
  }
}

}  // namespace sockscope
