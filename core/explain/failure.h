#pragma once
// A failed call and the evidence about it. Of this room only.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "explain/error_desk.h"
#include "trace/narrate_text.h"

namespace sockscope {

// Says an English pattern in the reader's language.
class Say {
 public:
  explicit Say(const Translate& translate) : translate_(translate) {}
  template <class... Args>
  std::string operator()(std::string_view english, const Args&... args) const {
    return sockscope::say(translate_(english), args...);
  }

 private:
  const Translate& translate_;
};

inline constexpr std::uint64_t kMostScanned = 200'000;  // events back, for who did what

// How a person calls things.
std::string place(const Address& address);                                    // safe to print
std::string whose(const State& state, SocketId socket, const Translate& tr);  // "server's s"
std::string thread_name(const State& state, ThreadId thread);                 // "server"; empty: unknown

struct Failure {
  const Trace& trace;
  const State& before;
  const Translate& translate;
  std::uint64_t entered_seq, returned_seq;
  const event::CallEntered& entered;
  const event::CallReturned& returned;
  int error;                  // of connect_ex: its result
  const SocketState* socket;  // nullptr: the call is of none
  Address asked;              // the call's address, else what was looked at, else the socket's peer
  const event::AddressLooked* looked = nullptr;
  std::vector<const event::AddressHeld*> held;  // listeners first
  std::vector<const event::Notice*> notices;    // put during the call
  Say say;

  Call call() const { return entered.name; }
  bool is_connect() const;  // connect, connect_ex, create_connection
  bool is_send() const;
  bool is_receive() const;
  bool looked_well() const { return looked != nullptr && looked->error == 0; }
  bool told(std::string_view code) const;  // a Notice of this code
  std::string at() const { return place(asked); }
  std::string own() const;       // whose(socket)
  std::string own_name() const;  // its variable, or "s": for a line to try
  std::string thread() const;    // "client"
  std::string between() const;   // what stands between two sentences: a blank, but not in Chinese
  std::string of(SocketId id) const { return whose(before, id, translate); }
  // Who holds it: "server's s", "python3 (pid 123)", "another program (user 1000)".
  std::string holder(const event::AddressHeld& one) const;
  // A line to try on the failed call's thread; {0} in `line` is own_name().
  void offer(Cause& cause, std::string label, std::string_view line) const;
  // The same on the thread that made the socket; {0} is that socket's variable. Nothing if it has none.
  void offer_on(Cause& cause, SocketId id, std::string label, std::string_view line) const;
  bool option_set(const SocketState& of, int level, int option) const;
};

// Nothing: the event at `returned` is no failed call, or its start is not in the trace.
std::optional<Failure> failure_at(const Trace& trace, const State& before, std::uint64_t returned,
                                  const Translate& tr);

// A cause, with what the evidence says of it.
inline Cause& seen(Explanation& out, std::string title, std::string why = {}) {
  return out.causes.emplace_back(Cause{std::move(title), std::move(why), Verdict::fits_every_fact, {}});
}
inline Cause& possible(Explanation& out, std::string title, std::string why = {}) {
  return out.causes.emplace_back(Cause{std::move(title), std::move(why), Verdict::possible, {}});
}
inline Cause& ruled_out(Explanation& out, std::string title, std::string why = {}) {
  return out.causes.emplace_back(Cause{std::move(title), std::move(why), Verdict::ruled_out, {}});
}
inline Cause& unchecked(Explanation& out, std::string title, std::string why = {}) {
  return out.causes.emplace_back(Cause{std::move(title), std::move(why), Verdict::cannot_check, {}});
}
// A path that nothing of ours is bound to.
void left_behind(const Failure& f, Explanation& out);

// Each fills in plain and causes for the errors it knows, and returns whether it did.
bool explain_connecting(const Failure& f, Explanation& out);  // desk_connect.cc
bool explain_address(const Failure& f, Explanation& out);     // desk_address.cc
bool explain_moving(const Failure& f, Explanation& out);      // desk_bytes.cc
bool explain_kind(const Failure& f, Explanation& out);        // desk_kind.cc
bool explain_lookup(const Failure& f, Explanation& out);      // desk_lookup.cc
void invalid_argument(const Failure& f, Explanation& out);    // desk_argument.cc: EINVAL
void no_such_option(const Failure& f, Explanation& out);      // desk_argument.cc: ENOPROTOOPT
void no_answer(const Failure& f, Explanation& out);  // desk_connect.cc: a connect that ran out of time
void add_facts(const Failure& f, Explanation& out);  // desk_facts.cc

}  // namespace sockscope
